"""Use cases of offers: list new ones, change many at once, end them. All lines of a request are kept, or none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from catering.cells import LONGEST_SLUG, Fault
from catering.documents.models import PICTURES, PROOFS
from catering.market import refusals
from catering.market.models import Certificate, Offer, OfferAllergen, OfferPhoto, Supplier
from catering.market.nature import usual_category, usual_product
from catering.market.owning import own_document, own_offers, own_supplier
from catering.market.queries import certificates_visible_to, offers, photos_visible_to
from catering.market.sheet import Line, Sheet, read_line, written
from catering.market.sheet_checks import Known, Seller, charges_vat, sheet_faults
from catering.market.trace import traced
from catering.moment import today
from catering.people.models import ChangeEvent
from catering.people.viewer import Viewer
from catering.rules import law
from catering.spelling import folded

OFFERS = Offer.__tablename__
MOST_PHOTOS = 6
NOT_PLAIN = frozenset({"id", "ingredient", "certificate", "allergens", "traces"})
"""Columns of a sheet that are no column of the table."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of the lines, in their order: the ids of all offers, and how many are new or changed."""

    slugs: tuple[str, ...]
    added: int
    changed: int
    events: tuple[int, int] | None
    """First and last number of their trace; None when nothing changed."""


async def keep_sheets(
    session: AsyncSession,
    viewer: Viewer,
    supplier: str,
    lines: Sequence[Line],
    ingredients: Mapping[str, Known],
    faults: Sequence[Fault] = (),
) -> Kept:
    """Bring offers of a supplier to what the lines state; a line without id is a new offer.

    Args:
        session: of the write.
        viewer: who sells.
        supplier: slug of the supplier.
        lines: what was sent, each read or not.
        ingredients: all that the kitchens know, by slug.
        faults: what reading the lines found wrong already; they are told together with the others.

    Raises:
        refusals.Refusal: the supplier is not theirs; or some lines are at fault, and nothing is kept.
    """
    owner = await own_supplier(session, viewer, supplier)
    rows = await _offers_of(session, viewer, owner)
    names = {known.id: known.slug for known in ingredients.values()}
    proofs = {each.slug: each for each in await _certificates_of(session, viewer, owner)}
    before = {row.slug: sheet_of(row, names[row.ingredient_id]) for row in rows if row.ingredient_id in names}
    seller = Seller(charges_vat(owner.vat_regime), proofs, before, ingredients, today(), law())
    found = [*faults, *sheet_faults(lines, seller)]
    if found:
        raise refusals.OffersRefused(found)
    work = _Work(viewer, owner, {row.slug: row for row in rows}, before, proofs, ingredients)
    slugs = [work.keep(line.sheet) for line in lines if line.sheet is not None]
    session.add_all(work.made)
    session.add_all(work.events)
    await session.flush()
    traces = sorted(event.id for event in work.events)
    return Kept(tuple(slugs), work.added, len(traces) - work.added, (traces[0], traces[-1]) if traces else None)


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
    return await keep_sheets(session, viewer, supplier, lines, ingredients, faults)


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
    return await keep_sheets(session, viewer, supplier, lines, ingredients, faults)


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


def sheet_of(row: Offer, ingredient: str) -> Sheet:
    """The sheet of an offer whose allergens and certificate are loaded."""
    plain = {name: getattr(row, name) for name in Sheet.__slots__ if name not in NOT_PLAIN}
    contained = frozenset(each.allergen for each in row.allergens if not each.traces)
    return Sheet(
        id=row.slug,
        ingredient=ingredient,
        certificate=None if row.certificate is None else row.certificate.slug,
        allergens=None if row.allergens_on is None else contained,
        traces=frozenset(each.allergen for each in row.allergens if each.traces),
        **plain,
    )


async def _offers_of(session: AsyncSession, viewer: Viewer, supplier: Supplier) -> Sequence[Offer]:
    statement = offers(viewer, supplier=supplier.slug).order_by(Offer.slug)
    loads = (selectinload(Offer.allergens), selectinload(Offer.certificate))
    return (await session.scalars(statement.options(*loads))).all()


