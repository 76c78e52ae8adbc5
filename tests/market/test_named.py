"""What a product is called against what it is stated to be: minced, raw, frozen and warm are refused by their names."""

import csv
from datetime import date
from types import SimpleNamespace

import pytest

from catering.market.named import nature_faults
from catering.market.nature import kept_as
from catering.rules.hygiene import AnimalProduct, ProductCategory
from catering.rules.product_words import Says, product_words, said
from catering.rules.temperatures import usual_categories, usual_category
from tests.lints.sources import ROOT

ON = date(2026, 11, 27)
MADE, DAIRY = AnimalProduct.MEAT_PRODUCT, AnimalProduct.DAIRY
AMBIENT = ProductCategory.AMBIENT
SURGELE, CONGELE = ProductCategory.FROZEN_MINCED_FISH_SURGELE, ProductCategory.FROZEN_OTHER


def faults(
    product: str,
    kind: str,
    stated: AnimalProduct | None,
    category: ProductCategory | None = None,
    *,
    pack: str = "",
    of: str = "",
) -> list[tuple[str, str]]:
    named = SimpleNamespace(product=product, pack_label=pack, category=category)
    return [(found.column, found.message) for found in nature_faults(named, stated, of, kind, ON)]


@pytest.mark.parametrize(
    ("product", "kind", "stated", "says"),
    [
        ("Burger de bœuf 100 g", "beef", AnimalProduct.BUTCHER_MEAT, "hachée"),
        ("KEFTAS", "beef", AnimalProduct.BUTCHER_MEAT, "hachée"),
        ("Merguez", "lamb", AnimalProduct.BUTCHER_MEAT, "hachée"),
        ("Steaks hachés frais, 15 % MG", "pork", MADE, "hachée"),
        ("Viande hachée crue de porc", "pork", MADE, "hachée"),
        ("Chair à saucisse crue", "pork", MADE, "hachée"),
        ("Steak haché", "processed_meat", MADE, "hachée"),
        ("Poulet entier frais", "poultry", MADE, "fraîche"),
        ("Faisselle au lait cru", "cheese", DAIRY, "cru"),
        ("Crème crue", "cream", DAIRY, "cru"),
        ("Lait cru entier", "milk", AnimalProduct.HEATED_MILK, "cru"),
    ],
)
def test_a_name_that_says_minced_raw_or_fresh_is_believed(
    product: str, kind: str, stated: AnimalProduct, says: str
) -> None:
    ((column, message),) = faults(product, kind, stated)
    assert (column, says in message) == ("animal_product", True), message


@pytest.mark.parametrize(
    ("product", "kind", "stated"),
    [
        ("Bœuf haché cuit", "beef", MADE),
        ("Rillettes de porc", "pork", MADE),
        ("Sauce bolognaise, bœuf haché", "beef", MADE),
        ("Jambon cru", "pork", MADE),
        ("Steak haché frais", "beef", AnimalProduct.MINCED_MEAT),
        ("Boulette d'Avesnes", "cheese", DAIRY),
        ("Fromage frais", "cheese", DAIRY),
        ("Faisselle au lait cru", "cheese", AnimalProduct.RAW_EGG_OR_MILK),
        ("Rôti de porc", "pork", AnimalProduct.BUTCHER_MEAT),
    ],
)
def test_other_names_say_nothing_against_it(product: str, kind: str, stated: AnimalProduct) -> None:
    assert faults(product, kind, stated) == []


def test_what_the_catalogue_calls_it_is_no_claim() -> None:
    assert faults("Merguez de nos fermes", "processed_meat", MADE, of="merguez") == []


