"""What may become of food that nobody was served: served again, given, or discarded, and which rule says so.

The rules are those of annex IV of the arrêté of 21 December 2009; a temperature, a duration or a fact that nobody
noted counts against the food: what cannot be shown to be safe is discarded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from catering.rules import RuleBook, law
from catering.rules.hygiene import ProductCategory
from catering.rules.temperatures import temperature
from catering.waste.vocabulary import SurplusKind, SurplusUse

MINUTES = 60
COLDEST, HOTTEST = Decimal(-60), Decimal(200)  # legal-number: what a thermometer of a kitchen can show
COOKED_HERE = frozenset({SurplusKind.HOT_DISH, SurplusKind.COLD_DISH})


@dataclass(frozen=True, slots=True)
class Surplus:
    """What is known of a surplus; ``None`` is "nobody noted it".

    ``cooled_minutes``: from the upper to the lower temperature of quick cooling; ``held_hot_c``: the lowest
    temperature since cooking, when it was kept hot to be fetched at once.
    """

    kind: SurplusKind
    made_on: date
    served_on: date
    exposed: bool
    traced: bool
    satellite: bool = False
    cooled_minutes: int | None = None
    cooled_to_c: Decimal | None = None
    stored_at_c: Decimal | None = None
    held_hot_c: Decimal | None = None
    use_by: date | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule as it applies: what was noted against its figure. ``holds`` false forbids."""

    rule: str
    holds: bool
    stated: Decimal | None
    limit: Decimal | None
    unit: str | None
    told: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What may be done with a surplus, until when, and why; ``uses`` holds DISCARD alone when nothing else may.

    ``serve_by`` and ``give_by`` are the last days of both uses; None where that use may not be, or has no date.
    """

    uses: Sequence[SurplusUse]
    serve_by: date | None
    give_by: date | None
    reasons: Sequence[Reason]


def impossible(surplus: Surplus, on: date) -> str | None:
    """What of a surplus cannot be, in French; None when it may be true. Nothing may be advised on what cannot be."""
    if not surplus.made_on <= surplus.served_on <= on:
        return (
            f"Fabriqué le {surplus.made_on:%d/%m/%Y}, servi le {surplus.served_on:%d/%m/%Y}, demandé pour le "
            f"{on:%d/%m/%Y} : ces jours se suivent."
        )
    if surplus.cooled_minutes is not None and surplus.cooled_minutes < 0:
        return f"Refroidi en {surplus.cooled_minutes} min : une durée n'est pas négative."
    noted = (surplus.cooled_to_c, surplus.stored_at_c, surplus.held_hot_c)
    odd = next((each for each in noted if each is not None and not _measured(each)), None)
    return None if odd is None else f"{odd} °C : donner de {COLDEST} à {HOTTEST} °C."


def _measured(celsius: Decimal) -> bool:
    return celsius.is_finite() and COLDEST <= celsius <= HOTTEST


def advise(surplus: Surplus, on: date, *, agreement: bool, book: RuleBook | None = None) -> Advice:
    """What may become of a surplus on a day.

    Args:
        surplus: what is known of it; not ``impossible``.
        on: the day on which it would be served or fetched.
        agreement: whether an agreement to give food is in force.
        book: of the law, that of the platform by default.
    """
    book = book or law()
    if hot := _held_hot(surplus, on, book):
        return _fetched_hot(hot, on, agreement=agreement)
    reasons = [*_kept_well(surplus, on, book), *_in_time(surplus, on, book)]
    if not all(each.holds for each in reasons):
        return Advice([SurplusUse.DISCARD], None, None, reasons)
    again = _served_again(surplus, on, book)
    given = [] if agreement else [_no_agreement()]
    last = _last_day(surplus, on, book)
    uses = [SurplusUse.SERVE_AGAIN] * all(each.holds for each in again) + [SurplusUse.GIVE] * agreement
    serve_by = _last_served(surplus, last, on, book) if SurplusUse.SERVE_AGAIN in uses else None
    return Advice(uses or [SurplusUse.DISCARD], serve_by, last if agreement else None, [*reasons, *again, *given])


def _held_hot(surplus: Surplus, on: date, book: RuleBook) -> list[Reason]:
    """The rules for a hot dish that never cooled, on the day of its service; none for other food."""
    if surplus.kind is not SurplusKind.HOT_DISH or surplus.held_hot_c is None or on != surplus.served_on:
        return []
    hot = book.parameter("HYG-REFROIDIR-HAUT", on)
    said = f"Tenu à {surplus.held_hot_c} °C, {hot} °C au moins jusqu'à sa remise le jour même."
    held = Reason("HYG-REFROIDIR-HAUT", surplus.held_hot_c >= hot, surplus.held_hot_c, hot, "celsius", said)
    return [held, _never_exposed(surplus), _traced(surplus), *_in_time(surplus, on, book)]


def _fetched_hot(reasons: Sequence[Reason], on: date, *, agreement: bool) -> Advice:
    """It may be fetched the same day, by an association that serves it at once."""
    if not all(each.holds for each in reasons):
        return Advice([SurplusUse.DISCARD], None, None, reasons)
    if not agreement:
        return Advice([SurplusUse.DISCARD], None, None, [*reasons, _no_agreement()])
    return Advice([SurplusUse.GIVE], None, on, reasons)


def _kept_well(surplus: Surplus, on: date, book: RuleBook) -> list[Reason]:
    found = [_never_exposed(surplus), _traced(surplus)]
    if surplus.kind is SurplusKind.HOT_DISH:
        found += _cooled(surplus, on, book)
    if surplus.kind in COOKED_HERE:
        found.append(_stored("HYG-FROID-MAX", book.parameter("HYG-FROID-MAX", on), surplus.stored_at_c))
    if surplus.kind is SurplusKind.SEALED:
        row = temperature(ProductCategory.PERISHABLE, on, book.folder)
        assert row.celsius is not None, "the law states a maximum for perishable products"
        found.append(_stored(row.id, row.celsius, surplus.stored_at_c))
    return found


def _stored(rule: str, limit: Decimal, celsius: Decimal | None) -> Reason:
    noted = "non relevée" if celsius is None else f"{celsius} °C"
    holds = celsius is not None and celsius <= limit
    return Reason(rule, holds, celsius, limit, "celsius", f"Conservation : {noted}, {limit} °C au plus.")


def _never_exposed(surplus: Surplus) -> Reason:
    said = (
        "Exposé aux convives : ne se représente ni ne se donne." if surplus.exposed else "Jamais exposé aux convives."
    )
    return Reason("HYG-EXCEDENT-JOURS", not surplus.exposed, None, None, None, said)


def _traced(surplus: Surplus) -> Reason:
    said = "Étiqueté : nom, date de fabrication." if surplus.traced else "Sans étiquette : nul ne sait ce que c'est."
    return Reason("HYG-EXCEDENT-JOURS", surplus.traced, None, None, None, said)


def _cooled(surplus: Surplus, on: date, book: RuleBook) -> list[Reason]:
    high, low = (book.parameter(f"HYG-REFROIDIR-{end}", on) for end in ("HAUT", "BAS"))
    hours = book.parameter("HYG-REFROIDIR-HEURES", on)
    minutes = None if surplus.cooled_minutes is None else Decimal(surplus.cooled_minutes)
    reached = surplus.cooled_to_c is not None and surplus.cooled_to_c <= low
    quick = minutes is not None and minutes < hours * MINUTES
    took = "durée non relevée" if minutes is None else f"{minutes} min"
    at = "température non relevée" if surplus.cooled_to_c is None else f"{surplus.cooled_to_c} °C à cœur"
    return [
        Reason(
            "HYG-REFROIDIR-HEURES", quick, minutes, hours * MINUTES, "minutes",
            f"Refroidissement de {high} à {low} °C : {took}, moins de {hours} h.",
        ),
        Reason("HYG-REFROIDIR-BAS", reached, surplus.cooled_to_c, low, "celsius", f"Fin : {at}, {low} °C au plus."),
    ]  # fmt: skip


def _in_time(surplus: Surplus, on: date, book: RuleBook) -> list[Reason]:
    found = []
    if surplus.kind in COOKED_HERE:
        days = book.parameter("HYG-PREPARATION-JOURS", on)
        age = Decimal((on - surplus.made_on).days)
        said = f"Fabriqué depuis {age} j, {days} j au plus."
        found.append(Reason("HYG-PREPARATION-JOURS", age <= days, age, days, "days", said))
    if surplus.kind is SurplusKind.SEALED:
        known = surplus.use_by is not None
        said = f"Date du produit : {surplus.use_by:%d/%m/%Y}." if surplus.use_by else "Date du produit illisible."
        found.append(Reason("HYG-PREPARATION-JOURS", known and on <= (surplus.use_by or on), None, None, None, said))
    return found


def _served_again(surplus: Surplus, on: date, book: RuleBook) -> list[Reason]:
    if surplus.kind in (SurplusKind.SEALED, SurplusKind.STABLE):
        return []
    days = book.parameter("HYG-EXCEDENT-JOURS", on)
    late = Decimal((on - surplus.served_on).days)
    said = f"{late} j après le service, {days} j au plus (le lendemain)."
    found = [Reason("HYG-EXCEDENT-JOURS", late <= days, late, days, "days", said)]
    if surplus.satellite:
        said = "Restaurant satellite : un plat ouvert ne se représente pas."
        found.append(Reason("HYG-EXCEDENT-JOURS", False, None, None, None, said))
    return found


def _no_agreement() -> Reason:
    said = "Aucune convention de don en vigueur : la signer avec une association d'abord."
    return Reason("GAS-04", False, None, None, None, said)


def _last_day(surplus: Surplus, on: date, book: RuleBook) -> date | None:
    if surplus.kind is SurplusKind.STABLE:
        return None
    if surplus.kind is SurplusKind.SEALED:
        return surplus.use_by
    return surplus.made_on + timedelta(days=int(book.parameter("HYG-PREPARATION-JOURS", on)))


def _last_served(surplus: Surplus, last: date | None, on: date, book: RuleBook) -> date | None:
    """The day after its service for what was cooked, never after the last day it may be eaten."""
    if surplus.kind not in COOKED_HERE or last is None:
        return last
    return min(last, surplus.served_on + timedelta(days=int(book.parameter("HYG-EXCEDENT-JOURS", on))))
