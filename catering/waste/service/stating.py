"""State what a kitchen is, agreements to give food, and what leaves apart: bio-waste and used oil."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import insert_missing
from catering.kitchens.models import Kitchen
from catering.moment import now, today
from catering.people.viewer import Viewer
from catering.waste import refusals
from catering.waste.models import BiowasteNote, DonationAgreement, WasteSite
from catering.waste.models.weighing import LONGEST_KEY
from catering.waste.queries_diagnostic import agreements, biowaste_visible_to, sites_visible_to
from catering.waste.rules.figures import CARE
from catering.waste.service.ground import (
    LONGEST_NAME,
    LONGEST_TEXT,
    changed,
    own_kitchen,
    plain,
    plain_or_none,
    require_past,
)
from catering.waste.service.weighing import SHORTEST_KEY
from catering.waste.vocabulary import BiowasteStream, KitchenKind, Service, Treatment

MOST_MEALS = 10_000_000
HEAVIEST_BASE = Decimal(1000)
MOST_OIL = 100_000
MOST_QUANTITY = 50_000_000
"""Grams or millilitres of one collection."""
FIRST_YEAR = 2000
LONGEST_SLIP = 80  # legal-number: width of a column
OF_OIL = frozenset({Treatment.BIOFUEL, Treatment.METHANISATION})


@dataclass(frozen=True, slots=True)
class SiteStatement:
    """What an establishment says of itself."""

    kind: KitchenKind
    meals_per_day: int | None = None
    meals_per_year: int | None = None
    base_year: int | None = None
    base_g_per_cover: Decimal | None = None
    biowaste_sorted_since: date | None = None
    collector: str | None = None
    services: Sequence[Service] | None = None
    many_meals_since: date | None = None
    oil_l_per_year: int | None = None


@dataclass(frozen=True, slots=True)
class Collected:
    """What left: grams of bio-waste, millilitres of oil. ``key`` is made by the tablet."""

    key: str
    day: date
    stream: BiowasteStream
    treatment: Treatment
    quantity: int
    collector: str | None = None
    slip: str | None = None


async def state(session: AsyncSession, viewer: Viewer, uai: str, given: SiteStatement) -> WasteSite:
    """Keep what a kitchen says of itself; what it said before is in the trace.

    Raises:
        refusals.Refusal: not the viewer's kitchen, or figures that cannot be.
    """
    kitchen = await own_kitchen(session, viewer, uai, lock=True)
    _require_site(given)
    if kitchen.finess is not None and given.kind not in CARE:
        raise refusals.InvalidStatement("Connu par son FINESS, il n'est pas un collège : en dire le genre.")
    after = asdict(given)
    after["collector"] = plain_or_none(given.collector, "Le collecteur", LONGEST_NAME, refusals.InvalidStatement)
    served = None if given.services is None else set(given.services)
    after["services"] = [each.value for each in Service if each in served] if served else None
    row: WasteSite | None = await session.scalar(sites_visible_to(viewer).where(WasteSite.kitchen_id == kitchen.id))
    before = None if row is None else {name: getattr(row, name) for name in after}
    if row is None:
        row = WasteSite(kitchen_id=kitchen.id, **after, made_at=now(), made_by=viewer.actor)
        session.add(row)
    if before != after:
        for name, value in after.items():
            setattr(row, name, value)
        row.made_at, row.made_by = now(), viewer.actor
        session.add(changed(viewer, WasteSite.__tablename__, kitchen.uai, before, after))
    await session.flush()
    return row


def _require_site(given: SiteStatement) -> None:
    for name, many in (("repas par jour", given.meals_per_day), ("repas par an", given.meals_per_year)):
        if many is not None and not 1 <= many <= MOST_MEALS:
            raise refusals.InvalidStatement(f"{many} {name} : donner de 1 à {MOST_MEALS}.")
    if (given.base_year is None) != (given.base_g_per_cover is None):
        raise refusals.InvalidStatement("L'année de référence va avec ses grammes par couvert : donner les deux.")
    if given.base_year is not None and not FIRST_YEAR <= given.base_year <= today().year:
        raise refusals.InvalidStatement(f"{given.base_year} : donner une année de {FIRST_YEAR} à {today().year}.")
    base = given.base_g_per_cover
    if base is not None and not (base.is_finite() and 0 < base <= HEAVIEST_BASE and base == round(base, 1)):
        raise refusals.InvalidStatement(f"{base} g par couvert : donner de 0,1 à {HEAVIEST_BASE} g, au dixième.")
    if given.biowaste_sorted_since is not None and given.biowaste_sorted_since > today():
        raise refusals.InvalidStatement("Le tri se dit une fois en place : la date est à venir.")
    if given.many_meals_since is not None and given.many_meals_since > today():
        raise refusals.InvalidStatement("Le seuil de repas se dit une fois passé : la date est à venir.")
    if given.oil_l_per_year is not None and not 0 <= given.oil_l_per_year <= MOST_OIL:
        raise refusals.InvalidStatement(f"{given.oil_l_per_year} litres d'huile par an : donner de 0 à {MOST_OIL}.")


async def agree(
    session: AsyncSession,
    viewer: Viewer,
    uai: str,
    association: str,
    proposed_on: date,
    signed_on: date | None,
    ends_on: date | None,
    what: str | None,
    authority: str | None = None,
) -> DonationAgreement:
    """Keep an agreement to give food to an association: proposed, signed, ended. One per association.

    Raises:
        refusals.Refusal: not the viewer's kitchen, or dates that cannot follow each other.
    """
    kitchen = await own_kitchen(session, viewer, uai, lock=True)
    name = plain(association, "L'association", LONGEST_NAME, refusals.InvalidStatement)
    said = {
        "proposed_on": proposed_on,
        "signed_on": signed_on,
        "ends_on": ends_on,
        "what": plain_or_none(what, "Ce qui est donné", LONGEST_TEXT, refusals.InvalidStatement),
        "authority": plain_or_none(authority, "L'habilitation", LONGEST_NAME, refusals.InvalidStatement),
    }
    _require_agreement(proposed_on, signed_on, ends_on)
    of = agreements(viewer, kitchen.id).where(DonationAgreement.association == name)
    row: DonationAgreement | None = await session.scalar(of)
    before = None if row is None else {each: getattr(row, each) for each in said}
    if row is None:
        row = DonationAgreement(kitchen_id=kitchen.id, association=name, **said, made_at=now(), made_by=viewer.actor)
        session.add(row)
    if before != said:
        for each, value in said.items():
            setattr(row, each, value)
        row.made_at, row.made_by = now(), viewer.actor
        session.add(changed(viewer, DonationAgreement.__tablename__, f"{kitchen.uai} {name}", before, said))
    await session.flush()
    return row


def _require_agreement(proposed_on: date, signed_on: date | None, ends_on: date | None) -> None:
    if proposed_on > today() or (signed_on is not None and signed_on > today()):
        raise refusals.InvalidStatement("Une convention se note une fois proposée ou signée : la date est à venir.")
    if signed_on is not None and signed_on < proposed_on:
        raise refusals.InvalidStatement("La convention serait signée avant d'être proposée : vérifier les deux dates.")
    if ends_on is not None and (signed_on is None or ends_on < signed_on):
        raise refusals.InvalidStatement("Une convention finit après avoir été signée : vérifier les dates.")


async def collect(session: AsyncSession, viewer: Viewer, uai: str, given: Collected) -> BiowasteNote:
    """Note what left apart; the same note sent again is the same row.

    Raises:
        refusals.Refusal: not the viewer's kitchen, a quantity or a treatment that cannot be, or a key used otherwise.
    """
    kitchen = await own_kitchen(session, viewer, uai)
    _require_collected(given)
    row = _note(given, kitchen, viewer)
    values = {column.key: getattr(row, column.key) for column in BiowasteNote.__table__.columns if column.key != "id"}
    await session.execute(insert_missing(session, BiowasteNote).values(**values))
    of = biowaste_visible_to(viewer).where(BiowasteNote.kitchen_id == kitchen.id, BiowasteNote.entry_key == given.key)
    kept = (await session.scalars(of)).one()
    same = ("day", "stream", "treatment", "quantity", "collector", "slip")
    if any(getattr(kept, name) != getattr(row, name) for name in same):
        raise refusals.EntryKeyUsed(given.key)
    return kept


def _note(given: Collected, kitchen: Kitchen, viewer: Viewer) -> BiowasteNote:
    return BiowasteNote(
        kitchen_id=kitchen.id,
        entry_key=given.key,
        day=given.day,
        stream=given.stream,
        treatment=given.treatment,
        quantity=given.quantity,
        collector=plain_or_none(given.collector, "Le collecteur", LONGEST_NAME, refusals.InvalidStatement),
        slip=plain_or_none(given.slip, "Le bordereau", LONGEST_SLIP, refusals.InvalidStatement),
        made_at=now(),
        made_by=viewer.actor,
        reverses_id=None,
    )


def _require_collected(given: Collected) -> None:
    require_past(given.day, refusals.InvalidStatement)
    if not SHORTEST_KEY <= len(given.key) <= LONGEST_KEY:
        raise refusals.InvalidStatement(f"La clé compte de {SHORTEST_KEY} à {LONGEST_KEY} caractères (un UUID).")
    if not 1 <= given.quantity <= MOST_QUANTITY:
        raise refusals.InvalidStatement(f"{given.quantity} : donner de 1 à {MOST_QUANTITY}, en grammes ou millilitres.")
    oil = given.stream is BiowasteStream.USED_OIL
    if (oil and given.treatment not in OF_OIL) or (not oil and given.treatment is Treatment.BIOFUEL):
        raise refusals.InvalidStatement("Cette filière ne va pas avec ce qui est collecté : choisir l'autre.")
    if given.treatment is not Treatment.COMPOST_ON_SITE and not (given.collector or "").strip():
        raise refusals.InvalidStatement("Dire qui a collecté : seul le compost sur place n'a pas de collecteur.")


async def take_back_collected(session: AsyncSession, viewer: Viewer, number: int) -> BiowasteNote:
    """Take a note back by its opposite row.

    Raises:
        refusals.Refusal: it is not of the viewer's kitchens, or was taken back before.
    """
    of = biowaste_visible_to(viewer)
    locked = of.where(BiowasteNote.id == number).with_for_update(of=BiowasteNote)
    row: BiowasteNote | None = await session.scalar(locked)
    if row is None or row.reverses_id is not None:
        raise refusals.InvalidStatement(f"Aucune collecte n'a le numéro {number} dans vos cuisines.")
    if not viewer.buys:
        raise refusals.NotAllowed
    if await session.scalar(of.where(BiowasteNote.reverses_id == number)) is not None:
        raise refusals.InvalidStatement(f"La collecte {number} est déjà annulée.")
    same: dict[str, Any] = {
        name: getattr(row, name) for name in ("kitchen_id", "day", "stream", "treatment", "collector", "slip")
    }
    opposite = BiowasteNote(
        **same,
        entry_key=f"-{row.id}",
        quantity=-row.quantity,
        reverses_id=row.id,
        made_at=now(),
        made_by=viewer.actor,
    )
    session.add(opposite)
    await session.flush()
    return opposite
