"""Use cases of offers: list new ones, change many at once, end them. All lines of a request are kept, or none."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.cells import Fault
from catering.documents.models import PICTURES, PROOFS
from catering.market import refusals
from catering.market.keeping import OFFERS, Kept, Sent, keep_sheets, sheet_of
from catering.market.models import Certificate, Offer, OfferPhoto, Supplier
from catering.market.owning import own_document, own_offers, own_supplier
from catering.market.queries import photos_visible_to
from catering.market.sheet import Line, read_line, written
from catering.market.sheet_checks import Known
from catering.market.trace import traced
from catering.people.viewer import Viewer

MOST_PHOTOS = 6


async def list_offers(
    session: AsyncSession,
    viewer: Viewer,
    supplier: str,
    given: Sequence[Mapping[str, str]],
    ingredients: Mapping[str, Known],
) -> Kept:
    """List new offers: each a mapping of the columns of a sheet to text.

    Raises:
        refusals.Refusal: the supplier is not theirs, or some lines are at fault.
    """
    faults: list[Fault] = []
    lines = [read_line(Line("", number, {**cells, "id": ""}), faults) for number, cells in enumerate(given, start=1)]
    return await keep_sheets(session, viewer, Sent(supplier, lines, faults, ingredients))


async def change_offers(
    session: AsyncSession,
    viewer: Viewer,
    supplier: str,
    given: Sequence[Mapping[str, str]],
    ingredients: Mapping[str, Known],
) -> Kept:
    """Change offers of one supplier: each mapping holds the id and the columns that change, the others stay.

    Raises:
        refusals.Refusal: an offer is not theirs, or some lines are at fault.
    """
    await own_supplier(session, viewer, supplier)
    rows = await own_offers(session, viewer, {cells["id"] for cells in given})
    names = {known.id: known.slug for known in ingredients.values()}
    now = {row.slug: written(sheet_of(row, names[row.ingredient_id])) for row in rows if row.ingredient_id in names}
    faults: list[Fault] = []
    lines = [
        read_line(Line("", number, {**now[cells["id"]], **cells}), faults)
        for number, cells in enumerate(given, start=1)
    ]
    return await keep_sheets(session, viewer, Sent(supplier, lines, faults, ingredients))


async def end_offers(session: AsyncSession, viewer: Viewer, slugs: Sequence[str], last_day: date) -> Sequence[Offer]:
    """Stop selling after a day. The offers stay readable: orders, plans and contracts name them.

    Raises:
        refusals.Refusal: some are not theirs, or would end before they start.
    """
    rows = await own_offers(session, viewer, set(slugs))
    faults = [
        Fault(
            "",
            number,
            "valid_to",
            str(last_day),
            f"avant le début de {row.slug} ({row.valid_from})",
            "choisir un autre jour",
        )
        for number, row in enumerate(rows, start=1)
        if row.valid_from is not None and last_day < row.valid_from
    ]
    if faults:
        raise refusals.OffersRefused(faults)
    for row in rows:
        before = {"valid_to": _iso(row.valid_to)}
        if row.valid_to != last_day:
            row.valid_to = last_day
            session.add(traced(viewer, OFFERS, row.slug, before, {"valid_to": last_day.isoformat()}))
    await session.flush()
    return rows


async def attach(
    session: AsyncSession, viewer: Viewer, slug: str, *, photos: Sequence[int], allergen_document: int | None
) -> Offer:
    """Show documents with an offer: its photographs in order, and the sheet its allergens come from.

    Raises:
        refusals.Refusal: the offer or a document is not theirs, or there are too many photographs.
    """
    (offer,) = await own_offers(session, viewer, [slug])
    if len(photos) > MOST_PHOTOS or len(set(photos)) < len(photos):
        fault = Fault(
            "",
            1,
            "photos",
            str(len(photos)),
            "trop de photos, ou deux fois la même",
            f"en garder {MOST_PHOTOS} au plus",
        )
        raise refusals.OffersRefused([fault])
    for number in photos:
        await own_document(session, viewer, number, PICTURES, "une photo")
    proof = await own_document(session, viewer, allergen_document, PROOFS, "une fiche (PDF ou image)")
    shown = photos_visible_to(viewer).where(OfferPhoto.offer_id == offer.id).order_by(OfferPhoto.position)
    earlier = (await session.scalars(shown)).all()
    before = {"photos": [row.document_id for row in earlier], "allergen_document": offer.allergen_document_id}
    after = {"photos": list(photos), "allergen_document": proof}
    if before != after:
        for row in earlier:
            await session.delete(row)
        await session.flush()
        session.add_all(
            OfferPhoto(offer_id=offer.id, document_id=number, position=rank)
            for rank, number in enumerate(photos, start=1)
        )
        offer.allergen_document_id = proof
        session.add(traced(viewer, OFFERS, offer.slug, before, after))
        await session.flush()
    return offer


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


async def slugs_in_use(session: AsyncSession, table: type[Supplier] | type[Certificate], base: str) -> set[str]:
    """Ids of a table that start as ``base`` does: a new id must differ from all, whoever they belong to."""
    return set(await session.scalars(select(table.slug).where(table.slug.startswith(base, autoescape=True))))
