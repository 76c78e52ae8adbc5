"""A file enters the ledger whole and once; sums follow the lines; an export is read back to the same cent."""

import hashlib
import io
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import extract, func, select

from catering.db import Database
from catering.documents.models import SHEETS, FileKind
from catering.kitchens.models import Kitchen
from catering.people.viewer import Role, Viewer
from catering.purchases import refusals
from catering.purchases.counting import Count
from catering.purchases.exporting import write_purchases
from catering.purchases.figures import detailed_form, shares, simple_form
from catering.purchases.importing import judge_file
from catering.purchases.ledger_reading import LedgerFile
from catering.purchases.models import Canteen, PurchaseImport, PurchaseLine, PurchaseSum
from catering.purchases.service import recount
from catering.purchases.summing import Months, months, rebuild, tallies
from catering.rules.egalim_year import Tally, year_of
from tests.api.dataset import uai
from tests.purchases.conftest import MANAGER, NOW, file_of, imported, rows, settle, siret, sirets

BURSAR = Viewer("Gestionnaire", Role.GESTIONNAIRE, kitchens=frozenset({uai(0)}))
CHEF = Viewer("Cheffe", Role.CHEF, kitchens=frozenset({uai(0)}))
SELLER = Viewer("Productrice", Role.PRODUCER, suppliers=frozenset({"ferme_00"}))

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")


async def counted(database: Database) -> tuple[int, int]:
    """Lines and sums there are."""
    async with database.reading() as session:
        lines = await session.scalar(select(func.count()).select_from(PurchaseLine))
        sums = await session.scalar(select(func.count()).select_from(PurchaseSum))
    return lines or 0, sums or 0


async def kept(database: Database, viewer: Viewer = MANAGER, year: int = 2026) -> dict[int, Tally]:
    async with database.reading() as session:
        return await tallies(session, viewer, year)


async def by_month(database: Database, year: int = 2026) -> dict[int, Months]:
    async with database.reading() as session:
        return await months(session, MANAGER, year)


def read(content: bytes) -> Count:
    count = Count()
    ledger = LedgerFile(io.BytesIO(content), NOW.date())
    count.add_all(ledger.lines())
    assert ledger.faults == []
    return count


async def test_a_file_is_known_by_its_lines_as_earlier_versions_knew_it(database: Database) -> None:
    """Whatever is made faster: a file imported long ago must be the same file today."""
    await settle(database)
    content = file_of(rows([siret(f"19620000{number}") for number in range(3)], 50))
    digest = hashlib.sha256()
    for line in LedgerFile(io.BytesIO(content), NOW.date()).lines():
        digest.update(repr((*line[1:7], ",".join(sorted(line.labels)), *line[8:])).encode())
    assert (await imported(database, content)).file.identity == digest.hexdigest()


async def test_a_file_enters_whole_and_once(world: Database) -> None:
    lines = rows([siret(f"19620000{number}") for number in range(3)], 300)
    first = await imported(world, file_of(lines))
    assert not first.again
    assert (first.file.lines, (await counted(world))[0]) == (300, 300)
    again = await imported(world, file_of(lines, ";", "cp1252"), name="les mêmes.csv")
    assert (again.again, again.file.id) == (True, first.file.id)
    assert (await counted(world))[0] == 300


async def test_what_the_database_sums_is_what_the_file_says(world: Database) -> None:
    content = file_of(rows([siret(f"19620000{number}") for number in range(3)], 400))
    await imported(world, content)
    count, of_database = read(content), await kept(world)
    assert {siret(f"19620000{number - 1}"): tally for number, tally in of_database.items()} == count.tallies(2026)


async def test_the_sums_are_those_of_the_lines(world: Database) -> None:
    await imported(world, file_of(rows([siret("196200000")], 300, year=2025)))
    await imported(world, file_of(rows([siret("196200000"), siret("196200001")], 300, seed=2)))
    before = [await kept(world, year=year) for year in (2025, 2026)]
    async with world.unit_of_work() as session:
        await rebuild(session, MANAGER)
    assert [await kept(world, year=year) for year in (2025, 2026)] == before
    async with world.unit_of_work() as session:
        assert await recount(session, MANAGER) == 0
    assert [await kept(world, year=year) for year in (2025, 2026)] == before


async def test_the_months_are_those_of_the_lines_and_make_the_rates_of_the_year(world: Database) -> None:
    await imported(world, file_of(rows([siret("196200000")], 300, year=2025)))
    await imported(world, file_of(rows([siret("196200000"), siret("196200001")], 300, seed=2)))
    before = [await by_month(world, year) for year in (2025, 2026)]
    for year, found in zip((2025, 2026), before, strict=True):
        for kitchen, tally in (await kept(world, year=year)).items():
            sums = {rule: tuple(map(sum, zip(*of.values(), strict=True))) for rule, of in found[kitchen].items()}
            ratios = year_of(tally, year).ratios
            assert sums == {rule: (each.numerator * 100, each.denominator * 100) for rule, each in ratios.items()}
            assert set(found[kitchen]["EGA-01"]) > {1, 2}
    async with world.unit_of_work() as session:
        await rebuild(session, MANAGER)
    assert [await by_month(world, year) for year in (2025, 2026)] == before


