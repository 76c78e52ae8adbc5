"""Write the next version of a diagnostic."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.waste import refusals
from catering.api.mutations.waste.entering import ActingFor
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.refusal import Refusal
from catering.waste.graph.diagnostic import WasteDiagnostic, show_diagnostic
from catering.waste.graph.words import ActionKind, ActionStatus, Stage, WasteCause
from catering.waste.reading import latest_diagnostic
from catering.waste.service.diagnosing import Action, Draft, Finding
from catering.waste.service.diagnosing import write as keep


@strawberry.input(description="A cause found.")
class WasteFindingInput:
    cause: WasteCause = strawberry.field(description="Which.")
    seen: str = strawberry.field(description="What was seen, at most 300 characters.")
    stage: Stage | None = strawberry.field(default=None, description="Where; null for the whole kitchen.")


@strawberry.input(description="An action of the plan.")
class WasteActionInput:
    kind: ActionKind = strawberry.field(description="As ma-cantine names it.")
    what: str = strawberry.field(description="What is done, at most 300 characters.")
    who: str = strawberry.field(description="By whom, by function.")
    due_on: date = strawberry.field(description="By when.")
    status: ActionStatus = strawberry.field(default=ActionStatus.PLANNED, description="Where it stands.")
    done_on: date | None = strawberry.field(default=None, description="When it was done; only of an action done.")


@strawberry.input(description="All of a version: what is left out is gone from it, and stays in the one before.")
class WasteDiagnosticInput:
    base: int = strawberry.field(description="The version it is written from; 0 for the first.")
    written_on: date = strawberry.field(description="Date of the document, today or before.")
    pilot: str = strawberry.field(description="Who answers for it, by function.")
    team: str = strawberry.field(description="Who took part.")
    situation: str = strawberry.field(description="What was found, at most 2000 characters.")
    findings: list[WasteFindingInput] = strawberry.field(description="1 to 40 causes.")
    actions: list[WasteActionInput] = strawberry.field(description="1 to 40 actions.")
    measured_from: date | None = strawberry.field(default=None, description="First day of the weighings it rests on.")
    measured_to: date | None = strawberry.field(default=None, description="Last day of them.")


@strawberry.type(description="Kept as the next version; the ones before stay.")
class WasteDiagnosticWritten:
    diagnostic: WasteDiagnostic = strawberry.field(description="The version.")


WriteWasteDiagnosticResult: TypeAlias = Annotated[
    WasteDiagnosticWritten
    | refusals.UnknownKitchen
    | refusals.InvalidDiagnostic
    | refusals.DiagnosticMoved
    | NotAllowed
    | KeyRefused,
    strawberry.union("WriteWasteDiagnosticResult", description="The version, or why it is not kept."),
]


@documented
async def write_waste_diagnostic(
    info: Ask,
    kitchen: ActingFor,
    diagnostic: Annotated[WasteDiagnosticInput, strawberry.argument(description="The whole version.")],
    idempotency_key: IdempotencyKey,
) -> WriteWasteDiagnosticResult:
    """Write the diagnostic and plan of action that the law asks of every kitchen (GAS-02), version after version."""
    request = info.context
    viewer = request.viewer

    async def write(session: AsyncSession) -> str:
        return str((await keep(session, viewer, str(kitchen), _draft(diagnostic))).version)

    try:
        version = await once(request, asked("writeWasteDiagnostic", idempotency_key, [kitchen, str(diagnostic)]), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await latest_diagnostic(request, str(kitchen), int(version))
    assert row is not None, "who writes a version may read it"
    return WasteDiagnosticWritten(diagnostic=show_diagnostic(row))


def _draft(given: WasteDiagnosticInput) -> Draft:
    from_, to = given.measured_from, given.measured_to
    return Draft(
        base=given.base,
        written_on=given.written_on,
        pilot=given.pilot,
        team=given.team,
        situation=given.situation,
        findings=[Finding(each.cause, each.seen, each.stage) for each in given.findings],
        actions=[
            Action(each.kind, each.what, each.who, each.due_on, each.status, each.done_on) for each in given.actions
        ],
        measured=None if from_ is None or to is None else (from_, to),
    )
