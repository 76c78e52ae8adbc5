"""A whole folder of seed tables in miniature, without any fault, that a test damages where it wants."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from catering.recipes.rules import NUTRIENTS
from catering.recipes.vocabulary import Slot

ALL_YEAR = "1 2 3 4 5 6 7 8 9 10 11 12"
KITCHENS = "kitchens/kitchens.csv"
COVERS = "kitchens/covers.csv"
CLOSURES = "kitchens/closures.csv"
INGREDIENTS = "ingredients/ingredients.csv"
MAINS = "dishes/main.csv"
MAIN_LINES = "dishes/main_lines.csv"
SUPPLIERS = "market/suppliers.csv"
CERTIFICATES = "market/certificates.csv"
OFFERS = "market/offers.csv"
PERMITS = "market/permits.csv"
CAPACITIES = "market/capacities.csv"
SERVED = "waste/covers.csv"
WEIGHINGS = "waste/weighings.csv"
SCHOOL_YEARS = "calendar/school_years.csv"
BRIDGES = "calendar/bridges.csv"

Table = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class SeedFolder:
    """Files of seed tables; every change is written at once. Lines count from 1 with the header, as in a fault."""

    path: Path

    def rows(self, file: str) -> Table:
        with (self.path / file).open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    def header(self, file: str) -> list[str]:
        with (self.path / file).open(encoding="utf-8", newline="") as stream:
            return next(csv.reader(stream))

    def write(self, file: str, rows: Table, header: list[str] | None = None) -> None:
        header = header or self.header(file)
        with (self.path / file).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, header, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def set(self, file: str, line: int, **cells: str) -> None:
        rows = self.rows(file)
        rows[line - 2] |= cells
        self.write(file, rows)

    def add(self, file: str, **cells: str) -> int:
        """Append a copy of the first row with other cells; its line."""
        rows = self.rows(file)
        rows.append(rows[0] | cells)
        self.write(file, rows)
        return len(rows) + 1

    def keep(self, file: str, wanted: Callable[[dict[str, str]], bool]) -> None:
        self.write(file, [row for row in self.rows(file) if wanted(row)])

    def edit(self, file: str, change: Callable[[str], str]) -> None:
        path = self.path / file
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")

    def recode(self, file: str, encoding: str) -> None:
        path = self.path / file
        path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))


def small_seeds(path: Path) -> SeedFolder:
    """Two collèges, seven ingredients, a dish per component, a wholesaler and an organic farm."""
    folder = SeedFolder(path)
    for file, rows in _TABLES.items():
        (path / file).parent.mkdir(parents=True, exist_ok=True)
        folder.write(file, rows, list(rows[0]))
    (path / CLOSURES).write_text("uai,date,reason\n0620014D,2026-11-12,Journée pédagogique\n", encoding="utf-8")
    sources = {"table": "*", "source": "Essai", "licence": "Essai", "note": ""}
    folder.write("SOURCES.csv", [sources], list(sources))
    return folder


def _table(header: str, *rows: str) -> Table:
    names = header.split(",")
    return [dict(zip(names, row.split("|"), strict=True)) for row in rows]


def _ingredient(slug: str, name: str, family: str, kind: str, **cells: str) -> dict[str, str]:
    nutrients = dict.fromkeys(NUTRIENTS, "1.5")
    plain = {"id": slug, "name": name, "family": family, "kind": kind, "ciqual_code": "20009", "ciqual_name": name}
    rest = {
        "edible_pct": "100",
        "allergens": "",
        "animal_flesh": "false",
        "minced": "",
        "frying": "",
        "months": ALL_YEAR,
        "keeping_days": "10",
        "agribalyse_code": "20009",
        "co2e_kg_per_kg": "0.40123",
        "co2e_transport_kg_per_kg": "0.2",
        "source": "Ciqual 2020 ; Agribalyse 3.1.1",
    }
    return plain | nutrients | rest | cells


def _dish(slot: Slot, slug: str, name: str, technique: str, served_g: int) -> Table:
    row = {"id": slug, "name": name, "slot": slot.value, "technique": technique, "served_g": str(served_g)}
    rest = {"months": ALL_YEAR, "equipment": "four", "prep_minutes_per_100": "60", "regional": "", "steps": "Cuire"}
    return [row | rest]


_VEGETABLES = "FRUITS_ET_LEGUMES"
_DISHES: dict[str, Table] = {
    "dishes/starter.csv": _dish(Slot.STARTER, "carottes_rapees", "Carottes râpées", "raw", 90),
    MAINS: _dish(Slot.MAIN, "boeuf_carottes", "Bœuf carottes", "braised", 150),
    "dishes/side.csv": _dish(Slot.SIDE, "pates_au_beurre", "Pâtes au beurre", "boiled", 200),
    "dishes/dairy.csv": _dish(Slot.DAIRY, "maroilles_portion", "Maroilles", "none", 30),
    "dishes/dessert.csv": _dish(Slot.DESSERT, "pomme", "Pomme", "none", 100),
    "dishes/starter_lines.csv": _table("dish,ingredient,grams", "carottes_rapees|carotte|100"),
    MAIN_LINES: _table(
        "dish,ingredient,grams", "boeuf_carottes|boeuf|100", "boeuf_carottes|carotte|80", "boeuf_carottes|beurre|5"
    ),
    "dishes/side_lines.csv": _table("dish,ingredient,grams", "pates_au_beurre|pates|70", "pates_au_beurre|beurre|8"),
    "dishes/dairy_lines.csv": _table("dish,ingredient,grams", "maroilles_portion|maroilles|30"),
    "dishes/dessert_lines.csv": _table("dish,ingredient,grams", "pomme|pomme|110"),
}
_TABLES: dict[str, Table] = {
    SCHOOL_YEARS: _table(
        "school_year,first_day,last_day,source",
        "2025-26|2025-09-01|2026-07-03|Ministère",
        "2026-27|2026-09-01|2027-07-02|Ministère",
    ),
    BRIDGES: _table("date,label,zone,source", "2026-05-15|Pont de l'Ascension|B|Ministère"),
    KITCHENS: _table(
        "uai,name,siren,address,postcode,commune,insee,epci,lat,lon,pupils,priority_education,budget_eur_per_meal",
        "0620004T|Collège de l'Europe|196200042|251 avenue|62610|Ardres|62038|Pays d'Opale|50.85|1.97|647||2.30",
        "0620014D|Collège Diderot||1 rue|62000|Dainville|62263|Arras|50.29|2.73|664|REP+|2.45",
    ),
    COVERS: _table(
        "uai,weekday,covers",
        *(f"0620004T|{day}|500" for day in ("mon", "tue", "thu", "fri")),
        *(f"0620014D|{day}|300" for day in ("mon", "tue", "wed", "thu", "fri")),
    ),
    INGREDIENTS: [
        _ingredient("carotte", "Carotte", _VEGETABLES, "vegetable_raw", edible_pct="85", months="1 2 3 9 10 11 12"),
        _ingredient("pomme", "Pomme", _VEGETABLES, "fruit", edible_pct="92"),
        _ingredient("boeuf", "Bœuf à braiser", "VIANDES_VOLAILLES", "beef", animal_flesh="true", sugars_g=""),
        _ingredient("beurre", "Beurre", "PRODUITS_LAITIERS", "butter", allergens="milk"),
        _ingredient("maroilles", "Maroilles AOP", "PRODUITS_LAITIERS", "cheese", allergens="milk"),
        _ingredient("pates", "Pâtes", "AUTRES", "pasta_rice", allergens="gluten eggs"),
    ],
    **_DISHES,
    SUPPLIERS: _table(
        "id,name,kind,fictional,commune,insee,lat,lon,delivery_weekdays,lead_days,min_drop_eur,shared_door_eur,max_km,"
        "delivery_eur_per_kg_base,delivery_eur_per_kg_per_100km,activity",
        "grossiste|Grossiste du Nord|wholesaler|true|Lens|62498|50.43|2.83|mon tue wed thu fri|1|80|||0.05|0.02|Tout",
        "ferme|Ferme des Essarts|producer|true|Licques|62506|50.78|1.94|tue thu|3|40.50|15|60|0.10|0.15|Maraîchage bio",
    ),
    CERTIFICATES: _table(
        "id,supplier,label,certifier,number,valid_from,valid_to",
        "ferme_bio|ferme|BIO|Certificateur fictif|FR-BIO-00-1|2026-01-01|2027-12-31",
    ),
    OFFERS: _table(
        "id,supplier,ingredient,product,pack_g,pack_label,price_eur_per_pack,label,certificate,origin,vat_pct,"
        "variable_weight,origin_country,born_in,reared_in,slaughtered_in,category,animal_product,date_kind",
        "grossiste__carotte|grossiste|carotte|Carotte cat. 1|10000|sac de 10 kg|8.9000|||France|5.5"
        "|false|FR||||ambient||none",
        "ferme__carotte__bio|ferme|carotte|Carotte des sables|5000|sac de 5 kg|9.2550|BIO|ferme_bio|France|5.5"
        "|false|FR||||ambient||none",
        "grossiste__boeuf|grossiste|boeuf|Paleron|2500|sous vide|24.50|||France|5.5"
        "|true|FR|FR|FR|FR|meat_cut|butcher_meat|dlc",
    ),
    PERMITS: _table(
        "supplier,kind,number,valid_from,valid_to,max_km,large_share",
        "grossiste|approval|FR 62.000.001 CE|2020-01-01|||false",
    ),
    CAPACITIES: _table(
        "offer,valid_from,valid_to,grams_per_week",
        "grossiste__carotte|2026-01-01|2027-12-31|unlimited",
        "ferme__carotte__bio|2026-09-01|2026-12-31|400000",
        "ferme__carotte__bio|2027-01-01|2027-03-31|150000",
        "grossiste__boeuf|2026-01-01|2027-12-31|unlimited",
    ),
    "waste/campaigns.csv": _table("uai,first_day,last_day,note", "0620004T|2026-10-05|2026-10-12|Fictive"),
    SERVED: _table(
        "uai,date,service,planned,prepared,served",
        "0620004T|2026-10-05|lunch|500|505|480",
        "0620004T|2026-10-06|lunch|500||",
    ),
    WEIGHINGS: _table(
        "uai,entry_key,date,service,stage,part,gross_g,tare_g,net_g,dish,food_group,cause,note",
        "0620004T|demo-0001|2026-10-05|lunch|plates|unsorted|20500|500|20000|boeuf_carottes||disliked|Fictive",
        "0620004T|demo-0002|2026-10-05|lunch|preparation|edible|2500|500|2000||||Fictive",
    ),
}