async def test_one_bad_line_refuses_all_and_every_one_is_told(world: Database) -> None:
    lines = rows([siret("196200000")], 50)
    for line in (3, 7, 40):
        lines[line][3] = "hier"
    with pytest.raises(refusals.PurchasesRefused) as refused:
        await imported(world, file_of(lines))
    told = [(each.line, each.column, each.rule) for each in refused.value.faults]
    assert told == [(line + 2, "date", "ACH-07") for line in (3, 7, 40)]
    assert await counted(world) == (0, 0)


async def test_twins_are_asked_about(world: Database) -> None:
    line = rows([siret("196200000")], 1)[0]
    with pytest.raises(refusals.PurchasesRefused, match="identique à la ligne 2"):
        await imported(world, file_of([line, line]))
    await imported(world, file_of([line, line]), twins_meant=True)
    assert (await counted(world))[0] == 2


@pytest.mark.parametrize("viewer", [CHEF, SELLER, Viewer("Contrôle", Role.AUDITOR)])
async def test_who_does_not_sign_does_not_import(database: Database, viewer: Viewer) -> None:
    async with database.reading() as session:
        with pytest.raises(refusals.MayNotImport):
            await judge_file(session, viewer, 1)


async def test_a_bursar_imports_for_their_own_kitchen_only(world: Database) -> None:
    own, other = rows([siret("196200000")], 5), rows([siret("196200001")], 5)
    await imported(world, file_of(own), BURSAR)
    with pytest.raises(refusals.PurchasesRefused) as refused:
        await imported(world, file_of([*own[:1], *other]), BURSAR)
    assert {(each.line, each.rule) for each in refused.value.faults} == {(line, "ACH-21") for line in range(3, 8)}
    assert (await counted(world))[0] == 5
    assert set(await kept(world, BURSAR)) == {1}
    assert await kept(world, SELLER) == {}


async def test_a_siret_is_remembered(world: Database) -> None:
    await imported(world, file_of(rows([siret("196200000")], 5)))
    async with world.reading() as session:
        assert [each.siret for each in await session.scalars(select(Canteen))] == [siret("196200000")]
        (file,) = await session.scalars(select(PurchaseImport))
    assert (file.actor, file.at) == (MANAGER.actor, NOW)


async def facts(database: Database) -> tuple[int, dict[tuple[object, ...], tuple[Decimal, int]]]:
    """Lines, and euros and lines by kitchen × family × label × month as an export tells them."""
    line = PurchaseLine
    month = extract("month", line.bought_on)
    key = (Kitchen.uai, line.family, line.sign, line.origin_zone, line.circuit_court, line.local, month)
    asked = select(*key, func.sum(line.amount_excl_tax), func.count()).join(Kitchen, Kitchen.id == line.kitchen_id)
    async with database.reading() as session:
        found = {tuple(row[:-2]): (row[-2], row[-1]) for row in await session.execute(asked.group_by(*key))}
        return await session.scalar(select(func.count()).select_from(line)) or 0, found


async def exported(database: Database, kind: FileKind) -> bytes:
    """The year as a file."""
    out = io.BytesIO()
    async with database.reading() as session:
        await write_purchases(session, MANAGER, 2026, out, kind=kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", sorted(SHEETS))
async def test_a_year_goes_out_and_enters_an_empty_ledger_as_it_was(
    demo: Database, kind: FileKind, tmp_path: Path
) -> None:
    """125 collèges, 4,000 lines: lines, sums per kitchen × family × label × month, ratios and forms, to the cent."""
    # Another ledger of the same Département: copied before anything is bought.
    shutil.copy(tmp_path / "demo.db", tmp_path / "other.db")
    other = Database(f"sqlite+aiosqlite:///{tmp_path}/other.db")
    named = sorted((await sirets(demo)).values())
    assert len(named) == 125
    await imported(demo, file_of(rows(named, 4_000)))
    assert (await facts(other))[0] == 0
    await imported(other, await exported(demo, kind), name=f"achats.{kind.value}")
    assert await facts(other) == await facts(demo)
    assert (await facts(other))[0] == 4_000
    assert await by_month(other) == await by_month(demo)
    before, after = await kept(demo), await kept(other)
    assert before == after
    assert len(before) == 125
    for kitchen, tally in before.items():
        was, found = year_of(tally, 2026), year_of(after[kitchen], 2026)
        assert simple_form(found) == simple_form(was)
        assert detailed_form(found) == detailed_form(was)
        assert shares(found) == shares(was)
    assert await exported(other, FileKind.CSV) == await exported(demo, FileKind.CSV)
    await other.dispose()
