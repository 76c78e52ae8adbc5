"""Progress of what takes long, as subscriptions: a running plan by its row, an import by the process that does it."""

import asyncio
from collections.abc import AsyncGenerator
from decimal import Decimal
from itertools import count
from typing import Annotated

import strawberry

from catering.graph.arguments import row_number
from catering.graph.errors import BadArgumentError
from catering.graph.request import Ask, Request
from catering.graph.shown import shown
from catering.planning import models
from catering.planning.models import RunStatus
from catering.planning.queries import runs
from catering.purchases.following import WAITING, step_of

SECONDS_BETWEEN_LOOKS = 0.5  # legal-number: patience of a person watching a bar
LOOKS_WITHOUT_ASKING = 10  # legal-number: five seconds
"""After so many looks it is asked again who follows: a session that ends closes what it follows."""
LOOKS_BEFORE_IT_BEGINS = 120  # legal-number: a minute


@strawberry.type(description="Where a run stands at one moment.")
class PlanProgress:
    run_id: strawberry.ID = strawberry.field(description="Number of the run.")
    status: RunStatus = strawberry.field(description="Where it stands.")
    phase: str = strawberry.field(description="What it is doing, in French.")
    done_steps: int = strawberry.field(description="Steps of the phase behind it.")
    total_steps: int = strawberry.field(description="Steps of the phase; 0 is unknown.")
    best_cost_eur: Decimal | None = strawberry.field(description="Objective of the best plan so far, €.")
    lower_bound_eur: Decimal | None = strawberry.field(description="No plan can have a lower one: proven so far, €.")
    gap: Decimal | None = strawberry.field(description="(objective − lower bound) / objective, 0 to 1.")
    error: str | None = strawberry.field(description="Why it failed, in French.")


async def plan_progress(
    info: Ask, run_id: Annotated[strawberry.ID, strawberry.argument(description="Number of the run.")]
) -> AsyncGenerator[PlanProgress, None]:
    """Where a run stands: at once, then at each change, until it ends. Of a run you may not read: BAD_ARGUMENT."""
    number, told = row_number(run_id, "calcul de plan"), None
    for look in count():
        if look % LOOKS_WITHOUT_ASKING == LOOKS_WITHOUT_ASKING - 1:
            await info.context.still()
        row = await _read(info.context, number)
        now = show_progress(row)
        if now != told:
            yield now
            told = now
        if row.status.ended:
            return
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


@strawberry.type(description="Where the import of a file of purchases stands at one moment.")
class ImportProgress:
    phase: str = strawberry.field(description="What it is doing, in French.")
    done: int = strawberry.field(description="Lines of the phase behind it.")
    total: int = strawberry.field(description="Lines of the phase; 0 is unknown.")
    ended: bool = strawberry.field(description="True once it is over; importPurchases answers how.")


async def import_progress(
    info: Ask, document: Annotated[strawberry.ID, strawberry.argument(description="Number of the file, sent by you.")]
) -> AsyncGenerator[ImportProgress, None]:
    """Where your import of a file of purchases stands: at once, at each change, until it ends; none in a minute: ends.

    Told by the server that imports: followed on another one it never begins.
    """
    number, told = row_number(document, "document"), WAITING
    url, actor, looks = info.context.database.url, info.context.viewer.actor, 0
    passed = 0
    yield shown(ImportProgress, told)
    while not told.ended and looks < LOOKS_BEFORE_IT_BEGINS:
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        now = step_of(url, actor, number)
        looks += now is None
        passed += 1
        if passed % LOOKS_WITHOUT_ASKING == 0:
            await info.context.still()
        if now is not None and now != told:
            told = now
            yield shown(ImportProgress, told)


@strawberry.type
class Subscription:
    plan_progress = strawberry.subscription(resolver=plan_progress, description=plan_progress.__doc__)
    import_progress = strawberry.subscription(resolver=import_progress, description=import_progress.__doc__)


async def _read(request: Request, number: int) -> models.PlanRun:
    # Each look is a read of its own: one that stayed open would go on seeing the past.
    async with request.database.reading() as session:
        row: models.PlanRun | None = await session.scalar(runs(request.viewer, ids=[number]))
    if row is None:
        raise BadArgumentError(f"Aucun calcul de plan n'a le numéro {number}. Reprendre celui de planRuns.")
    return row


def show_progress(row: models.PlanRun) -> PlanProgress:
    """Where a run stands, as GraphQL shows it."""
    return shown(
        PlanProgress,
        row,
        run_id=strawberry.ID(str(row.id)),
        best_cost_eur=row.best_cost,
        lower_bound_eur=row.lower_bound,
        gap=row.measured_gap,
    )
