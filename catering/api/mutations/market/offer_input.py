"""What is asked of offers, line by line, and what came of the lines."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import Enum

import strawberry

from catering.graph.errors import BadArgumentError
from catering.graph.request import Request
from catering.market.keeping import Kept
from catering.market.models import DateKind, Offer, SaleUnit
from catering.market.queries import offer_changes_visible_to
from catering.market.queries import offers as offers_asked
from catering.market.sheet import NO_ALLERGEN
from catering.people.models import ChangeEvent
from catering.rules.allergens import Allergen
from catering.rules.hygiene import AnimalProduct, ProductCategory

MOST_LINES = 500


@strawberry.input(description="A new offer: its product sheet. Countries are ISO 3166 codes of two letters.")
class OfferInput:
    ingredient: strawberry.ID = strawberry.field(description="What it is, as recipes name it.")
    product: str = strawberry.field(description="What is sold, in French.")
    unit: SaleUnit = strawberry.field(default=SaleUnit.KG, description="What is counted in a pack.")
    unit_g: int = strawberry.field(default=1000, description="Grams of one unit: of a piece, a bunch, a litre.")
    pack_g: int = strawberry.field(description="Grams of one pack.")
    pack_label: str = strawberry.field(description="The pack, in words.")
    variable_weight: bool = strawberry.field(default=False, description="Invoiced by the weight delivered.")
    price_eur_per_pack: Decimal = strawberry.field(description="€ excl. tax, before delivery, 4 decimals at most.")
    vat_pct: Decimal = strawberry.field(description="VAT rate, percent; 0 when your regime invoices none.")
    label: strawberry.ID | None = strawberry.field(default=None, description="Sold under this label (code).")
    certificate: strawberry.ID | None = strawberry.field(default=None, description="Proof of the label, yours.")
    origin: str = strawberry.field(description="Where it comes from, in words.")
    origin_country: strawberry.ID | None = strawberry.field(default=None, description="Country of origin.")
    born_in: strawberry.ID | None = strawberry.field(default=None, description="Where the animal was born (beef).")
    reared_in: strawberry.ID | None = strawberry.field(default=None, description="Where it was reared.")
    slaughtered_in: strawberry.ID | None = strawberry.field(default=None, description="Where it was slaughtered.")
    category: ProductCategory | None = strawberry.field(
        default=None, description="For the temperature on arrival; by default that of the ingredient."
    )
    limit_celsius: Decimal | None = strawberry.field(
        default=None, description="« À conserver à … °C au plus » of its label, to a tenth; not laxer than the law."
    )
    animal_product: AnimalProduct | None = strawberry.field(
        default=None, description="For the sanitary approval; by default that of the ingredient."
    )
    date_kind: DateKind | None = strawberry.field(default=None, description="Which date it bears.")
    allergens: list[Allergen] | None = strawberry.field(
        default=None, description="What it contains; an empty list states none, null leaves it to the ingredient."
    )
    traces: list[Allergen] = strawberry.field(default_factory=list, description="What it may contain (ALL-05).")
    valid_from: date | None = strawberry.field(default=None, description="First day of sale.")
    valid_to: date | None = strawberry.field(default=None, description="Last day of sale.")


@strawberry.input(description="What changes of one offer; what is left out stays, null empties what may be empty.")
class OfferChangeInput:
    id: strawberry.ID = strawberry.field(description="Of the offer, yours.")
    product: str | None = strawberry.field(default=strawberry.UNSET, description="What is sold, in French.")
    unit: SaleUnit | None = strawberry.field(default=strawberry.UNSET, description="What is counted in a pack.")
    unit_g: int | None = strawberry.field(default=strawberry.UNSET, description="Grams of one unit.")
    pack_g: int | None = strawberry.field(default=strawberry.UNSET, description="Grams of one pack.")
    pack_label: str | None = strawberry.field(default=strawberry.UNSET, description="The pack, in words.")
    variable_weight: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Invoiced by the weight delivered."
    )
    price_eur_per_pack: Decimal | None = strawberry.field(
        default=strawberry.UNSET, description="€ excl. tax, before delivery, 4 decimals at most."
    )
    vat_pct: Decimal | None = strawberry.field(default=strawberry.UNSET, description="VAT rate, percent.")
    label: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="Label (code); null is none.")
    certificate: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="Proof of the label.")
    origin: str | None = strawberry.field(default=strawberry.UNSET, description="Where it comes from, in words.")
    origin_country: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="Country of origin.")
    born_in: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="Where the animal was born.")
    reared_in: strawberry.ID | None = strawberry.field(default=strawberry.UNSET, description="Where it was reared.")
    slaughtered_in: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Where it was slaughtered."
    )
    category: ProductCategory | None = strawberry.field(
        default=strawberry.UNSET, description="For the temperature on arrival."
    )
    limit_celsius: Decimal | None = strawberry.field(
        default=strawberry.UNSET,
        description="« À conserver à … °C au plus » of its label, to a tenth; not laxer than the law.",
    )
    animal_product: AnimalProduct | None = strawberry.field(
        default=strawberry.UNSET, description="For the sanitary approval."
    )
    date_kind: DateKind | None = strawberry.field(default=strawberry.UNSET, description="Which date it bears.")
    allergens: list[Allergen] | None = strawberry.field(
        default=strawberry.UNSET, description="What it contains; null leaves it to the ingredient."
    )
    traces: list[Allergen] | None = strawberry.field(default=strawberry.UNSET, description="What it may contain.")
    valid_from: date | None = strawberry.field(default=strawberry.UNSET, description="First day of sale.")
    valid_to: date | None = strawberry.field(default=strawberry.UNSET, description="Last day of sale.")


@strawberry.type(description="What came of the lines of a request or a file.")
class OffersKept:
    added: int = strawberry.field(description="New offers.")
    changed: int = strawberry.field(description="Offers that changed; a line that says what stands changes nothing.")
    offers: list[strawberry.ID] = strawberry.field(
        description="Ids of the new and changed offers, in the order of the lines."
    )


def lines_of(given: Sequence[OfferInput] | Sequence[OfferChangeInput]) -> list[dict[str, str]]:
    """Each line as the columns of a sheet and their text, as a file would hold them.

    Raises:
        BadArgumentError: there is no line, or there are too many.
    """
    if not 1 <= len(given) <= MOST_LINES:
        raise BadArgumentError(f"{len(given)} lignes : en donner de 1 à {MOST_LINES}, ou envoyer un fichier.")
    return [
        {name: _text(name, value) for name, value in vars(each).items() if value is not strawberry.UNSET}
        for each in given
    ]


def _text(column: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(_text(column, each) for each in value) or (NO_ALLERGEN if column == "allergens" else "")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value.value if isinstance(value, Enum) else value)


def result_of(kept: Kept) -> str:
    """What is remembered of a write, to answer the same to the same key."""
    first, last = kept.events or (0, 0)
    return f"{kept.added} {kept.changed} {first} {last}"


async def kept_now(request: Request, supplier: str, made: str) -> OffersKept:
    """What came of a write, read back from its trace: a supplier's writes come one by one, each trace in one piece."""
    added, changed, first, last = (int(part) for part in made.split())
    mine = offers_asked(request.viewer, supplier=supplier).with_only_columns(Offer.slug)
    trace = (
        offer_changes_visible_to(request.viewer)
        .where(ChangeEvent.id.between(first, last), ChangeEvent.key.in_(mine))
        .with_only_columns(ChangeEvent.key)
        .order_by(ChangeEvent.id)
    )
    keys = await request.objects(trace) if added or changed else []
    return OffersKept(added=added, changed=changed, offers=[strawberry.ID(key) for key in keys])
