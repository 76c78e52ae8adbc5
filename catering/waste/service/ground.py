"""What every use case of the room stands on: whose kitchen it is, when it serves, texts, the trace of a change."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens, service_days_by_uai
from catering.moment import now, today
from catering.people.models import ChangeEvent
from catering.people.viewer import Viewer
from catering.refusal import Refusal
from catering.spelling import deceit, tidy
from catering.waste import refusals
from catering.waste.models import WasteSite
from catering.waste.queries_diagnostic import sites_visible_to
from catering.waste.rules.figures import CARE
from catering.waste.vocabulary import KitchenKind

LONGEST_TEXT, LONGEST_NAME, LONGEST_ESSAY = 300, 160, 2000
OLDEST = timedelta(days=400)
"""How far back a tablet may still note something: beyond, the year is mistyped."""


async def own_kitchen(session: AsyncSession, viewer: Viewer, uai: str, *, lock: bool = False) -> Kitchen:
    """A kitchen the viewer cooks for; ``lock`` makes those who change the same thing of it queue.

    Raises:
        refusals.Refusal: there is none, or the viewer only reads it.
    """
    statement = kitchens(viewer, uais=[uai])
    kitchen: Kitchen | None = await session.scalar(
        statement.with_for_update(key_share=True, of=Kitchen) if lock else statement
    )
    if not viewer.buys and (kitchen is not None or viewer.sells):
        raise refusals.NotAllowed
    if kitchen is None:
        raise refusals.UnknownKitchen(uai)
    return kitchen


async def kind_of(session: AsyncSession, viewer: Viewer, kitchen: Kitchen) -> KitchenKind:
    """What kind of establishment it is: a collège unless it said otherwise."""
    site: WasteSite | None = await session.scalar(sites_visible_to(viewer).where(WasteSite.kitchen_id == kitchen.id))
    return KitchenKind.COLLEGE if site is None else site.kind


async def days_served(
    session: AsyncSession, viewer: Viewer, kitchen: Kitchen, first: date, last: date
) -> dict[date, int | None]:
    """Days on which a kitchen serves, each with its usual covers; a place of care serves every day."""
    if await kind_of(session, viewer, kitchen) in CARE:
        return {first + timedelta(days=each): None for each in range((last - first).days + 1)}
    served = await service_days_by_uai(session, viewer, first, last, uais=[kitchen.uai])
    return {day.day: day.covers for day in served[kitchen.uai]}


def require_past(day: date, what: type[Refusal]) -> None:
    """Refuse a day to come, or one too far back."""
    if day > today():
        raise what(f"Le {day:%d/%m/%Y} est à venir : vérifier la date.")
    if today() - day > OLDEST:
        raise what(f"Le {day:%d/%m/%Y} remonte à plus de {OLDEST.days} jours : vérifier l'année.")


def plain(text: str, what: str, longest: int, why: type[Refusal]) -> str:
    """A text as it is kept.

    Raises:
        refusals.Refusal: it is empty, too long, or deceives the eye.
    """
    kept = tidy(text)
    if not 1 <= len(kept) <= longest:
        raise why(f"{what} : écrire de 1 à {longest} caractères.")
    if trick := deceit(kept):
        raise why(f"{what} {trick} : le retaper.")
    return kept


def plain_or_none(text: str | None, what: str, longest: int, why: type[Refusal]) -> str | None:
    """The same of a text that may be missing; blank is missing."""
    return None if text is None or not text.strip() else plain(text, what, longest, why)


def changed(
    viewer: Viewer, table: str, key: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> ChangeEvent:
    """The trace of a change."""
    return ChangeEvent(
        at=now(),
        actor=viewer.actor,
        subject=table,
        key=key,
        before=None if before is None else _as_json(before),
        after=None if after is None else _as_json(after),
    )


def _as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Dates and decimals as text, without loss."""
    exact = (date, Decimal)
    return {name: str(value) if isinstance(value, exact) else value for name, value in values.items()}
