"""Tables of the suppliers and of what they offer.

An offer names its ingredient by ``ingredient_id`` only: the market and the recipes are rooms beside each other, and
whoever needs both (seeding, planning, the API) loads the ingredients by their ids.
"""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catering.columns import WEEKDAYS, one_of
from catering.db import Amount, Base, Celsius, Instant, Quantity, UnitPrice
from catering.market.models_hygiene import HygienePermit as HygienePermit
from catering.market.models_hygiene import PermitKind as PermitKind
from catering.market.models_prices import PriceList as PriceList
from catering.market.models_prices import PriceListKitchen as PriceListKitchen
from catering.market.models_prices import PriceListLine as PriceListLine
from catering.market.models_sheet import DateKind as DateKind
from catering.market.models_sheet import OfferAllergen as OfferAllergen
from catering.market.models_sheet import OfferPhoto as OfferPhoto
from catering.market.models_sheet import SaleUnit as SaleUnit
from catering.market.models_stock import OfferWeek as OfferWeek
from catering.market.models_times import StandingAvailability as StandingAvailability
from catering.market.models_times import SupplierPause as SupplierPause
from catering.rules.hygiene import AnimalProduct, ProductCategory

GRAMS_PER_KG = 1000


class SupplierKind(StrEnum):
    """How a supplier sells."""

    PRODUCER = "producer"
    """Farm, fishery or workshop that sells what it makes."""
    WHOLESALER = "wholesaler"
    HUB = "hub"
    """Platform that groups the products of several farms."""


class VatRegime(StrEnum):
    """Whether a supplier invoices VAT."""

    STANDARD = "standard"
    FRANCHISE = "franchise"
    """Small business that invoices no VAT."""
    FLAT_RATE = "flat_rate"
    """Farmer who invoices no VAT and is refunded a flat rate by the State."""


