"""What a need adds up to over twelve months, and which duty of the law it has reached (CCP-10 to CCP-24, CCP-44)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from catering.figures import round_euros
from catering.rules import RuleBook, UnknownRuleError, law

MONTHS_A_YEAR = 12
ZERO = Decimal("0.00")


class Duty(StrEnum):
    """What the law asks of a buyer from a threshold on."""

    COMPETITION = "competition"
    """Publicity and competition adapted to the need (MAPA)."""
    NOTICE = "notice"
    """A notice in the BOAMP or a journal of legal notices."""
    FORMAL_PROCEDURE = "formal_procedure"
    """A formal procedure, with a notice in the JOUE."""


RULE_OF = {Duty.COMPETITION: "CCP-10", Duty.NOTICE: "CCP-12", Duty.FORMAL_PROCEDURE: "CCP-13"}
WHAT_TO_DO = {
    Duty.COMPETITION: "lancer une procédure adaptée (MAPA) avec publicité, documents sur le profil d'acheteur",
    Duty.NOTICE: "publier un avis au BOAMP ou dans un journal d'annonces légales",
    Duty.FORMAL_PROCEDURE: "lancer une procédure formalisée, avec un avis au JOUE",
}


class Level(StrEnum):
    """How near a need is to a threshold."""

    FAR = "far"
    NEAR = "near"
    """From the warning share on (CCP-44)."""
    REACHED = "reached"


@dataclass(frozen=True, slots=True)
class Threshold:
    """An amount of the law in force on a date."""

    duty: Duty
    amount: Decimal

    @property
    def rule(self) -> str:
        """Id of the rule."""
        return RULE_OF[self.duty]


@dataclass(frozen=True, slots=True)
class Standing:
    """A need against one threshold. ``left`` is what may still be committed below it, zero once reached."""

    threshold: Threshold
    need: Decimal
    level: Level

    @property
    def left(self) -> Decimal:
        """Amount excl. tax that keeps the need below the threshold; zero once it is reached."""
        return max(self.threshold.amount - self.need, ZERO)

    @property
    def message(self) -> str:
        """In French, what to do."""
        amount, need = round_euros(self.threshold.amount), round_euros(self.need)
        todo = WHAT_TO_DO[self.threshold.duty]
        if self.level is Level.REACHED:
            return f"Le besoin sur 12 mois ({need}) atteint le seuil de {amount} ({self.threshold.rule}) : {todo}."
        if self.level is Level.NEAR:
            return f"Le besoin sur 12 mois ({need}) approche du seuil de {amount} : préparer la suite, {todo}."
        return f"Le besoin sur 12 mois ({need}) est loin du seuil de {amount}."


def window_of(day: date, book: RuleBook | None = None) -> tuple[date, date]:
    """First and last day, both included, of the months over which a recurrent need is counted (CCP-20).

    Raises:
        UnknownRuleError: no figure is in force on that day.
    """
    return months_before(day, window_length(day, book)) + timedelta(days=1), day


def last_counted(day: date, book: RuleBook | None = None) -> date:
    """Last day on whose need an amount committed on a day counts."""
    return months_after(day, window_length(day, book)) - timedelta(days=1)


def window_length(day: date, book: RuleBook | None = None) -> int:
    """Months over which a recurrent need is counted (CCP-20)."""
    return int((book or law()).parameter("CCP-20", day))


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last day of that month when it is shorter."""
    return months_after(day, -months)


@lru_cache(maxsize=1024)  # legal-number: more days than one answer asks about
def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last day of that month when it is shorter."""
    year, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 + months, MONTHS_A_YEAR)
    first_of_next = date(year + (month + 1) // MONTHS_A_YEAR, (month + 1) % MONTHS_A_YEAR + 1, 1)
    last = (first_of_next - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def thresholds_on(day: date, book: RuleBook | None = None) -> list[Threshold]:
    """Thresholds in force on a day, the lowest first; one whose figure is not known yet for that day is left out."""
    book = book or law()
    found = []
    for duty, rule in RULE_OF.items():
        try:
            found.append(Threshold(duty, book.parameter(rule, day)))
        except UnknownRuleError:
            continue
    return sorted(found, key=lambda threshold: threshold.amount)


def standings(need: Decimal | Mapping[Duty, Decimal], day: date, book: RuleBook | None = None) -> list[Standing]:
    """A need, perhaps another one by duty, against every threshold of a day, the lowest first."""
    warning = (book or law()).parameter("CCP-44", day)
    of = need if isinstance(need, Mapping) else dict.fromkeys(Duty, need)
    return [
        Standing(each, of[each.duty], _level(of[each.duty], each.amount, warning)) for each in thresholds_on(day, book)
    ]


def _level(need: Decimal, amount: Decimal, warning: Decimal) -> Level:
    if need >= amount:
        return Level.REACHED
    return Level.NEAR if need >= amount * warning else Level.FAR


def reached(need: Decimal, day: date, book: RuleBook | None = None) -> Threshold | None:
    """The highest threshold that a need has reached; None below the first."""
    return next((each for each in reversed(thresholds_on(day, book)) if need >= each.amount), None)


@dataclass(frozen=True, slots=True)
class Win:
    """One purchase below the threshold: when, of whom."""

    day: date
    supplier: int


@dataclass(frozen=True, slots=True)
class SameSupplier:
    """The last purchases all went to one supplier."""

    supplier: int
    times: int


def always_the_same(wins: Sequence[Win], day: date, book: RuleBook | None = None) -> SameSupplier | None:
    """Who won every one of the last purchases below the threshold, when that is often enough to warn (CCP-45).

    Args:
        wins: purchases of one need in order of time, each decision once.
        day: on which the rule is read.
        book: the law; that of the platform by default.
    """
    often = int((book or law()).parameter("CCP-45", day))
    times = 0
    for win in reversed(wins):
        if win.supplier != wins[-1].supplier:
            break
        times += 1
    return SameSupplier(wins[-1].supplier, times) if times >= often else None
