"""Decide another portion of a dish, and take it back."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.waste import refusals
from catering.api.mutations.waste.entering import Why
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask, Request
from catering.menus.queries import portion_changes_visible_to
from catering.recipes.models import PortionChange as ChangeRow
from catering.refusal import Refusal
from catering.waste.graph.learning import PortionChange, show_change
from catering.waste.service.portions import Wish, decide, take_back


@strawberry.type(description="Decided: from its first day on orders, fiches and checks follow it.")
class PortionDecided:
    change: PortionChange = strawberry.field(description="The change.")


@strawberry.type(description="Taken back: after its last day the portion before holds again.")
class PortionTakenBack:
    change: PortionChange = strawberry.field(description="The change, with its last day.")


DecidePortionResult: TypeAlias = Annotated[
    PortionDecided | refusals.InvalidPortion | NotAllowed | KeyRefused,
    strawberry.union("DecidePortionResult", description="The change, or why the portion cannot be."),
]
TakeBackPortionResult: TypeAlias = Annotated[
    PortionTakenBack | refusals.InvalidPortion | NotAllowed | KeyRefused,
    strawberry.union("TakeBackPortionResult", description="The change, or why it stays."),
]


@documented
async def decide_portion(
    info: Ask,
    dish: Annotated[strawberry.ID, strawberry.argument(description="Id of the dish.")],
    served_g: Annotated[int, strawberry.argument(description="Grams served of a cover, within the grammage.")],
    valid_from: Annotated[date, strawberry.argument(description="First day, to come.")],
    reason: Why,
    idempotency_key: IdempotencyKey,
    kitchen: Annotated[
        strawberry.ID | None, strawberry.argument(description="UAI of the only kitchen it holds in; all by default.")
    ] = None,
) -> DecidePortionResult:
    """Change the portion of a dish, everywhere or in one kitchen; nutrition and the Département may."""
    request = info.context
    viewer = request.viewer
    wish = Wish(str(dish), served_g, valid_from, reason, None if kitchen is None else str(kitchen))

    async def write(session: AsyncSession) -> str:
        return str((await decide(session, viewer, wish)).id)

    try:
        kept = await once(request, asked("decidePortion", idempotency_key, wish), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return PortionDecided(change=show_change(await _change(request, int(kept))))


@documented
async def take_back_portion(
    info: Ask,
    change_id: Annotated[strawberry.ID, strawberry.argument(description="Number of the change.")],
    last_day: Annotated[date, strawberry.argument(description="Last day it holds, today at the earliest.")],
    why: Why,
    idempotency_key: IdempotencyKey,
) -> TakeBackPortionResult:
    """End a changed portion: the one before holds again."""
    request = info.context
    viewer = request.viewer
    number = row_number(str(change_id), "changement")

    async def write(session: AsyncSession) -> str:
        return str((await take_back(session, viewer, number, last_day, why)).id)

    try:
        kept = await once(request, asked("takeBackPortion", idempotency_key, [number, last_day, why]), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return PortionTakenBack(change=show_change(await _change(request, int(kept))))


async def _change(request: Request, number: int) -> ChangeRow:
    row: ChangeRow | None = await request.one(portion_changes_visible_to(request.viewer).where(ChangeRow.id == number))
    assert row is not None, "who decides a portion may read it"
    return row
