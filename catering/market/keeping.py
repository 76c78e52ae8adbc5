"""How sheets become offers: judged against what stands before anything is written, then written in a few statements.

Judging ten thousand lines takes seconds, and SQLite has one writer for everybody: it happens in a session that reads,
and the write only makes sure that what stood then still stands.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import delete, func, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from catering.cells import LONGEST_SLUG, Fault
from catering.db import add_many
from catering.market import refusals
from catering.market.models import Certificate, Offer, OfferAllergen, Supplier
from catering.market.models_sheet import DateKind
from catering.market.nature import kept_as, usual_product
from catering.market.origin_told import countries_of, stages_of
from catering.market.owning import own_supplier
from catering.market.queries import certificates_visible_to, offers, sheet_changes_visible_to
from catering.market.sheet import Line, Sheet, written
from catering.market.sheet_checks import Known, Seller, charges_vat, sheet_faults
from catering.market.trace import traced
from catering.moment import today
from catering.people.models import ChangeEvent
from catering.people.viewer import Viewer
from catering.rules import law
from catering.rules.hygiene import AnimalProduct, ProductCategory, bears_use_by
from catering.spelling import folded

OFFERS = Offer.__tablename__
NOT_PLAIN = frozenset({"id", "ingredient", "certificate", "allergens", "traces"})
"""Columns of a sheet that are no column of the table."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of the lines: how many offers are new or changed."""

    added: int
    changed: int
    events: tuple[int, int] | None
    """First and last number of their trace; None when nothing changed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A supplier, its offers and its proofs at one moment, and the number of the last change of any of them."""

    owner: Supplier
    offers: Mapping[str, Sheet]
    ids: Mapping[str, int]
    proofs: Mapping[str, Certificate]
    last_change: int


@dataclass(frozen=True, slots=True)
class Sent:
    """The lines somebody sent for a supplier, what reading them found wrong, and the ingredients they may name."""

    supplier: str
    lines: Sequence[Line]
    faults: Sequence[Fault]
    ingredients: Mapping[str, Known]


@dataclass(frozen=True, slots=True)
class Judged:
    """Lines without a fault: what stood when they were judged, and what they make of it.

    ``made`` and ``changed`` are the columns of offers, without and with their ``id``; ``stated`` the sheets whose
    allergens are new.
    """

    sent: Sent
    standing: Standing
    made: Sequence[Mapping[str, Any]]
    changed: Sequence[Mapping[str, Any]]
    stated: Sequence[Sheet]
    events: Sequence[ChangeEvent]


async def judge(session: AsyncSession, viewer: Viewer, sent: Sent, *, to_write: bool = False) -> Judged:
    """What the lines make of the offers of their supplier; a line without id is a new offer.

    Args:
        session: of a read, or of the write itself.
        viewer: who sells.
        sent: the lines.
        to_write: keep other writers of this supplier out until the transaction ends.

    Raises:
        refusals.Refusal: the supplier is not theirs, or some lines are at fault.
    """
    owner = await own_supplier(session, viewer, sent.supplier, hold=to_write)
    standing = await _standing(session, viewer, owner, sent.ingredients)
    # Other requests go on while thousands of lines are checked.
    return await asyncio.to_thread(_judged, viewer, sent, standing)


async def keep(session: AsyncSession, viewer: Viewer, judged: Judged) -> Kept:
    """Bring the offers to what lines state that were judged before, or again when something changed in between.

    Raises:
        refusals.Refusal: the supplier is no longer theirs, or lines are at fault by now; nothing is kept.
    """
    owner = await own_supplier(session, viewer, judged.sent.supplier)
    if await _last_change(session, viewer, owner) != judged.standing.last_change:
        judged = await judge(session, viewer, judged.sent, to_write=True)
    await add_many(session, [Offer(**columns) for columns in judged.made])
    if judged.changed:
        await session.execute(update(Offer), [dict(columns) for columns in judged.changed])
    await _keep_allergens(session, viewer, judged)
    await add_many(session, judged.events)
    return Kept(len(judged.made), len(judged.changed), await _traced_from(session, viewer, judged))


async def keep_sheets(session: AsyncSession, viewer: Viewer, sent: Sent) -> Kept:
    """Judge and keep lines in one transaction, where they are few.

    Raises:
        refusals.Refusal: the supplier is not theirs; or some lines are at fault, and nothing is kept.
    """
    return await keep(session, viewer, await judge(session, viewer, sent, to_write=True))


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


async def _standing(
    session: AsyncSession, viewer: Viewer, owner: Supplier, ingredients: Mapping[str, Known]
) -> Standing:
    # First its number, then the rows: what changes in between is at worst judged once more.
    last_change = await _last_change(session, viewer, owner)
    statement = offers(viewer, supplier=owner.slug).order_by(Offer.slug)
    loads = (selectinload(Offer.allergens), selectinload(Offer.certificate))
    rows = (await session.scalars(statement.options(*loads).execution_options(populate_existing=True))).all()
    proofs = certificates_visible_to(viewer).where(Certificate.supplier_id == owner.id)
    names = {known.id: known.slug for known in ingredients.values()}
    return Standing(
        owner,
        {row.slug: sheet_of(row, names[row.ingredient_id]) for row in rows if row.ingredient_id in names},
        {row.slug: row.id for row in rows},
        {each.slug: each for each in await session.scalars(proofs)},
        last_change,
    )


async def _last_change(session: AsyncSession, viewer: Viewer, owner: Supplier) -> int:
    last = sheet_changes_visible_to(viewer, owner).with_only_columns(func.max(ChangeEvent.id))
    return await session.scalar(last) or 0


