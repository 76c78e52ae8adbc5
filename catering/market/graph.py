"""Suppliers, certificates and offers, as GraphQL shows them."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, TypeAlias

import strawberry

from catering.documents.graph import Document, show_document
from catering.graph.arguments import Slug, SomeMonday, a_monday
from catering.graph.documented import documented
from catering.graph.pages_by_parent import PageKey
from catering.graph.paging import DEFAULT_ROWS, After, First, Order, Page
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.graph.values import BigInt, Weekday
from catering.market import models
from catering.market.countries import countries
from catering.market.graph_terms import (
    HygienePermit,
    MonthlyAvailability,
    SupplierPause,
    document_of,
    show_pause,
    show_permit,
)
from catering.market.loaders import (
    GRAMS_PER_KG,
    AvailabilityByOfferId,
    CapacitiesByOfferId,
    CertificateById,
    CertificatesBySupplierId,
    MarketDocumentById,
    OfferPageByWish,
    OffersWanted,
    PausesBySupplierId,
    PermitsBySupplierId,
    PhotosByOfferId,
    SupplierById,
)
from catering.market.models import DateKind, SaleUnit, SupplierKind, VatRegime
from catering.market.queries import SUPPLIER_KEY, offers, suppliers
from catering.rules import law
from catering.rules.hygiene import AnimalProduct, ProductCategory
from catering.rules.origin import Stages, wording

SUPPLIERS = Order(SUPPLIER_KEY)
PRICE_STEP = Decimal("0.0001")

strawberry.enum(SupplierKind, description="How a supplier sells.")
strawberry.enum(VatRegime, description="Whether a supplier invoices VAT.")
strawberry.enum(SaleUnit, description="What is counted in a pack.")
strawberry.enum(DateKind, description="Which date a product bears.")
strawberry.enum(ProductCategory, description="What a product is for its temperature on arrival.")
strawberry.enum(AnimalProduct, description="What a product of animals is for the sanitary approval.")

LabelCode: TypeAlias = Annotated[
    str | None, strawberry.argument(description="Only under this label (code, e.g. `BIO`).")
]


@strawberry.type(description="A sign, mention or claim under which food is sold.")
class Label:
    code: strawberry.ID = strawberry.field(description="Code of the law tables, e.g. `BIO`.")

    @documented
    def name(self) -> str:
        """French name; the code when the law tables do not know it."""
        rows = law().tables.labels.get(str(self.code))
        return rows[-1].french_name if rows else str(self.code)


@strawberry.type(description="Proof that a supplier may use a label, between two dates.")
class Certificate:
    row: strawberry.Private[models.Certificate]
    id: strawberry.ID = strawberry.field(description="Stable name.")
    certifier: str = strawberry.field(description="Who certifies.")
    number: str = strawberry.field(description="Number of the certificate.")
    valid_from: date = strawberry.field(description="First day, included.")
    valid_to: date = strawberry.field(description="Last day, included; the day before it was withdrawn, when it was.")
    conversion_since: date | None = strawberry.field(
        description="When the conversion of the holding began; null counts from the first day."
    )
    agricultural_ingredients: int | None = strawberry.field(
        description="Agricultural ingredients of each product in conversion; null is one for what is raw."
    )
    equivalent_to: strawberry.ID | None = strawberry.field(
        description="Code of the sign whose equivalence its document proves; null for any other label."
    )
    withdrawn_from: date | None = strawberry.field(
        description="First day on which it proves nothing any more, though it was made for longer; null when it stands."
    )
    withdrawn_reason: str | None = strawberry.field(description="Why it was withdrawn, in French.")

    @documented
    def label(self) -> Label:
        """What it certifies."""
        return Label(code=strawberry.ID(self.row.label))

    @documented
    async def document(self, info: Ask) -> Document | None:
        """The certificate itself, when it was sent."""
        return await document_of(info, self.row.document_id)


@strawberry.type(description="What an offer can deliver per week between two dates, to all kitchens together.")
class Capacity:
    valid_from: date = strawberry.field(description="First day, included.")
    valid_to: date = strawberry.field(description="Last day, included.")
    grams_per_week: BigInt | None = strawberry.field(description="Null is unlimited.")


@strawberry.type(description="Somebody who delivers food to kitchens.")
class Supplier:
    row: strawberry.Private[models.Supplier]
    id: strawberry.ID = strawberry.field(description="Stable name.")
    name: str = strawberry.field(description="As people know it.")
    kind: SupplierKind = strawberry.field(description="How it sells.")
    fictional: bool = strawberry.field(description="A demonstration supplier, with no SIRET.")
    commune: str = strawberry.field(description="Where it is.")
    insee: str = strawberry.field(description="INSEE code of the commune.")
    lat: Decimal = strawberry.field(description="Degrees north.")
    lon: Decimal = strawberry.field(description="Degrees east.")
    lead_days: int = strawberry.field(description="Days between order and delivery.")
    min_drop_eur: Decimal = strawberry.field(description="Least amount of one delivery, € excl. tax.")
    shared_door_eur: Decimal | None = strawberry.field(
        description="Least amount at one door where kitchens near each other reach `minDropEur` together; null: each "
        "reaches it alone."
    )
    max_km: int | None = strawberry.field(description="Farthest kitchen delivered, road km; null states no limit.")
    delivery_eur_per_kg_base: Decimal = strawberry.field(description="Delivery price at the door, €/kg.")
    delivery_eur_per_kg_per_100km: Decimal = strawberry.field(description="Delivery price per 100 km more, €/kg.")
    activity: str = strawberry.field(description="What it does, in French.")
    siret: str | None = strawberry.field(description="14 digits; null for a demonstration supplier or a foreign one.")
    vat_number: str | None = strawberry.field(
        description="As stated; of an operator of another country that has no SIRET, always."
    )
    address: str | None = strawberry.field(description="Street; null when unknown.")
    vat_regime: VatRegime = strawberry.field(description="Whether it invoices VAT.")

    @documented
    def delivery_weekdays(self) -> list[Weekday]:
        """Days on which it delivers, Monday first."""
        return [Weekday(day) for day in sorted(self.row.delivery_weekdays)]

    @documented
    async def certificates(self, info: Ask) -> list[Certificate]:
        """Its certificates, in order of id (a handful)."""
        rows = await info.context.loader(CertificatesBySupplierId).load(self.row.id)
        return [show_certificate(row) for row in rows]

    @documented
    async def permits(self, info: Ask) -> list[HygienePermit]:
        """Its sanitary approval, dérogation and packing centre, the oldest first (a handful)."""
        return [show_permit(row) for row in await info.context.loader(PermitsBySupplierId).load(self.row.id)]

    @documented
    async def pauses(self, info: Ask) -> list[SupplierPause]:
        """Days on which it delivers nothing, in order of date (a handful)."""
        return [show_pause(row) for row in await info.context.loader(PausesBySupplierId).load(self.row.id)]

    @documented
    async def offers(
        self,
        info: Ask,
        label: LabelCode = None,
        week: SomeMonday = None,
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page["Offer"]:
        """What it sells, in order of id; with `week`, what may be bought then, its label still valid."""
        wish = OffersWanted(supplier=self.row.slug, label=label, week=week and a_monday(week))
        found = await info.context.loader(OfferPageByWish).load(PageKey(wish, first, after))
        return found.shown(show_offer)


@strawberry.type(description="A product in its pack, at a price excl. tax.")
class Offer:
    row: strawberry.Private[models.Offer]
    id: strawberry.ID = strawberry.field(description="Stable name.")
    product: str = strawberry.field(description="What is sold, in French.")
    pack_g: int = strawberry.field(description="Grams of one pack.")
    pack_label: str = strawberry.field(description="The pack, in words.")
    price_eur_per_pack: Decimal = strawberry.field(description="€ excl. tax, before delivery.")
    origin: str = strawberry.field(description="Where it comes from.")
    vat_pct: Decimal = strawberry.field(description="VAT rate, percent.")
    unit: SaleUnit = strawberry.field(description="What is counted in a pack.")
    unit_g: int = strawberry.field(description="Grams of one unit: of a piece, a bunch, a litre.")
    variable_weight: bool = strawberry.field(
        description="Invoiced by the weight delivered: `packG` is what a pack weighs on average."
    )
    origin_country: strawberry.ID | None = strawberry.field(
        description="ISO 3166, two letters; null when unknown or several."
    )
    born_in: strawberry.ID | None = strawberry.field(description="Country where the animal was born.")
    reared_in: strawberry.ID | None = strawberry.field(description="Country where it was reared.")
    slaughtered_in: strawberry.ID | None = strawberry.field(description="Country where it was slaughtered.")
    category: ProductCategory | None = strawberry.field(description="For the temperature on arrival; null is unknown.")
    limit_celsius: Decimal | None = strawberry.field(
        description="« À conserver à … °C au plus » of its label; null when it tells none: the law's stands."
    )
    animal_product: AnimalProduct | None = strawberry.field(
        description="For the sanitary approval; null for what is not of animals."
    )
    date_kind: DateKind | None = strawberry.field(description="Which date it bears; null is unknown.")
    valid_from: date | None = strawberry.field(description="First day of sale; null has none.")
    valid_to: date | None = strawberry.field(description="Last day of sale; null has none.")

    @documented
    def price_eur_per_kg(self) -> Decimal:
        """€/kg excl. tax, before delivery, rounded half-up to four decimals."""
        per_kg = self.row.price_eur_per_pack * GRAMS_PER_KG / self.row.pack_g
        return per_kg.quantize(PRICE_STEP, ROUND_HALF_UP)

    @documented
    def label(self) -> Label | None:
        """Sold under this label while its certificate is valid; null for none."""
        return None if self.row.label is None else Label(code=strawberry.ID(self.row.label))

    @documented
    async def certificate(self, info: Ask) -> Certificate | None:
        """The proof of its label; null without label."""
        if self.row.certificate_id is None:
            return None
        row = await info.context.loader(CertificateById).load(self.row.certificate_id)
        return None if row is None else show_certificate(row)

    @documented
    async def supplier(self, info: Ask) -> Supplier | None:
        """Who sells it; null when you may not read them."""
        row = await info.context.loader(SupplierById).load(self.row.supplier_id)
        return None if row is None else show_supplier(row)

    @documented
    def meat_origin(self) -> str | None:
        """Words for a menu or an invoice (ORI-04), e.g. `origine : France`; null when a stage is not told."""
        told = Stages(self.row.born_in, self.row.reared_in, self.row.slaughtered_in)
        return wording(told, countries())

    @documented
    async def photos(self, info: Ask) -> list[Document]:
        """Photographs of the product, in the order of its sheet (six at most)."""
        shown_first = await info.context.loader(PhotosByOfferId).load(self.row.id)
        rows = await info.context.loader(MarketDocumentById).load_many([row.document_id for row in shown_first])
        return [show_document(row) for row in rows if row is not None]

    @documented
    async def allergen_document(self, info: Ask) -> Document | None:
        """The sheet that its allergens come from."""
        return await document_of(info, self.row.allergen_document_id)

    @documented
    async def availability(self, info: Ask) -> list[MonthlyAvailability]:
        """What it can deliver in each week of a month, year after year: the template that fills its capacities."""
        rows = await info.context.loader(AvailabilityByOfferId).load(self.row.id)
        return [shown(MonthlyAvailability, row) for row in rows]

    @documented
    async def capacities(self, info: Ask) -> list[Capacity]:
        """When and how much it can deliver, in order of date; outside these dates it is not sold."""
        rows = await info.context.loader(CapacitiesByOfferId).load(self.row.id)
        return [shown(Capacity, row) for row in rows]


def show_certificate(row: models.Certificate) -> Certificate:
    """A certificate as GraphQL shows it."""
    return shown(Certificate, row, row=row, id=row.slug)


def show_supplier(row: models.Supplier) -> Supplier:
    """A supplier as GraphQL shows it."""
    return shown(Supplier, row, row=row, id=row.slug)


def show_offer(row: models.Offer) -> Offer:
    """An offer as GraphQL shows it."""
    return shown(Offer, row, row=row, id=row.slug)


@strawberry.type
class Query:
    @documented
    async def supplier(self, info: Ask, slug: Slug) -> Supplier | None:
        """The supplier of this id; null when there is none or you may not read it."""
        row = await info.context.one(suppliers(info.context.viewer, slugs=[slug]))
        return None if row is None else show_supplier(row)

    @documented
    async def offer(self, info: Ask, slug: Slug) -> Offer | None:
        """The offer of this id; null when there is none or you may not read it."""
        row = await info.context.one(offers(info.context.viewer, slugs=[slug]))
        return None if row is None else show_offer(row)