@pytest.mark.parametrize(
    ("product", "kind", "stated", "pack", "keeps"),
    [
        ("Poulet entier", "poultry", MADE, "sous vide", False),
        ("Rôti de porc cuit", "pork", MADE, "barquette", False),
        ("Confit de canard", "poultry", MADE, "boîte 5/1", True),
        ("Saucisson sec", "processed_meat", MADE, "", True),
        ("Faisselle", "cheese", DAIRY, "seau de 5 kg", False),
        ("Crème UHT", "cream", DAIRY, "brique 1 l", True),
        ("Lait entier", "milk", AnimalProduct.HEATED_MILK, "carton de 12 × 1 l", True),
        ("Lait entier pasteurisé", "milk", AnimalProduct.HEATED_MILK, "bidon de 10 l", False),
        ("Soupe de poissons", "fish", AnimalProduct.PROCESSED_FISH, "carton surgelé", False),
        ("Thon au naturel", "fish", AnimalProduct.PROCESSED_FISH, "boîte 4/4", True),
    ],
)
def test_only_what_says_how_it_keeps_is_kept_at_room_temperature(
    product: str, kind: str, stated: AnimalProduct, pack: str, keeps: bool
) -> None:
    found = faults(product, kind, stated, AMBIENT, pack=pack)
    assert [column for column, _ in found] == ([] if keeps else ["category"]), found


@pytest.mark.parametrize(
    ("product", "kind", "stated", "category", "frozen"),
    [
        ("Sauté de porc surgelé", "pork", AnimalProduct.BUTCHER_MEAT, ProductCategory.MEAT_CUT, SURGELE),
        ("Haricots verts surgelés", "vegetable_raw", None, AMBIENT, SURGELE),
        ("Rôti de porc congelé", "pork", AnimalProduct.BUTCHER_MEAT, ProductCategory.MEAT_CUT, CONGELE),
        ("Filet de merlan congelé", "fish", AnimalProduct.FISH, ProductCategory.FRESH_FISH, SURGELE),
        ("Viande hachée congelée", "beef", AnimalProduct.MINCED_MEAT, ProductCategory.MINCED_MEAT, SURGELE),
        ("Rôti de porc jamais congelé", "pork", AnimalProduct.BUTCHER_MEAT, ProductCategory.MEAT_CUT, None),
        ("Filet de merlan décongelé", "fish", AnimalProduct.FISH, ProductCategory.FRESH_FISH, None),
    ],
)
def test_what_is_called_frozen_is_kept_frozen(
    product: str, kind: str, stated: AnimalProduct | None, category: ProductCategory, frozen: ProductCategory | None
) -> None:
    """Who states nothing gets the temperature of the name; who states another one is told."""
    usual = kept_as(kind, stated, ON)
    assert kept_as(kind, stated, ON, product) is (frozen or usual)
    assert [column for column, _ in faults(product, kind, stated, category)] == ["category"] * (frozen is not None)
    assert usual_category(kind, product, minced=stated is AnimalProduct.MINCED_MEAT) is (frozen or category)


