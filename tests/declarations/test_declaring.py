"""A year is declared once per version, frozen with its lines, refused with what to do, and compared to the cent."""

from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from catering.db import Database
from catering.declarations import refusals
from catering.declarations.comparing import LineChange, compare, line_difference
from catering.declarations.figures import read
from catering.declarations.models import Declaration, DeclarationForm, DeclaredLine
from catering.declarations.queries import changed_since
from catering.declarations.service import SatelliteWish, state_satellites
from catering.moment import Clock
from catering.people.models import ChangeEvent
from catering.purchases.models import PurchaseLine
from catering.purchases.service import recount
from catering.purchases.summing import rebuild
from tests.api.dataset import uai
from tests.declarations.conftest import (
    AUDITOR,
    BURSAR,
    CHEF,
    MANAGER,
    YEAR,
    bring_in,
    declared,
    drafted,
    one_line,
    sirets,
)
from tests.unsealing import unseal

SIRET = "19620004200014"


async def ids(database: Database, kitchen: str = uai(0), year: int = YEAR) -> dict[str, str]:
    """Points of the check list that are not in order, with what was found."""
    return {each.id: each.message for each in (await drafted(database, kitchen, year)).checks}


async def test_what_is_declared_is_frozen_with_the_lines_it_counts(bought: Database) -> None:
    row = await declared(bought, viewer=BURSAR, form=DeclarationForm.DETAILED, reason="  Télédéclaration   2026 ")
    assert (row.version, row.form_version, row.reason, row.actor) == (
        1,
        "2026-08",
        "Télédéclaration 2026",
        BURSAR.actor,
    )
    draft = await drafted(bought)
    assert read(row.figures) == draft.figures
    assert sum(read(row.figures).simple[f"valeur_{each}"] for each in ("bio", "siqo")) > 0
    async with bought.reading() as session:
        counted = await session.scalars(select(DeclaredLine.purchase_line_id))
        mine = await session.scalars(select(PurchaseLine.id).where(PurchaseLine.kitchen_id == row.kitchen_id))
        assert set(counted) == set(mine) != set()


@pytest.mark.parametrize("table", ["declarations", "declared_lines"])
@pytest.mark.parametrize("what", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
async def test_no_hand_changes_what_was_declared(bought: Database, table: str, what: str) -> None:
    await declared(bought)
    column = {"declarations": "reason", "declared_lines": "sign"}[table]
    with pytest.raises(IntegrityError, match="only ever added"):
        async with bought.unit_of_work() as session:
            await session.execute(text(what.format(table, column, column)))


@pytest.mark.parametrize("viewer", [CHEF, AUDITOR])
async def test_who_does_not_sign_does_not_declare(bought: Database, viewer: object) -> None:
    with pytest.raises(refusals.MayNotDeclare):
        await declared(bought, viewer=viewer)  # type: ignore[arg-type]


async def test_a_bursar_declares_their_own_kitchen_only(bought: Database) -> None:
    with pytest.raises(refusals.UnknownDeclarant, match=uai(1)):
        await declared(bought, viewer=BURSAR, kitchen=uai(1))


async def test_a_year_that_is_not_over_blocks(bought: Database) -> None:
    Clock.fixed = datetime(2026, 12, 31, 12, tzinfo=UTC)
    with pytest.raises(refusals.NotDeclarable, match="DEC-01") as refused:
        await declared(bought)
    assert "1er janvier 2027" in str(refused.value)
    assert "DEC-01" in await ids(bought, year=2031)


async def test_a_year_without_purchases_blocks(bought: Database) -> None:
    with pytest.raises(refusals.NotDeclarable, match="Aucun achat en 2026"):
        await declared(bought, kitchen=uai(2))


async def test_a_kitchen_without_siret_blocks(world: Database) -> None:
    assert {"DEC-02", "DEC-03"} <= set(await ids(world))


async def test_more_credits_than_purchases_block(bought: Database) -> None:
    """A correction of a reception makes negative rows; here one stands alone in its family and label."""
    async with bought.unit_of_work() as session:
        await unseal(session, "purchase_lines")
        row = (await session.scalars(select(PurchaseLine).where(PurchaseLine.family == "BOISSONS").limit(1))).one()
        row.amount_excl_tax, row.kitchen_id = Decimal("-90000.00"), 1
        await session.flush()
        await recount(session, MANAGER)
    with pytest.raises(refusals.NotDeclarable, match="DEC-04"):
        await declared(bought)


async def test_open_points_are_read_before_declaring(bought: Database) -> None:
    found = await ids(bought)
    assert "DEC-11" in found, "no school calendar is loaded"
    with pytest.raises(refusals.NotAcknowledged, match="acknowledged") as refused:
        await declared(bought, acknowledged=[])
    assert {each.id for each in refused.value.checks} == set(found)
    row = await declared(bought, acknowledged=[*found])
    assert row.acknowledged.split() == sorted(found)


async def test_outside_of_the_campaign_it_is_told(bought: Database) -> None:
    assert "DEC-10" not in await ids(bought)
    Clock.fixed = datetime(2027, 6, 1, 9, tzinfo=UTC)
    assert "31/03/2027" in (await ids(bought))["DEC-10"]
    Clock.fixed = datetime(2031, 2, 1, 9, tzinfo=UTC)
    assert "aucune date connue" in (await ids(bought, year=2030))["DEC-10"]


async def test_a_correction_names_the_version_it_corrects_and_changes_something(bought: Database) -> None:
    await declared(bought)
    with pytest.raises(refusals.DeclarationMoved, match="baseVersion 1"):
        await declared(bought)
    with pytest.raises(refusals.NothingChanged):
        await declared(bought, 1)
    known = await sirets(bought)
    await bring_in(bought, [one_line(known[uai(0)], "75.00")])
    second = await declared(bought, 1, reason="Une facture oubliée")
    assert second.version == 2
    async with bought.reading() as session:
        first = (await session.scalars(select(Declaration).where(Declaration.version == 1))).one()
    grown = read(second.figures).simple["valeur_totale"] - read(first.figures).simple["valeur_totale"]
    assert grown == Decimal("75.00")


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301, "a\u200bb"])
async def test_a_reason_is_words(bought: Database, reason: str) -> None:
    with pytest.raises(refusals.InvalidDeclaration, match="motif"):
        await declared(bought, reason=reason)


