"""What orders ask of procurement: the lawful ground of each line, its commitment, and taking it back."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, insert
from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.kitchens.models import Kitchen
from catering.people.viewer import Viewer
from catering.procurement.counting import counted_in_needs, needs_on
from catering.procurement.grounds import AwardTerm, ContractTerm, Ground, PricedBy, Wish, grounds_of_order
from catering.procurement.models import Engagement
from catering.procurement.queries import engagements_visible_to
from catering.procurement.service.drawing import draw_on
from catering.procurement.service.needs import lock_buyers
from catering.procurement.terms import award_lines_open, award_terms_of, contract_lines_in_force, contract_terms_of
from catering.procurement.vocabulary import GroundKind
from catering.recipes.models import Ingredient
from catering.recipes.queries import ingredients
from catering.rules.procurement import procurement_law
from catering.together import read_together

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class LineToBuy:
    """One line a collège orders: row ids, and the amount excl. tax, rounded to the cent.

    ``source`` names it in the needs (``order 7 line 2``): by it, all or part of the amount is taken back.
    ``priced_by`` tells whose price makes the amount, None when nobody says; ``delivered_on`` the day of that price.
    ``bare``: delivered under no sign of quality.
    """

    supplier_id: int
    ingredient_id: int
    offer_id: int
    amount: Decimal
    source: str
    priced_by: PricedBy | None = None
    delivered_on: date | None = None
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What is decided from: families of ingredients (row ids), lines of contracts and of awards, needs of the buyer."""

    families: Mapping[int, str]
    contracts: Sequence[ContractTerm]
    awards: Sequence[AwardTerm]
    needs: Mapping[tuple[int, str], Decimal]


async def engage(
    session: AsyncSession, viewer: Viewer, kitchen_id: int, day: date, lines: Sequence[LineToBuy]
) -> list[Ground]:
    """Find the lawful ground of each line a collège orders on a day and commit its amount; all of them or none.

    Returns:
        The grounds, in the order of the lines, with what the buyer should know.

    Raises:
        refusals.Refusal: a line has no lawful ground, or another order has just taken what was left: keep nothing.
    """
    if not lines:
        return []
    await lock_buyers(session, [kitchen_id])
    wanted = {line.ingredient_id for line in lines}
    delivered = [line.delivered_on or day for line in lines]
    own, period = Kitchen.id == kitchen_id, (min(delivered), max(delivered))
    contracts = contract_lines_in_force(viewer, own, wanted, day, period)
    awards = award_lines_open(viewer, own, wanted, day)
    on_contracts, on_awards, *rest = await read_together(
        session, [contracts, awards, *asked(viewer, kitchen_id, wanted, day)]
    )
    terms = [each for of_kitchen in contract_terms_of(on_contracts).values() for each in of_kitchen]
    won = [each for of_kitchen in award_terms_of(on_awards).values() for each in of_kitchen]
    return await commit(session, viewer, kitchen_id, day, lines, known(terms, won, rest, day))


def asked(viewer: Viewer, kitchen_id: int, ingredient_ids: Collection[int], day: date) -> list[Select[Any]]:
    """What ``known`` decodes beside the lines of contracts and awards; to be read once the buyer is locked."""
    named = ingredients(viewer, ids=ingredient_ids).with_only_columns(Ingredient.id, Ingredient.slug, Ingredient.kind)
    return [named, *counted_in_needs(viewer, day, [kitchen_id])]


def known(
    contracts: Sequence[ContractTerm],
    awards: Sequence[AwardTerm],
    answers: Sequence[Iterable[tuple[Any, ...]]],
    day: date,
) -> Known:
    """What the rows of ``asked`` and the lines of contracts and awards tell about purchases of a day."""
    named, *counted = answers
    tables, needs = procurement_law(), needs_on(day, counted)
    return Known(
        families={number: tables.family_of(slug, kind.value, day) for number, slug, kind in named},
        contracts=contracts,
        awards=awards,
        needs={(kitchen, family): needs.of([kitchen], family).total for kitchen, family in needs.pairs()},
    )


async def commit(
    session: AsyncSession, viewer: Viewer, kitchen_id: int, day: date, lines: Sequence[LineToBuy], of: Known
) -> list[Ground]:
    """Find the grounds from what is known and commit the amounts: one statement, and one more if contracts or awards
    are drawn on, however many of both. The buyer is locked since before ``of`` was read.

    Raises:
        refusals.Refusal: as ``engage``.
    """
    wishes = [_wish(kitchen_id, line, of.families[line.ingredient_id]) for line in lines]
    grounds = grounds_of_order(wishes, day, of.contracts, of.awards, of.needs)
    await _draw(session, wishes, grounds)
    bought = list(zip(lines, wishes, grounds, strict=True))
    # Without this option, rows whose empty columns differ would go in separate statements.
    whole = insert(Engagement).execution_options(render_nulls=True)
    await session.execute(whole, _engagements(viewer, kitchen_id, day, bought))
    return grounds


def _wish(kitchen_id: int, line: LineToBuy, family: str) -> Wish:
    return Wish(
        kitchen_id, line.supplier_id, line.ingredient_id, line.offer_id, family, line.amount, line.priced_by,
        line.delivered_on, line.bare,
    )  # fmt: skip


