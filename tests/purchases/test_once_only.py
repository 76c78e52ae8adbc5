"""No purchase enters the ledger twice, by another file or after its reception; an import can be taken back."""

import io
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from catering.db import Database
from catering.people.viewer import Role, Viewer
from catering.purchases import refusals
from catering.purchases.exporting import write_purchases
from catering.purchases.models import PurchaseImport, PurchaseLine, PurchaseSource, PurchaseSum
from catering.purchases.summing import rebuild, tallies
from catering.purchases.withdrawing import withdraw
from catering.recipes.vocabulary import Family
from tests.api import dataset
from tests.api.dataset import uai
from tests.purchases.conftest import MANAGER, NOW, file_of, imported, rows, siret

BURSAR = Viewer("Gestionnaire", Role.GESTIONNAIRE, kitchens=frozenset({uai(0)}))
CHEF = Viewer("Cheffe", Role.CHEF, kitchens=frozenset({uai(0)}))
MINE = siret("196200000")


async def total(database: Database) -> Decimal:
    """Euros of the year, by the lines and by the sums."""
    async with database.reading() as session:
        by_line = await session.scalar(select(func.coalesce(func.sum(PurchaseLine.amount_excl_tax), 0)))
        found = await tallies(session, MANAGER, 2026)
    by_sum = sum(cents for tally in found.values() for cents in tally.values())
    assert by_line == Decimal(by_sum).scaleb(-2)
    return Decimal(by_sum).scaleb(-2)


async def exported(database: Database) -> bytes:
    out = io.BytesIO()
    async with database.reading() as session:
        await write_purchases(session, MANAGER, 2026, out)
    return out.getvalue()


async def take_back(database: Database, number: int, viewer: Viewer = MANAGER, why: str = "fichier corrigé") -> None:
    async with database.unit_of_work() as session:
        await withdraw(session, viewer, number, why)


async def test_our_own_export_does_not_double_the_year(world: Database) -> None:
    await imported(world, file_of(rows([MINE], 60)))
    before, content = await total(world), await exported(world)
    with pytest.raises(
        refusals.PurchasesRefused, match=r"déjà au registre, ligne [0-9]+ du fichier « achats.csv »"
    ) as told:
        await imported(world, content, name="export.csv")
    assert {(each.line, each.rule) for each in told.value.faults} == {(line, "ACH-22") for line in range(2, 62)}
    assert await total(world) == before


async def test_the_same_lines_in_another_order_are_known(world: Database) -> None:
    lines = rows([MINE], 40)
    await imported(world, file_of(lines))
    with pytest.raises(refusals.PurchasesRefused, match=r"^40 fautes"):
        await imported(world, file_of(lines[::-1]))


async def test_a_file_mended_in_one_label_replaces_the_one_taken_back(world: Database) -> None:
    lines = rows([MINE], 30)
    first = await imported(world, file_of(lines))
    before = await total(world)
    lines[4][6] = "BIO" if lines[4][6] != "BIO" else "HVE"
    # The label is no part of what was bought: even the mended line is the same purchase.
    with pytest.raises(refusals.PurchasesRefused, match=r"^30 fautes"):
        await imported(world, file_of(lines))
    await take_back(world, first.file.id)
    assert await total(world) == 0
    assert not (await imported(world, file_of(lines))).again
    assert await total(world) == before


async def test_only_what_is_new_enters_beside_what_is_known(world: Database) -> None:
    lines = rows([MINE], 20)
    await imported(world, file_of(lines[:12]))
    with pytest.raises(refusals.PurchasesRefused) as told:
        await imported(world, file_of(lines))
    assert [each.line for each in told.value.faults] == list(range(2, 14))
    assert not (await imported(world, file_of(lines[12:]))).again


