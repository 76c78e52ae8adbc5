"""Use cases of price lists: prices of a supplier for a group of kitchens or a contract."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.figures import number, unit_price
from catering.market import refusals
from catering.market.delivered import eur_per_kg
from catering.market.models import Offer, PriceList, PriceListKitchen, PriceListLine
from catering.market.owning import own_offers, own_supplier
from catering.market.queries import price_list_lines_visible_to, price_lists
from catering.market.sheet import CHEAPEST_KG, DEAREST_KG, DEAREST_PACK
from catering.market.trace import traced
from catering.people.viewer import Viewer
from catering.spelling import tidy, unfit

LISTS = PriceList.__tablename__
PRICE_STEP = Decimal("0.0001")
WIDTHS = {"name": 160, "contract": 80}  # legal-number: widths of database columns


@dataclass(frozen=True, slots=True)
class PriceListWish:
    """A price list as its supplier states it. ``kitchens`` are those that pay its prices, by UAI."""

    name: str
    contract: str | None
    valid_from: date
    valid_to: date | None
    kitchens: frozenset[str]


@dataclass(frozen=True, slots=True)
class Price:
    """€ excl. tax of a pack of an offer (slug), from a day on."""

    offer: str
    price_eur_per_pack: Decimal
    since: date


async def open_price_list(
    session: AsyncSession, viewer: Viewer, supplier: str, wish: PriceListWish, prices: Sequence[Price]
) -> PriceList:
    """Open a price list with its first prices.

    Raises:
        refusals.Refusal: the supplier or an offer is not theirs, or the list cannot be.
    """
    owner = await own_supplier(session, viewer, supplier)
    _check_list(wish)
    offers = await _priced(session, viewer, owner.id, prices)
    _check_prices(prices, offers, wish.valid_from, wish.valid_to)
    before = (await session.scalars(price_lists(viewer, supplier=supplier))).all()
    row = PriceList(
        slug=f"{owner.slug[:60]}__tarif_{len(before) + 1}",
        supplier_id=owner.id,
        name=tidy(wish.name),
        contract=None if wish.contract is None else tidy(wish.contract),
        valid_from=wish.valid_from,
        valid_to=wish.valid_to,
        made_by=viewer.actor,
        made_at=moment.now(),
    )
    session.add(row)
    await session.flush()
    session.add_all(PriceListKitchen(price_list_id=row.id, uai=each) for each in sorted(wish.kitchens))
    session.add_all(_line(row, offers, price) for price in prices)
    stated = {"name": row.name, "contract": row.contract, "kitchens": sorted(wish.kitchens), "prices": _told(prices)}
    session.add(traced(viewer, LISTS, row.slug, None, stated))
    await session.flush()
    return row


async def add_prices(session: AsyncSession, viewer: Viewer, slug: str, prices: Sequence[Price]) -> PriceList:
    """Add dated prices to a list: from its day on, a price replaces the one before; earlier days keep theirs.

    Raises:
        refusals.Refusal: the list or an offer is not theirs, or a price or a day cannot be.
    """
    row = await _own_list(session, viewer, slug)
    offers = await _priced(session, viewer, row.supplier_id, prices)
    _check_prices(prices, offers, row.valid_from, row.valid_to)
    lines = price_list_lines_visible_to(viewer).where(PriceListLine.price_list_id == row.id)
    there = {(line.offer_id, line.valid_from): line for line in await session.scalars(lines)}
    for price in prices:
        line = there.get((offers[price.offer].id, price.since))
        if line is None:
            session.add(_line(row, offers, price))
        elif line.price_eur_per_pack != price.price_eur_per_pack:
            raise refusals.InvalidPriceList(
                f"Un prix de {price.offer} part déjà du {price.since:%d/%m/%Y} : choisir un autre jour."
            )
    session.add(traced(viewer, LISTS, row.slug, {"prices": None}, {"prices": _told(prices)}))
    await session.flush()
    return row


async def end_price_list(session: AsyncSession, viewer: Viewer, slug: str, last_day: date) -> PriceList:
    """Say on which day a list ends; the prices before that day stay.

    Raises:
        refusals.Refusal: the list is not theirs, or the day lies before its start.
    """
    row = await _own_list(session, viewer, slug)
    if last_day < row.valid_from:
        raise refusals.InvalidPriceList(
            f"Le tarif commence le {row.valid_from:%d/%m/%Y} : choisir un jour qui n'est pas avant."
        )
    before = {"valid_to": None if row.valid_to is None else row.valid_to.isoformat()}
    if row.valid_to != last_day:
        row.valid_to = last_day
        session.add(traced(viewer, LISTS, row.slug, before, {"valid_to": last_day.isoformat()}))
        await session.flush()
    return row


async def _own_list(session: AsyncSession, viewer: Viewer, slug: str) -> PriceList:
    if not viewer.sells:
        raise refusals.NotAllowed
    row: PriceList | None = await session.scalar(price_lists(viewer, slugs=[slug]).with_for_update())
    if row is None:
        raise refusals.InvalidPriceList(f"Aucun tarif « {slug} » n'est à vous. Vérifier l'identifiant.")
    return row


async def _priced(
    session: AsyncSession, viewer: Viewer, supplier_id: int, prices: Sequence[Price]
) -> Mapping[str, Offer]:
    """The offers named, by slug; all of one supplier."""
    found = {offer.slug: offer for offer in await own_offers(session, viewer, {price.offer for price in prices})}
    if foreign := sorted(slug for slug, offer in found.items() if offer.supplier_id != supplier_id):
        raise refusals.UnknownOffer(foreign)
    return found


def _check_list(wish: PriceListWish) -> None:
    for field, text in (("name", wish.name), ("contract", wish.contract)):
        if text is None:
            continue
        if (why := unfit(text, WIDTHS[field])) is not None:
            french = "nom du tarif" if field == "name" else "numéro du contrat"
            raise refusals.InvalidPriceList(f"Le {french} {why} : le retaper.")
    if wish.valid_to is not None and wish.valid_to < wish.valid_from:
        raise refusals.InvalidPriceList("La fin du tarif précède son début : corriger l'une des deux dates.")
    if not wish.kitchens:
        raise refusals.InvalidPriceList("Un tarif vaut pour une cuisine au moins : nommer les cuisines qui le paient.")


def _check_prices(prices: Collection[Price], offers: Mapping[str, Offer], first: date, last: date | None) -> None:
    if len({(price.offer, price.since) for price in prices}) < len(prices):
        raise refusals.InvalidPriceList("Une offre a deux prix du même jour : n'en garder qu'un.")
    for price in prices:
        value = price.price_eur_per_pack
        if not 0 < value <= Decimal(DEAREST_PACK) or value != value.quantize(PRICE_STEP):
            raise refusals.InvalidPriceList(
                f"Prix {unit_price(value)} de {price.offer} : donner un prix hors taxes au-dessus de 0, de "
                f"{DEAREST_PACK} € et "
                "quatre décimales au plus."
            )
        per_kg = eur_per_kg(value, offers[price.offer].pack_g)
        if not CHEAPEST_KG <= per_kg <= DEAREST_KG:
            raise refusals.InvalidPriceList(
                f"Prix {unit_price(value)} de {price.offer} : {unit_price(per_kg)} le kilogramme ; vérifier le "
                "prix du colis, de "
                f"{number(CHEAPEST_KG)} à {number(DEAREST_KG)} €/kg."
            )
        if price.since < first or (last is not None and last < price.since):
            raise refusals.InvalidPriceList(
                f"Le prix de {price.offer} part du {price.since:%d/%m/%Y}, hors des dates du tarif : corriger ce jour."
            )


def _line(row: PriceList, offers: Mapping[str, Offer], price: Price) -> PriceListLine:
    return PriceListLine(
        price_list_id=row.id,
        offer_id=offers[price.offer].id,
        valid_from=price.since,
        price_eur_per_pack=price.price_eur_per_pack,
    )


def _told(prices: Sequence[Price]) -> list[list[str]]:
    return [[price.offer, price.since.isoformat(), str(price.price_eur_per_pack)] for price in prices]