def _judged(viewer: Viewer, sent: Sent, standing: Standing) -> Judged:
    charges = charges_vat(standing.owner.vat_regime)
    seller = Seller(charges, standing.proofs, standing.offers, sent.ingredients, today(), law())
    if found := [*sent.faults, *sheet_faults(sent.lines, seller)]:
        raise refusals.OffersRefused(found)
    work = _Work(viewer, sent, standing)
    for line in sent.lines:
        if line.sheet is not None:
            work.bring(line.sheet)
    return Judged(sent, standing, work.made, work.changed, work.stated, work.events)


async def _keep_allergens(session: AsyncSession, viewer: Viewer, judged: Judged) -> None:
    if not judged.stated:
        return
    numbers = offers(viewer, supplier=judged.standing.owner.slug).with_only_columns(Offer.slug, Offer.id)
    ids = {row.slug: row.id for row in await session.execute(numbers)}
    earlier = [ids[sheet.id] for sheet in judged.stated if sheet.id in judged.standing.ids]
    if earlier:
        gone = delete(OfferAllergen).where(OfferAllergen.offer_id.in_(earlier))
        await session.execute(gone.execution_options(synchronize_session=False))
    await add_many(session, [row for sheet in judged.stated for row in _allergens(ids[sheet.id], sheet)])


async def _traced_from(session: AsyncSession, viewer: Viewer, judged: Judged) -> tuple[int, int] | None:
    if not judged.events:
        return None
    mine = sheet_changes_visible_to(viewer, judged.standing.owner).where(ChangeEvent.id > judged.standing.last_change)
    ends = await session.execute(mine.with_only_columns(func.min(ChangeEvent.id), func.max(ChangeEvent.id)))
    first, last = ends.one()
    return first, last


def _allergens(offer: int, sheet: Sheet) -> Iterator[OfferAllergen]:
    for allergen in sheet.allergens or ():
        yield OfferAllergen(offer_id=offer, allergen=allergen, traces=False)
    for allergen in sheet.traces:
        yield OfferAllergen(offer_id=offer, allergen=allergen, traces=True)


def _perishes(product: AnimalProduct | None, category: ProductCategory) -> bool:
    """Whether goods bear a DLC when their seller says nothing: cold by law, or milk that is not UHT (HYG-DLC)."""
    milk = product is AnimalProduct.HEATED_MILK and category is ProductCategory.PRODUCER_DEFINED
    return milk or bears_use_by(category, today())


class _Work:
    """Turns sheets into the columns of rows and their events, in memory."""

    def __init__(self, viewer: Viewer, sent: Sent, standing: Standing) -> None:
        self.viewer, self.owner, self.before = viewer, standing.owner, standing.offers
        self.ids, self.proofs, self.ingredients = standing.ids, standing.proofs, sent.ingredients
        self.alike = {
            replace(sheet, id=""): slug
            for slug, sheet in standing.offers.items()
            if sheet.valid_to is None or sheet.valid_to >= today()
        }
        """What is for sale, by all that it says: a file sent twice lists nothing twice."""
        self.taken = set(standing.ids)
        self.last_number: dict[str, int] = {}
        self.made: list[dict[str, Any]] = []
        self.changed: list[dict[str, Any]] = []
        self.stated: list[Sheet] = []
        self.events: list[ChangeEvent] = []

    def bring(self, sheet: Sheet) -> None:
        """Bring one offer to its sheet."""
        if sheet.id and sheet == self.before[sheet.id]:
            return
        full = self._with_nature(sheet)
        if not full.id and full in self.alike:
            return
        if not full.id:
            self._make(replace(full, id=self._new_id(full)))
        elif full != (before := self.before[full.id]):
            states = (before.allergens, before.traces) != (full.allergens, full.traces)
            self.changed.append({"id": self.ids[full.id], **self._columns(full, states=states)})
            self._trace(before, full)
            self.stated += [full] if states else []

    def _make(self, sheet: Sheet) -> None:
        ingredient = self.ingredients[sheet.ingredient].id
        own = {"slug": sheet.id, "supplier_id": self.owner.id, "ingredient_id": ingredient}
        self.made.append({**own, "made_by": self.viewer.actor, **self._columns(sheet, states=True)})
        self._trace(None, sheet)
        self.stated += [sheet] if sheet.allergens or sheet.traces else []

    def _with_nature(self, sheet: Sheet) -> Sheet:
        """What the supplier left to other cells: what the product is for hygiene and temperature, a meat's country."""
        known = self.ingredients[sheet.ingredient]
        lived = countries_of(stages_of(sheet))
        product = sheet.animal_product or usual_product(known.slug, known.kind, minced=known.minced)
        category = sheet.category or kept_as(known.kind, product, today(), f"{sheet.product} / {sheet.pack_label}")
        return replace(
            sheet,
            origin_country=sheet.origin_country or (min(lived) if len(lived) == 1 else None),
            category=category,
            animal_product=product,
            date_kind=sheet.date_kind or (DateKind.DLC if _perishes(product, category) else None),
        )

    def _columns(self, sheet: Sheet, *, states: bool) -> dict[str, Any]:
        """The columns of the table; the day of the allergens with them when they are stated anew."""
        plain = {name: getattr(sheet, name) for name in Sheet.__slots__ if name not in NOT_PLAIN}
        proof = None if sheet.certificate is None else self.proofs[sheet.certificate].id
        stated: dict[str, date | None] = {}
        if states:
            stated["allergens_on"] = None if sheet.allergens is None else today()
        return {**plain, "certificate_id": proof, "search": folded(sheet.product), **stated}

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
