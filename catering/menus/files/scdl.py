"""The national schema menus-collectifs 1.2.3 (SCDL, schema.data.gouv.fr, Licence Ouverte): read, checked, written.

Its fields, which are required and what each may hold are facts of the schema restated in ``scdl_fields.csv``; a list is
JSON text, an empty cell is absent.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from catering.cells import BadCell, Fault, day, near, text
from catering.company_numbers import siret_of
from catering.documents.tables import Rows, csv_file
from catering.menus.files.lines import MenuFile, MenuLine, Row, rows_of, slot_named
from catering.recipes.vocabulary import Slot
from catering.rules.allergens import Allergen

TABLE = Path(__file__).with_name("scdl_fields.csv")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
LUNCH = "déjeuner"
VEGETARIAN = "végétarien"
LONGEST_CODE = 16  # legal-number: longest code of a dish in the schema
DISH_KINDS: Mapping[Slot, str] = {
    Slot.STARTER: "entrée",
    Slot.MAIN: "plat principal",
    Slot.SIDE: "garniture",
    Slot.DAIRY: "produit laitier",
    Slot.DESSERT: "dessert",
}
ALLERGENS: Mapping[Allergen, str] = {
    Allergen.GLUTEN: "céréales contenant du gluten",
    Allergen.CRUSTACEANS: "crustacés",
    Allergen.EGGS: "oeufs",
    Allergen.FISH: "poissons",
    Allergen.PEANUTS: "arachides",
    Allergen.SOY: "soja",
    Allergen.MILK: "lait",
    Allergen.NUTS: "fruits à coques",
    Allergen.CELERY: "céleri",
    Allergen.MUSTARD: "moutarde",
    Allergen.SESAME: "graines de sésame",
    Allergen.SULPHITES: "anhydride sulfureux et sulfites",
    Allergen.LUPIN: "lupin",
    Allergen.MOLLUSCS: "mollusques",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the schema: whether it must be filled, and how a cell is read."""

    name: str
    required: bool
    read: Callable[[str], object]


