"""The trade of the demonstration: told once, lawful, and in books that agree."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from catering.commands import OPERATOR
from catering.company_numbers import siret_of
from catering.db import Database
from catering.declarations.proof import year_files
from catering.demonstration.agreements import MARK
from catering.demonstration.history import INVENTED_NIC
from catering.demonstration.stage import weeks_around
from catering.moment import paris_day
from catering.orders.baskets import put_line
from catering.orders.life import happened, standing_of
from catering.orders.models import Basket, BasketLine, Order, OrderEvent, StandingOrder
from catering.orders.opening import Place
from catering.orders.replay import replay
from catering.orders.vocabulary import LineReason, OrderState
from catering.people.models import Account
from catering.people.viewer import Role, Viewer
from catering.planning.models import SourcedLine
from catering.procurement.models import Consultation, Contract, ContractMember, Engagement
from catering.procurement.vocabulary import ConsultationStatus
from catering.purchases.models import Canteen, PurchaseLine, PurchaseSource
from catering.receiving.models import CreditRequest, Invoice, Reception, ReceptionLine, StockLot, StockMove
from catering.receiving.vocabulary import CreditState, InvoiceState
from catering.tables import all_tables
from tests.demonstration.conftest import PRESENT, story_of

LAST_WEEK = date(2026, 10, 12)


async def rows_of(database: Database) -> dict[str, int]:
    """How many rows each table holds."""
    async with database.reading() as session:
        return {
            table.name: await session.scalar(select(func.count()).select_from(table)) or 0
            for table in all_tables().sorted_tables
        }


async def test_telling_again_adds_nothing(told: Database) -> None:
    before = await rows_of(told)
    assert min(before[name] for name in ("contracts", "orders", "receptions", "invoices", "stock_lots")) > 0
    (line,) = await story_of(told)
    assert "déjà là" in line
    assert await rows_of(told) == before


async def test_every_state_that_a_visitor_may_meet_is_there(told: Database) -> None:
    async with told.reading() as session:
        orders = Counter(await session.scalars(select(Order.state)))
        consultations = set(await session.scalars(select(Consultation.status)))
        sealed = set(await session.scalars(select(Consultation.opened_at.is_(None))))
        asked = set(await session.scalars(select(CreditRequest.state)))
        invoices = set(await session.scalars(select(Invoice.state)))
        standing = (await session.scalars(select(StandingOrder))).all()
    assert {OrderState.RECEIVED, OrderState.ACCEPTED, OrderState.SENT} <= set(orders)
    assert orders.keys() & {OrderState.CHANGE_PROPOSED, OrderState.PARTLY_ACCEPTED, OrderState.REFUSED}
    assert consultations == {
        ConsultationStatus.PUBLISHED,
        ConsultationStatus.AWARDED,
        ConsultationStatus.WITHOUT_RESULT,
    }
    assert sealed == {True, False}
    assert CreditState.GRANTED in asked
    assert {InvoiceState.APPROVED, InvoiceState.MATCHED} <= invoices
    assert len(standing) == 1


async def test_nothing_happens_after_the_present(told: Database) -> None:
    async with told.reading() as session:
        assert await session.scalar(select(func.max(OrderEvent.at))) <= PRESENT
        assert await session.scalar(select(func.max(Reception.recorded_at))) <= PRESENT
        days = await session.scalars(select(Order.day).where(Order.state == OrderState.RECEIVED))
        assert max(days) <= paris_day(PRESENT)


async def test_replay_makes_every_order_again(told: Database) -> None:
    async with told.reading() as session:
        orders = (
            await session.scalars(select(Order).options(selectinload(Order.lines), selectinload(Order.events)))
        ).all()
    assert orders
    for order in orders:
        assert replay([happened(event) for event in order.events]) == standing_of(order)


async def test_contracts_hold_what_was_ordered_on_them(told: Database) -> None:
    async with told.reading() as session:
        drawn = dict(
            (
                await session.execute(
                    select(Engagement.contract_id, func.sum(Engagement.amount)).group_by(Engagement.contract_id)
                )
            )
            .tuples()
            .all()
        )
        contracts = (await session.scalars(select(Contract))).all()
        members = set(await session.scalars(select(ContractMember.kitchen_id)))
        planned = set(await session.scalars(select(SourcedLine.kitchen_id).distinct()))
    assert planned == members
    for contract in contracts:
        assert contract.number.startswith(MARK)
        assert contract.ordered_amount == drawn.get(contract.id, Decimal(0)) <= contract.max_amount
    assert any(contract.ordered_amount for contract in contracts)


async def test_receptions_purchases_stock_and_orders_agree(told: Database) -> None:
    async with told.reading() as session:
        accepted = (
            await session.execute(select(func.sum(ReceptionLine.added_g), func.sum(ReceptionLine.added_amount)))
        ).one()
        sums = select(func.sum(PurchaseLine.grams), func.sum(PurchaseLine.amount_excl_tax))
        bought = (await session.execute(sums.where(PurchaseLine.source != PurchaseSource.IMPORT))).one()
        received = await session.scalar(
            select(func.sum(StockMove.grams)).where(StockMove.reception_line_id.is_not(None))
        )
        lots = (await session.scalars(select(StockLot))).all()
        moved: dict[int, int] = defaultdict(int)
        for move in await session.scalars(select(StockMove)):
            moved[move.lot_id] += move.grams
    assert accepted == bought
    assert received == accepted[0]
    assert all(lot.on_hand_g == moved[lot.id] >= 0 for lot in lots)
    assert any(lot.on_hand_g and lot.expires_on for lot in lots)


async def test_a_line_too_warm_is_refused_and_credited(told: Database) -> None:
    async with told.reading() as session:
        warm = (
            await session.scalars(select(ReceptionLine).where(ReceptionLine.celsius > ReceptionLine.limit_celsius))
        ).all()
        notes = (await session.scalars(select(Invoice).where(Invoice.amount_excl_tax < 0))).all()
    assert warm
    assert all(line.accepted_g == 0 for line in warm)
    assert len(notes) == 1


async def test_everybody_of_the_demonstration_finds_something(told: Database) -> None:
    """The first chef an open basket with the standing order, the second one a filled basket, sellers orders to come."""
    async with told.reading() as session:
        reasons: dict[int, set[LineReason]] = defaultdict(set)
        of_week = select(Basket.kitchen_id, BasketLine.reason).join(Basket.lines).where(Basket.week == LAST_WEEK)
        for kitchen, reason in await session.execute(of_week):
            reasons[kitchen].add(reason)
        demonstration = set(await session.scalars(select(Account.demonstration)))
    first, second, *_ = sorted(reasons)
    assert reasons[first] == {LineReason.STANDING}
    assert LineReason.PLAN in reasons[second]
    assert demonstration == {True}


async def test_what_people_made_is_left(planned: Database) -> None:
    """A basket that somebody has touched is neither filled nor sent."""
    async with planned.unit_of_work() as session:
        uai, offer = "0620004T", "comptoir_deux_beffrois__pain"
        chef = Viewer("Ali Haddad", Role.CHEF, frozenset({uai}))
        await put_line(session, chef, Place(uai, date(2026, 10, 5), 0), offer, 3, None, PRESENT)
    await story_of(planned)
    async with planned.reading() as session:
        (basket,) = await session.scalars(
            select(Basket).where(Basket.week == date(2026, 10, 5), Basket.kitchen_id == 1)
        )
        held = select(BasketLine).select_from(Basket).join(Basket.lines).where(Basket.id == basket.id)
        lines = (await session.scalars(held)).all()
        ordered = await session.scalar(
            select(func.count()).select_from(Order).where(Order.week == basket.week, Order.kitchen_id == 1)
        )
    assert [(line.packs, line.reason) for line in lines] == [(3, LineReason.MANUAL)]
    assert ordered == 0


WEEKS = [date(2026, 9, 7) + timedelta(weeks=number) for number in range(6)]


@pytest.mark.parametrize(
    ("today", "told_weeks", "notice"),
    [
        (date(2026, 9, 30), (WEEKS[0:3], WEEKS[3:4], WEEKS[4:6]), None),
        (date(2026, 7, 14), ([], [], WEEKS[0:2]), "rien n'est inventé du passé"),
        (date(2027, 1, 4), (WEEKS[3:6], [], []), "ses dernières semaines"),
        (date(2026, 9, 8), ([], WEEKS[0:1], WEEKS[1:3]), "rien n'est inventé du passé"),
    ],
)
def test_the_story_plays_around_today_or_in_the_nearest_weeks(
    today: date, told_weeks: tuple[list[date], ...], notice: str | None
) -> None:
    weeks = weeks_around(WEEKS, today)
    assert (list(weeks.past), list(weeks.present), list(weeks.coming)) == told_weeks
    assert weeks.notice is None if notice is None else notice in (weeks.notice or "")


async def test_the_civil_year_of_every_kitchen_is_there_and_declares_itself(told: Database, tmp_path: Path) -> None:
    async with told.reading() as session:
        imported = select(PurchaseLine).where(PurchaseLine.source == PurchaseSource.IMPORT)
        history = (await session.scalars(imported)).all()
        sirets = list(await session.scalars(select(Canteen.siret)))
        written = await year_files(session, OPERATOR, PRESENT.year, tmp_path)
    assert all(siret_of(each) == each and each[9:].startswith(INVENTED_NIC) for each in sirets)
    months = {(line.kitchen_id, line.bought_on.month) for line in history}
    # Deliveries are told from the second week of September on; the last class days of July are of a week of June.
    assert months == {(kitchen, month) for kitchen, _ in months for month in (1, 2, 3, 4, 5, 6, 9)}
    assert max(line.bought_on for line in history) == date(2026, 9, 1)
    assert all("(démonstration)" in line.product for line in history)
    assert {line.sign for line in history} > {"", "BIO"}
    assert (written.kitchens, written.differences) == (4, [])