class Supplier(Base):
    """Somebody who delivers food to kitchens."""

    __tablename__ = "suppliers"
    __table_args__ = (
        CheckConstraint("length(insee) = 5", name="insee_length"),
        CheckConstraint("delivery_weekdays BETWEEN 1 AND 127", name="weekdays"),
        CheckConstraint("lead_days >= 0", name="lead"),
        CheckConstraint("min_drop_eur >= 0", name="min_drop"),
        CheckConstraint("shared_door_eur >= 0 AND shared_door_eur <= min_drop_eur", name="shared_door"),
        CheckConstraint("max_km > 0", name="max_km"),
        CheckConstraint("delivery_eur_per_kg_base >= 0", name="delivery_base"),
        CheckConstraint("delivery_eur_per_kg_per_100km >= 0", name="delivery_distance"),
        CheckConstraint("siret IS NULL OR length(siret) = 14", name="siret_length"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[SupplierKind] = mapped_column(one_of(SupplierKind))
    fictional: Mapped[bool]
    """A demonstration supplier, with no SIRET."""
    commune: Mapped[str] = mapped_column(String(100))
    insee: Mapped[str] = mapped_column(String(5))
    lat: Mapped[Quantity]
    lon: Mapped[Quantity]
    delivery_weekdays: Mapped[frozenset[int]] = mapped_column(WEEKDAYS)
    lead_days: Mapped[int]
    min_drop_eur: Mapped[Amount]
    """Least amount excl. tax of one delivery."""
    shared_door_eur: Mapped[Amount | None]
    """Least amount left at one door when kitchens near each other reach the minimum together; none if they may not."""
    max_km: Mapped[int | None]
    """Farthest kitchen delivered, in road kilometres; unknown means no limit is stated."""
    delivery_eur_per_kg_base: Mapped[UnitPrice]
    delivery_eur_per_kg_per_100km: Mapped[UnitPrice]
    activity: Mapped[str] = mapped_column(String(300))
    siret: Mapped[str | None] = mapped_column(String(14), unique=True)
    """Of its place of business; none for a demonstration supplier or an operator of another country."""
    vat_number: Mapped[str | None] = mapped_column(String(24), unique=True)
    """Names an operator that has no SIRET, in the European Union."""
    address: Mapped[str | None] = mapped_column(String(200))
    vat_regime: Mapped[VatRegime] = mapped_column(
        one_of(VatRegime), default=VatRegime.STANDARD, server_default=VatRegime.STANDARD.value
    )
    made_by: Mapped[str | None] = mapped_column(String(120))
    """Who registered it; none for reference data."""
    made_at: Mapped[Instant | None]

    certificates: Mapped[list["Certificate"]] = relationship(
        lazy="raise", order_by="Certificate.slug", back_populates="supplier", passive_deletes=True
    )
    offers: Mapped[list["Offer"]] = relationship(
        lazy="raise", order_by="Offer.slug", back_populates="supplier", passive_deletes=True
    )
    pauses: Mapped[list[SupplierPause]] = relationship(
        lazy="raise", order_by=SupplierPause.first_day, passive_deletes=True
    )


class Certificate(Base):
    """Proof that a supplier may use a label, between two dates."""

    __tablename__ = "certificates"
    __table_args__ = (
        # One that is withdrawn from its first day on has no last day: it never proved anything.
        CheckConstraint("valid_from <= valid_to OR withdrawn_from IS NOT NULL", name="order"),
        CheckConstraint(
            "(withdrawn_from IS NULL) = (withdrawn_reason IS NULL) AND withdrawn_from >= valid_from "
            "AND valid_to < withdrawn_from",
            name="withdrawn",
        ),
        CheckConstraint("agricultural_ingredients > 0", name="agricultural_ingredients"),
        # Target of the foreign key by which an offer can only use a certificate of its own supplier.
        UniqueConstraint("id", "supplier_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id", ondelete="CASCADE"), index=True)
    label: Mapped[str] = mapped_column(String(40))
    """Code of ``catering/rules/egalim/labels.csv``."""
    certifier: Mapped[str] = mapped_column(String(120))
    number: Mapped[str] = mapped_column(String(80))
    valid_from: Mapped[date]
    valid_to: Mapped[date]
    """Last day on which it proves something; the day before it was withdrawn, when it was: its trace tells both."""
    conversion_since: Mapped[date | None]
    """When the conversion of the holding began; not told, it is counted from ``valid_from`` (EGA-11)."""
    agricultural_ingredients: Mapped[int | None]
    """Of each product it covers; not told, one for what is raw by its kind."""
    equivalent_to: Mapped[str | None] = mapped_column(String(40))
    """Code of the sign whose equivalence its document proves (EGA-16)."""
    withdrawn_from: Mapped[date | None]
    withdrawn_reason: Mapped[str | None] = mapped_column(String(200))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"), index=True)
    made_by: Mapped[str | None] = mapped_column(String(120))
    """Who entered it; none for reference data."""

    supplier: Mapped[Supplier] = relationship(lazy="raise", back_populates="certificates")


class Offer(Base):
    """A product in its pack, at a price excl. tax."""

    __tablename__ = "offers"
    __table_args__ = (
        CheckConstraint("pack_g > 0", name="pack"),
        CheckConstraint("price_eur_per_pack > 0", name="price"),
        CheckConstraint("vat_pct >= 0", name="vat"),
        CheckConstraint("unit_g > 0", name="unit"),
        CheckConstraint("valid_from <= valid_to", name="order"),
        CheckConstraint("(label IS NULL) = (certificate_id IS NULL)", name="label_has_certificate"),
        ForeignKeyConstraint(
            ["certificate_id", "supplier_id"],
            ["certificates.id", "certificates.supplier_id"],
            name="fk_offers_own_certificate",
            # A load moves certificates and offers in one transaction, in an order of its own.
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredients.id"), index=True)
    product: Mapped[str] = mapped_column(String(200))
    pack_g: Mapped[int]
    pack_label: Mapped[str] = mapped_column(String(120))
    price_eur_per_pack: Mapped[UnitPrice]
    label: Mapped[str | None] = mapped_column(String(40), index=True)
    certificate_id: Mapped[int | None]
    origin: Mapped[str] = mapped_column(String(120))
    vat_pct: Mapped[Quantity]
    unit: Mapped[SaleUnit] = mapped_column(one_of(SaleUnit), default=SaleUnit.KG, server_default=SaleUnit.KG.value)
    unit_g: Mapped[int] = mapped_column(default=GRAMS_PER_KG, server_default=str(GRAMS_PER_KG))
    """Grams of one unit: of a piece, a bunch, a litre."""
    variable_weight: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Invoiced by the weight delivered: ``pack_g`` is then what a pack weighs on average."""
    origin_country: Mapped[str | None] = mapped_column(String(2))
    """ISO 3166, two letters; unknown or several countries when empty."""
    born_in: Mapped[str | None] = mapped_column(String(2))
    reared_in: Mapped[str | None] = mapped_column(String(2))
    slaughtered_in: Mapped[str | None] = mapped_column(String(2))
    category: Mapped[ProductCategory | None] = mapped_column(one_of(ProductCategory))
    """For the temperature on arrival."""
    limit_celsius: Mapped[Celsius | None]
    """« À conserver à … °C au plus » of its label; none when it tells none: the law's stands, where it has one."""
    animal_product: Mapped[AnimalProduct | None] = mapped_column(one_of(AnimalProduct))
    """For the sanitary approval; none for what is not of animals."""
    date_kind: Mapped[DateKind | None] = mapped_column(one_of(DateKind))
    allergens_on: Mapped[date | None]
    """When the supplier stated the allergens of this product; until then those of the ingredient stand."""
    allergen_document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"), index=True)
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    """Last day on which it may be ordered; an offer that ended stays readable."""
    search: Mapped[str] = mapped_column(String(400), default="", server_default=text("''"))
    """The product's words without accents or capitals."""
    made_by: Mapped[str | None] = mapped_column(String(120))
    """Who entered it; none for reference data."""

    supplier: Mapped[Supplier] = relationship(lazy="raise", back_populates="offers")
    certificate: Mapped[Certificate | None] = relationship(
        lazy="raise",
        primaryjoin=lambda: Offer.certificate_id == Certificate.id,
        foreign_keys=lambda: [Offer.certificate_id],
    )
    capacities: Mapped[list["Capacity"]] = relationship(
        lazy="raise", order_by="Capacity.valid_from", passive_deletes=True
    )
    allergens: Mapped[list[OfferAllergen]] = relationship(
        lazy="raise", order_by=OfferAllergen.allergen, cascade="all, delete-orphan", passive_deletes=True
    )


class Capacity(Base):
    """What an offer can deliver per week between two dates, to all kitchens together."""

    __tablename__ = "capacities"
    __table_args__ = (
        CheckConstraint("valid_from <= valid_to", name="order"),
        CheckConstraint("grams_per_week > 0", name="grams"),
    )

    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id", ondelete="CASCADE"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    valid_to: Mapped[date]
    grams_per_week: Mapped[int | None]
    """No value means unlimited."""