@pytest.mark.parametrize(
    ("product", "kind", "pack", "cold"),
    [
        ("Salade 4e gamme prête à l'emploi", "vegetable_raw", "", True),
        ("Carottes râpées fraîches, sous vide, à conserver à +4 °C", "vegetable_raw", "", True),
        ("Carottes râpées réfrigérées DLC 6 jours", "vegetable_raw", "", True),
        ("Pommes de terre épluchées", "potato", "sous vide 5 kg", True),
        ("Betteraves cuites", "vegetable_cooked", "sous vide 5 kg", True),
        ("Champignons émincés", "mushroom", "barquette", True),
        ("Salade de fruits", "fruit", "seau de 5 kg", True),
        ("Pâtes fraîches aux œufs", "pasta_rice", "", True),
        ("Compote fraîche", "compote", "", True),
        ("Pâtisserie fraîche, éclair", "bread", "", True),
        ("Sauce au poivre", "condiment", "poche, entre 2 et 6 °C", True),
        ("Soupe de légumes", "stock", "au frais", True),
        ("Salade en sachet lavée", "vegetable_raw", "", True),
        ("Salade verte lavée essorée", "vegetable_raw", "", True),
        ("Julienne de légumes", "vegetable_raw", "", True),
        ("Céleri rémoulade", "vegetable_raw", "", True),
        ("Crudités mélangées", "vegetable_raw", "", True),
        ("Carottes rondelles crues", "vegetable_raw", "", True),
        ("Ananas découpé", "fruit", "", True),
        ("Fruits coupés", "fruit", "", True),
        ("Frites fraîches", "potato", "", True),
        ("Pommes de terre lamelles", "potato", "", True),
        ("Persil haché", "herb_spice", "", True),
        ("Houmous", "pulse", "", True),
        ("Lentilles cuites sous vide", "pulse", "", True),
        ("Mayonnaise fraîche", "condiment", "", True),
        ("Jus de pomme frais", "drink", "", True),
        ("Sandwich jambon", "bread", "", True),
        ("Pommes de terre lavées", "potato", "en sachet de 5 kg", False),
        ("Carottes lavées", "vegetable_raw", "", False),
        ("Lentilles vertes", "pulse", "sous vide 5 kg", False),
        ("Houmous", "pulse", "bocal", False),
        ("Persil haché", "herb_spice", "lyophilisé", False),
        ("Pain pour sandwich", "bread", "", False),
        ("Carottes fraîches", "vegetable_raw", "sac de 10 kg", False),
        ("Pain frais", "bread", "", False),
        ("Tomates pelées", "vegetable_cooked", "boîte 5/1", False),
        ("Salade de fruits au sirop", "fruit", "boîte 5/1", False),
        ("Noix de coco râpée", "nut", "", False),
        ("Vinaigre de cidre 6°", "condiment", "bidon", False),
        ("Jus de pomme pasteurisé", "drink", "brique", False),
        ("Ratatouille", "vegetable_cooked", "stérilisée à 121 °C", False),
        ("Olives", "condiment", "bocal, à conserver à +4 °C après ouverture", False),
        ("Carottes, 10 sacs +2 offerts", "vegetable_raw", "sans DLC", False),
    ],
)
def test_what_is_called_cold_is_kept_cold(product: str, kind: str, pack: str, cold: bool) -> None:
    """Peeled, grated, under vacuum, « +4 °C »: who states nothing gets +4 °C, who states room temperature is told."""
    kept = kept_as(kind, None, ON, f"{product} / {pack}")
    assert (kept is ProductCategory.VERY_PERISHABLE) is cold, kept
    assert [column for column, _ in faults(product, kind, None, AMBIENT, pack=pack)] == ["category"] * cold
    assert faults(product, kind, None, ProductCategory.VERY_PERISHABLE, pack=pack) == []


def test_a_kind_of_ingredient_is_usually_kept_one_way() -> None:
    """The market and the reception read one table."""
    for kind in usual_categories():
        assert kept_as(kind, None, ON) is usual_category(kind, "", minced=False)


def test_every_offer_of_the_seeds_is_what_its_name_says() -> None:
    with (ROOT / "seeds/ingredients/ingredients.csv").open(encoding="utf-8", newline="") as lines:
        kinds = {row["id"]: row["kind"] for row in csv.DictReader(lines)}
    with (ROOT / "seeds/market/offers.csv").open(encoding="utf-8", newline="") as lines:
        offers = list(csv.DictReader(lines))
    found = {
        row["product"]: told
        for row in offers
        if (
            told := faults(
                row["product"], kinds[row["ingredient"]],
                AnimalProduct(row["animal_product"]) if row["animal_product"] else None,
                ProductCategory(row["category"]), pack=row["pack_label"], of=row["ingredient"],
            )
        )
    }  # fmt: skip
    assert len(offers) > 500
    assert found == {}


def test_every_word_is_found_by_itself_and_in_the_plural() -> None:
    for word, says in product_words():
        assert says in said(word, ON)
        assert says in said(f"Des {word}s", ON) or " " in word or "'" in word, word
    assert Says.MINCED not in said("Écharpe, hachoir, farcie", ON)
