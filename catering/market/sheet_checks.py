"""What must hold in a product sheet and between the sheets of one supplier: pure, one check per kind of fault."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from catering.cells import Fault, near
from catering.figures import number, unit_price
from catering.market.countries import countries
from catering.market.models import VatRegime
from catering.market.models_sheet import DateKind, SaleUnit
from catering.market.named import nature_faults
from catering.market.nature import kept_as, possible_products, usual_product
from catering.market.origin_told import countries_of, named, named_for_meat, stages_of
from catering.market.rules import Proof, label_fault
from catering.market.sheet import CHEAPEST_KG, DEAREST_KG, Line, Sheet
from catering.rules import RuleBook
from catering.rules.allergens import Allergen
from catering.rules.hygiene import AnimalProduct, ProductCategory, bears_use_by
from catering.rules.label_words import claims, phrase
from catering.rules.origin import missing_stages, wording
from catering.rules.product_words import Says, said
from catering.rules.temperatures import temperature
from catering.rules.vat import vat_rates

KILOGRAM = 1000
READ_BY_BUYERS = ("product", "pack_label", "origin")
ITSELF: Mapping[str, Sequence[Allergen]] = {
    **dict.fromkeys(("milk", "cheese", "yoghurt", "cream", "butter"), (Allergen.MILK,)),
    "fish": (Allergen.FISH,),
    "shellfish": (Allergen.CRUSTACEANS, Allergen.MOLLUSCS),
    "egg": (Allergen.EGGS,),
}
"""Kinds of ingredients that are an allergen, any one of those named."""
STAGE_COLUMNS = {"né": "born_in", "élevé": "reared_in", "abattu": "slaughtered_in"}


@dataclass(frozen=True, slots=True)
class Known:
    """What the market needs to know of an ingredient; its room tells it."""

    id: int
    slug: str
    kind: str
    """Word of the ingredients' vocabulary: beef, egg …"""
    minced: bool


@dataclass(frozen=True, slots=True)
class Seller:
    """What the sheets of one supplier are checked against."""

    charges_vat: bool
    certificates: Mapping[str, Proof]
    offers: Mapping[str, Sheet]
    """Its offers by id, as they stand."""
    ingredients: Mapping[str, Known]
    on: date
    book: RuleBook


def charges_vat(regime: VatRegime) -> bool:
    """Whether a supplier under this regime invoices VAT."""
    return regime is VatRegime.STANDARD


def sheet_faults(lines: Sequence[Line], seller: Seller) -> Iterator[Fault]:
    """Every fault of the lines that could be read; a sheet that changes nothing is not judged again."""
    yield from _twice(lines)
    for line in lines:
        if line.sheet is None or seller.offers.get(line.sheet.id) == line.sheet:
            continue
        for check in CHECKS:
            yield from check(line, line.sheet, seller)


