"""Write the diagnostic and its plan of action: each saving is a version, none is ever changed (GAS-02)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from catering.moment import now, today
from catering.people.viewer import Viewer
from catering.waste import refusals
from catering.waste.models import WasteAction, WasteDiagnostic, WasteFinding
from catering.waste.queries_diagnostic import diagnostics
from catering.waste.service.ground import LONGEST_ESSAY, LONGEST_NAME, LONGEST_TEXT, own_kitchen, plain, require_past
from catering.waste.vocabulary import ActionKind, ActionStatus, Stage, WasteCause

MOST_LINES = 40
LONGEST = timedelta(days=400)
"""Of the weighings a version rests on: a school year and what surrounds it."""
FIRST_DAY = date(2000, 1, 1)
FARTHEST = timedelta(days=3660)
"""Ten years: beyond, the year is mistyped."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A cause found; ``stage`` None for the whole kitchen."""

    cause: WasteCause
    seen: str
    stage: Stage | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """Who does what by when, and where it stands."""

    kind: ActionKind
    what: str
    who: str
    due_on: date
    status: ActionStatus = ActionStatus.PLANNED
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """All of a version. ``base`` is the version it was written from, 0 for the first one."""

    base: int
    written_on: date
    pilot: str
    team: str
    situation: str
    findings: Sequence[Finding]
    actions: Sequence[Action]
    measured: tuple[date, date] | None = None


async def write(session: AsyncSession, viewer: Viewer, uai: str, draft: Draft) -> WasteDiagnostic:
    """Keep the next version of the diagnostic of a kitchen.

    Raises:
        refusals.Refusal: not the viewer's kitchen, a text or a date that cannot be, or somebody wrote another version.
    """
    kitchen = await own_kitchen(session, viewer, uai, lock=True)
    _require_dates(draft)
    latest = await session.scalar(diagnostics(viewer, uai).limit(1))
    version = 0 if latest is None else latest.version
    if draft.base != version:
        raise refusals.DiagnosticMoved(version)
    row = WasteDiagnostic(
        kitchen_id=kitchen.id,
        version=version + 1,
        written_on=draft.written_on,
        pilot=_text(draft.pilot, "Le pilote", LONGEST_NAME),
        team=_text(draft.team, "L'équipe", LONGEST_TEXT),
        situation=_text(draft.situation, "La situation", LONGEST_ESSAY),
        measured_from=draft.measured and draft.measured[0],
        measured_to=draft.measured and draft.measured[1],
        made_at=now(),
        made_by=viewer.actor,
        findings=[_finding(rank, each) for rank, each in enumerate(draft.findings, start=1)],
        actions=[_action(rank, each) for rank, each in enumerate(draft.actions, start=1)],
    )
    session.add(row)
    await session.flush()
    return row


def _require_dates(draft: Draft) -> None:
    require_past(draft.written_on, refusals.InvalidDiagnostic)
    if not draft.findings or not draft.actions:
        raise refusals.InvalidDiagnostic("Un diagnostic nomme une cause au moins, un plan une action au moins.")
    if max(len(draft.findings), len(draft.actions)) > MOST_LINES:
        raise refusals.InvalidDiagnostic(f"{MOST_LINES} causes et {MOST_LINES} actions au plus.")
    if draft.measured is not None:
        _require_measured(*draft.measured)
    for action in draft.actions:
        _require_action(action)


def _require_measured(first: date, last: date) -> None:
    if last < first:
        raise refusals.InvalidDiagnostic("La période des pesées finit avant de commencer : vérifier ses deux dates.")
    if first < FIRST_DAY or last - first > LONGEST or last > today() + LONGEST:
        raise refusals.InvalidDiagnostic(
            f"La période des pesées dure {LONGEST.days} jours au plus et finit à moins de {LONGEST.days} jours d'ici : "
            "vérifier l'année."
        )


def _require_action(action: Action) -> None:
    if not FIRST_DAY <= action.due_on <= today() + FARTHEST:
        raise refusals.InvalidDiagnostic(
            f"Action « {action.what} » : vérifier l'année de son échéance, le {action.due_on:%d/%m/%Y}."
        )
    if (action.status is ActionStatus.DONE) != (action.done_on is not None):
        raise refusals.InvalidDiagnostic(
            f"Action « {action.what} » : une action faite a sa date (doneOn), une autre n'en a pas."
        )
    if action.done_on is not None:
        require_past(action.done_on, refusals.InvalidDiagnostic)


def _finding(rank: int, each: Finding) -> WasteFinding:
    seen = _text(each.seen, "Le constat", LONGEST_TEXT)
    return WasteFinding(position=rank, stage=each.stage, cause=each.cause, seen=seen)


def _action(rank: int, each: Action) -> WasteAction:
    return WasteAction(
        position=rank,
        kind=each.kind,
        what=_text(each.what, "L'action", LONGEST_TEXT),
        who=_text(each.who, "Le responsable", LONGEST_NAME),
        due_on=each.due_on,
        status=each.status,
        done_on=each.done_on,
    )


def _text(given: str, what: str, longest: int) -> str:
    return plain(given, what, longest, refusals.InvalidDiagnostic)
