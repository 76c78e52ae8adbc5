"""What a chef has seen of an offer on a line of the basket: every condition of its sale, compared before it is sent."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from catering.orders.vocabulary import SaleCondition as Is

GRAMS_PER_KG = 1000
CENT = Decimal("0.01")
FINGERPRINT_DIGITS = 16


@dataclass(frozen=True, slots=True)
class SaleTerms:
    """The conditions under which a kitchen buys an offer for a delivery day; prices are excl. tax."""

    ingredient_id: int
    product: str
    origin: str
    label: str | None
    certificate: str | None
    """Its number and who certifies."""
    pack_g: int
    pack_label: str
    variable_weight: bool
    price_eur_per_pack: Decimal
    delivery_eur_per_kg: Decimal
    price_words: str
    """Which price it is, in French."""
    vat_pct: Decimal
    allergens_on: date | None
    """Day on which the supplier last stated them; none when it never did."""

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
        Is.PACK: f"{_number(Decimal(terms.pack_g) / GRAMS_PER_KG)} kg",
        Is.PACKAGING: f"« {terms.pack_label} »",
        Is.WEIGHING: "au poids livré" if terms.variable_weight else "au colis",
        Is.PRICE: _euros(terms.price_eur_per_pack),
        Is.DELIVERY: _euros(terms.delivery_eur_per_kg),
        Is.PRICE_SOURCE: terms.price_words,
        Is.VAT: f"{_number(terms.vat_pct)} %",
        Is.ALLERGENS: f"déclarés le {terms.allergens_on:%d/%m/%Y}" if terms.allergens_on else "non déclarés",
    }


def _euros(value: Decimal) -> str:
    """With the cents, and what a price has beyond them."""
    cents = value.quantize(CENT)
    shown = f"{cents:f}" if cents == value else f"{value.normalize():f}"
    return f"{shown.replace('.', ',')}\u00a0€"


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):  # 13.00 € and 13.0000 € are one price.
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else value