def _twice(lines: Sequence[Line]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    alike: dict[Sheet, int] = {}
    for line in lines:
        if line.sheet is not None and line.sheet.id:
            earlier = first.setdefault(line.sheet.id, line.number)
            if earlier != line.number:
                yield line.fault("id", f"déjà écrit ligne {earlier}", "garder une seule des deux lignes")
        elif line.sheet is not None:
            earlier = alike.setdefault(line.sheet, line.number)
            if earlier != line.number:
                yield line.fault("product", f"le même produit que ligne {earlier}", "garder une seule des deux lignes")


def check_id(line: Line, sheet: Sheet, seller: Seller) -> Iterator[Fault]:
    """An id is that of an offer of this supplier."""
    if sheet.id and sheet.id not in seller.offers:
        yield line.fault("id", "aucune de vos offres", "laisser la cellule vide pour une offre nouvelle")


def check_ingredient(line: Line, sheet: Sheet, seller: Seller) -> Iterator[Fault]:
    """The ingredient is one the kitchens know; that of an offer never changes."""
    if sheet.ingredient not in seller.ingredients:
        yield line.fault("ingredient", "ingrédient inconnu", near(sheet.ingredient, list(seller.ingredients)))
    before = seller.offers.get(sheet.id)
    if before is not None and before.ingredient != sheet.ingredient:
        repair = f"écrire {before.ingredient}, ou mettre fin à cette offre et en faire une nouvelle"
        yield line.fault("ingredient", "une offre ne change pas d'ingrédient", repair)


def check_label(line: Line, sheet: Sheet, seller: Seller) -> Iterator[Fault]:
    """A label has a certificate of this supplier that covers the first day of sale."""
    if sheet.label is not None and sheet.label not in seller.book.tables.labels:
        yield line.fault("label", "signe inconnu", near(sheet.label, list(seller.book.tables.labels)))
        return
    if sheet.certificate is not None and sheet.certificate not in seller.certificates:
        yield line.fault("certificate", "aucun de vos certificats", "le déposer d'abord, ou vider la cellule")
        return
    if sheet.label is None and sheet.certificate is not None:
        yield line.fault("certificate", "certificat sans signe", "écrire le signe qu'il prouve, ou vider la cellule")
        return
    proof = None if sheet.certificate is None else seller.certificates[sheet.certificate]
    why = label_fault(sheet.label, proof, max(seller.on, sheet.valid_from or seller.on))
    if why is not None:
        message, _, repair = str(why).partition(". ")
        yield line.fault("label" if proof is None else "certificate", message, repair)


def check_claims(line: Line, sheet: Sheet, seller: Seller) -> Iterator[Fault]:
    """What buyers read claims no sign that is not proven: the label of the offer, or one more that its seller holds."""
    first_day = max(seller.on, sheet.valid_from or seller.on)
    proven = {sheet.label} | {
        proof.label
        for proof in seller.certificates.values()
        if sheet.label and label_fault(proof.label, proof, first_day) is None
    }
    own = phrase(sheet.ingredient)
    for column in READ_BY_BUYERS:
        for word in claims(getattr(sheet, column), first_day, own):
            if proven.isdisjoint(word.signs.split()):
                repair = "joindre le certificat du signe (label, certificate), ou retirer le mot"
                yield line.fault(column, f"« {word.word} » dit un signe sans certificat ({word.rule})", repair)


def check_vat(line: Line, sheet: Sheet, seller: Seller) -> Iterator[Fault]:
    """The VAT rate is one of the law, and zero for who invoices none."""
    rates = vat_rates(seller.on, charges=seller.charges_vat, book=seller.book)
    if sheet.vat_pct not in rates:
        allowed = " ou ".join(f"{rate.normalize():f}" for rate in rates)
        reason = "taux de TVA inconnu" if seller.charges_vat else "votre régime ne facture pas de TVA"
        yield line.fault("vat_pct", reason, f"écrire {allowed}")


def check_origin(line: Line, sheet: Sheet, seller: Seller) -> Iterator[Fault]:
    """The countries that must be told of a meat are told (ORI-01, ORI-02), and nothing else told contradicts them."""
    known = seller.ingredients.get(sheet.ingredient)
    if known is None:
        return
    stages = stages_of(sheet)
    for stage in missing_stages(known.kind, stages, seller.on):
        yield line.fault(
            STAGE_COLUMNS[stage], f"pays où l'animal est {stage} : à dire pour cette viande", "écrire FR, BE …"
        )
    if lived := countries_of(stages):
        yield from _meat_faults(line, sheet, lived)
    elif sheet.origin_country is not None and sheet.origin_country not in (
        named(sheet.origin) or {sheet.origin_country}
    ):
        country = countries()[sheet.origin_country]
        yield line.fault("origin", f"nomme un autre pays que {country}", f"écrire {country}, ou le pays qui convient")


def _meat_faults(line: Line, sheet: Sheet, lived: frozenset[str]) -> Iterator[Fault]:
    """An animal that lived in one country comes from it; one that lived in several comes from none of them alone."""
    if sheet.origin_country is not None and lived != {sheet.origin_country}:
        only = f"écrire {min(lived)}" if len(lived) == 1 else "vider la cellule : il y a plusieurs pays"
        yield line.fault("origin_country", "n'est pas le pays de toute la vie de l'animal (ORI-04)", only)
    if (told := named_for_meat(sheet.origin)) and told != lived:
        words = wording(stages_of(sheet), countries()) or " et ".join(sorted(countries()[each] for each in lived))
        yield line.fault("origin", "ne dit pas les pays de l'animal (ORI-04)", f"écrire « {words} »")


def check_hygiene(line: Line, sheet: Sheet, seller: Seller) -> Iterator[Fault]:
    """What the product is for the sanitary approval agrees with its ingredient and with its name."""
    known = seller.ingredients.get(sheet.ingredient)
    if known is None:
        return
    possible = possible_products(known.slug, known.kind, minced=known.minced)
    if not possible and Says.RAW_FOOD in said(sheet.product, seller.on):
        possible = frozenset({AnimalProduct.RAW_EGG_OR_MILK, AnimalProduct.TREATED_EGG_OR_MILK})
    words = " ou ".join(sorted(possible))
    stated = sheet.animal_product or usual_product(known.slug, known.kind, minced=known.minced)
    if stated is None and possible:
        yield line.fault("animal_product", "à dire pour ce produit", f"écrire {words}")
    elif stated is not None and stated not in possible:
        repair = f"écrire {words}" if words else "vider la cellule : ce n'est pas un produit animal"
        yield line.fault("animal_product", "ne va pas avec l'ingrédient", repair)
    else:
        # One fault says what to do: what is minced by its name is not judged by its temperature as well.
        for fault in islice(nature_faults(sheet, stated, known.slug, known.kind, seller.on), 1):
            yield line.fault(*fault)
    if stated is not AnimalProduct.MINCED_MEAT and sheet.category is ProductCategory.MINCED_MEAT:
        repair = f"écrire animal_product {AnimalProduct.MINCED_MEAT}, ou vider la cellule"
        yield line.fault("category", "viande hachée pour la température, non pour l'agrément", repair)


def check_units(line: Line, sheet: Sheet, _: Seller) -> Iterator[Fault]:
    """A pack holds whole units of the stated weight, unless its weight varies."""
    if sheet.unit is SaleUnit.KG and sheet.unit_g != KILOGRAM:
        yield line.fault("unit_g", "un kilogramme pèse 1000 g", "écrire 1000, ou vider la cellule")
    elif sheet.unit is not SaleUnit.KG and not sheet.variable_weight and sheet.pack_g % sheet.unit_g:
        repair = f"écrire un multiple de {sheet.unit_g}, ou dire le poids variable (variable_weight)"
        yield line.fault("pack_g", "le colis ne contient pas un nombre entier d'unités", repair)


def check_price(line: Line, sheet: Sheet, _: Seller) -> Iterator[Fault]:
    """A kilogram costs what food can cost: a pack of grams at the price of a tonne is a mistake of unit."""
    per_kg = sheet.price_eur_per_pack * KILOGRAM / sheet.pack_g
    if not CHEAPEST_KG <= per_kg <= DEAREST_KG:
        repair = (
            f"vérifier le prix du colis et son poids (pack_g) : de {number(CHEAPEST_KG)} à {number(DEAREST_KG)} €/kg"
        )
        yield line.fault("price_eur_per_pack", f"ce colis coûte {unit_price(round(per_kg, 4))} le kilogramme", repair)


def check_allergens(line: Line, sheet: Sheet, seller: Seller) -> Iterator[Fault]:
    """What is contained is no trace (ALL-05); milk, eggs and fish contain what they are (ALL-01)."""
    known = seller.ingredients.get(sheet.ingredient)
    itself = ITSELF.get(known.kind, ()) if known is not None else ()
    if sheet.allergens is not None and itself and sheet.allergens.isdisjoint(itself):
        one = " ou ".join(each.value for each in itself)
        yield line.fault(
            "allergens", "cet ingrédient est lui-même un allergène (ALL-01)", f"écrire {one} avec le reste"
        )
    if both := sorted((sheet.allergens or frozenset()) & sheet.traces):
        yield line.fault("traces", f"{' '.join(both)} : contenu et en traces à la fois", "ne le laisser qu'une fois")


def check_date_kind(line: Line, sheet: Sheet, seller: Seller) -> Iterator[Fault]:
    """What is cold by law bears a DLC (HYG-DLC)."""
    known = seller.ingredients.get(sheet.ingredient)
    if known is None or sheet.date_kind in (None, DateKind.DLC):
        return
    product = sheet.animal_product or usual_product(known.slug, known.kind, minced=known.minced)
    name = f"{sheet.product} / {sheet.pack_label}"
    if Says.USE_BY in said(name, seller.on):
        yield line.fault("date_kind", "le nom dit une DLC", "écrire dlc, ou corriger le nom du produit")
    elif bears_use_by(sheet.category or kept_as(known.kind, product, seller.on, name), seller.on):
        yield line.fault("date_kind", "un produit froid de cette nature porte une DLC (HYG-DLC)", "écrire dlc")


def check_limit(line: Line, sheet: Sheet, seller: Seller) -> Iterator[Fault]:
    """What a label says of its cold goes with how the product is kept, and is no laxer than the law (HYG-T-*)."""
    known = seller.ingredients.get(sheet.ingredient)
    if known is None or sheet.limit_celsius is None:
        return
    product = sheet.animal_product or usual_product(known.slug, known.kind, minced=known.minced)
    name = f"{sheet.product} / {sheet.pack_label}"
    kept = temperature(sheet.category or kept_as(known.kind, product, seller.on, name), seller.on)
    called = f"« {kept.french_name} »"
    if kept.bound in ("none", "at_least"):
        repair = "vider la cellule, ou dire la conservation qui convient (category)"
        yield line.fault("limit_celsius", f"{called} n'a pas de froid à tenir ({kept.id})", repair)
    elif kept.limit(sheet.limit_celsius) != sheet.limit_celsius:
        repair = f"écrire {kept.celsius} ou moins, ou vider la cellule : la limite de la loi vaut alors"
        yield line.fault("limit_celsius", f"plus que la loi pour {called} ({kept.id})", repair)


def check_dates(line: Line, sheet: Sheet, _: Seller) -> Iterator[Fault]:
    """A sale ends after it starts."""
    if sheet.valid_from is not None and sheet.valid_to is not None and sheet.valid_to < sheet.valid_from:
        yield line.fault("valid_to", f"la fin précède le début ({sheet.valid_from})", "corriger l'une des deux dates")


CHECKS = (
    check_id,
    check_ingredient,
    check_label,
    check_claims,
    check_vat,
    check_origin,
    check_hygiene,
    check_date_kind,
    check_limit,
    check_units,
    check_price,
    check_allergens,
    check_dates,
)
