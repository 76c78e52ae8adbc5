"""What the law asks of an establishment about waste, and whether it is done (GAS-02, GAS-04, GAS-06)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from catering.rules import RuleBook, law


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

    ``meals_per_day`` None: nobody said; ``oil_ml`` is that of the twelve months before.
    """

    diagnosed: bool
    meals_per_day: int | None
    agreements_proposed: int
    agreements_held: int
    sorted_since: date | None
    oil_ml: int
    oil_collected: bool


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
    told = "Diagnostic et plan d'actions écrits : les tenir à jour."
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
        state = DutyState.DONE
        held = "signée" if facts.agreements_held else "proposée, à faire signer"
        said = f"Convention de don {held}."
    else:
        state = DutyState.TO_DO
        said = f"Proposer une convention de don à une association dans les {months} mois qui suivent le seuil."
    stated = None if facts.meals_per_day is None else Decimal(facts.meals_per_day)
    return WasteDuty("GAS-04", "Convention de don", state, stated, limit, "meals_per_day", said)


def _sorting(facts: SiteFacts, on: date, book: RuleBook) -> WasteDuty:
    since = facts.sorted_since
    done = since is not None and since <= on
    told = f"Biodéchets triés depuis le {since:%d/%m/%Y}." if since else ""
    todo = "Trier les biodéchets à la source"
    return _for_all("GAS-06", "Tri des biodéchets", on, book, done=done, told=told, todo=todo)


def _oil(facts: SiteFacts, on: date, book: RuleBook) -> WasteDuty:
    limit = book.parameter("GAS-06-HUILE", on)
    if facts.oil_ml <= limit:
        state, said = DutyState.NOT_CONCERNED, "Collecte séparée obligatoire au-delà du seuil de douze mois."
    elif facts.oil_collected:
        state, said = DutyState.DONE, "Huile usagée remise à un collecteur."
    else:
        state, said = DutyState.TO_DO, "Remettre l'huile usagée à un collecteur et noter son bordereau."
    return WasteDuty("GAS-06-HUILE", "Huile usagée", state, Decimal(facts.oil_ml), limit, "millilitres_per_year", said)


def oil_of_year(notes: Iterable[tuple[int, str | None]]) -> tuple[int, bool]:
    """Millilitres of some notes, and whether a collector took all that is noted."""
    rows: Sequence[tuple[int, str | None]] = list(notes)
    return sum(quantity for quantity, _ in rows), all(collector for quantity, collector in rows if quantity > 0)
