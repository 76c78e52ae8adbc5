"""What is asked of a supplier that registers or changes its terms."""

from decimal import Decimal

import strawberry

from catering.graph.values import Weekday
from catering.market.models import SupplierKind, VatRegime
from catering.market.registering import Identity, Terms


@strawberry.input(description="On which days and terms a supplier delivers.")
class SupplierTermsInput:
    delivery_weekdays: list[Weekday] = strawberry.field(description="At least one.")
    lead_days: int = strawberry.field(description="Days between order and delivery, 0 to 60.")
    min_drop_eur: Decimal = strawberry.field(description="Least amount of one delivery, € excl. tax.")
    shared_door_eur: Decimal | None = strawberry.field(
        default=None,
        description="Least amount at one door, € excl. tax, where kitchens near each other may reach `minDropEur` "
        "together; null: each reaches it alone.",
    )
    max_km: int | None = strawberry.field(default=None, description="Farthest kitchen, road km; null states no limit.")
    delivery_eur_per_kg_base: Decimal = strawberry.field(description="Delivery price at the door, €/kg excl. tax.")
    delivery_eur_per_kg_per_100km: Decimal = strawberry.field(description="Delivery price per 100 km more, €/kg.")
    activity: str = strawberry.field(description="What it does, in French.")
    vat_regime: VatRegime = strawberry.field(description="Whether it invoices VAT.")


@strawberry.input(description="Who a supplier is and where it stands; no place is refused (CCP-40).")
class SupplierIdentityInput:
    name: str = strawberry.field(description="As people know it.")
    kind: SupplierKind = strawberry.field(description="How it sells.")
    siret: str | None = strawberry.field(default=None, description="14 digits; needed unless `vatNumber` is given.")
    vat_number: str | None = strawberry.field(
        default=None,
        description="Of an operator of another country, which has no SIRET; beside a SIRET it may be left out, that "
        "of France is computed. Its key is checked for the Union, "
        "Great Britain (GB), Switzerland and Liechtenstein (CHE), Norway (NO), Iceland (IS); from elsewhere the two "
        "letters of the country, then its number of registration, unchecked.",
    )
    address: str = strawberry.field(description="Street and number.")
    commune: str = strawberry.field(description="Name of the commune.")
    insee: str = strawberry.field(description="Its INSEE code; outside France 99 and the code of the country.")
    lat: Decimal = strawberry.field(description="Degrees north.")
    lon: Decimal = strawberry.field(description="Degrees east.")


def terms_of(given: SupplierTermsInput) -> Terms:
    """The terms, as the market reads them."""
    plain = {name: getattr(given, name) for name in Terms.__slots__ if name != "delivery_weekdays"}
    return Terms(delivery_weekdays=frozenset(day.value for day in given.delivery_weekdays), **plain)


def identity_of(given: SupplierIdentityInput) -> Identity:
    """The identity, as the market reads it."""
    return Identity(**{name: getattr(given, name) for name in Identity.__slots__})
