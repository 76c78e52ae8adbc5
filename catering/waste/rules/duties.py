"""What the law asks of an establishment about waste, and whether it is done (GAS-02, GAS-04, GAS-06)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from catering.rules import RuleBook, law

MONTHS = 12
ML_PER_L = 1000


class DutyState(StrEnum):
    """How a duty stands."""

    DONE = "done"
    TO_DO = "to_do"
    NOT_CONCERNED = "not_concerned"
    UNKNOWN = "unknown"
    """A figure is missing that decides it."""


@dataclass(frozen=True, slots=True)
class WasteDuty:
    """One duty: the rule, where the kitchen stands, its figure against the limit, and what to do, in French."""

    rule: str
    title: str
    state: DutyState
    stated: Decimal | None
    limit: Decimal | None
    unit: str | None
    told: str


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What is known of an establishment on a day.

    ``measured``: its diagnostic names the weighings it rests on. ``meals_per_day`` None: nobody said;
    ``many_meals_since``: since when they are past the threshold. ``authorised``: one of the associations has its right
    to receive food noted. ``oil_ml`` was collected in the twelve months before, ``oil_stated_ml`` is what the kitchen
    says that it throws away in a year, 0 when it does not fry; None: it did not say.
    """

    diagnosed: bool
    measured: bool
    meals_per_day: int | None
    many_meals_since: date | None
    agreements_proposed: int
    agreements_held: int
    authorised: bool
    sorted_since: date | None
    oil_ml: int
    oil_stated_ml: int | None


def meals_of(stated: int | None, planned: int | None) -> int | None:
    """Meals of the busiest day: what the kitchen states, never below the covers of its calendar."""
    return max((each for each in (stated, planned) if each is not None), default=None)


def duties(facts: SiteFacts, on: date, book: RuleBook | None = None) -> list[WasteDuty]:
    """Every duty, in the order of the rules."""
    book = book or law()
    return [_diagnostic(facts, on, book), _donation(facts, on, book), _sorting(facts, on, book), _oil(facts, on, book)]


def _since(rule: str, on: date, book: RuleBook) -> date | None:
    """Since when a duty that binds everybody stands; None on a day on which it did not yet."""
    entry = book.entry(rule)
    return next((dated.valid_from for dated in entry.values if dated.in_force(on)), None)


def _for_all(rule: str, title: str, on: date, book: RuleBook, *, done: bool, told: str, todo: str) -> WasteDuty:
    since = _since(rule, on, book)
    if since is None:
        said = "Pas d'obligation à cette date."
        return WasteDuty(rule, title, DutyState.NOT_CONCERNED, None, None, None, said)
    state = DutyState.DONE if done else DutyState.TO_DO
    due = f"{todo} : obligatoire pour tous depuis le {since:%d/%m/%Y}."
    return WasteDuty(rule, title, state, None, None, None, told if done else due)


def _diagnostic(facts: SiteFacts, on: date, book: RuleBook) -> WasteDuty:
    told = (
        "Diagnostic et plan d'actions écrits : les tenir à jour."
        if facts.measured
        else "Écrits, mais sans période de pesées : quantités gaspillées et coût y manquent (L541-15-3). Peser."
    )
    todo = "Écrire le diagnostic et le plan d'actions"
    return _for_all("GAS-02", "Diagnostic et démarche", on, book, done=facts.diagnosed, told=told, todo=todo)


def _donation(facts: SiteFacts, on: date, book: RuleBook) -> WasteDuty:
    limit = book.parameter("GAS-04", on)
    months = book.parameter("GAS-04-DELAI", on)
    if facts.meals_per_day is None:
        state, said = DutyState.UNKNOWN, "Dire combien de repas la cuisine prépare par jour, satellites compris."
    elif facts.meals_per_day <= limit:
        state, said = (
            DutyState.NOT_CONCERNED,
            f"Au plus {limit} repas par jour : donner reste possible, par convention.",
        )
    elif facts.agreements_proposed:
        state = DutyState.DONE if facts.authorised else DutyState.UNKNOWN
        held = "signée" if facts.agreements_held else "proposée, à faire signer"
        check = "" if facts.authorised else ", habilitation de l'association à vérifier (ou CCAS, CIAS)"
        said = f"Convention de don {held}{check}."
    else:
        state = DutyState.TO_DO
        said = f"Proposer une convention de don à une association habilitée {_by_when(facts, int(months), on)}."
    stated = None if facts.meals_per_day is None else Decimal(facts.meals_per_day)
    return WasteDuty("GAS-04", "Convention de don", state, stated, limit, "meals_per_day", said)


def _by_when(facts: SiteFacts, months: int, on: date) -> str:
    since = facts.many_meals_since
    if since is None:
        return f"dans les {months} mois qui suivent le seuil (dire depuis quand il est passé)"
    years, month = divmod(since.month - 1 + months, MONTHS)
    last = monthrange(since.year + years, month + 1)[1]
    due = date(since.year + years, month + 1, min(since.day, last))
    late = " : en retard" if due < on else ""
    return f"avant le {due:%d/%m/%Y}{late}"


def _sorting(facts: SiteFacts, on: date, book: RuleBook) -> WasteDuty:
    since = facts.sorted_since
    done = since is not None and since <= on
    told = f"Biodéchets triés depuis le {since:%d/%m/%Y}." if since else ""
    todo = "Trier les biodéchets à la source"
    return _for_all("GAS-06", "Tri des biodéchets", on, book, done=done, told=told, todo=todo)


def _oil(facts: SiteFacts, on: date, book: RuleBook) -> WasteDuty:
    limit = book.parameter("GAS-06-HUILE", on)
    stated = facts.oil_stated_ml
    thrown = max(facts.oil_ml, stated or 0)
    if thrown > limit and facts.oil_ml >= thrown:
        state, said = DutyState.DONE, "Huile usagée remise à un collecteur."
    elif thrown > limit:
        state = DutyState.TO_DO
        said = (
            f"{facts.oil_ml // ML_PER_L} l collectés en douze mois sur {thrown // ML_PER_L} l : remettre le reste à un "
            "collecteur et noter son bordereau."
        )
    elif stated is None:
        state, said = (
            DutyState.UNKNOWN,
            "Dire combien de litres d'huile la cuisine jette par an : 0 si elle ne frit pas.",
        )
    else:
        state, said = DutyState.NOT_CONCERNED, "Collecte séparée obligatoire au-delà du seuil de douze mois."
    figure = None if state is DutyState.UNKNOWN else Decimal(thrown)
    return WasteDuty("GAS-06-HUILE", "Huile usagée", state, figure, limit, "millilitres_per_year", said)
