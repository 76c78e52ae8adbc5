"""Contracts in force oblige the plan: what is still owed of them is bought, what is no longer allowed is not."""

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from catering.db import Database
from catering.kitchens.models import Kitchen
from catering.market.models import Offer
from catering.moment import now
from catering.planning.problem import build_problem
from catering.procurement.models import Contract, ContractLine, ContractLot, ContractMember, DrawnAmount
from catering.procurement.vocabulary import Procedure
from optimizer import Problem, solve, verify
from optimizer.rules import PurchaseTotalRule
from tests.planning.conftest import KITCHENS, queue

FIRST, LAST = date(2026, 9, 1), date(2026, 10, 2)


async def contract(database: Database, offer: str, members: int = 2, **changed: object) -> int:
    """An accord-cadre on one offer for both kitchens of the plan, from July to the end of its second half."""
    fields = {
        "number": "2026-01", "title": "Fruits", "procedure": Procedure.ADAPTED, "start_day": date(2026, 7, 1),
        "end_day": LAST, "min_amount": Decimal("250.00"), "max_amount": Decimal("400.00"),
        "terminated_on": None, "created_at": now(), "created_by": "Gestionnaire",
    }  # fmt: skip
    async with database.unit_of_work() as session:
        sold = (await session.scalars(select(Offer).where(Offer.slug == offer))).one()
        uais = [*KITCHENS] if members == 2 else [KITCHENS[0], "0620002R"]
        kitchens = (await session.scalars(select(Kitchen).order_by(Kitchen.uai))).all()
        chosen = [each for each in kitchens if each.uai in uais] or list(kitchens[:2])
        made = Contract(kitchen_id=chosen[0].id, supplier_id=sold.supplier_id, **(fields | changed))
        session.add(made)
        await session.flush()
        lot = ContractLot(
            contract_id=made.id, number=1, title="Lot", family="10.01", estimated_amount=Decimal(900), small=False
        )
        session.add(lot)
        await session.flush()
        session.add(
            ContractLine(
                lot_id=lot.id,
                position=1,
                ingredient_id=sold.ingredient_id,
                offer_id=sold.id,
                product="Produit",
                base_price_eur_per_kg=Decimal("1.00"),
            )
        )
        session.add_all(ContractMember(contract_id=made.id, kitchen_id=each.id) for each in chosen[:members])
        drawn = {"name": f"contract {made.id}", "contract_id": made.id, "most": made.max_amount}
        session.add(DrawnAmount(**drawn, ordered=Decimal("100.00")))
        return made.id


async def built(database: Database) -> Problem:
    run = await queue(database)
    async with database.reading() as session:
        return await build_problem(session, run.scenario_id)


def totals(problem: Problem) -> list[PurchaseTotalRule]:
    return [rule for rule in problem.rules if isinstance(rule, PurchaseTotalRule)]


async def a_farms_fruit(database: Database) -> str:
    """The apple of a producer with most of it on sale for both kitchens."""
    problem = await built(database)
    apples = [
        of for of in problem.offers.values()
        if of.ingredient == "pomme" and problem.suppliers[of.supplier].kind == "producer"
        and all(problem.reaches(of.id, kitchen) for kitchen in KITCHENS)
    ]  # fmt: skip
    return max(apples, key=lambda of: problem.capacity(of.id, problem.weeks[0]) or 0).id


async def test_what_is_left_of_a_contract_is_a_rule_and_the_plan_holds_it(demo: Database) -> None:
    apple = await a_farms_fruit(demo)
    number = await contract(demo, apple)
    problem = await built(demo)
    (rule,) = totals(problem)
    assert (rule.id, rule.measure, rule.offers) == (f"MARCHE-{number}", "eur", frozenset({apple}))
    assert rule.kitchens == frozenset(KITCHENS)
    assert (rule.minimum, rule.maximum) == (Decimal("150.00"), Decimal("300.00"))
    plan = solve(problem, workers=1, time_limit=30)
    assert verify(problem, plan) == []
    bought = sum(line.amount_excl_tax for line in plan.sourcing if line.offer == apple)
    assert 150 <= bought <= 300
    assert {of.kitchen for of in plan.summary.rules if of.id == rule.id} == set(KITCHENS)


async def test_a_contract_that_was_recorded_later_was_not_known(demo: Database) -> None:
    """The demonstration signs by its plan: the plan is the same, asked about at the moment it was made."""
    apple = await a_farms_fruit(demo)
    run, before = await queue(demo), await built(demo)
    await contract(demo, apple)
    async with demo.reading() as session:
        then = await build_problem(session, run.scenario_id, contracts_until=run.queued_at)
        today = await build_problem(session, run.scenario_id)
    assert (then.sha256 == before.sha256, today.sha256 == before.sha256) == (True, False)


async def test_what_falls_on_other_days_or_other_buyers_is_not_asked(demo: Database) -> None:
    apple = await a_farms_fruit(demo)
    await contract(demo, apple, end_day=date(2026, 11, 3), number="long")
    await contract(demo, apple, members=1, number="over", end_day=date(2026, 8, 31))
    await contract(demo, apple, number="ended", terminated_on=date(2026, 8, 1))
    problem = await built(demo)
    (rule,) = totals(problem)
    days = (max(day.date for day in problem.service_days) - FIRST).days + 1
    last = (date(2026, 11, 3) - FIRST).days + 1
    assert "long" in rule.title
    assert rule.minimum is not None
    assert abs(rule.minimum - Decimal(150) * days / last) < 8, "the part of the days that the plan has"
