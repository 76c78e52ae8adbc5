"""What the law has diners told of the purchases of a collège (EGA-30): shares and dates, never an amount."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from catering.charts import ChartLine, ChartRow, Picture
from catering.declarations.figures import HUNDRED, Figures, figures_of, reaches, read
from catering.declarations.models import Declaration
from catering.declarations.queries import displayed_declarations_visible_to, displayed_sums_visible_to
from catering.menus.diners import DinersPlace
from catering.moment import paris_day, today
from catering.people.viewer import Viewer
from catering.procurement.need import months_after
from catering.purchases.models import PurchaseSum
from catering.rules import law
from catering.rules.declarations import DisplayItem, display_items
from catering.rules.egalim_year import Cell, cents_of
from catering.rules.shapes import ValueRatio

UPDATE = "EGA-30"
"""The longest time between two updates of the display, in months."""

PAT = "pat"
"""The figure that only purchases said to be under a territorial project make."""


@dataclass(frozen=True, slots=True)
class Displayed:
    """One figure told to diners; ``least`` the rate of the law.

    ``share`` percent; None when nothing was bought, and of products under a territorial project (PAT) when no purchase
    is said to be: nothing was measured, and 0 % would be a false notice.
    """

    item: DisplayItem
    share: Decimal | None
    least: Decimal | None
    holds: bool | None
    """Whether it reaches the rate, compared exactly; None without a rate, or when nothing was bought."""
    source: str
    """Title of the text that asks for it."""


@dataclass(frozen=True, slots=True)
class Display:
    """The display of a year of a collège."""

    place: DinersPlace
    year: int
    declared_on: date | None
    """None: nobody declared that year yet, and the figures are those of the books."""
    as_of: date
    """Day of the figures."""
    update_by: date
    """Day by which the law has the display renewed."""
    figures: Sequence[Displayed]

    @property
    def picture(self) -> Picture:
        """Bars of the shares, with the rates as levels."""
        return Picture(
            title=f"{self.place.name} : achats alimentaires de {self.year}",
            unit="%",
            rows=[ChartRow(each.item.french_name, each.share) for each in self.figures],
            levels=[
                ChartLine(f"La loi demande, {each.item.french_name.lower()}", each.least)
                for each in self.figures
                if each.least is not None
            ],
        )


async def display_of(session: AsyncSession, viewer: Viewer | None, place: DinersPlace, year: int | None) -> Display:
    """The display of a collège, open to everybody; two statements for a year, four to find the latest.

    Args:
        session: of the read.
        viewer: None for somebody without an account.
        place: the collège.
        year: civil year; None for the last one that is over, or the present one while that has no purchase.
    """
    if year is None:
        last = today().year - 1
        found = await _of_year(session, viewer, place, last)
        bought = any(each.share is not None for each in found.figures)
        return found if bought else await _of_year(session, viewer, place, last + 1)
    return await _of_year(session, viewer, place, year)


async def _of_year(session: AsyncSession, viewer: Viewer | None, place: DinersPlace, year: int) -> Display:
    asked = displayed_declarations_visible_to(viewer).where(
        Declaration.kitchen_id == place.id, Declaration.year == year
    )
    row: Declaration | None = await session.scalar(asked.order_by(Declaration.version.desc()).limit(1))
    declared_on = None if row is None else paris_day(row.at)
    figures = await _today(session, viewer, place, year) if row is None else read(row.figures)
    as_of = declared_on or today()
    return Display(
        place=place,
        year=year,
        declared_on=declared_on,
        as_of=as_of,
        update_by=months_after(as_of, int(law().parameter(UPDATE, as_of))),
        figures=[told_to_diners(item, figures, year) for item in display_items(year)],
    )


async def _today(session: AsyncSession, viewer: Viewer | None, place: DinersPlace, year: int) -> Figures:
    """A year as the books say it today."""
    mine = displayed_sums_visible_to(viewer).where(PurchaseSum.kitchen_id == place.id, PurchaseSum.year == year)
    tally = {
        Cell(
            row.family.value, row.sign, row.fair_trade, row.origin_zone, row.circuit_court, row.local, row.pat
        ): cents_of(row.amount_excl_tax)
        for row in await session.scalars(mine)
    }
    return figures_of(tally, year)


def told_to_diners(item: DisplayItem, figures: Figures, year: int) -> Displayed:
    book, last_day = law(), date(year, 12, 31)
    least = holds = None
    if item.rule:
        assert isinstance(book.entry(item.rule), ValueRatio), "an item compares itself with a rate"
        least = HUNDRED * book.parameter(item.rule, last_day)
        holds = reaches(figures, item.figure, least)
    share = figures.shares[item.figure]
    return Displayed(
        item, None if item.figure == PAT and not share else share, least, holds, book.tables.sources[item.source].title
    )
