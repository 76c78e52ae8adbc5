"""Count covers, plan the days of a campaign."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import insert_missing
from catering.moment import now, today
from catering.people.viewer import Viewer
from catering.waste import refusals
from catering.waste.models import ServiceCovers, WeighingCampaign
from catering.waste.queries import campaigns, covers
from catering.waste.rules.figures import TooMany, protocol, too_many
from catering.waste.service.ground import (
    LONGEST_TEXT,
    OLDEST,
    changed,
    days_served,
    kind_of,
    own_kitchen,
    plain_or_none,
)
from catering.waste.service.usual import Usual, noted, unusual_days
from catering.waste.vocabulary import Service

MOST_COVERS = 20_000
LONGEST_CAMPAIGN = timedelta(days=92)


async def count(
    session: AsyncSession,
    viewer: Viewer,
    uai: str,
    day: date,
    service: Service,
    *,
    planned: int | None = None,
    prepared: int | None = None,
    served: int | None = None,
    confirmed: bool = False,
) -> ServiceCovers:
    """Say the covers of a service; a number left out stays as it was. What was said before is in the trace.

    Raises:
        refusals.Refusal: not the viewer's kitchen, a day without service, covers that cannot be, or covers that put
            what was weighed past what is usual or lie far above the calendar, without a confirmation.
    """
    kitchen = await own_kitchen(session, viewer, uai)
    said = {"planned": planned, "prepared": prepared, "served": served}
    given = {name: many for name, many in said.items() if many is not None}
    _require_covers(given, day)
    usual = await days_served(session, viewer, kitchen, day, day)
    if day not in usual:
        raise refusals.InvalidCovers(f"Le {day:%d/%m/%Y} n'est pas un jour de service : vérifier la date.")
    if not confirmed and (far := _most(given.values(), day, usual)):
        raise refusals.UnusualCovers(day, far)
    empty = {"kitchen_id": kitchen.id, "day": day, "service": service}
    await session.execute(insert_missing(session, ServiceCovers).values(**empty))
    statement = covers(viewer, kitchen_ids=[kitchen.id], first=day, last=day, service=service)
    found = await session.scalars(statement.with_for_update(of=ServiceCovers).execution_options(populate_existing=True))
    row = found.one()
    before = {name: getattr(row, name) for name in given}
    _require_enough(given.get("served", row.served), given.get("prepared", row.prepared))
    if "planned" in given and given["planned"] != row.planned:
        row.planned_on = today()
    for name, many in given.items():
        setattr(row, name, many)
    row.simulated = row.simulated and "served" not in given
    if before != given:
        row.made_by = viewer.actor
        key = f"{kitchen.uai} {day} {service}"
        session.add(changed(viewer, ServiceCovers.__tablename__, key, before, given))
    await session.flush()
    doubt = unusual_days(await noted(session, viewer, kitchen, [day]), [day], usual).get(day)
    if doubt is not None and not confirmed:
        raise refusals.ConfirmationNeeded(f"Couverts du {day:%d/%m/%Y}", doubt)
    said_by_now = [each for each in (row.planned, row.prepared, row.served) if each is not None]
    row.confirmed = doubt is not None or _most(said_by_now, day, usual) is not None
    await session.flush()
    return row


def _most(covers_noted: Iterable[int], day: date, usual: Usual) -> TooMany | None:
    """The most of some covers of a day, where they are far above its calendar."""
    return too_many(day, max(covers_noted, default=0), usual[day])


def _require_enough(served: int | None, prepared: int | None) -> None:
    if served is not None and prepared is not None and served > prepared:
        raise refusals.InvalidCovers(f"{served} couverts servis pour {prepared} préparés : corriger l'un des deux.")


def _require_covers(given: dict[str, int], day: date) -> None:
    if not given:
        raise refusals.InvalidCovers("Rien n'est compté : donner les couverts prévus, préparés ou servis.")
    for many in given.values():
        if not 0 <= many <= MOST_COVERS:
            raise refusals.InvalidCovers(f"{many} couverts : donner de 0 à {MOST_COVERS}.")
    if day > today() and set(given) - {"planned"}:
        raise refusals.InvalidCovers(f"Le {day:%d/%m/%Y} est à venir : seuls les couverts prévus se disent d'avance.")
    if abs(today() - day) > OLDEST:
        raise refusals.InvalidCovers(f"Le {day:%d/%m/%Y} est à plus de {OLDEST.days} jours d'ici : vérifier l'année.")


async def plan_campaign(
    session: AsyncSession, viewer: Viewer, uai: str, first: date, last: date, note: str | None = None
) -> WeighingCampaign:
    """Plan the days of a campaign, by the protocol of the kind of kitchen (GAS-10).

    Raises:
        refusals.Refusal: not the viewer's kitchen, too short, or another campaign has one of these days.
    """
    kitchen = await own_kitchen(session, viewer, uai, lock=True)
    if not timedelta() <= last - first <= LONGEST_CAMPAIGN or abs(first - today()) > OLDEST:
        raise refusals.InvalidCampaign(
            f"Du {first:%d/%m/%Y} au {last:%d/%m/%Y} : une campagne va d'un jour à un jour suivant, "
            f"de {LONGEST_CAMPAIGN.days} jours au plus, à moins de {OLDEST.days} jours d'ici."
        )
    asked = protocol(await kind_of(session, viewer, kitchen), first)
    days = len(await days_served(session, viewer, kitchen, first, last))
    if days < asked.days:
        of = "jours de suite" if asked.every_day else "jours de service"
        raise refusals.InvalidCampaign(
            f"{days} {of} sur cette période : le protocole ({asked.rule}) en demande {asked.days}. Allonger la période."
        )
    other = await session.scalar(campaigns(viewer, uai=uai, overlapping=(first, last)).limit(1))
    if other is not None:
        raise refusals.CampaignOverlaps(other.first_day, other.last_day)
    row = WeighingCampaign(
        kitchen_id=kitchen.id,
        first_day=first,
        last_day=last,
        note=plain_or_none(note, "La remarque", LONGEST_TEXT, refusals.InvalidCampaign),
        made_at=now(),
        made_by=viewer.actor,
    )
    session.add(row)
    await session.flush()
    return row


async def cancel_campaign(session: AsyncSession, viewer: Viewer, number: int, why: str) -> str:
    """Give a campaign up; what was weighed stays. It leaves a trace. The UAI of its kitchen.

    Raises:
        refusals.Refusal: it is not of the viewer's kitchens.
    """
    row: WeighingCampaign | None = await session.scalar(campaigns(viewer, ids=[number]))
    if row is None:
        raise refusals.InvalidCampaign(f"Aucune campagne n'a le numéro {number} dans vos cuisines.")
    if not viewer.buys:
        raise refusals.NotAllowed
    reason = plain_or_none(why, "La raison", LONGEST_TEXT, refusals.InvalidCampaign)
    before = {"first_day": row.first_day.isoformat(), "last_day": row.last_day.isoformat(), "why": reason}
    session.add(changed(viewer, WeighingCampaign.__tablename__, f"{row.kitchen_id} {row.first_day}", before, None))
    await session.delete(row)
    await session.flush()
    return str(number)
