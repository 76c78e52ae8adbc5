"""The EGAlim cells: each rate so far and at 31 December, its months, and whether what is left to buy can cure it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from catering.compliance.cells import CellKind, CellStatus, CellUnit, Cure, GridCell, Point
from catering.figures import round_euros
from catering.people.viewer import Viewer
from catering.planning.rates_to_come import ToCome, rates_to_come
from catering.purchases.figures import percent
from catering.purchases.summing import Months, months
from catering.rules.egalim_year import CENTS, Ratio, ratios_of

MONTHS = 12
HUNDRED = 100
THOUSANDTH = Decimal("0.001")
NONE: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class YearAsked:
    """A civil year as seen on a day; ``class_until`` its last day of class, 31 December while nobody knows it."""

    year: int
    today: date
    class_until: date | None = None

    @property
    def last_day(self) -> date:
        """31 December."""
        return date(self.year, MONTHS, 31)

    @property
    def over(self) -> bool:
        """Whether nothing can be bought in it any more."""
        return self.today > self.last_day

    def known(self, planned_until: date | None) -> bool:
        """Whether all that is still to be bought is: the year is over, or a plan reaches its last day of class."""
        needed = self.class_until or self.last_day
        return self.over or self.today > needed or (planned_until is not None and planned_until >= needed)


async def egalim_cells(
    session: AsyncSession,
    viewer: Viewer,
    asked: YearAsked,
    kitchen_ids: Collection[int],
    *,
    every: bool,
    trends: bool = True,
) -> list[GridCell]:
    """Two cells per kitchen and rate in force: so far, and at 31 December; five statements.

    Args:
        session: of the read.
        viewer: who asks.
        asked: the civil year.
        kitchen_ids: kitchens shown.
        every: whether these are all that the viewer may read.
        trends: whether cells come with their months.
    """
    bought = await months(session, viewer, asked.year, kitchen_ids=None if every else kitchen_ids)
    # Named even when they are all: a plan is kept by kitchen and week, and its weeks gone by are passed over.
    to_come = await rates_to_come(session, viewer, asked.year, asked.today, kitchen_ids=kitchen_ids)
    return [
        cell for number in kitchen_ids for cell in _of_kitchen(number, bought.get(number, {}), to_come, asked, trends)
    ]


def _of_kitchen(number: int, bought: Months, to_come: ToCome, asked: YearAsked, trends: bool) -> Iterator[GridCell]:
    so_far = {rule: _added(*of.values()) for rule, of in bought.items()}
    ordered, planned = to_come.ordered.get(number, {}), to_come.planned.get(number, {})
    rules = {*so_far, *ordered, *planned}
    all_year = {r: _added(so_far.get(r, NONE), ordered.get(r, NONE), planned.get(r, NONE)) for r in rules}
    projected = ratios_of(all_year, asked.year)
    known = asked.known(until := to_come.until.get(number))
    rests_on = _rests_on(asked, until, any(value for _, value in planned.values()))
    for rule, now in ratios_of(so_far, asked.year).items():
        later = projected[rule]
        counted, value = planned.get(rule, NONE)
        cures = () if later.holds is not False else (_cure(later, value - counted, asked, known=known),)
        trend = list(_trend(bought.get(rule, {}), asked)) if trends else []
        yield _cell(number, CellKind.EGALIM, now, asked, trend)
        projected_cell = _cell(number, CellKind.EGALIM_PROJECTED, later, asked, trend)
        status = projected_cell.status if known else _unknown(later)
        yield replace(projected_cell, cures=cures, status=status, rests_on=rests_on)


def _added(*pairs: tuple[int, int]) -> tuple[int, int]:
    return sum(counted for counted, _ in pairs), sum(value for _, value in pairs)


def _rests_on(asked: YearAsked, until: date | None, buys: bool) -> str:
    """What a projection rests on; ``until`` is the last day of a published plan, ``buys`` whether it buys still."""
    if asked.over:
        return ""
    if asked.known(until):
        last = "" if until is None else f"{min(until, asked.last_day):%d/%m/%Y}"
        return f"Acheté, commandé, et ce qu'un plan publié achète jusqu'au {last}." if last else "Acheté, commandé."
    if until is not None and until > asked.today:
        return f"Plan publié jusqu'au {until:%d/%m/%Y} seulement : ce qui s'achètera ensuite n'est pas connu."
    if buys:
        return "Acheté, commandé, et ce qu'un plan publié achète encore ; le reste de l'année n'est pas connu."
    return "Sans plan publié : projection sur les seuls achats et commandes ; le reste de l'année n'est pas connu."


def _unknown(ratio: Ratio) -> CellStatus:
    """How a projection stands of which nobody knows the rest: what is not planned can neither be held nor missed."""
    return CellStatus.NO_DATA if ratio.holds is None else CellStatus.WATCHED


def _cell(number: int, kind: CellKind, ratio: Ratio, asked: YearAsked, trend: list[Point]) -> GridCell:
    return GridCell(
        kitchen_id=number,
        kind=kind,
        rule=ratio.rule,
        status=_status(kind, ratio, asked),
        value=percent(int(ratio.numerator * CENTS), int(ratio.denominator * CENTS)),
        least=HUNDRED * ratio.min_share,
        most=None,
        unit=CellUnit.PERCENT,
        first=date(asked.year, 1, 1),
        last=asked.last_day,
        trend=trend,
    )


def _status(kind: CellKind, ratio: Ratio, asked: YearAsked) -> CellStatus:
    if ratio.holds is None:
        return CellStatus.NO_DATA
    if ratio.holds:
        return CellStatus.HELD
    # So far is not the year: only what 31 December will see can be missed.
    return CellStatus.WATCHED if kind is CellKind.EGALIM and not asked.over else CellStatus.MISSED


def _cure(ratio: Ratio, changeable: int, asked: YearAsked, *, known: bool) -> Cure:
    """Whether what the plan still buys and that does not count is enough to reach the rate.

    While all that is still to be bought is not ``known``, nothing is out of reach.
    """
    missing = ratio.missing.quantize(Decimal("0.01"), ROUND_CEILING)
    if asked.over:
        return Cure(False, None, None, f"L'année {asked.year} est close : il a manqué {round_euros(missing)} HT.")
    if not changeable:
        return Cure(
            True,
            None,
            asked.last_day,
            f"{round_euros(missing)} HT à faire compter ; aucun plan publié ne dit ce qui reste à acheter.",
        )
    left = Decimal(changeable).scaleb(-2)
    effort = (ratio.missing / left).quantize(THOUSANDTH, ROUND_HALF_UP)
    if ratio.missing > left:
        told = (
            f"Il manque {round_euros(missing)} HT et le plan n'achète plus que {round_euros(left)} HT qui ne "
            "comptent pas : "
            f"hors d'atteinte{'' if known else ' par ce qui est prévu ; le reste à acheter n’est pas connu'}."
        )
        return Cure(not known, effort, asked.last_day, told)
    still = f"des {round_euros(left)} HT que le plan achète encore sans qu'ils comptent"
    return Cure(True, effort, asked.last_day, f"Faire compter {round_euros(missing)} HT {still}.")


def _trend(bought: Mapping[int, tuple[int, int]], asked: YearAsked) -> Iterator[Point]:
    """The rate from January to the end of each month that has begun."""
    counted = value = 0
    for month in range(1, MONTHS + 1):
        first = date(asked.year, month, 1)
        if first > asked.today:
            return
        more = bought.get(month, NONE)
        counted, value = counted + more[0], value + more[1]
        share = percent(counted, value)
        if share is not None:
            yield Point(first, share)
