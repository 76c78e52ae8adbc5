"""Menus to print: the week for diners, the sheet of allergens, and the register of three months (NUT-S4, ALL-02)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from catering.menus.diners import DinersDay, DinersDish, DinersPlace
from catering.menus.models import MenuDish, MenuSource
from catering.papers.french import day_in_words
from catering.papers.sheet import Column, Sheet
from catering.recipes.vocabulary import Allergen, Slot
from catering.rules import Truth

TABLE_PT, NARROW_PT = 10, 7
SLOTS = {
    Slot.STARTER: "Entrée",
    Slot.MAIN: "Plat",
    Slot.SIDE: "Accompagnement",
    Slot.DAIRY: "Produit laitier",
    Slot.DESSERT: "Dessert",
}
ALLERGENS = {
    Allergen.GLUTEN: "Gluten",
    Allergen.CRUSTACEANS: "Crustacés",
    Allergen.EGGS: "Œufs",
    Allergen.FISH: "Poissons",
    Allergen.PEANUTS: "Arachides",
    Allergen.SOY: "Soja",
    Allergen.MILK: "Lait",
    Allergen.NUTS: "Fruits à coque",
    Allergen.CELERY: "Céleri",
    Allergen.MUSTARD: "Moutarde",
    Allergen.SESAME: "Sésame",
    Allergen.SULPHITES: "Sulfites",
    Allergen.LUPIN: "Lupin",
    Allergen.MOLLUSCS: "Mollusques",
}
WEEK = (Column("Composante", 26), Column("Plat", 62), Column("Mentions", 50), Column("Allergènes", 48))
CROSS = 10
SHEET = (Column("Jour", 19), Column("Plat", 48), *(Column(name, CROSS, "CENTER") for name in ALLERGENS.values()))
REGISTER = (
    Column("Jour", 24), Column("Composante", 24), Column("Plat", 70), Column("Prévus", 16, "RIGHT"),
    Column("Servis", 16, "RIGHT"), Column("Allergènes", 36),
)  # fmt: skip
UNKNOWN = "fiche inconnue : demander à la cuisine"
LEGEND = "X : présent dans la fiche technique ; ? : fiche inconnue, demander à la cuisine (ALL-01, ALL-02)."


@dataclass(frozen=True, slots=True)
class RegisterFacts:
    """The menus of a kitchen over the time that the register is kept, with what diners were told of each dish."""

    place: DinersPlace
    first: date
    last: date
    rows: Sequence[MenuDish]
    told: Mapping[tuple[date, str], DinersDish]
    """By day and slug of the dish."""


def week_menu(place: DinersPlace, days: Sequence[DinersDay], first: date) -> bytes:
    """The menus of a week for diners: vegetarian and season marks, origin of meat, allergens."""
    sheet = Sheet("Menus de la semaine", f"du {day_in_words(first)}")
    _at(sheet, place)
    if not days:
        sheet.write_line("Aucun menu cette semaine.")
    for day in days:
        sheet.keep_together(30)
        sheet.gap()
        possible = " · menu végétarien possible" if day.vegetarian is Truth.TRUE else ""
        sheet.write_line(day_in_words(day.day).capitalize() + possible, bold=True)
        rows = ((SLOTS[dish.slot], dish.name, marks(dish), _allergens(dish)) for dish in day.dishes)
        sheet.lines(WEEK, rows, TABLE_PT)
    return sheet.content()


def allergen_sheet(place: DinersPlace, days: Sequence[DinersDay], first: date) -> bytes:
    """The fourteen allergens of each dish of a week, to be kept near the food."""
    sheet = Sheet("Allergènes de la semaine", f"du {day_in_words(first)}")
    _at(sheet, place)
    sheet.write_line(LEGEND, TABLE_PT)
    rows = [
        (f"{day.day:%d/%m}", dish.name, *_crosses(dish))
        for day in days
        for dish in day.dishes
    ]  # fmt: skip
    if rows:
        sheet.lines(SHEET, rows, NARROW_PT)
    else:
        sheet.write_line("Aucun menu cette semaine.")
    return sheet.content()


def menu_register(facts: RegisterFacts) -> bytes:
    """The register of menus planned and served: what a control asks to see."""
    sheet = Sheet("Registre des menus", f"du {facts.first:%d/%m/%Y} au {facts.last:%d/%m/%Y}")
    _at(sheet, facts.place)
    sheet.write_line("Menus des trois derniers mois (NUT-S4, article D230-26 du Code rural).", TABLE_PT)
    if not facts.rows:
        sheet.write_line("Aucun menu sur cette période.")
        return sheet.content()
    sheet.lines(REGISTER, (_registered(row, facts.told) for row in facts.rows), TABLE_PT - 1)
    return sheet.content()


def marks(dish: DinersDish) -> str:
    """What diners are told of a dish beside its name: vegetarian, season, origin of its meats."""
    told = ["végétarien"] if dish.vegetarian is Truth.TRUE else []
    told += ["de saison"] if dish.in_season else []
    return "\n".join([*told, *_origins(dish)])


def _origins(dish: DinersDish) -> list[str]:
    """Where each of its meats comes from, in the words of the law (ORI-04)."""
    return [f"{meat.name} : {meat.wording or 'origine à demander'}" for meat in dish.meats]


def _registered(row: MenuDish, told: Mapping[tuple[date, str], DinersDish]) -> tuple[str, ...]:
    dish = told.get((row.day, row.dish.slug))
    name = row.dish.name + (" (changé par la cuisine)" if row.source is MenuSource.KITCHEN else "")
    served = "non compté" if row.served_covers is None else str(row.served_covers)
    allergens = UNKNOWN if dish is None else _allergens(dish)
    name = "\n".join([name, *([] if dish is None else _origins(dish))])
    return f"{row.day:%d/%m/%Y}", SLOTS[row.slot], name, str(row.covers), served, allergens


def _allergens(dish: DinersDish) -> str:
    if dish.allergens is None:
        return UNKNOWN
    return ", ".join(name.lower() for allergen, name in ALLERGENS.items() if allergen in dish.allergens) or "aucun"


def _crosses(dish: DinersDish) -> Iterable[str]:
    for allergen in ALLERGENS:
        yield "?" if dish.allergens is None else "X" if allergen in dish.allergens else ""


def _at(sheet: Sheet, place: DinersPlace) -> None:
    sheet.named_below(place.name)
    sheet.write_line(f"{place.name}, {place.commune} (UAI {place.uai})", bold=True)
