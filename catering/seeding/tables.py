"""The seed tables: for each its files, its columns, its key and the database table it fills (seeds/README.md)."""

from catering import cells
from catering.cells import exact, text, whole
from catering.kitchens.models import Bridge, Kitchen, KitchenClosure, KitchenCovers, PriorityEducation, SchoolYear
from catering.market.models import (
    Capacity,
    Certificate,
    DateKind,
    HygienePermit,
    Offer,
    PermitKind,
    Supplier,
    SupplierKind,
)
from catering.market.sheet import country
from catering.recipes.models import Dish, DishLine, Ingredient
from catering.recipes.rules import NUTRIENTS
from catering.recipes.vocabulary import Allergen, Family, Frying, IngredientKind, Slot, Technique
from catering.rules.hygiene import AnimalProduct, ProductCategory
from catering.seeding.shapes import Column, Table, optional, reference
from catering.seeding.tables_waste import SERVICE_COVERS, WEIGHING_CAMPAIGNS, WEIGHINGS
from catering.spelling import folded

_ID = Column("id", cells.slug, attribute="slug")
_INSEE = Column("insee", cells.matching(r"[0-9][0-9AB][0-9]{3}", "le code INSEE de la commune, cinq caractères"))
_LAT = Column("lat", exact(6, "41", "52"))
_LON = Column("lon", exact(6, "-6", "10"))
_SOURCE = Column("source", text(300))
_NO_SEASON = ("aucune saison : il ne pourrait jamais être servi", "écrire les mois où on peut le servir : 1 2 3 10")
_NO_DATE = ("capacité sans date", "écrire le premier et le dernier jour de vente, par exemple 2026-09-01")