async def changes(database: Database, row: Declaration) -> dict[LineChange, int]:
    """How many lines changed in each way; their moves add up to the differences of the fields, to the cent."""
    async with database.reading() as session:
        fields = await compare(session, MANAGER, row)
        lines = [
            line_difference(each, sign, row.year) for each, sign in await session.execute(changed_since(MANAGER, row))
        ]
    moved: dict[str, Decimal] = defaultdict(Decimal)
    counted: dict[LineChange, int] = defaultdict(int)
    for line in lines:
        counted[line.change] += 1
        for name, amount in line.moves.items():
            moved[name] += amount
    assert {name: amount for name, amount in moved.items() if amount} == {each.name: each.difference for each in fields}
    return dict(counted)


async def test_nothing_differs_on_the_day_of_the_declaration(bought: Database) -> None:
    assert await changes(bought, await declared(bought)) == {}


async def test_what_was_found_after_is_told_line_by_line(bought: Database) -> None:
    row = await declared(bought)
    known = await sirets(bought)
    late = [
        one_line(known[uai(0)], "75.00", family="VIANDES_VOLAILLES", sign="LABEL_ROUGE"),
        one_line(known[uai(0)], "12.30", sign="BIO,COMMERCE_EQUITABLE"),
        one_line(known[uai(1)], "1000.00"),
    ]
    await bring_in(bought, late)
    assert await changes(bought, row) == {LineChange.ENTERED: 2}


async def test_a_line_that_moves_to_another_year_or_counts_otherwise_is_told(bought: Database) -> None:
    """An invoice that is rejected, then replaced by one of the next year, moves its purchase; a recount judges anew."""
    row = await declared(bought)
    async with bought.unit_of_work() as session:
        counting = select(PurchaseLine).where(PurchaseLine.kitchen_id == row.kitchen_id, PurchaseLine.sign == "BIO")
        first, second, *_ = await session.scalars(counting.order_by(PurchaseLine.id))
        first.invoice_number, first.invoiced_on, first.year = "F9", datetime(2027, 1, 4, tzinfo=UTC).date(), 2027
        await session.flush()
        await recount(session, MANAGER)
        second.sign, second.not_counted = "", "BIO:certificate_expired"
        await session.flush()
        await rebuild(session, MANAGER)
    assert await changes(bought, row) == {LineChange.LEFT: 1, LineChange.COUNTS_OTHERWISE: 1}


async def test_restaurants_share_what_their_kitchen_buys_to_the_cent(bought: Database) -> None:
    wishes = [SatelliteWish(SIRET, "Sur place", 30_000), SatelliteWish("73282932000074", "École", 10_001, 77)]
    async with bought.unit_of_work() as session:
        await state_satellites(session, MANAGER, uai(0), YEAR, wishes)
    row = await declared(bought)
    whole = read(row.figures).every
    parts = [read(each["figures"]).every for each in row.parts]
    assert [each["name"] for each in row.parts] == ["Sur place", "École"]
    assert {name: sum(part[name] for part in parts) for name in whole} == whole
    share = parts[1]["valeur_totale"] / whole["valeur_totale"]
    assert abs(share - Decimal(10_001) / 40_001) < Decimal("0.001")
    async with bought.reading() as session:
        (event,) = await session.scalars(select(ChangeEvent).where(ChangeEvent.subject == "satellites"))
    assert event.after is not None
    assert len(event.after["restaurants"]) == 2


@pytest.mark.parametrize(
    ("wish", "said"),
    [
        (SatelliteWish("123", "Ici", 10), "SIRET"),
        (SatelliteWish(SIRET, " ", 10), "nom"),
        (SatelliteWish(SIRET, "Ici", 0), "repas"),
    ],
)
async def test_a_restaurant_is_stated_whole(bought: Database, wish: SatelliteWish, said: str) -> None:
    with pytest.raises(refusals.InvalidDeclaration, match=said):
        async with bought.unit_of_work() as session:
            await state_satellites(session, MANAGER, uai(0), YEAR, [wish])


async def test_a_siret_is_stated_once(bought: Database) -> None:
    with pytest.raises(refusals.InvalidDeclaration, match="deux fois"):
        async with bought.unit_of_work() as session:
            twice = [SatelliteWish(SIRET, "Ici", 10), SatelliteWish(SIRET, "Là", 10)]
            await state_satellites(session, MANAGER, uai(0), YEAR, twice)
