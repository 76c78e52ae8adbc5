"""What may become of food that nobody was served: served again, given, or discarded, and which rule says so.

The rules are those of annex IV of the arrêté of 21 December 2009, changed by that of 7 May 2020; a temperature, a
duration or a fact that nobody noted counts against the food: what cannot be shown to be safe is discarded. On the day
of its service what is still to be done (cool it, keep it cold) is a condition, not yet a fault.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from catering.figures import short
from catering.rules import RuleBook, law
from catering.rules.hygiene import ProductCategory
from catering.rules.temperatures import degrees, temperature
from catering.waste.vocabulary import SurplusKind, SurplusUse

MINUTES = 60
COLDEST, HOTTEST = Decimal(-60), Decimal(200)  # legal-number: what a thermometer of a kitchen can show
FREEZING = Decimal(0)
MADE_HERE = frozenset({SurplusKind.HOT_DISH, SurplusKind.COOKED_COLD, SurplusKind.COLD_DISH})
COOKED = frozenset({SurplusKind.HOT_DISH, SurplusKind.COOKED_COLD})
"""What passed from hot to cold, or must: eaten cold, it is no less a dish that was cooked."""


@dataclass(frozen=True, slots=True)
class Surplus:
    """What is known of a surplus; ``None`` is "nobody noted it".

    ``cooled_minutes``: from the upper to the lower temperature of quick cooling; ``held_hot_c``: the lowest
    temperature since cooking, when it was kept hot to be fetched at once; ``reheated``: whether a hot dish was warmed
    up for its service; ``category``: what a sealed pack holds, ``label_c`` the temperature it states; ``prepacked``:
    whether what keeps without cold is packed in single portions.
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
    reheated: bool | None = None
    category: ProductCategory | None = None
    label_c: Decimal | None = None
    prepacked: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule as it applies: what was noted against its figure. ``holds`` false forbids; else it is a condition.

    ``due``: it is not noted yet and may still be done, so it holds if it is.
    """

    rule: str
    holds: bool
    stated: Decimal | None
    limit: Decimal | None
    unit: str | None
    told: str
    due: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """What may be done with a surplus, until when, and why; ``uses`` holds DISCARD alone when nothing else may.

    ``serve_by`` and ``give_by`` are the last days of both uses; None where that use may not be, or has no date. With
    COOL_NOW they are those of the food once it is cooled, but for a gift that is fetched hot: that day.
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
    noted = (surplus.cooled_to_c, surplus.stored_at_c, surplus.held_hot_c, surplus.label_c)
    odd = next((each for each in noted if each is not None and not _measured(each)), None)
    return None if odd is None else f"{degrees(odd)} : donner de {short(COLDEST)} à {degrees(HOTTEST)}."


def _measured(celsius: Decimal) -> bool:
    return celsius.is_finite() and COLDEST <= celsius <= HOTTEST


def advise(
    surplus: Surplus,
    on: date,
    *,
    agreement: bool,
    unchecked: str | None = None,
    seen_on: date | None = None,
    book: RuleBook | None = None,
) -> Advice:
    """What may become of a surplus on a day.

    Args:
        surplus: what is known of it; not ``impossible``.
        on: the day on which it would be served or fetched.
        agreement: whether an agreement to give food is in force.
        unchecked: the association of the agreement, where nobody noted its right to receive food.
        seen_on: the day on which somebody asks; ``on`` by default.
        book: of the law, that of the platform by default.
    """
    book = book or law()
    cold = [*_kept_well(surplus, on, book), *_in_time(surplus, on, book)]
    cold = [_still_due(each, surplus, seen_on or on, book) for each in cold]
    again, receiver = _served_again(surplus, on, book), _receiver(agreement, unchecked)
    hot = _held_hot(surplus, on, book)
    fetched = agreement and bool(hot) and all(each.holds for each in hot)
    may_again = all(each.holds for each in again)
    if not all(each.holds for each in cold):
        # A dish kept hot for today is judged by what was noted of it, not by a cooling that nobody began.
        told = hot if hot and not _cooling_noted(surplus) else [each for each in cold if not each.due]
        return _not_kept([*told, *(receiver if hot else [])], on if fetched else None)
    if not (may_again or agreement):
        return _not_kept([*(each for each in cold if not each.due), *again, *receiver], None)
    last, due = _last_day(surplus, on, book), any(each.due for each in cold)
    hot_today = fetched and due
    uses = [SurplusUse.COOL_NOW] if due else [SurplusUse.SERVE_AGAIN] * may_again + [SurplusUse.GIVE] * agreement
    given = [*receiver, *(_labelled(surplus, last, on, book) if agreement else [])]
    return Advice(
        [SurplusUse.GIVE, *uses] if hot_today else uses,
        _last_served(surplus, last, on, book) if may_again else None,
        (on if hot_today else last) if agreement else None,
        [*(_held(surplus, on, book) if hot else []), *cold, *again, *given],
    )


