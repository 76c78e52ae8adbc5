"""Use, throw away, count and hand over what is on the shelves of a kitchen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.moment import today
from catering.people.viewer import Viewer
from catering.receiving import refusals
from catering.receiving.models import StockLot
from catering.receiving.queries_stock import lots
from catering.receiving.rules.checks import LONGEST_TEXT, MOST_GRAMS
from catering.receiving.rules.shelf import Remaining, Taking, first_expired_first_out, servable
from catering.receiving.service.shelves import Arrived, Change, change, lock_lots, shelve
from catering.receiving.vocabulary import MoveKind
from catering.recipes.models import Ingredient
from catering.recipes.queries import ingredients
from catering.spelling import tidy, unfit

DAYS_AHEAD = timedelta(days=31)
"""A menu day lies at most so far from today: beyond, the year is mistyped."""


@dataclass(frozen=True, slots=True)
class Used:
    """Grams of an ingredient (its slug) taken for a lunch; from one lot, or from whichever must go first."""

    ingredient: str
    grams: int
    lot_id: int | None = None


async def use(session: AsyncSession, viewer: Viewer, uai: str, menu_day: date, used: Sequence[Used]) -> None:
    """Take goods for the menu of a day, first expired first out unless a lot is named; all or nothing.

    Raises:
        refusals.Refusal: too little is left, a lot is past its DLC, or the kitchen is not the viewer's.
    """
    kitchen = await own_kitchen(session, viewer, uai)
    _require_near(menu_day)
    found = await _named(session, viewer, [each.ingredient for each in used])
    held = await _lock_ingredients(session, viewer, kitchen, [each.id for each in found.values()])
    takings: list[Taking] = []
    short: list[tuple[str, int, int]] = []
    left = {lot.id: lot.on_hand_g for lot in held}
    for each in used:
        _require_grams(each.grams)
        ingredient = found[each.ingredient]
        some, missing = _take(each, [lot for lot in held if lot.ingredient_id == ingredient.id], left, menu_day)
        takings += some
        if missing:
            short.append((ingredient.name, each.grams, each.grams - missing))
    if short:
        raise refusals.NotEnoughStock(short)
    changes = [Change(each.lot_id, MoveKind.USE, -each.grams, menu_day, menu_day=menu_day) for each in takings]
    await change(session, viewer, changes)


async def lose(session: AsyncSession, viewer: Viewer, lot_id: int, grams: int, day: date, why: str) -> None:
    """Note what of a lot was thrown away, and why.

    Raises:
        refusals.Refusal: too little is left, no reason is given, or the lot is not of the viewer's kitchens.
    """
    _require_grams(grams)
    _require_why(why)
    _require_near(day)
    await own_lot(session, viewer, lot_id)
    await change(session, viewer, [Change(lot_id, MoveKind.LOSS, -grams, day, why=tidy(why))])


async def count(session: AsyncSession, viewer: Viewer, lot_id: int, grams: int, day: date, why: str) -> None:
    """Say how much of a lot is really there; the difference is a move like any other, with its reason.

    Raises:
        refusals.Refusal: the quantity cannot be, no reason is given, or the lot is not of the viewer's kitchens.
    """
    if not 0 <= grams <= MOST_GRAMS:
        raise refusals.InvalidMove(f"{grams} g : donner ce qui est en rayon, de 0 à {MOST_GRAMS} g.")
    _require_why(why)
    _require_near(day)
    await own_lot(session, viewer, lot_id)
    held = await lock_lots(session, viewer, [lot_id])
    difference = grams - held[lot_id].on_hand_g
    if not difference:
        return
    await change(session, viewer, [Change(lot_id, MoveKind.COUNT, difference, day, why=tidy(why))])


async def transfer(session: AsyncSession, viewer: Viewer, lot_id: int, to_uai: str, grams: int, day: date) -> None:
    """Hand part of a lot over to another kitchen of the viewer; the lot keeps its number and date there.

    Raises:
        refusals.Refusal: too little is left, or one of the kitchens is not the viewer's.
    """
    _require_grams(grams)
    _require_near(day)
    lot = await own_lot(session, viewer, lot_id)
    target = await own_kitchen(session, viewer, to_uai)
    if target.id == lot.kitchen_id:
        raise refusals.InvalidMove("Le lot est déjà dans cette cuisine : choisir l'autre.")
    if not servable(lot, day):
        assert lot.expires_on is not None, "only a date makes it unservable"
        raise refusals.ExpiredLot(lot.product, lot.lot, lot.expires_on)
    same = Arrived(lot.ingredient_id, lot.supplier_id, lot.product, lot.lot, lot.date_kind, lot.expires_on)
    there = (await shelve(session, viewer, target.id, [same]))[same.key]
    # Both in one change, which locks them in order: kitchens that hand over to each other never wait for each other.
    both = uuid4().hex
    out = Change(lot_id, MoveKind.TRANSFER_OUT, -grams, day, transfer=both)
    await change(session, viewer, [out, Change(there, MoveKind.TRANSFER_IN, grams, day, transfer=both)])


async def own_kitchen(session: AsyncSession, viewer: Viewer, uai: str) -> Kitchen:
    """A kitchen the viewer buys for.

    Raises:
        refusals.Refusal: there is none, or the viewer only reads it.
    """
    kitchen: Kitchen | None = await session.scalar(kitchens(viewer, uais=[uai]))
    if not viewer.buys and kitchen is not None:
        raise refusals.NotAllowed
    if kitchen is None:
        raise refusals.UnknownPlace(uai)
    return kitchen


async def own_lot(session: AsyncSession, viewer: Viewer, lot_id: int) -> StockLot:
    """A lot of a kitchen the viewer buys for.

    Raises:
        refusals.Refusal: there is none, or the viewer only reads it.
    """
    lot: StockLot | None = await session.scalar(lots(viewer, ids=[lot_id]))
    if lot is None:
        raise refusals.UnknownLot(lot_id)
    if not viewer.buys:
        raise refusals.NotAllowed
    return lot


def _take(asked: Used, there: Sequence[StockLot], left: dict[int, int], menu_day: date) -> tuple[Sequence[Taking], int]:
    if asked.lot_id is not None:
        there = [lot for lot in there if lot.id == asked.lot_id]
        if not there:
            raise refusals.UnknownLot(asked.lot_id)
        if not servable(there[0], menu_day):
            assert there[0].expires_on is not None, "only a date makes it unservable"
            raise refusals.ExpiredLot(there[0].product, there[0].lot, there[0].expires_on)
    some, missing = first_expired_first_out(
        [Remaining(lot.id, lot.date_kind, lot.expires_on, left[lot.id]) for lot in there], asked.grams, menu_day
    )
    for each in some:
        left[each.lot_id] -= each.grams
    return some, missing


async def _named(session: AsyncSession, viewer: Viewer, slugs: Sequence[str]) -> dict[str, Ingredient]:
    if not slugs:
        raise refusals.InvalidMove("Rien n'est noté : donner un ingrédient au moins.")
    found = {each.slug: each for each in await session.scalars(ingredients(viewer, slugs=slugs))}
    if unknown := sorted(set(slugs) - set(found)):
        raise refusals.InvalidMove(f"Ingrédient inconnu : {', '.join(unknown)}. Reprendre l'identifiant du stock.")
    return found


async def _lock_ingredients(
    session: AsyncSession, viewer: Viewer, kitchen: Kitchen, ingredient_ids: Sequence[int]
) -> list[StockLot]:
    statement = (
        lots(viewer, ingredient_ids=ingredient_ids)
        .where(StockLot.kitchen_id == kitchen.id)
        .order_by(StockLot.id)
        .with_for_update(of=StockLot)
    )
    return list(await session.scalars(statement.execution_options(populate_existing=True)))


def _require_grams(grams: int) -> None:
    if not 1 <= grams <= MOST_GRAMS:
        raise refusals.InvalidMove(f"{grams} g : donner de 1 à {MOST_GRAMS} g.")


def _require_why(why: str) -> None:
    if (fault := unfit(why, LONGEST_TEXT)) is not None:
        raise refusals.InvalidMove(f"Dire pourquoi : le motif {fault}.")


def _require_near(day: date) -> None:
    if abs(day - today()) > DAYS_AHEAD:
        raise refusals.InvalidMove(f"Le {day:%d/%m/%Y} est à plus de {DAYS_AHEAD.days} jours d'ici : vérifier la date.")
