"""The grid says of purchases what the year says, of projections what the projection says, and orders its alerts."""

import io
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from catering.compliance.cells import CellKind, CellStatus, CellUnit, Cure, GridCell, Point
from catering.compliance.egalim import YearAsked, _of_kitchen, egalim_cells
from catering.compliance.files import Content, grid_file
from catering.compliance.graph import show_grid_cell
from catering.compliance.grid import Asked, GridRow, alerts_of
from catering.db import Database
from catering.documents.models import FileKind
from catering.kitchens.models import Kitchen
from catering.market.models import Certificate, Offer
from catering.people.viewer import Role, Viewer
from catering.planning.projecting import projections
from catering.planning.rate_lines import Ahead, lines_ahead
from catering.planning.rates_to_come import ToCome, rates_to_come
from catering.purchases.figures import percent
from catering.purchases.summing import tallies
from catering.rules.egalim_year import year_of

MANAGER = Viewer("Responsable nutrition", Role.NUTRITION_MANAGER)
SELLER = Viewer("Productrice", Role.PRODUCER, suppliers=frozenset({"ferme_00"}))
TODAY = date(2026, 9, 1)
AFTER_THE_PLAN = date(2026, 11, 2)


@pytest.fixture
async def department(small_file: Path) -> Database:
    """The small Département, only read."""
    return Database(f"sqlite+aiosqlite:///{small_file}")


async def test_rates_are_those_of_the_year_and_of_its_projection(department: Database) -> None:
    async with department.reading() as session:
        bought = await tallies(session, MANAGER, 2026)
        expected = await projections(session, MANAGER, 2026, TODAY)
        cells = await egalim_cells(session, MANAGER, YearAsked(2026, TODAY), sorted(expected), every=True)
    found = {(cell.kind, cell.kitchen_id, cell.rule): cell.value for cell in cells}
    assert any(value is not None for value in found.values())
    for kitchen, projection in expected.items():
        for kind, tally in (
            (CellKind.EGALIM, bought.get(kitchen, {})),
            (CellKind.EGALIM_PROJECTED, projection.all_year),
        ):
            for rule, ratio in year_of(tally, 2026).ratios.items():
                share = percent(int(ratio.numerator * 100), int(ratio.denominator * 100))
                assert found[kind, kitchen, rule] == share
    await department.dispose()


async def test_the_lines_behind_a_projection_add_up_to_it(department: Database) -> None:
    async with department.reading() as session:
        to_come = await rates_to_come(session, MANAGER, 2026, TODAY)
        assert to_come.ordered
        assert to_come.planned
        for kitchen in {*to_come.ordered, *to_come.planned}:
            for rule in ("EGA-01", "EGA-02", "EGA-03"):
                found = await lines_ahead(session, MANAGER, 2026, rule, TODAY, kitchen_id=kitchen)
                for source, sums in ((Ahead.ORDER, to_come.ordered), (Ahead.PLAN, to_come.planned)):
                    mine = [line for line in found if line.source is source]
                    told = sum(line.cents for line in mine if line.counts), sum(line.cents for line in mine)
                    assert told == sums.get(kitchen, {}).get(rule, (0, 0))
                assert all(line.grams > 0 and (line.order_id is None) == (line.source is Ahead.PLAN) for line in found)
    await department.dispose()


async def test_what_a_plan_buys_counts_alike_asked_of_all_kitchens_and_of_one(department: Database) -> None:
    """Of all it is added up by kinds of offers, of one by its lines; labels that age count from some week on."""
    async with department.reading() as session:
        before = await rates_to_come(session, MANAGER, 2026, TODAY)
        # Forgotten with the session: half of what is certified is in conversion, a year old in the weeks to come.
        half = Certificate.id % 2 == 0
        aged = {"label": "CONVERSION_BIO", "valid_from": TODAY - timedelta(days=340), "valid_to": date(2030, 1, 1)}
        of_half = Offer.certificate_id.in_(select(Certificate.id).where(half))
        await session.execute(update(Offer).where(of_half).values(label="CONVERSION_BIO"))
        await session.execute(update(Certificate).where(half).values(**aged))
        every = await rates_to_come(session, MANAGER, 2026, TODAY)
        assert every.planned
        assert every.planned != before.planned
        for kitchen, sums in every.planned.items():
            alone = await rates_to_come(session, MANAGER, 2026, TODAY, kitchen_ids=[kitchen])
            assert alone.planned == {kitchen: sums}
    await department.dispose()