async def _certificates_of(session: AsyncSession, viewer: Viewer, supplier: Supplier) -> Sequence[Certificate]:
    statement = certificates_visible_to(viewer).where(Certificate.supplier_id == supplier.id)
    return (await session.scalars(statement)).all()


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


class _Work:
    """Turns sheets into rows and events, in memory; the caller adds both to its session."""

    def __init__(
        self,
        viewer: Viewer,
        owner: Supplier,
        rows: Mapping[str, Offer],
        before: Mapping[str, Sheet],
        proofs: Mapping[str, Certificate],
        ingredients: Mapping[str, Known],
    ) -> None:
        self.viewer, self.owner, self.rows, self.before = viewer, owner, rows, before
        self.proofs, self.ingredients = proofs, ingredients
        self.taken = set(rows)
        self.last_number: dict[str, int] = {}
        self.made: list[Offer] = []
        self.events: list[ChangeEvent] = []
        self.added = 0

    def keep(self, sheet: Sheet) -> str:
        """Bring one offer to its sheet; its id."""
        full = self._with_nature(sheet)
        if full.id:
            if full != self.before[full.id]:
                self._write(self.rows[full.id], full)
                self._trace(self.before[full.id], full)
            return full.id
        named = replace(full, id=self._new_id(full))
        row = Offer(
            slug=named.id,
            supplier_id=self.owner.id,
            ingredient_id=self.ingredients[named.ingredient].id,
            made_by=self.viewer.actor,
            allergens=[],
        )
        self._write(row, named)
        self.made.append(row)
        self.added += 1
        self._trace(None, named)
        return named.id

    def _with_nature(self, sheet: Sheet) -> Sheet:
        """What the supplier left to the ingredient: what the product is for hygiene and temperature."""
        known = self.ingredients[sheet.ingredient]
        if sheet.id and sheet == self.before[sheet.id]:
            return sheet
        return replace(
            sheet,
            category=sheet.category or usual_category(known.kind, minced=known.minced),
            animal_product=sheet.animal_product or usual_product(known.slug, known.kind, minced=known.minced),
        )

    def _write(self, row: Offer, sheet: Sheet) -> None:
        for name in Sheet.__slots__:
            if name not in NOT_PLAIN:
                setattr(row, name, getattr(sheet, name))
        row.certificate_id = None if sheet.certificate is None else self.proofs[sheet.certificate].id
        row.search = folded(sheet.product)
        before = self.before.get(sheet.id)
        if before is None or (before.allergens, before.traces) != (sheet.allergens, sheet.traces):
            row.allergens_on = None if sheet.allergens is None else today()
            row.allergens = list(_allergens(sheet, {each.allergen: each for each in row.allergens}))

    def _trace(self, before: Sheet | None, after: Sheet) -> None:
        told = None if before is None else written(before)
        self.events.append(traced(self.viewer, OFFERS, after.id, told, written(after)))

    def _new_id(self, sheet: Sheet) -> str:
        base = "__".join(filter(None, (self.owner.slug, sheet.ingredient, (sheet.label or "").lower())))
        # Counting on from the last number of this name: beginning at 1 each time would be quadratic in a large file.
        number, name = self.last_number.get(base, 1), base[:LONGEST_SLUG].rstrip("_")
        while number > 1 or name in self.taken:
            number += 1
            name = f"{base[: LONGEST_SLUG - len(str(number)) - 2].rstrip('_')}__{number}"
            if name not in self.taken:
                break
        self.last_number[base] = number
        self.taken.add(name)
        return name


def _allergens(sheet: Sheet, there: Mapping[Any, OfferAllergen]) -> Iterator[OfferAllergen]:
    """The rows of a sheet; those that are there already are kept."""
    for allergen, traces in [(each, False) for each in sheet.allergens or ()] + [(each, True) for each in sheet.traces]:
        row = there.get(allergen) or OfferAllergen(allergen=allergen)
        row.traces = traces
        yield row


async def slugs_in_use(session: AsyncSession, table: type[Supplier] | type[Certificate], base: str) -> set[str]:
    """Ids of a table that start as ``base`` does: a new id must differ from all, whoever they belong to."""
    return set(await session.scalars(select(table.slug).where(table.slug.startswith(base, autoescape=True))))