SCHOOL_YEARS = Table(
    "school_years",
    "années scolaires",
    ("calendar/school_years.csv",),
    SchoolYear,
    ("school_year",),
    (
        Column("school_year", cells.matching(r"20[0-9]{2}-[0-9]{2}", "l'année scolaire comme 2026-27")),
        Column("first_day", cells.day),
        Column("last_day", cells.day),
        _SOURCE,
    ),
)
BRIDGES = Table(
    "bridges",
    "ponts",
    ("calendar/bridges.csv",),
    Bridge,
    ("date", "zone"),
    (
        Column("date", cells.day, attribute="day"),
        Column("label", text(120)),
        Column("zone", cells.matching("[ABC]", "A, B ou C")),
        _SOURCE,
    ),
)
KITCHENS = Table(
    "kitchens",
    "cuisines",
    ("kitchens/kitchens.csv",),
    Kitchen,
    ("uai",),
    (
        Column("uai", cells.uai),
        Column("name", text(200)),
        optional("siren", cells.siren),
        Column("address", text(200)),
        Column("postcode", cells.matching(r"[0-9]{5}", "le code postal, cinq chiffres")),
        Column("commune", text(100)),
        _INSEE,
        Column("epci", text(120)),
        _LAT,
        _LON,
        Column("pupils", whole(1)),
        optional("priority_education", cells.word(PriorityEducation)),
        Column("budget_eur_per_meal", exact(4, "0", above=True)),
    ),
)
COVERS = Table(
    "kitchen_covers",
    "couverts",
    ("kitchens/covers.csv",),
    KitchenCovers,
    ("uai", "weekday"),
    (
        reference("uai", "kitchens", "kitchen_id"),
        Column("weekday", cells.weekday(cells.WEEKDAYS[:5])),
        Column("covers", whole(1)),
    ),
)
CLOSURES = Table(
    "kitchen_closures",
    "fermetures",
    ("kitchens/closures.csv",),
    KitchenClosure,
    ("uai", "date"),
    (
        reference("uai", "kitchens", "kitchen_id"),
        Column("date", cells.day, attribute="day"),
        Column("reason", text(200)),
    ),
)
INGREDIENTS = Table(
    "ingredients",
    "ingrédients",
    ("ingredients/ingredients.csv",),
    Ingredient,
    ("id",),
    (
        _ID,
        Column("name", text(160)),
        Column("family", cells.word(Family)),
        Column("kind", cells.word(IngredientKind)),
        optional("ciqual_code", text(12)),
        optional("ciqual_name", text(200)),
        *(optional(nutrient, exact(6, "0")) for nutrient in NUTRIENTS),
        Column("edible_pct", exact(6, "0", "100", above=True)),
        Column("allergens", cells.words(Allergen), empty=frozenset(), stored=False),
        optional("animal_flesh", cells.truth),
        Column("minced", cells.truth, empty=False),
        optional("frying", cells.word(Frying)),
        Column(
            "months", cells.months, missing=("aucune saison", "écrire les douze mois si l'ingrédient n'a pas de saison")
        ),
        optional("keeping_days", whole(0)),
        optional("agribalyse_code", text(20)),
        optional("co2e_kg_per_kg", exact(6, "0")),
        optional("co2e_transport_kg_per_kg", exact(6, "0")),
        _SOURCE,
    ),
)
DISHES = Table(
    "dishes",
    "plats",
    tuple(f"dishes/{slot}.csv" for slot in Slot),
    Dish,
    ("id",),
    (
        _ID,
        Column("name", text(160)),
        Column("slot", cells.word(Slot)),
        Column("technique", cells.word(Technique)),
        Column("served_g", whole(1)),
        Column("months", cells.months, missing=_NO_SEASON),
        optional("equipment", text(200)),
        optional("prep_minutes_per_100", whole(0)),
        optional("regional", text(160)),
        Column("steps", text(2000)),
    ),
)
DISH_LINES = Table(
    "dish_lines",
    "lignes de fiches",
    tuple(f"dishes/{slot}_lines.csv" for slot in Slot),
    DishLine,
    ("dish", "ingredient"),
    (
        reference("dish", "dishes", "dish_id"),
        reference("ingredient", "ingredients", "ingredient_id"),
        Column("grams", whole(1)),
    ),
    ranked_within="dish",
)
SUPPLIERS = Table(
    "suppliers",
    "fournisseurs",
    ("market/suppliers.csv",),
    Supplier,
    ("id",),
    (
        _ID,
        Column("name", text(160)),
        Column("kind", cells.word(SupplierKind)),
        Column("fictional", cells.truth),
        Column("commune", text(100)),
        _INSEE,
        _LAT,
        _LON,
        Column("delivery_weekdays", cells.weekdays),
        Column("lead_days", whole(0)),
        Column("min_drop_eur", exact(2, "0")),
        optional("shared_door_eur", exact(2, "0")),
        optional("max_km", whole(1)),
        Column("delivery_eur_per_kg_base", exact(4, "0")),
        Column("delivery_eur_per_kg_per_100km", exact(4, "0")),
        Column("activity", text(300)),
    ),
)
CERTIFICATES = Table(
    "certificates",
    "certificats",
    ("market/certificates.csv",),
    Certificate,
    ("id",),
    (
        _ID,
        reference("supplier", "suppliers", "supplier_id"),
        Column("label", text(40)),
        Column("certifier", text(120)),
        Column("number", text(80)),
        Column("valid_from", cells.day),
        Column("valid_to", cells.day),
    ),
)
OFFERS = Table(
    "offers",
    "offres",
    ("market/offers.csv",),
    Offer,
    ("id",),
    (
        _ID,
        reference("supplier", "suppliers", "supplier_id"),
        reference("ingredient", "ingredients", "ingredient_id"),
        Column("product", text(200)),
        Column("pack_g", whole(1)),
        Column("pack_label", text(120)),
        Column("price_eur_per_pack", exact(4, "0", above=True)),
        optional("label", text(40)),
        reference("certificate", "certificates", "certificate_id", empty=None),
        Column("origin", text(120)),
        Column("vat_pct", exact(2, "0", "100")),
        Column("variable_weight", cells.truth),
        *(optional(name, country) for name in ("origin_country", "born_in", "reared_in", "slaughtered_in")),
        Column("category", cells.word(ProductCategory)),
        optional("animal_product", cells.word(AnimalProduct)),
        Column("date_kind", cells.word(DateKind)),
    ),
    derived={"search": ("product", folded)},
)
PERMITS = Table(
    "hygiene_permits",
    "agréments et dérogations",
    ("market/permits.csv",),
    HygienePermit,
    ("supplier", "kind", "number"),
    (
        reference("supplier", "suppliers", "supplier_id"),
        Column("kind", cells.word(PermitKind)),
        Column("number", text(40)),
        Column("valid_from", cells.day),
        optional("valid_to", cells.day),
        optional("max_km", whole(1)),
        Column("large_share", cells.truth),
    ),
)
CAPACITIES = Table(
    "capacities",
    "capacités",
    ("market/capacities.csv",),
    Capacity,
    ("offer", "valid_from"),
    (
        reference("offer", "offers", "offer_id"),
        Column("valid_from", cells.day, missing=_NO_DATE),
        Column("valid_to", cells.day, missing=_NO_DATE),
        Column("grams_per_week", cells.weekly_grams),
    ),
)

TABLES = (
    SCHOOL_YEARS,
    BRIDGES,
    KITCHENS,
    COVERS,
    CLOSURES,
    INGREDIENTS,
    DISHES,
    DISH_LINES,
    SUPPLIERS,
    PERMITS,
    CERTIFICATES,
    OFFERS,
    CAPACITIES,
    WEIGHING_CAMPAIGNS,
    SERVICE_COVERS,
    WEIGHINGS,
)
"""Every table, after those it refers to."""