@pytest.mark.parametrize(
    ("today", "class_until", "known", "told"),
    [
        (TODAY, date(2026, 9, 18), True, "un plan publié achète jusqu'au"),
        (TODAY, date(2026, 12, 18), False, "seulement : ce qui s'achètera ensuite n'est pas connu"),
        (TODAY, None, False, "seulement : ce qui s'achètera ensuite n'est pas connu"),
        (AFTER_THE_PLAN, date(2026, 12, 18), False, "Sans plan publié : projection sur les seuls achats"),
        (date(2026, 12, 19), date(2026, 12, 18), True, "Acheté, commandé"),
        (date(2027, 1, 1), date(2026, 12, 18), True, ""),
    ],
)
async def test_a_projection_of_what_nobody_planned_is_not_said_to_hold(
    department: Database, today: date, class_until: date | None, *, known: bool, told: str
) -> None:
    asked = YearAsked(2026, today, class_until)
    async with department.reading() as session:
        cells = await egalim_cells(session, MANAGER, asked, [1], every=False)
    ahead = [cell for cell in cells if cell.kind is CellKind.EGALIM_PROJECTED]
    assert ahead
    assert all(told in cell.rests_on for cell in ahead)
    assert {cell.status for cell in ahead} & {CellStatus.HELD, CellStatus.MISSED} or not known
    assert known or {cell.status for cell in ahead} <= {CellStatus.WATCHED, CellStatus.NO_DATA}
    assert all(not cell.rests_on for cell in cells if cell.kind is CellKind.EGALIM)
    await department.dispose()


@pytest.mark.parametrize("content", list(Content))
async def test_a_file_is_text_only_and_a_seller_gets_none(department: Database, content: Content) -> None:
    asked = Asked(2026, TODAY)
    async with department.reading() as session:
        book = load_workbook(io.BytesIO(await grid_file(session, MANAGER, asked, content, FileKind.XLSX)))
        nothing = await grid_file(session, SELLER, asked, content, FileKind.CSV)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert len(rows) > 1
    assert all(value is None or isinstance(value, str) for row in rows for value in row)
    assert len(nothing.decode("utf-8-sig").splitlines()) == 1
    await department.dispose()


def test_a_trend_has_a_place_for_each_month_over_the_new_year() -> None:
    def shown(*months: date) -> tuple[date | None, list[Decimal | None]]:
        trend = [Point(month, Decimal(month.month)) for month in months]
        cell = GridCell(
            1,
            CellKind.NUTRITION,
            "NUT-01",
            CellStatus.HELD,
            None,
            None,
            None,
            CellUnit.MEALS,
            TODAY,
            TODAY,
            trend=trend,
        )
        found = show_grid_cell(cell)
        return found.trend_from, found.trend

    assert shown() == (None, [])
    assert shown(date(2026, 9, 1)) == (date(2026, 9, 1), [Decimal(9)])
    assert shown(date(2026, 11, 1), date(2027, 2, 1)) == (date(2026, 11, 1), [Decimal(11), None, None, Decimal(2)])


def test_alerts_come_by_effort_per_day_left_and_the_lost_apart() -> None:
    def cell(rule: str, *cures: Cure) -> GridCell:
        return GridCell(
            1, CellKind.NUTRITION, rule, CellStatus.WATCHED, None, None, None, CellUnit.MEALS, TODAY, TODAY, cures=cures
        )

    soon, later = date(2026, 9, 11), date(2026, 12, 10)
    cells = [
        cell("no end", Cure(True, Decimal("0.9"), None, "")),
        cell("easy and late", Cure(True, Decimal("0.5"), later, "")),
        cell("hard and late", Cure(True, Decimal("0.9"), later, "")),
        cell("unknown and soon", Cure(True, None, soon, "")),
        cell("easy and soon", Cure(True, Decimal("0.5"), soon, ""), Cure(False, None, None, "servi")),
    ]
    curable, lost = alerts_of([GridRow(Kitchen(uai="0620004T"), cells)], TODAY)
    order = ["unknown and soon", "easy and soon", "hard and late", "easy and late", "no end"]
    assert [each.cell.rule for each in curable] == order
    assert [(each.cell.rule, each.cure.told) for each in lost] == [("easy and soon", "servi")]


def test_a_plan_that_buys_is_told_and_nothing_is_out_of_reach_while_the_rest_is_unknown() -> None:
    bought, planned = {"EGA-01": {1: (10_00, 100_00)}}, {1: {"EGA-01": (1_00, 5_00)}}
    asked = YearAsked(2026, AFTER_THE_PLAN, date(2026, 12, 18))
    for until, rest_known in ((None, False), (date(2026, 12, 18), True)):
        to_come = ToCome({}, planned, {} if until is None else {1: until})
        ahead = [
            cell
            for cell in _of_kitchen(1, bought, to_come, asked, trends=False)
            if (cell.kind, cell.rule) == (CellKind.EGALIM_PROJECTED, "EGA-01")
        ]
        (cell,) = ahead
        (cure,) = cell.cures
        assert "plan publié achète" in cell.rests_on
        assert "Sans plan publié" not in cell.rests_on
        assert cure.possible is not rest_known
        assert cure.told.endswith("hors d'atteinte.") is rest_known
        assert cell.status is (CellStatus.MISSED if rest_known else CellStatus.WATCHED)
