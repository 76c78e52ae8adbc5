"""What the mutations of an existing run share."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.once import asked, once
from catering.graph.arguments import row_number
from catering.graph.request import Request
from catering.people.viewer import Viewer
from catering.planning import models
from catering.planning.graph import PlanRun, show_run
from catering.planning.graph.run_loads import RunById

RunId: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="Number of the run.")]
Change: TypeAlias = Callable[[AsyncSession, Viewer, int], Awaitable[models.PlanRun]]


async def change_run(request: Request, operation: str, run_id: str, key: str, change: Change) -> PlanRun:
    """Change a run once per key, and show it as it stands afterwards.

    Raises:
        catering.planning.refusals.Refusal: the change is refused.
        catering.api.once.KeyRefusedError: the key cannot be used.
        BadArgumentError: the id is not a number.
    """
    viewer, number = request.viewer, row_number(run_id, "calcul de plan")

    async def write(session: AsyncSession) -> str:
        return str((await change(session, viewer, number)).id)

    await once(request, asked(operation, key, run_id), write)
    row = await request.loader(RunById).load(number)
    assert row is not None, "who may change a run may read it"
    return show_run(row)