def _not_kept(reasons: Sequence[Reason], fetched_on: date | None) -> Advice:
    """It cannot be kept: fetched hot that day by an association that serves it at once, or discarded."""
    return Advice([SurplusUse.GIVE if fetched_on else SurplusUse.DISCARD], None, fetched_on, reasons)


def _cooling_noted(surplus: Surplus) -> bool:
    return any(each is not None for each in (surplus.cooled_minutes, surplus.cooled_to_c, surplus.stored_at_c))


def _still_due(reason: Reason, surplus: Surplus, seen_on: date, book: RuleBook) -> Reason:
    """A rule that fails only because nobody noted it yet, on the day of the service: cool it now, keep it cold.

    A dish cooked before that day, or served cold, was cooled before: what nobody noted of that cannot be done again.
    """
    if reason.holds or reason.stated is not None or seen_on != surplus.served_on:
        return reason
    hot_today = surplus.kind is SurplusKind.HOT_DISH and surplus.made_on == surplus.served_on
    said = (
        {"HYG-FROID-MAX": f"Garder à {degrees(reason.limit)} au plus, et le noter."}
        if surplus.kind in MADE_HERE
        else {}
    )
    if hot_today:
        high, low = (book.parameter(f"HYG-REFROIDIR-{end}", seen_on) for end in ("HAUT", "BAS"))
        hours = book.parameter("HYG-REFROIDIR-HEURES", seen_on)
        said |= {
            "HYG-REFROIDIR-HEURES": (
                f"Refroidir maintenant : de {short(high)} à {degrees(low)} en moins de {hours} h, comptées dès qu'il "
                f"passe sous {degrees(high)}, et noter la durée. Au-delà, ou s'il a attendu tiède : jeter."
            ),
            "HYG-REFROIDIR-BAS": f"Finir à {degrees(low)} au plus à cœur, et le noter.",
        }
    return replace(reason, holds=True, due=True, told=said[reason.rule]) if reason.rule in said else reason


def _held_hot(surplus: Surplus, on: date, book: RuleBook) -> list[Reason]:
    """The rules for a hot dish fetched hot on the day of its service; none for other food."""
    if on != surplus.served_on or not (held := _held(surplus, on, book)):
        return []
    return [*held, _never_exposed(surplus, on, book), _traced(surplus, on, book), *_in_time(surplus, on, book)]


def _held(surplus: Surplus, on: date, book: RuleBook) -> list[Reason]:
    """The temperature noted of a dish kept hot: below the limit it spent a time that nobody counted."""
    if surplus.kind is not SurplusKind.HOT_DISH or surplus.held_hot_c is None:
        return []
    hot = book.parameter("HYG-REFROIDIR-HAUT", on)
    held = surplus.held_hot_c
    said = f"Tenu à {degrees(held)}, {degrees(hot)} au moins jusqu'à sa remise le jour même ou son refroidissement."
    return [Reason("HYG-REFROIDIR-HAUT", held >= hot, held, hot, "celsius", said)]


def _kept_well(surplus: Surplus, on: date, book: RuleBook) -> list[Reason]:
    found = [_never_exposed(surplus, on, book), _traced(surplus, on, book)]
    if surplus.kind is SurplusKind.HOT_DISH:
        found += [*(each for each in _held(surplus, on, book) if not each.holds), _warmed_once(surplus, on, book)]
    # Of food that nothing obliges to cool, a cooling that somebody noted counts all the same.
    cooled = _cooled(surplus, on, book)
    found += cooled if surplus.kind in COOKED else [each for each in cooled if each.stated is not None]
    if surplus.kind in MADE_HERE:
        found.append(_stored("HYG-FROID-MAX", book.parameter("HYG-FROID-MAX", on), surplus.stored_at_c))
    if surplus.kind is SurplusKind.SEALED:
        found += _stored_sealed(surplus, on, book)
    if surplus.kind is SurplusKind.STABLE and _later_service(on, book):
        said = (
            "Préemballé en portions individuelles." if surplus.prepacked else "Pas préemballé en portions : se jette."
        )
        found.append(Reason("HYG-EXCEDENT-DLC", surplus.prepacked, None, None, None, said))
    return found


