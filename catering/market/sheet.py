"""A product sheet as its supplier writes it: the columns of an offer, read from text the same way everywhere."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from catering import cells
from catering.cells import BadCell, Fault, Read
from catering.market.countries import countries
from catering.market.french_cells import (
    allergens_in_french,
    french_day,
    french_truth,
    in_french,
    with_thousands,
)
from catering.market.models_sheet import DateKind, SaleUnit
from catering.rules.allergens import Allergen
from catering.rules.hygiene import AnimalProduct, ProductCategory, animal_rules
from catering.rules.temperatures import temperatures
from catering.spelling import deceit, says_something, tidy

HEAVIEST_PACK_G = 2_000_000
"""Two tonnes: nobody delivers a heavier pack, so a larger number is a mistake of unit."""
CHEAPEST_KG, DEAREST_KG = Decimal("0.01"), Decimal(1000)
"""€/kg: beyond is a slip of the keyboard or of the unit, saffron aside; contracts and sealed offers end there too."""
DEAREST_PACK = "100000"
COLDEST, WARMEST = "-40", "30"
"""°C: what a label may ask for; anything else is a slip."""
AMBIGUOUS = re.compile(r"[0-9]{1,3},[0-9]{3}")
COMMA = re.compile(r"-?[0-9]+,[0-9]+")
REQUIRED = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One offer as its supplier states it. ``id`` empty is a new one; ``allergens`` None leaves them to the ingredient.

    Weights in grams, temperatures in °C, price in € excl. tax a pack, VAT in percent, countries by ISO code.
    """

    id: str = ""
    ingredient: str
    product: str
    unit: SaleUnit = SaleUnit.KG
    unit_g: int = 1000
    pack_g: int
    pack_label: str
    variable_weight: bool = False
    price_eur_per_pack: Decimal
    vat_pct: Decimal
    label: str | None = None
    certificate: str | None = None
    origin: str
    origin_country: str | None = None
    born_in: str | None = None
    reared_in: str | None = None
    slaughtered_in: str | None = None
    category: ProductCategory | None = None
    limit_celsius: Decimal | None = None
    animal_product: AnimalProduct | None = None
    date_kind: DateKind | None = None
    allergens: frozenset[Allergen] | None = None
    traces: frozenset[Allergen] = frozenset()
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column: how its text is read, and what an empty cell means (``REQUIRED``: a fault)."""

    name: str
    read: Read
    empty: object = REQUIRED


def words_of_a_name(longest: int) -> Read:
    """A name people read, of at most ``longest`` characters, without letters that deceive the eye."""
    short = cells.text(longest)

    def read(cell: str) -> object:
        if (why := deceit(cell)) is not None:
            raise BadCell(why, "retaper le texte au clavier, sans copier-coller")
        if not tidy(cell):
            raise BadCell("texte vide", "écrire un nom")
        if not says_something(cell):
            raise BadCell("ni lettre ni chiffre", "écrire un nom")
        return short(tidy(cell))

    return read


def with_comma(read: Read) -> Read:
    """The same number, a comma taken for the decimal mark where it can be nothing else."""

    def read_either(cell: str) -> object:
        if AMBIGUOUS.fullmatch(cell):
            thousands, decimal = cell.replace(",", ""), cell.replace(",", ".")
            raise BadCell("virgule ambiguë", f"écrire {decimal} ou {thousands}")
        return read(cell.replace(",", ".") if COMMA.fullmatch(cell) else cell)

    return read_either


def country(cell: str) -> str:
    """A country by its code of two letters."""
    if cell not in countries():
        named = {french.casefold(): code for code, french in countries().items()}
        repair = (
            f"écrire {named[cell.casefold()]}" if cell.casefold() in named else "écrire un code ISO comme FR, BE, ES"
        )
        raise BadCell("pays inconnu", repair)
    return cell


def no_allergen(vocabulary: Read) -> Read:
    """Allergens, or the word ``none`` for a product that contains none: an empty cell says nothing."""

    def read(cell: str) -> object:
        return frozenset() if cell in (NO_ALLERGEN, NO_ALLERGEN_IN_FRENCH) else vocabulary(cell)

    return read


NO_ALLERGEN, NO_ALLERGEN_IN_FRENCH = "none", "aucun"
ANY_ALLERGENS = allergens_in_french(cells.words(Allergen))
UNITS = {"pièce": SaleUnit.PIECE, "litre": SaleUnit.LITRE, "botte": SaleUnit.BUNCH, "kilogramme": SaleUnit.KG}
DATES = {"sans date": DateKind.NONE, "aucune": DateKind.NONE, "DLC": DateKind.DLC, "DDM": DateKind.DDM}
CATEGORIES = {rows[-1].french_name: category for category, rows in temperatures().items()}
PRODUCTS = {rows[-1].french_name: product for product, rows in animal_rules().items()}
COLUMNS: tuple[SheetColumn, ...] = (
    SheetColumn("id", cells.slug, empty=""),
    SheetColumn("ingredient", cells.slug),
    SheetColumn("product", words_of_a_name(200)),  # legal-number: width of a database column
    SheetColumn("unit", in_french(cells.word(SaleUnit), UNITS), empty=SaleUnit.KG),
    SheetColumn("unit_g", with_thousands(cells.whole(1, HEAVIEST_PACK_G)), empty=1000),
    SheetColumn("pack_g", with_thousands(cells.whole(1, HEAVIEST_PACK_G))),
    SheetColumn("pack_label", words_of_a_name(120)),
    SheetColumn("variable_weight", french_truth, empty=False),
    SheetColumn("price_eur_per_pack", with_thousands(with_comma(cells.exact(4, "0", DEAREST_PACK, above=True)))),
    SheetColumn("vat_pct", with_thousands(with_comma(cells.exact(2, "0", "100")), percent=True)),
    SheetColumn("label", cells.text(40), empty=None),
    SheetColumn("certificate", cells.slug, empty=None),
    SheetColumn("origin", words_of_a_name(120)),
    SheetColumn("origin_country", country, empty=None),
    SheetColumn("born_in", country, empty=None),
    SheetColumn("reared_in", country, empty=None),
    SheetColumn("slaughtered_in", country, empty=None),
    SheetColumn("category", in_french(cells.word(ProductCategory), CATEGORIES), empty=None),
    SheetColumn("limit_celsius", with_comma(cells.exact(1, COLDEST, WARMEST)), empty=None),
    SheetColumn("animal_product", in_french(cells.word(AnimalProduct), PRODUCTS), empty=None),
    SheetColumn("date_kind", in_french(cells.word(DateKind), DATES), empty=None),
    SheetColumn("allergens", no_allergen(ANY_ALLERGENS), empty=None),
    SheetColumn("traces", ANY_ALLERGENS, empty=frozenset()),
    SheetColumn("valid_from", french_day, empty=None),
    SheetColumn("valid_to", french_day, empty=None),
)
assert [column.name for column in COLUMNS] == [field.name for field in fields(Sheet)]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what somebody sent: its number, its cells as text, and the sheet when all of them can be read.

    ``called``: what its file calls the columns, where that is not their name.
    """

    file: str
    number: int
    cells: Mapping[str, str]
    sheet: Sheet | None = None
    called: Mapping[str, str] = field(default_factory=dict)

    def fault(self, column: str, message: str, repair: str) -> Fault:
        """A fault in one of its cells."""
        named = self.called.get(column, column)
        return Fault(self.file, self.number, named, self.cells.get(column, ""), message, repair)


