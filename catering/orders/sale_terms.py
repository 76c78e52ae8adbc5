"""What a chef has seen of an offer on a line of the basket: every condition of its sale, compared before it is sent."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from catering.figures import kilograms, percent, unit_price
from catering.market.allergens_told import read_told
from catering.market.models_sheet import DateKind, SaleUnit
from catering.orders.vocabulary import SaleCondition as Is
from catering.rules.origin import Stages

GRAMS_PER_KG = 1000
CENT = Decimal("0.01")
FINGERPRINT_DIGITS = 16


@dataclass(frozen=True, slots=True)
class SaleTerms:
    """The conditions under which a kitchen buys an offer for a delivery day; prices are excl. tax."""

    ingredient_id: int
    product: str
    origin: str
    """With the countries of the product or of the animal, where they are stated."""
    label: str | None
    certificate: str | None
    """Its number and who certifies."""
    pack_g: int
    pack_label: str
    """With the unit it is sold by, and which date it bears."""
    variable_weight: bool
    price_eur_per_pack: Decimal
    delivery_eur_per_kg: Decimal
    price_words: str
    """Which price it is, in French."""
    vat_pct: Decimal
    allergens: str | None
    """What it contains and may hold traces of, in French; none when the supplier never stated it."""

    @property
    def fingerprint(self) -> str:
        """A short text that no other conditions have: who accepts conditions names what they saw by it."""
        told = [_plain(value) for value in astuple(self)]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()[:FINGERPRINT_DIGITS]


class AcceptedTerms(NamedTuple):
    """Conditions of now that a buyer accepts for a line: its offer (slug), delivery day, and their fingerprint."""

    offer: str
    day: date
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ChangedCondition:
    """One condition that is no longer the one seen, both in French."""

    condition: Is
    seen: str
    now: str

    @property
    def words(self) -> str:
        """``colis 5 kg → 1 kg``."""
        unit = " le kg" if self.condition is Is.DELIVERY else ""
        return f"{FRENCH[self.condition]} {self.seen} → {self.now}{unit}"


STAGES = {"product": "de", "born": "né en", "reared": "élevé en", "slaughtered": "abattu en"}
UNITS = {SaleUnit.PIECE: "à la pièce", SaleUnit.LITRE: "au litre", SaleUnit.BUNCH: "à la botte"}
DATES = {DateKind.DLC: "DLC", DateKind.DDM: "DDM", DateKind.NONE: "sans date"}
FRENCH = {
    Is.INGREDIENT: "ingrédient",
    Is.PRODUCT: "produit",
    Is.ORIGIN: "origine",
    Is.LABEL: "label",
    Is.CERTIFICATE: "certificat",
    Is.PACK: "colis",
    Is.PACKAGING: "conditionnement",
    Is.WEIGHING: "facturation",
    Is.PRICE: "prix du colis",
    Is.DELIVERY: "livraison",
    Is.PRICE_SOURCE: "prix appliqué :",
    Is.VAT: "TVA",
    Is.ALLERGENS: "allergènes",
}


def changes(seen: SaleTerms, now: SaleTerms, ingredients: Mapping[int, str]) -> list[ChangedCondition]:
    """What differs between two conditions, in a fixed order; ``ingredients`` are names by row id."""
    before, after = _said(seen, ingredients), _said(now, ingredients)
    return [ChangedCondition(each, was, after[each]) for each, was in before.items() if was != after[each]]


def _said(terms: SaleTerms, ingredients: Mapping[int, str]) -> dict[Is, str]:
    return {
        Is.INGREDIENT: ingredients.get(terms.ingredient_id, f"n° {terms.ingredient_id}"),
        Is.PRODUCT: f"« {terms.product} »",
        Is.ORIGIN: f"« {terms.origin} »",
        Is.LABEL: terms.label or "aucun",
        Is.CERTIFICATE: terms.certificate or "aucun",
        Is.PACK: kilograms(terms.pack_g),
        Is.PACKAGING: f"« {terms.pack_label} »",
        Is.WEIGHING: "au poids livré" if terms.variable_weight else "au colis",
        Is.PRICE: unit_price(terms.price_eur_per_pack),
        Is.DELIVERY: unit_price(terms.delivery_eur_per_kg),
        Is.PRICE_SOURCE: terms.price_words,
        Is.VAT: percent(terms.vat_pct),
        Is.ALLERGENS: terms.allergens or "non déclarés",
    }


def origin_words(told: str, country: str | None, stages: Stages) -> str:
    """What is told of an origin (``market.origin_told``) with the countries it does not tell in the words of the law.

    ``France (de FR, abattu en FR)``; none for a meat whose life is stated: ``élevé : Belgique, abattu : France``.
    """
    if stages.reared and stages.slaughtered:
        return told
    said = {"product": country, "born": stages.born, "reared": stages.reared, "slaughtered": stages.slaughtered}
    named = [f"{STAGES[stage]} {code}" for stage, code in said.items() if code]
    return f"{told} ({', '.join(named)})" if named else told


def pack_words(pack_label: str, unit: SaleUnit, unit_g: int, date_kind: DateKind | None) -> str:
    """What a pack is: ``caisse de 12, à la pièce de 250 g, DLC``."""
    by = [] if unit is SaleUnit.KG else [f"{UNITS[unit]} de {unit_g} g"]
    dated = [] if date_kind is None else [DATES[date_kind]]
    return ", ".join([pack_label, *by, *dated])


def allergen_words(stated_on: date | None, stated: str | None) -> str | None:
    """What a supplier states, from ``market.queries.stated_allergens``; None when it never stated anything."""
    return None if stated_on is None else read_told(stated).words


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):  # 13.00 € and 13.0000 € are one price.
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else value
