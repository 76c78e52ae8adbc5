"""The record of a campaign in the waste fields of ma-cantine (GAS-15): same names, kilograms, nothing invented."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from catering.waste.rules.mass import Mass
from catering.waste.rules.result import Result
from catering.waste.vocabulary import ActionKind, ActionStatus, Stage

GRAMS_PER_KG = 1000
CENT = Decimal("0.01")
NAMES = {Stage.PREPARATION: "preparation", Stage.UNSERVED: "unserved", Stage.PLATES: "leftovers"}

ACTIONS = {
    ActionKind.INSCRIPTION: "inscription",
    ActionKind.AWARENESS: "sensibilisation",
    ActionKind.TRAINING: "formation",
    ActionKind.DISTRIBUTION: "distribution",
    ActionKind.PORTIONS: "portions",
    ActionKind.REUSE: "reutilisation",
}


@dataclass(frozen=True, slots=True)
class DeclaredStage:
    """One stage in kg. Not sorted: a total alone, for ma-cantine takes no estimate of ours."""

    stage: Stage
    total_mass: Decimal
    is_sorted: bool
    edible_mass: Decimal | None
    inedible_mass: Decimal | None


@dataclass(frozen=True, slots=True)
class WasteDeclaration:
    """One record: period, covers served on the days weighed, kg."""

    period_start_date: date
    period_end_date: date
    meal_count: int
    total_mass: Decimal
    is_sorted_by_source: bool
    stages: Sequence[DeclaredStage]
    yearly_kg: Decimal | None
    """Mass / meal_count × meals of a year; None while nobody said how many those are."""

    @property
    def fields(self) -> dict[str, str]:
        """The record as texts, by the names of ma-cantine, in its order; empty is "not given"."""
        plain: dict[str, object] = {
            "period_start_date": self.period_start_date.isoformat(),
            "period_end_date": self.period_end_date.isoformat(),
            "meal_count": self.meal_count,
            "total_mass": self.total_mass,
            "is_sorted_by_source": self.is_sorted_by_source,
        }
        for each in self.stages:
            name = NAMES[each.stage]
            plain |= {
                f"{name}_total_mass": each.total_mass,
                f"{name}_is_sorted": each.is_sorted,
                f"{name}_edible_mass": each.edible_mass,
                f"{name}_inedible_mass": each.inedible_mass,
            }
        return {name: _written(value) for name, value in plain.items()}


def declaration(found: Result, first: date, last: date, meals_per_year: int | None) -> WasteDeclaration | None:
    """The record of a period; None while no day of it is complete with its covers counted.

    Only complete days enter, with their covers: a forgotten bin must not pass for a good day.
    """
    days = found.usable
    if not days:
        return None
    unsorted = {stage for day in days for stage in day.unsorted}
    stages = [_declared(stage, [day.stages[stage] for day in days], stage not in unsorted) for stage in NAMES]
    grams = sum(day.mass.total_g for day in days)
    yearly = None if meals_per_year is None else kg(Decimal(grams) / found.covers * meals_per_year)
    total = sum((each.total_mass for each in stages), Decimal(0))
    return WasteDeclaration(first, last, found.covers, total, True, stages, yearly)


def _declared(stage: Stage, masses: Sequence[Mass], is_sorted: bool) -> DeclaredStage:
    """Rounded so that the parts add up to the total, as ma-cantine checks."""
    total = kg(sum(each.total_g for each in masses))
    inedible = kg(sum(each.inedible_g for each in masses))
    if not is_sorted:
        return DeclaredStage(stage, total, False, None, None)
    return DeclaredStage(stage, total, True, total - inedible, inedible)


def declared_actions(diagnosed: bool, actions: Iterable[tuple[ActionKind, ActionStatus]]) -> dict[str, bool]:
    """What the télédéclaration asks about waste, by its names: diagnosed, planned, and each sort of action under way.

    An action that is only planned is not in place, but makes a plan; an abandoned one does neither.
    """
    known = list(actions)
    in_place = {kind for kind, status in known if status in (ActionStatus.ONGOING, ActionStatus.DONE)}
    planned = any(status is not ActionStatus.ABANDONED for _, status in known)
    named = {f"action_gaspi_{name}": kind in in_place for kind, name in ACTIONS.items()}
    return {"diag_gaspi": diagnosed, "plan_action_gaspi": planned} | named


def kg(grams: int | Decimal) -> Decimal:
    """Grams as kg to two decimals, as ma-cantine keeps them, rounded half-up."""
    return (Decimal(grams) / GRAMS_PER_KG).quantize(CENT, ROUND_HALF_UP)


def _written(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