def read_line(line: Line, faults: list[Fault]) -> Line:
    """The line with its sheet, or without one and with what is wrong added to ``faults``."""
    values: dict[str, Any] = {}
    for column in COLUMNS:
        try:
            values[column.name] = _value(column, line.cells.get(column.name, ""))
        except BadCell as bad:
            faults.append(line.fault(column.name, bad.message, bad.repair))
    if len(values) < len(COLUMNS):
        return line
    return replace(line, sheet=Sheet(**values))


def _value(column: SheetColumn, cell: str) -> object:
    if cell:
        return column.read(cell)
    if column.empty is REQUIRED:
        raise BadCell("cellule vide", "la renseigner")
    return column.empty


WRITERS: Mapping[type, Callable[[Any], str]] = {
    bool: lambda value: "true" if value else "false",
    date: date.isoformat,
    Decimal: lambda value: f"{value:f}",
    frozenset: lambda value: " ".join(sorted(value)),
}


def written(sheet: Sheet) -> dict[str, str]:
    """The cells of a sheet: read again, they give the same sheet."""
    return dict(_cells(sheet))


def _cells(sheet: Sheet) -> Iterator[tuple[str, str]]:
    for column in COLUMNS:
        value = getattr(sheet, column.name)
        if column.name == "allergens" and value == frozenset():
            yield column.name, NO_ALLERGEN
        elif value is None:
            yield column.name, ""
        elif isinstance(value, StrEnum):
            yield column.name, value.value
        else:
            yield column.name, WRITERS.get(type(value), str)(value)
