"""Pourquoi pas moi, of a real plan: what a farm is told comes true when it does it, and tells of nobody else."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, update

from catering.api import Caller, schema
from catering.db import Database
from catering.explaining.grounds import FEWEST_RIVALS, ground_of, planned
from catering.market.models import Offer, Supplier, SupplierKind
from catering.moment import Clock
from catering.people.viewer import Role, Viewer, demo_viewer
from catering.planning import warm
from catering.planning.models import SourcedLine
from catering.planning.service import publish
from catering.planning.warm import problem_at_hand
from catering.settings import Settings, contract_folder
from optimizer.explaining import PRICE_STEP, Ground, OfferMonth, why

WHY_NOT = (contract_folder() / "operations/producer/WhyNot.graphql").read_text(encoding="utf-8")
FIGURES = ("entersNow", "entersAtEurPerKg", "entersUnboundAtEurPerKg", "minimumEur", "quantityG", "grams",
           "minimumEffectEurPerKg", "labelEffectEurPerKg", "certificateEffectEurPerKg",
           "scarcityEffectEurPerKg")  # fmt: skip
RUN = 1


@pytest.fixture(autouse=True)
def _moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Clock, "fixed", datetime(2026, 8, 24, 8, tzinfo=UTC))


@pytest.fixture
async def in_use(planned: Database) -> Database:
    """The plan of two kitchens, published."""
    async with planned.unit_of_work() as session:
        await publish(session, demo_viewer(), 1)
    return planned


def selling(slug: str) -> Viewer:
    return Viewer("Ferme", Role.PRODUCER, suppliers=frozenset({slug}))


async def told(database: Database, viewer: Viewer, supplier: str) -> Any:
    """What the stored operation answers of the five weeks of the plan."""
    asked = {"id": supplier, "firstWeek": "2026-08-31", "weeks": 5}
    result = await schema.execute(WHY_NOT, variable_values=asked, context_value=Caller(database, viewer, Settings()))
    assert result.errors is None, result.errors
    return result.data["whyNot"]


async def explained(database: Database, supplier: str) -> tuple[Ground, Sequence[OfferMonth]]:
    """The same before anything is held back."""
    problem = await problem_at_hand(database, RUN, 1)
    weeks = planned(problem, problem.weeks)
    async with database.reading() as session:
        ground = await ground_of(session, demo_viewer(), RUN, problem, supplier, weeks)
    return ground, why(ground, supplier, weeks)


async def some_entry(database: Database) -> OfferMonth:
    """A farm that a lower price would bring in, told to it: a cut of more than a step, and enough others compete."""
    problem = await problem_at_hand(database, RUN, 1)
    for supplier in sorted(of.id for of in problem.suppliers.values() if of.kind == "producer"):
        for each in (await explained(database, supplier))[1]:
            of = each.entry
            if of is not None and of.cut is not None and of.cut > PRICE_STEP and of.rivals >= FEWEST_RIVALS:
                return each
    raise AssertionError("no farm is near to entering")


async def at_price(database: Database, offer: str, eur_per_kg: Decimal, month: OfferMonth) -> OfferMonth:
    """What is told of the offer and month once its price is changed in the catalogue."""
    async with database.unit_of_work() as session:
        row = (await session.scalars(select(Offer).where(Offer.slug == offer))).one()
        price = (eur_per_kg * row.pack_g / 1000).quantize(Decimal("0.0001"))
        await session.execute(update(Offer).where(Offer.slug == offer).values(price_eur_per_pack=price))
    warm._shelves.clear()
    supplier = (await problem_at_hand(database, RUN, 1)).offers[offer].supplier
    found = (await explained(database, supplier))[1]
    return next(each for each in found if (each.offer, each.month) == (offer, month.month))


async def test_at_the_price_told_the_farm_enters_and_after_half_of_the_cut_it_does_not(in_use: Database) -> None:
    month = await some_entry(in_use)
    assert month.entry is not None
    assert month.entry.enters_at is not None
    low, now = month.entry.enters_at, month.entry.price
    half = await at_price(in_use, month.offer, (low + now) / 2, month)
    assert half.entry is not None
    assert not half.entry.enters_now
    enough = await at_price(in_use, month.offer, low, month)
    assert enough.entry is not None
    assert enough.entry.enters_now
    assert enough.entry.grams == month.entry.grams


async def test_a_farm_reads_its_own_and_no_figure_where_few_compete(in_use: Database) -> None:
    async with in_use.reading() as session:
        kind = Supplier.kind == SupplierKind.PRODUCER
        farms = (await session.scalars(select(Supplier.slug).where(kind).order_by(Supplier.slug))).all()
    shown = held_back = 0
    for farm in farms[:60]:
        _, months = await explained(in_use, farm)
        answer = await told(in_use, selling(farm), farm)
        for row, seen in zip(months, answer["months"], strict=True):
            assert seen["offer"]["id"] == row.offer
            if row.entry is None:
                assert seen["entry"] is None
            elif row.entry.rivals < FEWEST_RIVALS:
                held_back += 1
                assert seen["entry"]["withheld"]
                assert {seen["entry"][name] for name in FIGURES} == {None}
            elif row.entry.enters_at is not None:
                shown += 1
                assert seen["entry"]["entersAtEurPerKg"] == str(row.entry.enters_at)
        if shown and held_back:
            break
    assert shown
    assert held_back


async def test_what_is_retained_is_what_the_plan_buys_and_nobody_else_is_told(in_use: Database) -> None:
    async with in_use.reading() as session:
        slug, grams = (
            await session.execute(
                select(Supplier.slug, func.sum(SourcedLine.grams))
                .join(Offer, Offer.supplier_id == Supplier.id)
                .join(SourcedLine, SourcedLine.offer_id == Offer.id)
                .where(Supplier.kind == SupplierKind.PRODUCER)
                .group_by(Supplier.slug)
                .order_by(func.sum(SourcedLine.grams).desc())
                .limit(1)
            )
        ).one()
    answer = await told(in_use, selling(slug), slug)
    assert sum(int(each["retainedG"]) for each in answer["months"]) == grams
    assert {each["neededG"] for each in answer["months"]} <= {None, "0"}, "two kitchens are no sum"
    chef = Viewer("Chef", Role.CHEF, kitchens=frozenset({"0620004T"}))
    assert [await told(in_use, viewer, slug) for viewer in (selling("grange_tordue"), chef)] == [None, None]
