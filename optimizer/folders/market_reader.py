"""Suppliers, where they deliver, what they offer and how much of it per week."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date
from decimal import Decimal
from typing import cast

from optimizer.folders.opening import Opening
from optimizer.folders.schema import SHARED_DROPS_TABLE
from optimizer.folders.tables import Row
from optimizer.problem import (
    BUCKETS,
    NON_EGALIM,
    SUPPLIER_KINDS,
    WEEKDAYS,
    Capacity,
    Delivery,
    Offer,
    SharedDrop,
    Supplier,
    SupplierKind,
)

UNLIMITED = "unlimited"


def read_suppliers(folder: Opening) -> tuple[dict[str, Supplier], Container[str]]:
    """Suppliers by id, and the ids that other tables may name."""
    table = folder.table("suppliers.csv")
    suppliers = {row.raw("supplier"): _supplier(row) for row in table if table.unique(row, "supplier")}
    return suppliers, table.ids(suppliers)


def _supplier(row: Row) -> Supplier:
    return Supplier(
        row.text("supplier"),
        row.text("name"),
        cast(SupplierKind, row.choice("kind", SUPPLIER_KINDS)),
        _weekdays(row),
        row.integer("lead_days", at_least=0),
        row.decimal("min_drop_eur", places=2),
        row.flag("local"),
    )


def _weekdays(row: Row) -> tuple[int, ...]:
    words = row.raw("delivery_weekdays").split(" ")
    if len(set(words)) < len(words) or not all(word in WEEKDAYS for word in words):
        row.fault(
            "delivery_weekdays",
            f"« {row.raw('delivery_weekdays')} » n'est pas une liste de jours de livraison.",
            f"écrire au moins un jour, séparés par une espace, parmi : {' '.join(WEEKDAYS)}.",
        )
    return tuple(sorted(WEEKDAYS.index(word) for word in words if word in WEEKDAYS))


def read_deliveries(
    folder: Opening, suppliers: Container[str], kitchens: Container[str]
) -> dict[tuple[str, str], Delivery]:
    """Delivery terms by (supplier, kitchen)."""
    table = folder.table("deliveries.csv")
    deliveries: dict[tuple[str, str], Delivery] = {}
    for row in table:
        if table.unique(row, "supplier", "kitchen"):
            supplier = row.reference("supplier", suppliers, "suppliers.csv")
            kitchen = row.reference("kitchen", kitchens, "kitchens.csv")
            deliveries[supplier, kitchen] = Delivery(
                supplier, kitchen, row.decimal("distance_km"), row.decimal("delivery_eur_per_kg", places=4)
            )
    return deliveries


def read_shared_drops(
    folder: Opening, suppliers: Mapping[str, Supplier], known: Container[str], kitchens: Container[str]
) -> dict[tuple[str, str], SharedDrop]:
    """Who may share a drop, by (supplier, kitchen); a folder without the table lets nobody. A door that asks for more
    than the whole drop is a fault."""
    if not (folder.path / SHARED_DROPS_TABLE).exists():
        return {}
    table = folder.table(SHARED_DROPS_TABLE)
    found = [_shared_drop(row, suppliers, known, kitchens) for row in table if table.unique(row, "supplier", "kitchen")]
    return {(of.supplier, of.kitchen): of for of in found}


def _shared_drop(
    row: Row, suppliers: Mapping[str, Supplier], known: Container[str], kitchens: Container[str]
) -> SharedDrop:
    supplier = row.reference("supplier", known, "suppliers.csv")
    kitchen = row.reference("kitchen", kitchens, "kitchens.csv")
    of = SharedDrop(supplier, kitchen, row.text("group"), row.decimal("least_eur", places=2))
    whole = suppliers[supplier].min_drop_eur if supplier in suppliers else of.least_eur
    if of.least_eur > whole:
        message = f"« {supplier} » demanderait {of.least_eur} € à une cuisine, et {whole} € pour la livraison entière."
        row.fault("least_eur", message, "donner au plus le minimum de suppliers.csv.")
    return of


def read_offers(
    folder: Opening, suppliers: Container[str], ingredients: Container[str]
) -> tuple[dict[str, Offer], Container[str]]:
    """Offers by id, and the ids that capacities may name."""
    table = folder.table("offers.csv")
    offers = {row.raw("offer"): _offer(row, suppliers, ingredients) for row in table if table.unique(row, "offer")}
    return offers, table.ids(offers)


def _offer(row: Row, suppliers: Container[str], ingredients: Container[str]) -> Offer:
    label_from, label_to = _label_dates(row)
    return Offer(
        row.text("offer"),
        row.reference("supplier", suppliers, "suppliers.csv"),
        row.reference("ingredient", ingredients, "ingredients.csv"),
        row.integer("pack_grams", at_least=1),
        row.decimal("price_eur_per_kg", places=4),
        row.text("label", empty=True),
        row.choice("bucket", BUCKETS),
        label_from,
        label_to,
        _maybe_decimal(row, "co2e_kg_per_kg"),
    )


def _maybe_decimal(row: Row, column: str) -> Decimal | None:
    return row.decimal(column, at_least=None) if row.raw(column) else None


def _label_dates(row: Row) -> tuple[date | None, date | None]:
    """Dates of the label: both for an EGAlim bucket, none for NON_EGALIM."""
    if row.raw("bucket") != NON_EGALIM:
        label_from, label_to = row.day("label_from"), row.day("label_to")
        if label_to < label_from:
            row.fault("label_to", "Le label finit avant de commencer.", "corriger label_from ou label_to.")
        return label_from, label_to
    for column in ("label_from", "label_to"):
        if row.raw(column):
            row.fault(column, "Une offre NON_EGALIM n'a pas de date de label.", "vider la cellule, ou corriger bucket.")
    return None, None


def read_capacities(folder: Opening, offers: Container[str]) -> dict[str, tuple[Capacity, ...]]:
    """Ranges of each offer in order of date; two ranges of an offer that overlap are a fault."""
    ranges: dict[str, list[Capacity]] = {}
    for row in folder.table("capacities.csv"):
        capacity = _capacity(row, offers)
        others = ranges.setdefault(capacity.offer, [])
        for other in others:
            if other.valid_from <= capacity.valid_to and capacity.valid_from <= other.valid_to:
                row.fault(
                    "valid_from",
                    f"L'offre « {capacity.offer} » a déjà une capacité du {other.valid_from} au {other.valid_to} : "
                    f"elle chevauche celle du {capacity.valid_from} au {capacity.valid_to}.",
                    "raccourcir ou supprimer l'une des deux lignes.",
                )
        others.append(capacity)
    return {offer: tuple(of) for offer, of in ranges.items()}


def _capacity(row: Row, offers: Container[str]) -> Capacity:
    valid_from, valid_to = row.day("valid_from"), row.day("valid_to")
    if valid_to < valid_from and row.raw("valid_from") and row.raw("valid_to"):
        row.fault("valid_to", "La capacité finit avant de commencer.", "corriger valid_from ou valid_to.")
    grams = None if row.raw("grams_per_week") == UNLIMITED else row.integer("grams_per_week", at_least=0)
    return Capacity(row.reference("offer", offers, "offers.csv"), valid_from, valid_to, grams)
