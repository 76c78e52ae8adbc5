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
    """What may be done with a surplus, until when, and why; ``uses`` holds DISCARD alone when nothing else may."""

    uses: Sequence[SurplusUse]
    last_day: date | None
    """Last day on which it may be served again or eaten by who is given it; None for what keeps without a date."""
    reasons: Sequence[Reason]


def advise(surplus: Surplus, on: date, *, agreement: bool, book: RuleBook | None = None) -> Advice:
    """What may become of a surplus on a day.

    Args:
        surplus: what is known of it.
        on: the day on which it would be served or fetched.
        agreement: whether an agreement to give food is in force.
        book: of the law, that of the platform by default.
    """
    book = book or law()
    if hot := _fetched_hot(surplus, on, book):
        return hot if agreement else Advice([SurplusUse.DISCARD], None, [*hot.reasons, _no_agreement()])
    last = _last_day(surplus, on, book)
    reasons = [*_kept_well(surplus, on, book), *_in_time(surplus, on, book)]
    uses = []
    if all(each.holds for each in reasons):
        again = _served_again(surplus, on, book)
        given = [] if agreement else [_no_agreement()]
        uses = [SurplusUse.SERVE_AGAIN] * (all(each.holds for each in again)) + [SurplusUse.GIVE] * agreement
        reasons += [*again, *given]
    return Advice(uses or [SurplusUse.DISCARD], last if uses else None, reasons)


def _fetched_hot(surplus: Surplus, on: date, book: RuleBook) -> Advice | None:
    """A hot dish that never cooled may be fetched the same day, by an association that serves it at once."""
    if surplus.kind is not SurplusKind.HOT_DISH or surplus.held_hot_c is None or on != surplus.served_on:
        return None
    hot = book.parameter("HYG-REFROIDIR-HAUT", on)
    holds = surplus.held_hot_c >= hot and not surplus.exposed
    said = f"Tenu à {surplus.held_hot_c} °C pour {hot} °C au moins, jamais exposé : à donner chaud le jour même."
    otherwise = f"Tenu à {surplus.held_hot_c} °C pour {hot} °C au moins, ou exposé : jeter."
    reason = Reason("HYG-REFROIDIR-HAUT", holds, surplus.held_hot_c, hot, "celsius", said if holds else otherwise)
    if not holds:
        return Advice([SurplusUse.DISCARD], None, [reason])
    return Advice([SurplusUse.GIVE], on, [reason])


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
