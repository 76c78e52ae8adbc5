"""Tell that a supplier is under a territorial food project."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.market.writing import write_once
from catering.api.mutations.purchases import refusals
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.purchases.models import PatSupply
from catering.purchases.pat import PatWish, state
from catering.purchases.queries import pat_supplies_visible_to
from catering.refusal import Refusal


@strawberry.type(description="The French goods received from the supplier on those days count under the project.")
class PatSupplyStated:
    project: str = strawberry.field(description="Name of the project.")
    first_day: date = strawberry.field(description="First day of its label.")
    last_day: date = strawberry.field(description="Last day of its label.")


StatePatSupplyResult: TypeAlias = Annotated[
    PatSupplyStated | refusals.PatRefused | NotAllowed | KeyRefused,
    strawberry.union("StatePatSupplyResult", description="What was written down, or why nothing was."),
]


@documented
async def state_pat_supply(
    info: Ask,
    supplier: Annotated[strawberry.ID, strawberry.argument(description="Id of the supplier: a farm or a hub.")],
    project: Annotated[str, strawberry.argument(description="Name of the project, as its label names it.")],
    first_day: Annotated[date, strawberry.argument(description="First day of the label; not later than today.")],
    last_day: Annotated[date, strawberry.argument(description="Last day of the label.")],
    idempotency_key: IdempotencyKey,
) -> StatePatSupplyResult:
    """Tell that a supplier is under a labelled territorial project (PAT): the share told to diners follows (EGA-30)."""
    request, wish = info.context, PatWish(supplier, project, first_day, last_day)

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        return str((await state(session, viewer, wish)).id)

    given = [supplier, project, first_day.isoformat(), last_day.isoformat()]
    try:
        made = await write_once(request, "statePatSupply", idempotency_key, given, write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await request.one(pat_supplies_visible_to(request.viewer).where(PatSupply.id == int(made)))
    assert row is not None, "who states it reads it"
    return PatSupplyStated(project=row.project, first_day=row.first_day, last_day=row.last_day)
