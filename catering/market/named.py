"""Whether what a product is to hygiene law agrees with its name: pure, for sheets stated now and offers of before."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple, Protocol

from catering.market.nature import frozen_as, kept_as, usual_product
from catering.rules.cold_words import keeps_cold
from catering.rules.hygiene import AnimalProduct, ProductCategory, animal_rule, categories_of
from catering.rules.label_words import Phrase, phrase
from catering.rules.product_words import Says, said

WHOLE_MEAT = frozenset({AnimalProduct.BUTCHER_MEAT, AnimalProduct.OTHER_MEAT})
MILK = frozenset({AnimalProduct.HEATED_MILK, AnimalProduct.DAIRY})
KEPT_COLD = frozenset(AnimalProduct) - {AnimalProduct.HEATED_MILK, AnimalProduct.SHELL_EGG}
"""Products that keep at room temperature only when something was done to them, which their name says."""
FROZEN = (
    ProductCategory.FROZEN_MINCED_FISH_SURGELE, ProductCategory.FROZEN_OTHER, ProductCategory.ICE_CREAM,
)  # fmt: skip


class Named(Protocol):
    """What a seller states of a product: its name, its pack, and what it is to hygiene law."""

    @property
    def product(self) -> str: ...
    @property
    def pack_label(self) -> str: ...
    @property
    def category(self) -> ProductCategory | None: ...


class NatureFault(NamedTuple):
    """What contradicts the name, by column, and what to do; both in French."""

    column: str
    message: str
    repair: str


def nature_faults(
    named: Named, stated: AnimalProduct | None, ingredient: str, kind: str, on: date
) -> Iterator[NatureFault]:
    """What the name of a product says against what it is stated to be (HYG-03) and how it is kept (HYG-T-*).

    Args:
        named: the product.
        stated: what it is for the sanitary approval; none for what is not of animals.
        ingredient: slug of its ingredient: the words of the catalogue itself are no claim.
        kind: of the ingredient.
        on: day of the law.
    """
    own = phrase(ingredient)
    says = said(named.product, on, own)
    if stated in MILK and Says.RAW in says:
        either = AnimalProduct.RAW_EGG_OR_MILK
        if stated is AnimalProduct.DAIRY:
            treated = AnimalProduct.TREATED_EGG_OR_MILK
            yield _nature("le lait est cru", f"écrire {either}, ou {treated} s'il est assaini ensuite")
        else:
            yield _nature("le lait est cru", f"écrire {either}")
    elif stated in WHOLE_MEAT and Says.MINCED in says:
        made = f"{AnimalProduct.MEAT_PRODUCT} pour une préparation cuite dont le nom le dit"
        yield _nature("la viande est hachée", f"écrire {AnimalProduct.MINCED_MEAT}, ou {made}")
    elif stated is AnimalProduct.MEAT_PRODUCT and Says.MADE not in says:
        yield from _fresh_meat(says, ingredient, kind)
    frozen = frozen_as(f"{named.product} / {named.pack_label}", kind, stated, on)
    if frozen is not None and named.category not in (None, *FROZEN):
        repair = f"écrire {frozen}, ou corriger le nom du produit"
        yield NatureFault("category", "le nom dit que le produit est surgelé ou congelé (HYG-T)", repair)
    elif stated is not None:
        yield from _kept(named, stated, own, kind, on)
    elif named.category is ProductCategory.AMBIENT and keeps_cold(
        f"{named.product} / {named.pack_label}", kind, on, own
    ):
        cold = f"{ProductCategory.VERY_PERISHABLE} ou {ProductCategory.PERISHABLE}"
        repair = f"écrire {cold}, ou dire dans le nom ce qui le garde (conserve, bocal, sec, température ambiante…)"
        yield NatureFault("category", "le nom dit que le produit se garde au froid (HYG-T)", repair)


def _fresh_meat(says: frozenset[Says], ingredient: str, kind: str) -> Iterator[NatureFault]:
    """A meat product is cooked, cured or smoked; what is only minced, raw or fresh is meat."""
    if Says.MINCED in says:
        cooked = "dire dans le nom qu'elle est cuite"
        yield _nature("la viande est hachée", f"écrire {AnimalProduct.MINCED_MEAT}, ou {cooked}")
    elif says & {Says.RAW, Says.FRESH} and (usual := usual_product(ingredient, kind, minced=False)) in WHOLE_MEAT:
        yield _nature("la viande est fraîche", f"écrire {usual}, ou dire dans le nom comment elle est préparée")


def _nature(says: str, repair: str) -> NatureFault:
    return NatureFault("animal_product", f"le nom dit que {says} (HYG-03)", f"{repair}, ou corriger le nom du produit")


def _kept(named: Named, stated: AnimalProduct, own: Phrase, kind: str, on: date) -> Iterator[NatureFault]:
    """A product is the same for the approval and for the thermometer: fresh fish does not keep at room temperature."""
    allowed = categories_of(stated, kind, on)
    # Minced meat that is none for the approval is named by the caller, whatever else is wrong (HYG-03, HYG-T-*).
    if named.category not in (None, ProductCategory.MINCED_MEAT, *allowed):
        repair = f"écrire {' ou '.join(allowed)}, ou vider la cellule"
        yield NatureFault("category", f"ne va pas avec {animal_rule(stated, on).french_name} (HYG-T)", repair)
    elif named.category is ProductCategory.AMBIENT:
        says = said(f"{named.product} / {named.pack_label} / {' '.join(own)}", on)
        if says & {Says.FRESH, Says.COLD} or (stated in KEPT_COLD and Says.KEEPS not in says):
            cold = kept_as(kind, stated, on)
            either = f"écrire {cold}, ou " if cold is not ProductCategory.AMBIENT else ""
            repair = f"{either}dire dans le nom ce qui le garde (conserve, bocal, sec, UHT…)"
            yield NatureFault("category", "rien ne dit qu'il se garde à température ambiante (HYG-T)", repair)