@cache
def fields() -> tuple[Field, ...]:
    """The columns of the schema, in their order."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Field(row["field"], row["required"] == "yes", _reader(row["values"], row["longest"]))
            for row in csv.DictReader(file)
        )


def is_scdl(rows: Rows) -> bool:
    """Whether a table has the columns by which the schema is known."""
    return {"menuDate", "menuPlatNom"} <= {name.strip() for name in rows.header}


def read_scdl(into: MenuFile, rows: Rows) -> None:
    """Read a table of the schema into the file; a column that is missing or unknown is a fault."""
    header = [name.strip() for name in rows.header]
    into.faults += _header_faults(into.file, header)
    if not into.faults:
        for row in rows_of(into, rows):
            into.lines += _line(row)


def _line(row: Row) -> Iterator[MenuLine]:
    faults = len(row.into.faults)
    read = {field.name: row.read(field.name, field.read) for field in fields()}
    for field in fields():
        if field.required:
            row.needed(field.name)
    if len(row.into.faults) > faults:
        return
    kind, on = str(read["menuPlatType"]), read["menuDate"]
    if read["menuRepasType"] != LUNCH:
        row.into.leave("repas autres que le déjeuner")
    elif kind in ("pain", "autre"):
        row.into.leave("pain et autres lignes hors plateau")
    elif isinstance(on, date):
        place = row.cells.get("menuRestaurantId") or row.cells["menuRestaurantNom"]
        regimes = read["menuPlatRegime"]
        vegetarian = isinstance(regimes, list) and VEGETARIAN in regimes
        yield MenuLine(
            row.line, place, on, slot_named(kind), str(read["menuPlatNom"]), None, vegetarian, "menuPlatRegime"
        )


def _header_faults(file: str, header: list[str]) -> Iterator[Fault]:
    known = [field.name for field in fields()]
    for name in header:
        if name not in known:
            yield Fault(file, 1, name, "", "colonne hors du schéma menus-collectifs", near(name, known))
        elif header.count(name) > 1:
            yield Fault(file, 1, name, "", "colonne écrite deux fois", "n'en garder qu'une")
    for field in fields():
        if field.required and field.name not in header:
            yield Fault(file, 1, field.name, "", "colonne obligatoire absente", "l'ajouter, remplie à chaque ligne")


def _reader(values: str, longest: str) -> Callable[[str], object]:
    named: Mapping[str, Callable[[str], object]] = {
        "date": day, "datetime": _instant, "siret": _siret, "insee": _insee, "number": _number,
    }  # fmt: skip
    if values in named:
        return named[values]
    if values.startswith("["):
        return _list_of(values.strip("[]").split("|"))
    if values:
        return _one_of(values.split("|"))
    return text(int(longest)) if longest else str


def _one_of(words: list[str]) -> Callable[[str], str]:
    def read(cell: str) -> str:
        if cell not in words:
            raise BadCell("valeur hors de la liste du schéma", near(cell, words))
        return cell

    return read


def _list_of(words: list[str]) -> Callable[[str], list[str]]:
    one = _one_of(words)
    shape = f"écrire une liste entre crochets, comme {json.dumps(words[:1], ensure_ascii=False)}"

    def read(cell: str) -> list[str]:
        try:
            found = json.loads(cell)
        except ValueError as error:
            raise BadCell("liste mal formée", shape) from error
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            raise BadCell("liste mal formée", shape)
        # The schema itself writes « sans porc » with a space after it.
        return [one(each.strip()) for each in found]

    return read


def _siret(cell: str) -> str:
    if siret_of(cell) != cell:
        raise BadCell("ce n'est pas un SIRET", "écrire les 14 chiffres d'un tenant, clé comprise")
    return cell


def _insee(cell: str) -> str:
    if len(cell) != 5 or not (cell[-3:].isascii() and cell[-3:].isdigit()):
        raise BadCell("ce n'est pas un code INSEE de commune", "écrire ses 5 caractères, par exemple 62041")
    return cell


def _number(cell: str) -> str:
    if not NUMBER.fullmatch(cell):
        raise BadCell("ce n'est pas un nombre", "écrire un nombre comme 5.35, sans unité")
    return cell


def _instant(cell: str) -> datetime:
    try:
        return datetime.fromisoformat(cell)
    except ValueError as error:
        raise BadCell("ce n'est pas un instant", "écrire comme 2026-09-01T14:08:32Z") from error


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes the menus (the Département) and who cooks and serves them (a collège)."""

    name: str
    siret: str
    restaurant: str
    uai: str
    insee: str


@dataclass(frozen=True, slots=True)
class PublishedDish:
    """One dish of a menu to publish. ``allergens`` None: not known, and then nothing is written."""

    day: date
    slot: Slot
    name: str
    code: str | None
    vegetarian: bool
    allergens: frozenset[Allergen] | None
    changed_at: datetime | None = None


def write_scdl(publisher: Publisher, dishes: Iterator[PublishedDish] | list[PublishedDish], at: datetime) -> bytes:
    """The menus of a restaurant as a file of the schema, published at a moment."""
    names = [field.name for field in fields()]
    rows = [_cells(publisher, dish, at) for dish in dishes]
    return csv_file(names, [[row.get(name, "") for name in names] for row in rows])


def _cells(publisher: Publisher, dish: PublishedDish, at: datetime) -> dict[str, str]:
    told = None if dish.allergens is None else [ALLERGENS[each] for each in sorted(dish.allergens)]
    return {
        "menuCollNom": publisher.name,
        "menuCollSiret": publisher.siret,
        "menuEtablissementNom": publisher.restaurant,
        "menuRestaurantNom": publisher.restaurant,
        "menuRestaurantInsee": publisher.insee,
        "menuRestaurantId": publisher.uai,
        "menuRestaurantIdType": "EN",
        "menuRestaurantType": "collège",
        "menuRestaurantConvive": "tous",
        "menuDate": dish.day.isoformat(),
        "menuRepasType": LUNCH,
        "menuPlatType": DISH_KINDS[dish.slot],
        "menuPlatNom": dish.name,
        "menuPlatCode": dish.code if dish.code and len(dish.code) <= LONGEST_CODE else "",
        "menuPlatRegime": _listed([VEGETARIAN]) if dish.vegetarian else "",
        "menuPlatAllergene": _listed(told) if told else "",
        "menuPublicationDate": _written(at),
        "menuModificationDate": "" if dish.changed_at is None else _written(dish.changed_at),
    }


def _listed(words: list[str]) -> str:
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"))


def _written(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
