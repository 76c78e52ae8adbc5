"""Suppose a change of a plan: what it would cost, kept under a name."""

from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.planning import refusals
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.planning.graph.suppositions import PlanSupposition, SuppositionById, show_supposition
from catering.planning.models_supposed import SupposedKind
from catering.planning.supposed import SupposedWish, SuppositionWish, suppose
from catering.refusal import Refusal


@strawberry.input(description="One change that is supposed.")
class SupposedChangeInput:
    kind: SupposedKind = strawberry.field(description="Which.")
    of: str | None = strawberry.field(
        default=None, description="Id or whole name of the supplier, ingredient, family or commune."
    )
    percent: Decimal | None = strawberry.field(
        default=None, description="Of prices, covers and budgets: -90 to 200, not 0; 10 is a tenth more."
    )
    km: int | None = strawberry.field(default=None, description="Of an area: 1 to 100 around the commune.")


@strawberry.input(description="What is supposed of a plan.")
class SuppositionInput:
    run_id: strawberry.ID = strawberry.field(description="Number of the run.")
    name: str = strawberry.field(description="Under which it is kept, 80 letters at most.")
    changes: list[SupposedChangeInput] = strawberry.field(description="One to ten, all at once.")


@strawberry.type(description="The supposition waits to be computed; read it again with `planSupposition`.")
class ChangeSupposed:
    supposition: PlanSupposition = strawberry.field(description="Just queued or, for a key sent again, as it is now.")


SupposeChangeResult: TypeAlias = Annotated[
    ChangeSupposed | refusals.BadSupposition | refusals.UnknownRun | NotAllowed | KeyRefused,
    strawberry.union("SupposeChangeResult", description="What is supposed, or why it is not."),
]


@documented
async def suppose_change(
    info: Ask,
    supposition: Annotated[SuppositionInput, strawberry.argument(description="What is supposed.")],
    idempotency_key: IdempotencyKey,
) -> SupposeChangeResult:
    """Suppose a change of a plan; only the administration of the Département may. The plan itself stays as it is."""
    request = info.context
    try:
        wish = SuppositionWish(
            row_number(supposition.run_id, "calcul de plan"),
            supposition.name,
            [SupposedWish(each.kind, each.of, each.percent, each.km) for each in supposition.changes],
        )

        async def write(session: AsyncSession) -> str:
            return str((await suppose(session, request.viewer, wish)).id)

        number = int(await once(request, asked("supposeChange", idempotency_key, supposition), write))
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await request.loader(SuppositionById).load(number)
    assert row is not None, "who may suppose may read it"
    return ChangeSupposed(supposition=show_supposition(row))
