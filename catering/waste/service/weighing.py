"""Note what was weighed, once however often it is sent; take back by an opposite row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import insert_missing
from catering.kitchens.models import Kitchen
from catering.moment import now
from catering.people.viewer import Viewer
from catering.recipes.models import Dish, DishLine
from catering.recipes.queries import dishes, with_lines
from catering.recipes.vocabulary import IngredientKind
from catering.waste import refusals
from catering.waste.models import Weighing
from catering.waste.models.weighing import LONGEST_KEY
from catering.waste.queries import weighings
from catering.waste.rules.worth import SLOTS
from catering.waste.service.ground import (
    LONGEST_TEXT,
    days_served,
    own_kitchen,
    plain_or_none,
    require_past,
)
from catering.waste.service.usual import Usual, more_than_served, noted, unusual_days
from catering.waste.vocabulary import FoodGroup, Part, Service, Stage, WasteCause

SHORTEST_KEY = 8
MOST_ENTRIES = 100
HEAVIEST_G = 500_000
"""Of one weighing: no bin holds more."""
CLOCKS_DIFFER = timedelta(minutes=10)
SAME = (
    "day", "service", "stage", "part", "gross_g", "tare_g", "dish_id", "food_group", "cause",
)  # fmt: skip
"""What makes two sendings of one key the same weighing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One bin as a tablet noted it. ``key`` is made by the tablet; ``dish`` is a slug."""

    key: str
    day: date
    service: Service
    stage: Stage
    part: Part
    gross_g: int
    tare_g: int
    noted_at: datetime
    dish: str | None = None
    food_group: FoodGroup | None = None
    cause: WasteCause | None = None
    note: str | None = None
    confirmed: bool = False

    @property
    def net_g(self) -> int:
        """Without the bin."""
        return self.gross_g - self.tare_g


async def record(session: AsyncSession, viewer: Viewer, uai: str, entries: Sequence[Entry]) -> list[Weighing]:
    """Keep weighings of a kitchen, all or none; an entry that is kept already is left as it is.

    Raises:
        refusals.Refusal: an entry cannot be, its key was used for another, or its weight asks for a confirmation.
    """
    return await _record(session, viewer, await own_kitchen(session, viewer, uai), entries)


async def _record(session: AsyncSession, viewer: Viewer, kitchen: Kitchen, entries: Sequence[Entry]) -> list[Weighing]:
    _require_keys(entries)
    found = await _dishes(session, viewer, entries)
    rows = {entry.key: _row(entry, kitchen, viewer, found) for entry in entries}
    known = await _kept(session, viewer, kitchen, rows)
    # What is kept already is not judged again: its day may have been closed since, and a tablet sends until it is told.
    fresh = [entry for entry in entries if entry.key not in known]
    if fresh:
        made = [rows[entry.key] for entry in fresh]
        await _require_new(session, viewer, kitchen, fresh, made, found)
        # In one order, so that two tablets never wait for each other; who comes second finds the row made.
        values = sorted((_values(row) for row in made), key=lambda row: str(row["entry_key"]))
        await session.execute(insert_missing(session, Weighing).values(values))
        known = await _kept(session, viewer, kitchen, rows)
    return [known[entry.key] for entry in entries]


async def _require_new(
    session: AsyncSession,
    viewer: Viewer,
    kitchen: Kitchen,
    fresh: Sequence[Entry],
    made: Sequence[Weighing],
    found: Mapping[str, Dish],
) -> None:
    """Refuse entries that cannot be, on days without service, or that ask for a confirmation."""
    days = {entry.day for entry in fresh}
    for day in days:
        require_past(day, refusals.InvalidWeighing)
    served = await days_served(session, viewer, kitchen, min(days), max(days))
    for entry in fresh:
        if entry.day not in served:
            raise refusals.InvalidWeighing(
                f"Le {entry.day:%d/%m/%Y} n'est pas un jour de service de cette cuisine : vérifier la date."
            )
        _require_possible(entry, found)
    await _require_usual(session, viewer, kitchen, made, served, found)


async def take_back(session: AsyncSession, viewer: Viewer, number: int, why: str, instead: Entry | None) -> Weighing:
    """Take a weighing back by its opposite row, and keep another one in its place if there is one.

    Raises:
        refusals.Refusal: it is not of the viewer's kitchens, was taken back before, or what replaces it cannot be.
    """
    statement = weighings(viewer, ids=[number]).with_for_update(of=Weighing)
    row: Weighing | None = await session.scalar(statement.execution_options(populate_existing=True))
    if row is None:
        raise refusals.UnknownWeighing(number)
    if not viewer.buys:
        raise refusals.NotAllowed
    if row.reverses_id is not None:
        raise refusals.InvalidWeighing("Cette ligne en annule une autre : corriger celle qui la remplace.")
    if await session.scalar(weighings(viewer).where(Weighing.reverses_id == number)) is not None:
        raise refusals.AlreadyTakenBack(number)
    opposite = _opposite(row, viewer, plain_or_none(why, "La raison", LONGEST_TEXT, refusals.InvalidWeighing))
    session.add(opposite)
    await session.flush()
    if instead is None:
        return opposite
    kitchen = await session.get_one(Kitchen, row.kitchen_id)
    return (await _record(session, viewer, kitchen, [instead]))[0]


def _opposite(row: Weighing, viewer: Viewer, why: str | None) -> Weighing:
    same = {name: getattr(row, name) for name in ("kitchen_id", "confirmed", *SAME)}
    masses = {name: -getattr(row, name) for name in ("gross_g", "tare_g", "net_g")}
    at = now()
    return Weighing(
        **(same | masses),
        # Shorter than any key of a client: none can be the same.
        entry_key=f"-{row.id}",
        reverses_id=row.id,
        note=why,
        noted_at=at,
        made_at=at,
        made_by=viewer.actor,
    )


def _require_keys(entries: Sequence[Entry]) -> None:
    if not 1 <= len(entries) <= MOST_ENTRIES:
        raise refusals.InvalidWeighing(f"{len(entries)} pesées : en envoyer de 1 à {MOST_ENTRIES} à la fois.")
    for entry in entries:
        if not SHORTEST_KEY <= len(entry.key) <= LONGEST_KEY:
            raise refusals.InvalidWeighing(
                f"Clé « {entry.key} » : la tablette en fait une de {SHORTEST_KEY} à {LONGEST_KEY} caractères (un UUID)."
            )
    if len({entry.key for entry in entries}) < len(entries):
        raise refusals.InvalidWeighing("Deux pesées de l'envoi portent la même clé : une clé par pesée.")


async def _dishes(session: AsyncSession, viewer: Viewer, entries: Sequence[Entry]) -> Mapping[str, Dish]:
    """The dishes that entries name, with their lines, by slug."""
    slugs = {entry.dish for entry in entries if entry.dish is not None}
    if not slugs:
        return {}
    return {dish.slug: dish for dish in await session.scalars(with_lines(dishes(viewer, slugs=slugs)))}


def _require_possible(entry: Entry, found: Mapping[str, Dish]) -> None:
    if entry.gross_g < 1 or entry.tare_g < 0:
        raise refusals.InvalidWeighing(
            f"{entry.gross_g} g brut, {entry.tare_g} g de tare : une masse n'est pas négative, et le bac plein pèse."
        )
    if entry.tare_g > entry.gross_g:
        raise refusals.InvalidWeighing(
            f"La tare ({entry.tare_g} g) dépasse le poids brut ({entry.gross_g} g) : les deux sont inversés ?"
        )
    if entry.gross_g > HEAVIEST_G:
        raise refusals.InvalidWeighing(f"{entry.gross_g} g : une pesée ne dépasse pas {HEAVIEST_G} g (en grammes ?).")
    if entry.stage is Stage.PREPARATION and entry.part is Part.UNSORTED:
        raise refusals.InvalidWeighing(
            "Préparation : peser à part comestible et non comestible ; la part forfaitaire (GAS-12) ne vaut que pour "
            "les déchets du service."
        )
    if entry.noted_at > now() + CLOCKS_DIFFER:
        raise refusals.InvalidWeighing("notedAt est à venir : régler l'heure de la tablette.")
    if entry.dish is not None:
        _require_dish(entry, found.get(entry.dish))


def _require_dish(entry: Entry, dish: Dish | None) -> None:
    if dish is None:
        raise refusals.InvalidWeighing(f"Plat inconnu : {entry.dish}. Reprendre l'identifiant de la liste des plats.")
    if dish.lines and all(_is_drink(line) for line in dish.lines):
        raise refusals.InvalidWeighing(f"« {dish.name} » est une boisson : elle ne se pèse pas (GAS-13).")
    if entry.food_group is not None and SLOTS.get(entry.food_group, dish.slot) is not dish.slot:
        raise refusals.InvalidWeighing(
            f"« {dish.name} » n'est pas de cette famille : donner le plat seul, ou la famille seule."
        )


def _is_drink(line: DishLine) -> bool:
    return line.ingredient.kind is IngredientKind.DRINK


def _row(entry: Entry, kitchen: Kitchen, viewer: Viewer, found: Mapping[str, Dish]) -> Weighing:
    dish = None if entry.dish is None else found.get(entry.dish)
    return Weighing(
        kitchen_id=kitchen.id,
        entry_key=entry.key,
        day=entry.day,
        service=entry.service,
        stage=entry.stage,
        part=entry.part,
        gross_g=entry.gross_g,
        tare_g=entry.tare_g,
        net_g=entry.net_g,
        dish_id=None if dish is None else dish.id,
        food_group=entry.food_group,
        cause=entry.cause,
        confirmed=entry.confirmed,
        note=plain_or_none(entry.note, "La remarque", LONGEST_TEXT, refusals.InvalidWeighing),
        noted_at=entry.noted_at,
        made_at=now(),
        made_by=viewer.actor,
    )


def _values(row: Weighing) -> dict[str, object]:
    return {column.key: getattr(row, column.key) for column in Weighing.__table__.columns if column.key != "id"}


async def _kept(
    session: AsyncSession, viewer: Viewer, kitchen: Kitchen, rows: Mapping[str, Weighing]
) -> dict[str, Weighing]:
    statement = weighings(viewer, kitchen_ids=[kitchen.id], keys=list(rows))
    known = {row.entry_key: row for row in await session.scalars(statement)}
    for key, row in known.items():
        if any(getattr(row, name) != getattr(rows[key], name) for name in SAME):
            raise refusals.EntryKeyUsed(key)
    return known


async def _require_usual(
    session: AsyncSession,
    viewer: Viewer,
    kitchen: Kitchen,
    fresh: Sequence[Weighing],
    served: Usual,
    dishes_named: Mapping[str, Dish],
) -> None:
    """Ask about what takes a day past what is usual, or a dish past what was served of it, unless its weighing says
    that it is so; a confirmation where there was no doubt says nothing, and is not kept."""
    days = {row.day for row in fresh}
    kept = await noted(session, viewer, kitchen, days)
    found = unusual_days(kept, days, served, fresh)
    named = {dish.id: dish for dish in dishes_named.values()}
    beyond = await more_than_served(session, viewer, kitchen, named, kept, served, fresh) if named else {}
    for row in fresh:
        if row.confirmed:
            row.confirmed = row.day in found or row.entry_key in beyond
        elif row.day in found:
            raise refusals.ConfirmationNeeded(f"Pesée « {row.entry_key} »", found[row.day])
        elif row.entry_key in beyond:
            assert row.dish_id is not None, "only a dish is more than served"
            raise refusals.MoreThanServed(row.entry_key, named[row.dish_id].name, beyond[row.entry_key])