async def release(session: AsyncSession, viewer: Viewer, source: str) -> Decimal:
    """Take back what a source committed to, because it is cancelled: opposite rows, and what it drew given back.

    Returns:
        The amount excl. tax taken back; zero when nothing was left to take back.
    """
    return -await recommit(session, viewer, viewer.actor, {source: ZERO})


async def recommit(session: AsyncSession, viewer: Viewer, actor: str, amounts: Mapping[str, Decimal]) -> Decimal:
    """Bring what sources have committed to to other amounts: their suppliers deliver less, or goods weigh more.

    A source that never committed to anything is left out. The number of statements depends neither on the sources
    nor on how many contracts and awards are drawn on or given back to.

    Args:
        session: of the caller's transaction.
        viewer: who may read what was committed.
        actor: who changes it.
        amounts: excl. tax, by source.

    Returns:
        The amount excl. tax by which commitments have grown; negative when they have shrunk.

    Raises:
        refusals.BeyondMaximum: a contract has not enough left for what is more.
        refusals.BeyondAward: an award has not.
    """
    of_sources = engagements_visible_to(viewer).where(Engagement.source.in_(amounts))
    # Two who change the same source at once must not both find it as it was.
    await lock_buyers(session, (await session.scalars(of_sources.with_only_columns(Engagement.kitchen_id))).all())
    rows = await session.scalars(of_sources.order_by(Engagement.id).execution_options(populate_existing=True))
    there: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    for row in rows:
        there[_account(row)] += row.amount
    changes = {key: amount for key, amount in _changes(there, amounts) if amount}
    if not changes:
        return ZERO
    at = moment.now()
    added = [
        {**dict(zip(ACCOUNT, key, strict=True)), "amount": amount, "at": at, "actor": actor}
        for key, amount in changes.items()
    ]
    await _redraw(session, added)
    await session.execute(insert(Engagement).execution_options(render_nulls=True), added)
    return sum(changes.values(), ZERO)


def _changes(
    there: Mapping[tuple[Any, ...], Decimal], amounts: Mapping[str, Decimal]
) -> Iterator[tuple[tuple[Any, ...], Decimal]]:
    """By how much each account grows or shrinks: no account below zero, what is more on the first of its source."""
    missing = dict(amounts)
    for key, amount in there.items():
        missing[key[ACCOUNT.index("source")]] -= amount
    for key, amount in there.items():
        source = key[ACCOUNT.index("source")]
        change = max(missing[source], -amount)
        missing[source] -= change
        yield key, change


ACCOUNT = (
    "source", "kitchen_id", "family", "day", "supplier_id",
    "ground", "contract_id", "consultation_id", "lot_id", "grouped", "counted", "bare",
)  # fmt: skip
"""What two commitments share when the second takes back the first."""


def _account(row: Engagement) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in ACCOUNT)


async def _draw(session: AsyncSession, wishes: Sequence[Wish], grounds: Sequence[Ground]) -> None:
    """Take what is ordered from contracts, then from awards.

    Raises:
        refusals.BeyondMaximum: a contract has not enough left.
        refusals.BeyondAward: an award has not enough left.
    """
    contracts: dict[int, Decimal] = defaultdict(Decimal)
    awards: dict[int, Decimal] = defaultdict(Decimal)
    for wish, ground in zip(wishes, grounds, strict=True):
        if ground.contract is not None:
            contracts[ground.contract] += wish.amount
        if ground.lot is not None:
            awards[ground.lot] += wish.amount
    await draw_on(session, contracts, awards)


async def _redraw(session: AsyncSession, added: Sequence[Mapping[str, Any]]) -> None:
    """Draw on contracts and awards what rows add, give back what they take away, in the order of ``_draw``.

    Raises:
        refusals.BeyondMaximum: a contract has less left.
        refusals.BeyondAward: an award has less left.
    """
    contracts: dict[int, Decimal] = defaultdict(Decimal)
    awards: dict[int, Decimal] = defaultdict(Decimal)
    for row in added:
        if row["contract_id"] is not None:
            contracts[row["contract_id"]] += row["amount"]
        if row["lot_id"] is not None and not row["counted"]:
            awards[row["lot_id"]] += row["amount"]
    await draw_on(session, contracts, awards)


def _engagements(
    viewer: Viewer, kitchen_id: int, day: date, bought: Sequence[tuple[LineToBuy, Wish, Ground]]
) -> list[dict[str, Any]]:
    """One row per order, family and ground: lines that count together are added up."""
    amounts: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    for line, wish, ground in bought:
        key = (line.supplier_id, line.source, wish.family)
        drawn_on = (ground.contract, ground.consultation, ground.lot)
        bare = wish.bare and ground.kind is GroundKind.CONSULTATION_AWARD
        amounts[*key, ground.kind, *drawn_on, ground.grouped, bare] += wish.amount
    at = moment.now()
    return [
        {
            "kitchen_id": kitchen_id,
            "family": family,
            "day": day,
            "amount": amount,
            "supplier_id": supplier,
            "ground": kind,
            "contract_id": contract,
            "consultation_id": consultation,
            "lot_id": lot,
            "grouped": grouped,
            "bare": bare,
            # The award put its whole amount into the need when it was decided.
            "counted": kind is not GroundKind.CONSULTATION_AWARD,
            "source": source,
            "at": at,
            "actor": viewer.actor,
        }
        for (supplier, source, family, kind, contract, consultation, lot, grouped, bare), amount in amounts.items()
    ]