async def test_purchases_alike_may_be_meant(world: Database) -> None:
    lines = rows([MINE], 5)
    await imported(world, file_of(lines))
    other = [*rows([MINE], 1, seed=9), *lines]
    with pytest.raises(refusals.PurchasesRefused) as told:
        await imported(world, file_of(other))
    assert told.value.table.endswith("/faults.csv")
    await imported(world, file_of(other), again_meant=True)
    async with world.reading() as session:
        assert await session.scalar(select(func.count()).select_from(PurchaseLine)) == 11


@pytest.mark.parametrize("invoiced", [False, True])
async def test_what_was_received_is_not_imported_again(world: Database, invoiced: bool) -> None:
    line = rows([MINE], 1)[0]
    line[1:5] = ["Carottes d'ici", "Ferme du Pré", "2026-03-20" if invoiced else "2026-03-09", "12.30"]
    async with world.unit_of_work() as session:
        supplier, ingredient = dataset.supplier(0), dataset.ingredient(0)
        supplier.name = "FERME DU PRÉ"
        session.add_all([supplier, ingredient])
        await session.flush()
        session.add(
            PurchaseLine(
                kitchen_id=1, supplier_id=supplier.id, ingredient_id=ingredient.id, source=PurchaseSource.RECEPTION,
                bought_on=NOW.date().replace(month=3, day=9), product="Carottes  d'ici", family=Family(line[5]),
                labels="", origin="", local=False, grams=1_000, amount_excl_tax=Decimal("12.30"), vat_pct=Decimal(5),
                invoice_number="F1" if invoiced else None,
                invoiced_on=NOW.date().replace(month=3, day=20) if invoiced else None,
                year=2026, sign="", not_counted="", entered_at=NOW, entered_by="x",
            )
        )  # fmt: skip
    with pytest.raises(refusals.PurchasesRefused, match="reçu le 09/03/2026"):
        await imported(world, file_of([line]))
    line[4] = "12.31"
    assert not (await imported(world, file_of([line]))).again


async def test_an_import_is_taken_back_once_and_leaves_its_trace(world: Database) -> None:
    kept = await imported(world, file_of(rows([MINE, siret("196200001")], 50)))
    for _ in range(2):
        await take_back(world, kept.file.id, why="  mauvais   trimestre ")
    async with world.reading() as session:
        (row,) = await session.scalars(select(PurchaseImport))
        assert await session.scalar(select(func.count()).select_from(PurchaseLine)) == 100
        taken = select(func.count()).where(PurchaseLine.amount_excl_tax < 0, PurchaseLine.entered_by == MANAGER.actor)
        assert await session.scalar(taken) == 50
        assert {each.amount_excl_tax for each in await session.scalars(select(PurchaseSum))} == {Decimal("0.00")}
    assert (row.withdrawn_at, row.withdrawn_by, row.withdrawn_why) == (NOW, MANAGER.actor, "mauvais trimestre")
    async with world.unit_of_work() as session:
        await rebuild(session, MANAGER)
    assert await total(world) == 0
    again = await imported(world, file_of(rows([MINE, siret("196200001")], 50)))
    assert (again.again, again.file.id != kept.file.id) == (False, True)


async def test_who_does_not_sign_for_all_of_an_import_does_not_take_it_back(world: Database) -> None:
    both = (await imported(world, file_of(rows([MINE, siret("196200001")], 20)))).file.id
    other = (await imported(world, file_of(rows([siret("196200001")], 20, seed=3)))).file.id
    for viewer, number, why, told in [
        (BURSAR, both, "trop", "caractères"),
        (BURSAR, both, "fichier corrigé", "d'autres collèges"),
        (BURSAR, other, "fichier corrigé", "pas à vous"),
        (MANAGER, 99, "fichier corrigé", "pas à vous"),
    ]:
        with pytest.raises(refusals.NotWithdrawn, match=told):
            await take_back(world, number, viewer, why)
    with pytest.raises(refusals.MayNotImport):
        await take_back(world, both, CHEF)
    assert await total(world) > 0
