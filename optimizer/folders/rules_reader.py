"""rules.json: one function per rule kind, each checked against the words the problem's dishes really use."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias, TypedDict, cast, get_args

from optimizer.faults import BadFolder, FolderFault
from optimizer.folders.fields import Fields, Source, json_fault
from optimizer.folders.json_text import decode_list
from optimizer.folders.opening import Opening
from optimizer.folders.schema import RULES_JSON
from optimizer.folders.texts import read_text
from optimizer.problem import BUCKETS, FAMILIES, SUPPLIER_KINDS, Dish
from optimizer.rules import (
    BudgetRule,
    CountRule,
    DropCountRule,
    Match,
    NutrientTotalRule,
    PairingMode,
    PairingRule,
    PurchaseTotalRule,
    Rule,
    SpacingRule,
    SpacingUnit,
    TotalMeasure,
    TotalPer,
    ValueRatioRule,
    WeeklyCountRule,
)

_HEAD = ("id", "kind", "title", "source", "soft_price")


class Vocabulary(NamedTuple):
    """What rules may name: None when the dishes could not be read. ``market``: ids by the field that names them."""

    slots: tuple[str, ...]
    attributes: Collection[str] | None
    nutrients: Collection[str] | None
    market: Mapping[str, Collection[str]] = MappingProxyType({})

    @classmethod
    def of(
        cls, slots: tuple[str, ...], dishes: Mapping[str, Dish], market: Mapping[str, Collection[str]]
    ) -> Vocabulary:
        attributes = {name for dish in dishes.values() for name in dish.attributes | dish.unknown_attributes}
        nutrients = {name for dish in dishes.values() for name in dish.nutrients}
        return cls(slots, attributes or None, nutrients or None, {name: of for name, of in market.items() if of})


class _Head(TypedDict):
    id: str
    title: str
    source: str
    soft_price: Decimal | None


def read_rules(folder: Opening, words: Vocabulary) -> tuple[Rule, ...]:
    """The rules in the order of the file; a rule that cannot be understood is left out and noted."""
    text = read_text(folder.path, RULES_JSON, folder.faults)
    return () if text is None else _rules(text, words, folder.faults)


def parse_rules(text: str, slots: tuple[str, ...]) -> tuple[Rule, ...]:
    """The rules of a text written as ``rules.json``, whatever attributes and nutrients the dishes have.

    Raises:
        BadFolder: with every fault, if any cannot be understood.
    """
    faults: list[FolderFault] = []
    rules = _rules(text, Vocabulary(slots, None, None), faults)
    if faults:
        raise BadFolder(faults)
    return rules


def _rules(text: str, words: Vocabulary, faults: list[FolderFault]) -> tuple[Rule, ...]:
    rules: dict[str, Rule] = {}
    try:
        for value, start, end in decode_list(text):
            fields = Fields(RULES_JSON, value if isinstance(value, dict) else {}, Source(text, start, end), faults)
            rule = _rule(fields, words)
            if rule is not None and rules.setdefault(rule.id, rule) is not rule:
                fields.fault("id", f"La règle « {rule.id} » est déjà décrite.", "donner à chaque règle son propre id.")
    except TypeError:
        faults.append(
            FolderFault(RULES_JSON, 1, "", "", "Le fichier n'est pas une liste JSON.", "écrire [ règle, règle… ].")
        )
    except ValueError as error:
        faults.append(json_fault(RULES_JSON, error))
    return tuple(rules.values())


def _rule(fields: Fields, words: Vocabulary) -> Rule | None:
    kind = fields.values.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        near = difflib.get_close_matches(str(kind), _KINDS, n=1)
        hint = f" (vouliez-vous « {near[0]} » ?)" if near else ""
        fields.fault("kind", f"La sorte de règle « {kind} » est inconnue{hint}.", f"l'une de : {', '.join(_KINDS)}.")
        return None
    names, build = _KINDS[kind]
    fields.expect(_HEAD + names + tuple(name for name in _OPTIONAL.get(kind, ()) if name in fields.values))
    head = _Head(
        id=fields.text("id"),
        title=fields.text("title"),
        source=fields.text("source"),
        soft_price=fields.maybe_decimal("soft_price"),
    )
    return build(fields, words, head)


def _count(fields: Fields, words: Vocabulary, head: _Head) -> Rule:
    return CountRule(**head, **_matching(fields, words), window=fields.integer("window", at_least=1))


def _weekly_count(fields: Fields, words: Vocabulary, head: _Head) -> Rule:
    return WeeklyCountRule(**head, **_matching(fields, words))


class _Matching(TypedDict):
    attribute: str
    slots: tuple[str, ...]
    match: Match
    minimum: int | None
    maximum: int | None
    menu: str | None


def _matching(fields: Fields, words: Vocabulary) -> _Matching:
    minimum, maximum = fields.maybe_integer("min"), fields.maybe_integer("max")
    _check_order(fields, "min", minimum, "max", maximum)
    found = _Matching(
        attribute=_word(fields, "attribute", words.attributes, "un attribut d'aucun plat", "dish_attributes.csv"),
        slots=fields.texts("slots", words.slots),
        match=cast(Match, fields.choice("match", get_args(Match))),
        minimum=minimum,
        maximum=maximum,
        menu=_menu(fields, words),
    )
    if found["menu"] is not None and found["match"] == "any" and len(found["slots"]) > 1:
        repair = "compter dans un seul composant, ou écrire « match » : « all »."
        fields.fault("menu", "Un menu entier se lit avec un composant, ou avec tous ensemble.", repair)
    return found


def _menu(fields: Fields, words: Vocabulary) -> str | None:
    if fields.values.get("menu") is None:
        return None
    return _word(fields, "menu", words.attributes, "un attribut d'aucun plat", "dish_attributes.csv")


def _nutrient_total(fields: Fields, words: Vocabulary, head: _Head) -> Rule:
    low = fields.maybe_decimal("min_per_meal")
    high = fields.maybe_decimal("max_per_meal")
    _check_order(fields, "min_per_meal", low, "max_per_meal", high)
    nutrient = _word(fields, "nutrient", words.nutrients, "un nutriment d'aucun plat", "dish_nutrients.csv")
    window = fields.integer("window", at_least=1)
    return NutrientTotalRule(**head, nutrient=nutrient, window=window, min_per_meal=low, max_per_meal=high)


def _spacing(fields: Fields, words: Vocabulary, head: _Head) -> Rule:
    return SpacingRule(
        **head,
        slots=fields.texts("slots", words.slots),
        within=fields.integer("within", at_least=1),
        unit=cast(SpacingUnit, fields.choice("unit", get_args(SpacingUnit))),
    )


def _pairing(fields: Fields, words: Vocabulary, head: _Head) -> Rule:
    nobody = "un attribut d'aucun plat"
    return PairingRule(
        **head,
        slot_a=fields.choice("slot_a", words.slots or ("",)),
        attribute_a=_word(fields, "attribute_a", words.attributes, nobody, "dish_attributes.csv"),
        slot_b=fields.choice("slot_b", words.slots or ("",)),
        attribute_b=_word(fields, "attribute_b", words.attributes, nobody, "dish_attributes.csv"),
        mode=cast(PairingMode, fields.choice("mode", get_args(PairingMode))),
    )


def _value_ratio(fields: Fields, _words: Vocabulary, head: _Head) -> Rule:
    share = fields.decimal("min_share")
    if share > 1:
        fields.fault("min_share", f"La part {share} dépasse 1.", "écrire une part entre 0 et 1, par exemple « 0.5 ».")
    fields.choice("period", ("civil_year",))
    families = fields.values.get("families")
    return ValueRatioRule(
        **head,
        buckets=frozenset(fields.texts("buckets", BUCKETS)),
        families=None if families is None else frozenset(fields.texts("families", FAMILIES)),
        min_share=share,
        kinds=frozenset(fields.texts("kinds", SUPPLIER_KINDS)) if fields.values.get("kinds") is not None else None,
        local=fields.flag("local") if "local" in fields.values else False,
    )


def _budget(fields: Fields, _words: Vocabulary, head: _Head) -> Rule:
    fields.choice("period", ("horizon",))
    return BudgetRule(**head, max_eur_per_meal=fields.maybe_decimal("max_eur_per_meal"))


def _drop_count(fields: Fields, _words: Vocabulary, head: _Head) -> Rule:
    return DropCountRule(**head, maximum=fields.maybe_integer("max"))


def _purchase_total(fields: Fields, words: Vocabulary, head: _Head) -> Rule:
    first, last = fields.maybe_day("valid_from"), fields.maybe_day("valid_to")
    if first is not None and last is not None and last < first:
        fields.fault("valid_to", "La période finit avant de commencer.", "corriger valid_from ou valid_to.")
    low, high = fields.maybe_decimal("min"), fields.maybe_decimal("max")
    _check_order(fields, "min", low, "max", high)
    return PurchaseTotalRule(
        **head,
        measure=cast(TotalMeasure, fields.choice("measure", get_args(TotalMeasure))),
        offers=_known(fields, "offers", words),
        suppliers=_known(fields, "suppliers", words),
        kitchens=_known(fields, "kitchens", words),
        valid_from=first,
        valid_to=last,
        per=cast(TotalPer, fields.choice("per", get_args(TotalPer))),
        minimum=low,
        maximum=high,
    )


def _known(fields: Fields, field: str, words: Vocabulary) -> frozenset[str] | None:
    """Ids of a table of the problem; null is all of them. The first that is not there is named."""
    if fields.values.get(field) is None:
        return None
    named = fields.texts(field)
    known = words.market.get(field)
    for name in named if known is not None else ():
        if name not in known:  # type: ignore[operator]
            near = difflib.get_close_matches(name, known or (), n=1, cutoff=0.5)
            hint = f" (vouliez-vous « {near[0]} » ?)" if near else ""
            fields.fault(field, f"« {name} » n'est pas dans {field}.csv{hint}.", "corriger l'identifiant, ou l'ôter.")
            break
    return frozenset(named)


def _word(fields: Fields, field: str, known: Collection[str] | None, what: str, where: str) -> str:
    """An attribute or nutrient; one that no dish has is most likely misspelt."""
    word = fields.text(field)
    if known is not None and word and word not in known:
        near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
        hint = f" (vouliez-vous « {near[0]} » ?)" if near else ""
        fields.fault(field, f"« {word} » est {what}{hint}.", f"corriger le nom, ou le donner à un plat dans {where}.")
    return word


def _check_order(fields: Fields, low_field: str, low: Any, high_field: str, high: Any) -> None:
    if low_field not in fields.values or high_field not in fields.values:
        return
    if low is None and high is None:
        fields.fault(low_field, "La règle n'a ni minimum ni maximum.", f"donner {low_field}, {high_field} ou les deux.")
    elif low is not None and high is not None and low > high:
        fields.fault(low_field, f"Le minimum {low} dépasse le maximum {high}.", "échanger ou corriger les deux bornes.")


_OPTIONAL = {"count": ("menu",), "weekly_count": ("menu",), "value_ratio": ("kinds", "local")}
"""Fields that a rule need not state."""
_Build: TypeAlias = Callable[[Fields, Vocabulary, _Head], Rule]
_COUNT = ("attribute", "slots", "match", "min", "max")
_KINDS: Mapping[str, tuple[tuple[str, ...], _Build]] = {
    "count": ((*_COUNT, "window"), _count),
    "weekly_count": (_COUNT, _weekly_count),
    "nutrient_total": (("nutrient", "window", "min_per_meal", "max_per_meal"), _nutrient_total),
    "spacing": (("slots", "within", "unit"), _spacing),
    "pairing": (("slot_a", "attribute_a", "slot_b", "attribute_b", "mode"), _pairing),
    "value_ratio": (("buckets", "families", "min_share", "period"), _value_ratio),
    "budget": (("period", "max_eur_per_meal"), _budget),
    "drop_count": (("max",), _drop_count),
    "purchase_total": (
        ("measure", "offers", "suppliers", "kitchens", "valid_from", "valid_to", "per", "min", "max"),
        _purchase_total,
    ),
}
