"""Purchases from outside the European Union and Economic Area, and the reason written for each product (EGA-51)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal
from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.market.trace import traced
from catering.moment import now
from catering.people.viewer import Viewer
from catering.purchases import refusals
from catering.purchases.importing import IMPORTERS
from catering.purchases.models import ABROAD, PurchaseLine, ThirdCountryReason
from catering.purchases.queries import purchases_visible_to, third_country_reasons_visible_to
from catering.rules.third_country import BLOCKING, periods
from catering.spelling import tidy, unfit

LONGEST = 200  # legal-number: width of a database column
KEY_WIDTH = 200  # legal-number: the same, of the trace


@dataclass(frozen=True, slots=True)
class Abroad:
    """What a kitchen bought of a product from a third country while a reason is asked for; € excl. tax."""

    kitchen_id: int
    product: str
    blocking: bool
    reason: str | None
    lines: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ReasonWish:
    """The reason for a product, as purchases name it, in a year; of one kitchen (UAI), or of all one signs for."""

    product: str
    year: int
    reason: str
    kitchen: str | None


async def bought_abroad(
    session: AsyncSession, viewer: Viewer, year: int, *, kitchen_ids: Collection[int] | None = None
) -> Sequence[Abroad]:
    """Products from third countries that visible kitchens bought in a year, largest amounts first; one statement.

    What was bought and taken back is left out, and so is what was bought before a reason was asked for.
    """
    return [Abroad(*row) for row in await session.execute(_by_product(viewer, year, kitchen_ids))]


def _by_product(viewer: Viewer, year: int, kitchen_ids: Collection[int] | None) -> Select[*tuple[Any, ...]]:
    same = and_(
        ThirdCountryReason.kitchen_id == PurchaseLine.kitchen_id,
        ThirdCountryReason.year == PurchaseLine.year,
        ThirdCountryReason.product == PurchaseLine.product,
    )
    asked = purchases_visible_to(viewer).outerjoin(ThirdCountryReason, same)
    treated = _treatment()
    asked = asked.where(ABROAD, PurchaseLine.year == year, treated.is_not(None))
    if kitchen_ids is not None:
        asked = asked.where(PurchaseLine.kitchen_id.in_(kitchen_ids))
    key = (PurchaseLine.kitchen_id, PurchaseLine.product)
    amount = func.sum(PurchaseLine.amount_excl_tax)
    summed = asked.with_only_columns(
        *key, func.max(treated) == 1, func.max(ThirdCountryReason.reason), func.count(), amount
    )
    return summed.group_by(*key).having(amount > 0).order_by(amount.desc(), *key)


def _treatment() -> ColumnElement[int | None]:
    """Of the day a line was bought: 1 when it blocks without a reason, 0 when it warns, nothing when none is asked."""
    days = [
        (
            PurchaseLine.bought_on.between(row.valid_from, row.valid_to or date.max),
            literal(int(row.treatment == BLOCKING)),
        )
        for row in periods()
    ]
    return case(*days, else_=None)


async def state_reason(session: AsyncSession, viewer: Viewer, wish: ReasonWish) -> int:
    """Write down why a product is bought from a third country; how many kitchens it stands for.

    Of one kitchen it takes the place of what was written; of all, it is written where nothing was. Told again, it
    changes nothing.

    Raises:
        refusals.MayNotImport: the viewer does not sign for kitchens.
        refusals.ReasonRefused: no such purchase of theirs, or the reason says nothing.
    """
    if viewer.role not in IMPORTERS:
        raise refusals.MayNotImport
    if (why := unfit(wish.reason, LONGEST)) is not None:
        raise refusals.ReasonRefused(f"Le motif {why} : dire pourquoi aucune offre européenne ne suffit.")
    of = await _kitchen_ids(session, viewer, wish.kitchen)
    found = [
        each for each in await bought_abroad(session, viewer, wish.year, kitchen_ids=of) if each.product == wish.product
    ]
    if not found:
        raise refusals.ReasonRefused(
            f"Aucun achat de « {wish.product[:LONGEST]} » hors d'Europe en {wish.year} dans vos collèges : "
            "recopier le produit comme il est au registre."
        )
    meant = {each.kitchen_id for each in found if of is not None or each.reason is None}
    await _write(session, viewer, wish, meant)
    return len(found)


async def _kitchen_ids(session: AsyncSession, viewer: Viewer, uai: str | None) -> list[int] | None:
    if uai is None:
        return None
    return list(await session.scalars(kitchens(viewer, uais=[uai]).with_only_columns(Kitchen.id)))


async def _write(session: AsyncSession, viewer: Viewer, wish: ReasonWish, kitchen_ids: set[int]) -> None:
    """One row for each kitchen, made or changed, with its trace."""
    mine = third_country_reasons_visible_to(viewer).where(
        ThirdCountryReason.kitchen_id.in_(kitchen_ids),
        ThirdCountryReason.year == wish.year,
        ThirdCountryReason.product == wish.product,
    )
    # Two people who write the first reason of a product at once wait for each other here.
    locked = kitchens(viewer).where(Kitchen.id.in_(kitchen_ids)).order_by(Kitchen.id).with_only_columns(Kitchen.id)
    await session.execute(locked.with_for_update(key_share=True))
    known = {row.kitchen_id: row for row in await session.scalars(mine)}
    reason, at = tidy(wish.reason), now()
    for number in sorted(kitchen_ids):
        row = known.get(number)
        before = None if row is None else {"reason": row.reason}
        if before == {"reason": reason}:
            continue
        if row is None:
            row = ThirdCountryReason(kitchen_id=number, year=wish.year, product=wish.product)
            session.add(row)
        row.reason, row.at, row.actor = reason, at, viewer.actor
        key = f"{number} {wish.year} {wish.product}"[:KEY_WIDTH]
        session.add(traced(viewer, ThirdCountryReason.__tablename__, key, before, {"reason": reason}))
    await session.flush()
