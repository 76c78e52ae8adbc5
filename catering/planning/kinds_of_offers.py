"""What the law asks of an offer beside its label, and the sign it counts by: asked once of offers alike."""

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, String, case, select, type_coerce

from catering.market.models import Certificate, Offer, Supplier, SupplierKind
from catering.market.proving import proof_of
from catering.purchases.service import circuit_court
from catering.recipes.models import Ingredient
from catering.rules import RuleBook, law
from catering.rules.egalim import PurchaseLine as Facts
from catering.rules.egalim import count_line
from catering.rules.egalim_proofs import conditional, with_proof
from catering.rules.zones import zone_of

KIND = (type_coerce(Ingredient.family, String), type_coerce(Ingredient.kind, String), Offer.origin_country)
"""What the law asks of an offer beside its label."""
FACTS = ("valid_from", "valid_to", "conversion_since", "agricultural_ingredients", "equivalent_to", "document_id")
"""What some labels ask of the certificate."""


def with_kind(lines: Select[Any]) -> Select[Any]:
    """Lines of offers with what the law asks of them: ``KIND``, then ``facts_asked``."""
    return lines.join(Ingredient, Ingredient.id == Offer.ingredient_id).add_columns(*KIND, *facts_asked())


def facts_asked() -> list[ColumnElement[Any]]:
    """What labels that count on a condition ask of the seller and of the certificate; nothing of the others."""
    asks = Offer.label.in_(sorted(conditional(law())))
    seller = select(type_coerce(Supplier.kind, String)).where(Supplier.id == Offer.supplier_id).scalar_subquery()
    told = (seller, *(getattr(Certificate, name) for name in FACTS))
    return [case((asks, each)).label(f"fact_{place}") for place, each in enumerate(told)]


@lru_cache(maxsize=10_000)  # legal-number: more kinds of offers than a market has
def sign_of(
    book: RuleBook,
    family: str,
    kind: str,
    country: str | None,
    label: str | None,
    on: date,
    delivered: date,
    seller: str | None,
    *certificate: Any,
) -> str:
    """The sign an offer counts by, asked of the law once for offers alike; ``certificate`` as ``FACTS``."""
    facts = Facts(
        amount_excl_tax=Decimal(0),
        family=family,
        invoiced=on,
        labels=frozenset({label} if label else ()),
        direct_sale=seller is not None and bool(circuit_court(SupplierKind(seller))),
        delivered=delivered,
        origin=zone_of(country, on),
    )
    stated = dict(zip(FACTS, certificate, strict=True))
    proof = proof_of(Certificate(label=label, **stated)) if label and stated["valid_from"] else None
    return count_line(with_proof(facts, kind, proof), book).sign