def _later_service(on: date, book: RuleBook) -> bool:
    """Whether the law of a day lets a surplus be presented at a later service, and no longer the next day alone."""
    return any(dated.in_force(on) for dated in book.entry("HYG-EXCEDENT-DLC").values)


def _rule_of(on: date, book: RuleBook) -> str:
    """The rule on surpluses in force on a day."""
    return "HYG-EXCEDENT-DLC" if _later_service(on, book) else "HYG-EXCEDENT-JOURS"


def _warmed_once(surplus: Surplus, on: date, book: RuleBook) -> Reason:
    """A dish warmed up is eaten that day; one made the day before its service was, unless somebody says it was not."""
    days = book.parameter("HYG-REMISE-UNIQUE", on)
    warmed = surplus.served_on > surplus.made_on if surplus.reheated is None else surplus.reheated
    said = "Jamais remis en température." if surplus.reheated is False else "Servi le jour de sa cuisson."
    if not warmed:
        return Reason("HYG-REMISE-UNIQUE", True, None, days, "days", said)
    late = Decimal((on - surplus.served_on).days)
    said = (
        f"Remis en température le {surplus.served_on:%d/%m/%Y} : se mange ce jour-là, jamais refroidi puis réchauffé."
    )
    return Reason("HYG-REMISE-UNIQUE", late <= days, late, days, "days", said)


def _stored_sealed(surplus: Surplus, on: date, book: RuleBook) -> list[Reason]:
    """The temperature of what a pack holds; of a pack that nobody told, the lowest of chilled food."""
    if surplus.category is None:
        rows = [temperature(each, on, book.folder) for each in ProductCategory]
        chilled = [row for row in rows if row.bound == "at_most" and row.celsius is not None and row.celsius >= 0]
        row = min(chilled, key=lambda row: (row.celsius or FREEZING, row.id))
        assert row.celsius is not None, "kept above"
        kept = _stored(row.id, row.celsius, surplus.stored_at_c)
        return [replace(kept, told=f"Contenu non dit : limite la plus basse. {kept.told}")]
    row = temperature(surplus.category, on, book.folder)
    if row.bound == "none":
        return []
    limit = surplus.label_c if row.bound == "stated" else row.celsius
    if limit is None:
        return [Reason(row.id, False, surplus.stored_at_c, None, "celsius", "Température de l'étiquette non relevée.")]
    if row.bound == "at_least":
        said = "Un plat chaud se dit plat chaud (HOT_DISH), pas produit fermé."
        return [Reason(row.id, False, surplus.stored_at_c, limit, "celsius", said)]
    return [_stored(row.id, limit, surplus.stored_at_c)]


def _stored(rule: str, limit: Decimal, celsius: Decimal | None) -> Reason:
    noted = "non relevée" if celsius is None else degrees(celsius)
    holds = celsius is not None and celsius <= limit
    return Reason(rule, holds, celsius, limit, "celsius", f"Conservation : {noted}, {degrees(limit)} au plus.")


def _never_exposed(surplus: Surplus, on: date, book: RuleBook) -> Reason:
    said = (
        "Exposé aux convives : ne se représente ni ne se donne." if surplus.exposed else "Jamais exposé aux convives."
    )
    return Reason(_rule_of(on, book), not surplus.exposed, None, None, None, said)


def _traced(surplus: Surplus, on: date, book: RuleBook) -> Reason:
    said = "Étiqueté : nom, date de fabrication." if surplus.traced else "Sans étiquette : nul ne sait ce que c'est."
    return Reason(_rule_of(on, book), surplus.traced, None, None, None, said)


def _cooled(surplus: Surplus, on: date, book: RuleBook) -> list[Reason]:
    high, low = (book.parameter(f"HYG-REFROIDIR-{end}", on) for end in ("HAUT", "BAS"))
    hours = book.parameter("HYG-REFROIDIR-HEURES", on)
    minutes = None if surplus.cooled_minutes is None else Decimal(surplus.cooled_minutes)
    reached = surplus.cooled_to_c is not None and surplus.cooled_to_c <= low
    quick = minutes is not None and minutes < hours * MINUTES
    took = "durée non relevée" if minutes is None else f"{minutes} min"
    at = "température non relevée" if surplus.cooled_to_c is None else f"{degrees(surplus.cooled_to_c)} à cœur"
    return [
        Reason(
            "HYG-REFROIDIR-HEURES", quick, minutes, hours * MINUTES, "minutes",
            f"Refroidissement de {short(high)} à {degrees(low)} : {took}, moins de {hours} h.",
        ),
        Reason(
            "HYG-REFROIDIR-BAS", reached, surplus.cooled_to_c, low, "celsius", f"Fin : {at}, {degrees(low)} au plus."
        ),
    ]  # fmt: skip


