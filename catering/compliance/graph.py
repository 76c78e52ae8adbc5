"""The grid of every kitchen against every rule, its alerts, and what stands behind a cell, as GraphQL shows them."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry

from catering.compliance import cells
from catering.compliance.cells import OPENED_BY, OPENED_WHEN_DONE, CellKind, CellStatus, CellUnit, Cure
from catering.compliance.files import title_of
from catering.compliance.grid import Alert, Asked, GridRow, alerts_of, read_grid
from catering.compliance.purchases_behind import purchases_behind
from catering.graph.documented import documented
from catering.graph.errors import BadArgumentError, PageSizeError
from catering.graph.paging import DEFAULT_ROWS, MOST_ROWS, After, First, Page, page
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.kitchens.graph import Kitchen, show_kitchen
from catering.moment import today
from catering.purchases.graph import LATEST, Purchase, show_purchase
from catering.purchases.graph_egalim import OfYear, year_asked
from catering.rules.book import law
from catering.rules.shapes import ValueRatio

strawberry.enum(CellKind, name="GridCellKind", description="What a cell looks at, which says how it is opened.")
strawberry.enum(CellStatus, name="GridStatus", description="Respecté, à surveiller, manqué, pas de donnée.")
strawberry.enum(CellUnit, name="GridUnit", description="What a value is counted in.")

OfEpci: TypeAlias = Annotated[str | None, strawberry.argument(description="Only of this group of communes (name).")]
OfRules: TypeAlias = Annotated[list[strawberry.ID] | None, strawberry.argument(description="Only these rules (ids).")]
OfKitchen: TypeAlias = Annotated[strawberry.ID | None, strawberry.argument(description="Only of this kitchen (UAI).")]
OfKinds: TypeAlias = Annotated[list[CellKind] | None, strawberry.argument(description="Only these kinds of cells.")]
OfStatuses: TypeAlias = Annotated[list[CellStatus] | None, strawberry.argument(description="Only these statuses.")]


@strawberry.type(description="What can be done about a cell that does not hold, or that nothing can.")
class GridCure:
    possible: bool = strawberry.field(description="Whether it can still be cured.")
    last_day: date | None = strawberry.field(description="Last day to do it; null when no day ends it, or it is lost.")
    told: str = strawberry.field(description="In French: what to do, or why it cannot be cured any more.")


@strawberry.type(description="One kitchen against one rule.")
class GridCell:
    remedies: strawberry.Private[Sequence[Cure]]
    kind: CellKind = strawberry.field(description="What it looks at.")
    rule: strawberry.ID = strawberry.field(description="Id of the rule.")
    status: CellStatus = strawberry.field(description="How it stands.")
    value: Decimal | None = strawberry.field(description="The figure; null without data.")
    least: Decimal | None = strawberry.field(description="Target: least that is asked; null for none.")
    most: Decimal | None = strawberry.field(description="Target: most that is allowed, or the limit; null for none.")
    unit: CellUnit = strawberry.field(description="Of the three figures.")
    first: date = strawberry.field(name="firstDay", description="First day it looks at.")
    last: date = strawberry.field(name="lastDay", description="Last day it looks at.")
    key: str = strawberry.field(description="Procurement: the famille homogène of the largest need; else empty.")

    # Plain fields and lists of plain values: a Département has thousands of cells, and each field of each is executed.
    opened_by: str = strawberry.field(
        description="The stored operation that shows the purchases, meals or documents behind it, for this kitchen "
        "and rule."
    )
    trend_from: date | None = strawberry.field(description="First day of the first month of the trend; null for none.")
    trend: list[Decimal | None] = strawberry.field(
        description="A value per month from then on, at most twelve, null in a month without. EGAlim: the rate from "
        "January to its end; nutrition: meals of its block farthest outside bounds; procurement and waste: empty."
    )

    @documented
    def cures(self) -> list[GridCure]:
        """What can be done about each thing that does not hold in it; empty when it holds."""
        return [GridCure(possible=each.possible, last_day=each.last_day, told=each.told) for each in self.remedies]


@strawberry.type(description="A rule of the grid.")
class GridRule:
    rule: strawberry.ID = strawberry.field(description="Id of the rule.")
    title: str = strawberry.field(description="What it asks, in French.")


@strawberry.type(description="One kitchen's row of the grid.")
class ComplianceRow:
    kitchen: Kitchen = strawberry.field(description="The kitchen.")
    cells: list[GridCell] = strawberry.field(description="In order of kind and rule; at most one per kind and rule.")
    # Alike in all its projections: one field of a row, not one of each of thousands of cells.
    rests_on: str = strawberry.field(
        description="In French: what its projections are made of, and what nobody knows of the rest of the year; empty "
        "without a projection, and when the year is over."
    )


@strawberry.type(description="Every kitchen you may read against every rule.")
class ComplianceGrid:
    year: int = strawberry.field(description="Civil year.")
    rules: list[GridRule] = strawberry.field(description="The rules of its cells, in order of id.")
    rows: list[ComplianceRow] = strawberry.field(description="In order of UAI; kitchens without such a cell left out.")


@strawberry.type(description="A cell that does not hold.")
class ComplianceAlert:
    kitchen: Kitchen = strawberry.field(description="Whose.")
    cell: GridCell = strawberry.field(description="Which.")
    title: str = strawberry.field(description="What its rule asks, in French.")
    effort: Decimal | None = strawberry.field(
        description="Of what may still change, the part that must (0 to 1; more: out of reach); null when unknown."
    )
    days_left: int | None = strawberry.field(description="Days until it is too late; null when no day ends it.")
    told: str = strawberry.field(description="In French: what to do, or why it cannot be cured any more.")


@strawberry.type(description="What does not hold: what can still be cured, and apart what cannot any more.")
class ComplianceAlerts:
    curable: list[ComplianceAlert] = strawberry.field(
        description="At most `first`: the largest effort per day left first, then what no day ends."
    )
    curable_count: int = strawberry.field(description="How many there are in all.")
    lost: list[ComplianceAlert] = strawberry.field(description="At most `first`, in order of UAI.")
    lost_count: int = strawberry.field(description="How many there are in all.")


def show_grid_cell(cell: cells.GridCell) -> GridCell:
    """A cell as GraphQL shows it."""
    of = {point.month: point.value for point in cell.trend}
    months = list(_months(min(of), max(of))) if of else []
    begins = months[0] if months else None
    return shown(
        GridCell,
        cell,
        opened_by=(OPENED_WHEN_DONE if cell.unit is CellUnit.DONE else {}).get(cell.kind, OPENED_BY[cell.kind]),
        trend_from=begins,
        trend=[of.get(month) for month in months],
        remedies=cell.cures,
    )


def _months(first: date, last: date) -> Iterator[date]:
    """First days of months, both included."""
    while first <= last:
        yield first
        first = date(first.year + first.month // 12, first.month % 12 + 1, 1)


def show_alert(alert: Alert, on: date) -> ComplianceAlert:
    """An alert as GraphQL shows it."""
    return ComplianceAlert(
        kitchen=show_kitchen(alert.kitchen),
        cell=show_grid_cell(alert.cell),
        title=title_of(alert.cell.rule),
        effort=alert.cure.effort,
        days_left=alert.days_left(on) if alert.cure.possible else None,
        told=alert.cure.told,
    )


async def _rows(info: Ask, asked: Asked) -> list[GridRow]:
    unknown = [rule for rule in asked.rules or () if rule not in law().entries]
    if unknown:
        raise BadArgumentError(f"rules : « {unknown[0]} » n'est pas une règle connue. Voir docs/handbook/regles.md.")
    async with info.context.reading() as session:
        return await read_grid(session, info.context.viewer, asked)


@strawberry.type
class Query:
    @documented
    async def compliance_grid(
        self,
        info: Ask,
        year: OfYear = None,
        epci: OfEpci = None,
        rules: OfRules = None,
        kinds: OfKinds = None,
        statuses: OfStatuses = None,
        kitchen: OfKitchen = None,
    ) -> ComplianceGrid:
        """Every kitchen you may read against every rule: EGAlim so far and projected, nutrition, procurement, waste."""
        of = year_asked(year)
        uais = None if kitchen is None else [str(kitchen)]
        rows = await _rows(info, Asked(of, today(), epci, uais, rules=rules, kinds=kinds, statuses=statuses))
        ids = sorted({cell.rule for row in rows for cell in row.cells})
        return ComplianceGrid(
            year=of,
            rules=[GridRule(rule=strawberry.ID(rule), title=title_of(rule)) for rule in ids],
            rows=[
                ComplianceRow(
                    kitchen=show_kitchen(row.kitchen),
                    cells=[show_grid_cell(each) for each in row.cells],
                    rests_on=next((each.rests_on for each in row.cells if each.rests_on), ""),
                )
                for row in rows
            ],
        )

    @documented
    async def compliance_alerts(
        self,
        info: Ask,
        year: OfYear = None,
        epci: OfEpci = None,
        rules: OfRules = None,
        kinds: OfKinds = None,
        first: First = DEFAULT_ROWS,
    ) -> ComplianceAlerts:
        """What does not hold in the kitchens you may read, ordered by what can still be cured."""
        if not 1 <= first <= MOST_ROWS:
            raise PageSizeError(first, MOST_ROWS)
        on = today()
        rows = await _rows(info, Asked(year_asked(year), on, epci=epci, rules=rules, kinds=kinds, trends=False))
        curable, lost = alerts_of(rows, on)
        return ComplianceAlerts(
            curable=[show_alert(each, on) for each in curable[:first]],
            curable_count=len(curable),
            lost=[show_alert(each, on) for each in lost[:first]],
            lost_count=len(lost),
        )

    @documented
    async def rate_purchases(
        self,
        info: Ask,
        uai: Annotated[strawberry.ID, strawberry.argument(description="The kitchen, one that you may read.")],
        rule: Annotated[strawberry.ID, strawberry.argument(description="Id of an EGAlim rate.")],
        year: OfYear = None,
        counts: Annotated[
            bool | None, strawberry.argument(description="Only what counts (true) or does not (false); all when null.")
        ] = None,
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[Purchase]:
        """The purchase lines behind a cell of an EGAlim rate, the latest first."""
        viewer = info.context.viewer
        if not isinstance(law().entries.get(rule), ValueRatio):
            raise BadArgumentError(f"rule vaut « {rule} » : donner un taux EGAlim, par exemple EGA-01.")
        statement = purchases_behind(viewer, uai, year_asked(year), rule, counts=counts)
        return await page(info.context, statement, LATEST, show_purchase, first, after)
