"""What buyers have committed to over twelve months, read for a decision."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.people.viewer import Viewer
from catering.procurement import refusals
from catering.procurement.contract_rules import ContractTerms
from catering.procurement.counting import counted_in_needs, needs_on
from catering.procurement.estimate import Needs
from catering.procurement.need import Duty, Level, Standing, last_counted, reached, thresholds_on
from catering.procurement.vocabulary import Procedure
from catering.together import read_together


class Added(NamedTuple):
    """An amount excl. tax about to be committed in a family, below the threshold of a duty.

    ``until`` is the last day on which it counts; twelve months later when nobody says.
    """

    family: str
    amount: Decimal
    duty: Duty = Duty.COMPETITION
    until: date | None = None


class Besides(NamedTuple):
    """A contract, or the lot of a consultation (row ids), whose part in a need is left out."""

    contract: int | None = None
    lot: int | None = None


NOTHING_BESIDES = Besides()
BELOW = {Procedure.BELOW_THRESHOLD: Duty.COMPETITION, Procedure.ADAPTED: Duty.FORMAL_PROCEDURE}
"""The duty that each procedure must not owe."""


async def lock_buyers(session: AsyncSession, kitchen_ids: Collection[int]) -> None:
    """Let one decision at a time be taken on the needs of these kitchens: two must not both fit below a threshold."""
    rows = select(Kitchen.id).where(Kitchen.id.in_(kitchen_ids)).order_by(Kitchen.id)
    await session.execute(rows.with_for_update(key_share=True))


async def read_needs(
    session: AsyncSession, viewer: Viewer, kitchen_ids: Collection[int], day: date, besides: Besides = NOTHING_BESIDES
) -> Needs:
    """All that counts in the needs of kitchens on a day: one statement."""
    asked = counted_in_needs(viewer, day, kitchen_ids, besides_lot=besides.lot)
    return needs_on(day, await read_together(session, asked), besides_contract=besides.contract)


async def needs_of(
    session: AsyncSession, viewer: Viewer, kitchen_ids: Collection[int], families: Collection[str], day: date
) -> dict[tuple[int, str], Decimal]:
    """What the needs of kitchens are worth against the first threshold, € excl. tax, per kitchen and family."""
    needs = await read_needs(session, viewer, kitchen_ids, day)
    return {key: needs.of([key[0]], key[1]).total for key in needs.pairs() if key[1] in families}


async def refuse_above_threshold(
    session: AsyncSession,
    viewer: Viewer,
    kitchen_ids: Collection[int],
    added: Sequence[Added],
    day: date,
    besides: Besides = NOTHING_BESIDES,
    *,
    held: bool = False,
) -> None:
    """Let amounts be committed only if the needs of all the buyers together stay below a threshold (CCP-21, CCP-25).

    Two statements, however many families.

    Args:
        session: of the caller's transaction; the buyers are locked until it ends.
        viewer: who decides.
        kitchen_ids: the buyers.
        added: what is to be committed, once per family.
        day: from which it counts.
        besides: what counts in the needs now and takes another value with this decision.
        held: whether the caller has locked the buyers already.

    Raises:
        refusals.AboveThreshold: they do not.
    """
    counting = [each for each in added if each.until is None or day <= each.until]
    if not counting:
        return
    if not held:
        await lock_buyers(session, kitchen_ids)
    needs = await read_needs(session, viewer, kitchen_ids, day, besides)
    for each in counting:
        need = needs.of(kitchen_ids, each.family, each.duty, each.until).total + each.amount
        least = next((found for found in thresholds_on(day) if found.duty is each.duty), None)
        if least is not None and need >= least.amount:
            raise refusals.AboveThreshold(Standing(reached(need, day) or least, need, Level.REACHED))


def values_of(terms: ContractTerms) -> list[Added]:
    """What a contract adds to the need of each of its families, against the threshold that its procedure stays below.

    Its maximum in each: nothing keeps it from being drawn in one family alone. Nothing of a formal procedure, which no
    threshold is above.
    """
    duty = BELOW.get(terms.procedure)
    if duty is None:
        return []
    until = max(terms.end, last_counted(terms.start))
    families = sorted({lot.family for lot in terms.lots})
    return [Added(family, terms.most, duty, until) for family in families]