def _in_time(surplus: Surplus, on: date, book: RuleBook) -> list[Reason]:
    found = []
    if surplus.kind in MADE_HERE:
        days = book.parameter("HYG-PREPARATION-JOURS", on)
        age = Decimal((on - surplus.made_on).days)
        said = f"Fabriqué depuis {age} j, {days} j au plus."
        found.append(Reason("HYG-PREPARATION-JOURS", age <= days, age, days, "days", said))
    if surplus.kind is SurplusKind.SEALED or surplus.use_by is not None:
        known = surplus.use_by is not None
        said = f"Date du produit : {surplus.use_by:%d/%m/%Y}." if surplus.use_by else "Date du produit illisible."
        found.append(Reason("HYG-PREPARATION-JOURS", known and on <= (surplus.use_by or on), None, None, None, said))
    return found


def _served_again(surplus: Surplus, on: date, book: RuleBook) -> list[Reason]:
    if surplus.kind in (SurplusKind.SEALED, SurplusKind.STABLE):
        return []
    found = [] if _later_service(on, book) else [_next_day(surplus, on, book)]
    if surplus.satellite:
        said = "Restaurant satellite : un plat ouvert ne se représente pas."
        found.append(Reason(_rule_of(on, book), False, None, None, None, said))
    if surplus.kind is SurplusKind.HOT_DISH:
        hours, hot = (book.parameter(rule, on) for rule in ("HYG-RECHAUFFER-HEURES", "HYG-REFROIDIR-HAUT"))
        said = f"À remettre à {degrees(hot)} en moins de {hours} h, une seule fois, et à manger ce jour-là."
        found.append(Reason("HYG-RECHAUFFER-HEURES", True, None, hours, "hours", said))
    return found


def _next_day(surplus: Surplus, on: date, book: RuleBook) -> Reason:
    days = book.parameter("HYG-EXCEDENT-JOURS", on)
    late = Decimal((on - surplus.served_on).days)
    said = f"{late} j après le service, {days} j au plus (le lendemain)."
    return Reason("HYG-EXCEDENT-JOURS", late <= days, late, days, "days", said)


def _receiver(agreement: bool, unchecked: str | None) -> list[Reason]:
    """Who receives: by an agreement in force, with an association that has the right to."""
    if not agreement:
        said = "Aucune convention de don en vigueur : la signer avec une association d'abord."
        return [Reason("GAS-04", False, None, None, None, said)]
    if unchecked is None:
        return []
    said = (
        f"Don à {unchecked} : vérifier d'abord son habilitation à l'aide alimentaire, ou donner à un CCAS ou un CIAS."
    )
    return [Reason("GAS-04", True, None, None, None, said)]


def _labelled(surplus: Surplus, last: date | None, on: date, book: RuleBook) -> list[Reason]:
    """What a gift bears since 2020: each its date, and of a hot dish whether it was warmed up."""
    if not _later_service(on, book) or last is None:
        return []
    warm = ", première remise en température faite ou non" if surplus.kind is SurplusKind.HOT_DISH else ""
    said = f"Chaque préparation donnée porte son nom et sa date limite ({last:%d/%m/%Y} au plus){warm}."
    return [Reason("HYG-EXCEDENT-DLC", True, None, None, None, said)]


def _last_day(surplus: Surplus, on: date, book: RuleBook) -> date | None:
    if surplus.kind not in MADE_HERE:
        return surplus.use_by
    rules = ["HYG-PREPARATION-JOURS", *(["HYG-EXCEDENT-DLC"] if _later_service(on, book) else [])]
    last = surplus.made_on + timedelta(days=int(min(book.parameter(rule, on) for rule in rules)))
    return last if surplus.use_by is None else min(last, surplus.use_by)


def _last_served(surplus: Surplus, last: date | None, on: date, book: RuleBook) -> date | None:
    """Before 9 May 2020 the day after its service for what was cooked; never after the last day it may be eaten."""
    if surplus.kind not in MADE_HERE or last is None or _later_service(on, book):
        return last
    return min(last, surplus.served_on + timedelta(days=int(book.parameter("HYG-EXCEDENT-JOURS", on))))
