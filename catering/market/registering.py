"""Use cases of suppliers: register, wherever one is (CCP-40), and state the terms on which one delivers."""

import re
from dataclasses import asdict, dataclass
from decimal import Decimal

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.company_numbers import SIREN, elsewhere_number_of, french_vat_number, siret_of, vat_number_of
from catering.market import refusals
from catering.market.countries import countries
from catering.market.models import Offer, Supplier, SupplierKind, VatRegime
from catering.market.offering import slugs_in_use
from catering.market.owning import own_supplier
from catering.market.placing import require_place
from catering.market.queries import offers
from catering.market.sheet_checks import charges_vat
from catering.market.trace import traced
from catering.moment import today
from catering.people.viewer import Role, Viewer
from catering.rules.vat import vat_rates
from catering.spelling import deceit, says_something, slugged, tidy

INSEE = re.compile(r"[0-9][0-9AB][0-9]{3}")
REGISTERS = frozenset({Role.PRODUCER, Role.HUB, Role.DEPARTEMENT})
SUPPLIERS = Supplier.__tablename__
LONGEST_STEM = 40
WEEKDAYS = frozenset(range(7))
MOST = {
    "lead_days": 60,
    "min_drop_eur": 10_000,
    "shared_door_eur": 10_000,
    "max_km": 2_000,
    "delivery_eur_per_kg_base": 50,
    "delivery_eur_per_kg_per_100km": 50,
}
"""Greatest plausible value of each term: a larger number is a mistake of unit."""
DECIMALS = {
    "min_drop_eur": 2,
    "shared_door_eur": 2,
    "delivery_eur_per_kg_base": 4,
    "delivery_eur_per_kg_per_100km": 4,
}
WIDTHS = {"name": 160, "address": 200, "commune": 100, "activity": 300}  # legal-number: widths of database columns
DEGREES = Decimal("0.000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On which days and terms a supplier delivers. Prices in €/kg excl. tax, ``min_drop_eur`` in € excl. tax."""

    delivery_weekdays: frozenset[int]
    lead_days: int
    min_drop_eur: Decimal
    shared_door_eur: Decimal | None
    """Least at one door, € excl. tax, where kitchens near each other reach the minimum together; None: each does."""
    max_km: int | None
    """Farthest kitchen, in road kilometres; None states no limit."""
    delivery_eur_per_kg_base: Decimal
    delivery_eur_per_kg_per_100km: Decimal
    activity: str
    vat_regime: VatRegime


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who a supplier is and where it stands. Coordinates in degrees; no place is refused."""

    name: str
    kind: SupplierKind
    siret: str | None
    vat_number: str | None
    """Beside a SIRET where it is stated; alone for an operator of another country, which has none."""
    address: str
    commune: str
    insee: str
    lat: Decimal
    lon: Decimal


async def register(session: AsyncSession, viewer: Viewer, identity: Identity, terms: Terms) -> Supplier:
    """Register a supplier, wherever it is. Who registered it reads it; selling in its name is a right of the account.

    Raises:
        refusals.Refusal: the viewer may not, a number is false or taken, or something stated cannot be.
    """
    if viewer.role not in REGISTERS:
        raise refusals.MayNotRegister
    number, vat_number = _numbers(identity)
    _check_identity(identity)
    _check_terms(terms)
    # Uniqueness is of all suppliers, those that the viewer may not read among them.
    same = [column == each for column, each in ((Supplier.siret, number), (Supplier.vat_number, vat_number)) if each]
    if await session.scalar(select(Supplier.id).where(or_(*same)).limit(1)) is not None:
        raise refusals.AlreadyRegistered(number or vat_number or "")
    row = Supplier(
        slug=await _new_slug(session, identity.name),
        name=tidy(identity.name),
        kind=identity.kind,
        fictional=False,
        siret=number,
        vat_number=vat_number,
        address=tidy(identity.address),
        commune=tidy(identity.commune),
        insee=identity.insee,
        lat=identity.lat.quantize(DEGREES),
        lon=identity.lon.quantize(DEGREES),
        made_by=viewer.actor,
        made_at=moment.now(),
        **_values(terms),
    )
    session.add(row)
    stated = {"siret": number, "vat_number": vat_number, "name": row.name, "commune": row.commune, **_told(terms)}
    session.add(traced(viewer, SUPPLIERS, row.slug, None, stated))
    await session.flush()
    return row


async def state_terms(session: AsyncSession, viewer: Viewer, supplier: str, terms: Terms) -> Supplier:
    """Change on which days and terms a supplier delivers.

    When it starts or ceases to invoice VAT, its offers take the lowest rate that it may then invoice.

    Raises:
        refusals.Refusal: the supplier is not theirs, or a term cannot be.
    """
    row = await own_supplier(session, viewer, supplier)
    _check_terms(terms)
    before = _told(Terms(**{name: getattr(row, name) for name in Terms.__slots__}))
    if before == _told(terms):
        return row
    if charges_vat(row.vat_regime) != charges_vat(terms.vat_regime):
        await _turn_vat(session, viewer, row, terms.vat_regime)
    for name, value in _values(terms).items():
        setattr(row, name, value)
    session.add(traced(viewer, SUPPLIERS, row.slug, before, _told(terms)))
    await session.flush()
    return row


async def _turn_vat(session: AsyncSession, viewer: Viewer, supplier: Supplier, regime: VatRegime) -> None:
    rate = vat_rates(today(), charges=charges_vat(regime))[0]
    for offer in await session.scalars(offers(viewer, supplier=supplier.slug).order_by(Offer.slug)):
        if offer.vat_pct != rate:
            session.add(
                traced(viewer, Offer.__tablename__, offer.slug, {"vat_pct": str(offer.vat_pct)}, {"vat_pct": str(rate)})
            )
            offer.vat_pct = rate


async def _new_slug(session: AsyncSession, name: str) -> str:
    base = slugged(name)[:LONGEST_STEM].strip("_") or "fournisseur"
    taken = await slugs_in_use(session, Supplier, base)
    return next(
        found for rank in range(len(taken) + 1) if (found := f"{base}_{rank + 1}" if rank else base) not in taken
    )


def _numbers(identity: Identity) -> tuple[str | None, str | None]:
    """The SIRET and the VAT number, without spaces: one of them at least."""
    if identity.siret:
        if (number := siret_of(identity.siret)) is None:
            raise refusals.SiretRefused(identity.siret)
        return number, _beside(number, identity.vat_number)
    if not identity.vat_number:
        raise refusals.InvalidSupplier("Donner le SIRET, ou hors de France le numéro de TVA.")
    number = vat_number_of(identity.vat_number) or elsewhere_number_of(identity.vat_number, countries())
    if number is None:
        raise refusals.InvalidSupplier(
            f"Le numéro de TVA « {identity.vat_number} » est faux : le recopier d'une facture, lettres du pays "
            "comprises (BE0403170701, GB980780684, CHE-107.787.577). Hors d'Europe : les deux lettres du pays, puis le "
            "numéro d'immatriculation (MA001234567000089)."
        )
    return None, number


def _beside(siret: str, written: str | None) -> str | None:
    """The VAT number stated beside a SIRET; none where it is the one that follows from the SIRET, which all
    establishments of a company share."""
    number = vat_number_of(written) if written else None
    if not written or number == french_vat_number(siret):
        return None
    if number is None or (number.startswith("FR") and number[-SIREN:] != siret[:SIREN]):
        raise refusals.InvalidSupplier(
            f"Le numéro de TVA « {written} » n'est pas celui du SIRET {siret} : le recopier d'une facture "
            f"({french_vat_number(siret)} ?), ou laisser vide."
        )
    return number


def _check_identity(identity: Identity) -> None:
    for field in ("name", "address", "commune"):
        _check_text(field, getattr(identity, field))
    if not INSEE.fullmatch(identity.insee):
        raise refusals.InvalidSupplier(
            f"Code INSEE « {identity.insee} » mal formé : cinq caractères, comme 62041 ; hors de France 99 et le code "
            "du pays."
        )
    if not (-90 <= identity.lat <= 90 and -180 <= identity.lon <= 180):
        raise refusals.InvalidSupplier("Coordonnées hors de la Terre : latitude de -90 à 90, longitude de -180 à 180.")
    require_place(identity.commune, identity.insee, identity.lat, identity.lon)


FRENCH = {
    "name": "Le nom",
    "address": "L'adresse",
    "commune": "La commune",
    "activity": "L'activité",
    "lead_days": "Le délai de commande (jours)",
    "min_drop_eur": "Le minimum de livraison (€)",
    "shared_door_eur": "Le minimum à une porte d'une livraison partagée (€)",
    "max_km": "La distance la plus longue (km)",
    "delivery_eur_per_kg_base": "Le prix de livraison (€/kg)",
    "delivery_eur_per_kg_per_100km": "Le prix de livraison par 100 km (€/kg)",
}


def _check_text(field: str, text: str) -> None:
    why = deceit(text)
    if why is None and not tidy(text):
        why = "manque"
    if why is None and not says_something(text):
        why = "ne contient ni lettre ni chiffre"
    if why is None and len(tidy(text)) > WIDTHS[field]:
        why = f"dépasse {WIDTHS[field]} caractères"
    if why is not None:
        raise refusals.InvalidSupplier(f"{FRENCH[field]} {why}. Corriger, en tapant le texte au clavier.")


def _check_terms(terms: Terms) -> None:
    _check_text("activity", terms.activity)
    if not terms.delivery_weekdays or not terms.delivery_weekdays <= WEEKDAYS:
        raise refusals.InvalidSupplier("Dire au moins un jour de livraison, du lundi au dimanche.")
    for field, most in MOST.items():
        value = getattr(terms, field)
        least = 1 if field == "max_km" else 0
        if value is not None and not least <= value <= most:
            raise refusals.InvalidSupplier(f"{FRENCH[field]} vaut {value} : donner de {least} à {most}.")
    if terms.shared_door_eur is not None and terms.shared_door_eur > terms.min_drop_eur:
        raise refusals.InvalidSupplier(
            f"{FRENCH['shared_door_eur']} vaut {terms.shared_door_eur}, plus que celui de la livraison entière "
            f"({terms.min_drop_eur}) : donner moins, ou ne rien donner si chaque cuisine doit atteindre le minimum."
        )
    for field, places in DECIMALS.items():
        value = getattr(terms, field)
        if value is not None and value != value.quantize(Decimal(1).scaleb(-places)):
            raise refusals.InvalidSupplier(f"{FRENCH[field]} a trop de décimales : arrondir à {places}.")


def _values(terms: Terms) -> dict[str, object]:
    return asdict(terms) | {"activity": tidy(terms.activity)}


def _told(terms: Terms) -> dict[str, object]:
    """The terms as plain JSON; equal decimals are written alike."""
    return {
        name: sorted(value)
        if isinstance(value, frozenset)
        else f"{value.normalize():f}"
        if isinstance(value, Decimal)
        else value
        for name, value in _values(terms).items()
    }
