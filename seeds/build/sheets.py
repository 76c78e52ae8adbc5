"""What a product sheet says besides product and price: temperature, nature, date, weight, countries.

Derived from the ingredient (kind, how long it keeps) and from the origin in words; the few exceptions are named here.
"""

from dataclasses import dataclass

from catering.market.countries import countries
from catering.market.nature import possible_products, usual_category, usual_product
from catering.rules.hygiene import AnimalProduct, ProductCategory
from seeds.build.tables import Row

LONG = 180
"""Days from which a food of animals keeps at room temperature, unless it is frozen."""
SMOKED = 6
"""Days from which fish that is neither frozen nor tinned is smoked or marinated."""
FROZEN_BY_NAME = {"poisson_pane", "merlan_pane", "beignet_calamar", "beignet_poisson"}
PREPARATIONS = {"chipolata", "merguez", "saucisse_toulouse", "paupiette_veau", "paupiette_dinde"}
FRESH_CHEESES = {
    "carre_frais", "chevre_frais", "fromage_ail_herbes", "mascarpone", "mozzarella", "ricotta",
}  # fmt: skip
ICES = {"glace_vanille", "sorbet"}
READY_CUT = "_4g"
"""End of the name of vegetables of the fourth range: washed, cut, ready."""
CUT_PLANTS = {"betterave_cuite", "pomme_de_terre_epluchee", "frites_fraiches", "choucroute_crue"}
"""Peeled, cut or cooked under vacuum, raw sauerkraut in its bucket: kept at +4 °C."""
COOL_PLANTS = {"pastry_dough", "plant_protein", "soy"}
FROZEN = "surgel"
PASTEURISED = "pasteuris"
KEPT_COLD = {
    PASTEURISED: ProductCategory.PRODUCER_DEFINED,
    "seau": ProductCategory.VERY_PERISHABLE,
}
"""Words of a product of animals, or of its pack, by which it does not keep at room temperature."""
LASTING = {
    ProductCategory.AMBIENT, ProductCategory.FROZEN_MINCED_FISH_SURGELE, ProductCategory.FROZEN_OTHER,
    ProductCategory.ICE_CREAM, ProductCategory.PRODUCER_DEFINED,
}  # fmt: skip
"""What bears a DDM; fresh milk does not, whose producer defines its temperature like that of cheese."""
SEA = {"fish", "shellfish"}
CUT_MEAT = {"beef", "veal", "lamb", "pork", "poultry", "rabbit", "offal"}
FRESH_PLANTS = {"vegetable_raw", "fruit", "potato", "mushroom", "herb_spice", "bread"}
FRENCH = {french: code for code, french in countries().items()}


@dataclass(frozen=True)
class Sheet:
    """The cells that every offer of an ingredient shares, its origin aside."""

    category: ProductCategory
    animal_product: AnimalProduct | None
    variable_weight: bool
    loose: bool
    """As harvested or baked: it bears no date unless it is frozen."""


def sheet_of(ingredient: Row) -> Sheet:
    """The sheet of the products of an ingredient."""
    kind, minced = ingredient["kind"], bool(ingredient["minced"])
    category = _category(ingredient)
    animal = _animal(ingredient, category)
    assert animal is None or animal in possible_products(ingredient["id"], kind, minced=minced), ingredient["id"]
    fresh = category in {usual_category(kind, minced=minced), ProductCategory.MINCED_MEAT}
    return Sheet(
        category=category,
        animal_product=animal,
        variable_weight=fresh and kind in CUT_MEAT | SEA,
        loose=kind in FRESH_PLANTS and int(ingredient["keeping_days"] or 0) < LONG,
    )


def _category(ingredient: Row) -> ProductCategory:
    name, kind, keeps = ingredient["id"], ingredient["kind"], int(ingredient["keeping_days"] or 0)
    usual = usual_category(kind, minced=bool(ingredient["minced"]))
    if name in ICES:
        return ProductCategory.ICE_CREAM
    if "surgel" in name or name in FROZEN_BY_NAME or "surgel" in ingredient["name"].casefold():
        return ProductCategory.FROZEN_MINCED_FISH_SURGELE
    if usual is not ProductCategory.AMBIENT and (keeps >= LONG or name == "saucisson_sec"):
        return ProductCategory.AMBIENT
    if kind == "milk":
        return ProductCategory.AMBIENT
    if name.endswith(READY_CUT) or name in CUT_PLANTS:
        return ProductCategory.VERY_PERISHABLE
    if kind in COOL_PLANTS and 0 < keeps < LONG:
        return ProductCategory.PERISHABLE
    if name in PREPARATIONS:
        return ProductCategory.MEAT_PREPARATION
    if name in FRESH_CHEESES or (kind in SEA and keeps >= SMOKED):
        return ProductCategory.VERY_PERISHABLE
    return ProductCategory.EGG_PRODUCT if kind == "egg" and name != "oeuf" else usual


def category_of(sheet: Sheet, product: str, pack_label: str) -> ProductCategory:
    """The category of one product: by its name, or its pack, it may be kept colder than most of its ingredient."""
    told = f"{product} {pack_label}".casefold()
    if FROZEN in told and sheet.category is not ProductCategory.ICE_CREAM:
        return ProductCategory.FROZEN_MINCED_FISH_SURGELE
    if sheet.category is ProductCategory.AMBIENT and sheet.animal_product is not None:
        return next((category for word, category in KEPT_COLD.items() if word in told), sheet.category)
    return sheet.category


def date_of(sheet: Sheet, product: str, pack_label: str) -> str:
    """Which date one product bears, by how that product is kept: frozen surimi a DDM, chilled soup a DLC."""
    category = category_of(sheet, product, pack_label)
    if sheet.loose and category is ProductCategory.AMBIENT:
        return "none"
    fresh_milk = sheet.animal_product is AnimalProduct.HEATED_MILK and PASTEURISED in product.casefold()
    return "ddm" if category in LASTING and not fresh_milk else "dlc"


def _animal(ingredient: Row, category: ProductCategory) -> AnimalProduct | None:
    kind, keeps = ingredient["kind"], int(ingredient["keeping_days"] or 0)
    if category is ProductCategory.EGG_PRODUCT:
        return AnimalProduct.EGG_PRODUCT
    raw_and_frozen = category is ProductCategory.FROZEN_MINCED_FISH_SURGELE and ingredient["id"] not in FROZEN_BY_NAME
    if kind in SEA and keeps >= SMOKED and not raw_and_frozen:
        return AnimalProduct.PROCESSED_FISH
    if kind == "milk":
        return AnimalProduct.HEATED_MILK
    return usual_product(ingredient["id"], kind, minced=bool(ingredient["minced"]))


def countries_of(kind: str, origin: str) -> Row:
    """Country of origin by the words of an origin, and where the animal lived; empty when the words name none."""
    code = "FR" if origin.startswith("France") else FRENCH.get(origin, "")
    lived = code if kind in CUT_MEAT - {"offal"} else ""
    return {
        "origin_country": code,
        "born_in": lived if kind in {"beef", "veal"} else "",
        "reared_in": lived,
        "slaughtered_in": lived,
    }
