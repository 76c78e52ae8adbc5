"""Use case of menus files: put the menus that a file states on a kitchen's days, all of them or none.

A file is judged by a read, before the writer is held (decision 0083).
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from catering.cells import Fault, near
from catering.db import add_many
from catering.documents.models import SHEETS, Document
from catering.kitchens.calendar import SchoolCalendar
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import school_calendar
from catering.market.owning import own_file
from catering.menus.files.checking import read_menu_bytes
from catering.menus.files.lines import MenuLine, MenusRefused
from catering.menus.models import MenuDish, MenuSource
from catering.menus.names.matching import Matcher
from catering.menus.queries import MENU_KEY, menus
from catering.menus.service import MOST_CHOICES, as_traced, changed, own_kitchen, shared_covers
from catering.menus.service import register_start as start_of_register
from catering.menus.standings import refresh
from catering.moment import now, paris_day
from catering.people.models import ChangeEvent
from catering.people.viewer import Viewer
from catering.recipes.models import Dish
from catering.recipes.queries import dishes
from catering.recipes.vocabulary import Slot
from catering.rules import law

A_TABLE = "un tableau (CSV ou XLSX)"
SURE = 1.0
"""Confidence from which a name may enter the register without anybody being asked: the same words."""


@dataclass(frozen=True, slots=True)
class Imported:
    """Which days of which kitchen a file has put menus on."""

    kitchen_id: int
    first: date
    last: date


class Named(NamedTuple):
    """A dish of ours by its name."""

    id: str
    name: str
    slot: Slot


@dataclass(frozen=True, slots=True)
class Known:
    """What lines are checked against."""

    dishes: tuple[Named, ...]
    calendar: SchoolCalendar
    covers: Mapping[int, int]
    """Lunches of the kitchen by weekday."""
    register: date
    """First day that may still be changed."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A file without fault: its lines, each with the component and the dish it names."""

    uai: str
    document: int
    file: str
    lines: Sequence[MenuLine]
    known: Known
    found: Sequence[tuple[MenuLine, tuple[str, str]]]

    @property
    def slugs(self) -> set[str]:
        """The dishes named."""
        return {slug for _, (_, slug) in self.found}


async def judge_file(session: AsyncSession, viewer: Viewer, uai: str, document: int) -> Judged:
    """Read a file of menus of one restaurant and find everything wrong with it; nothing is written.

    Args:
        session: of a read: ``keep`` writes.
        viewer: who cooks for the kitchen and sent the file.
        uai: of the kitchen.
        document: number of the file.

    Raises:
        catering.refusal.Refusal: the kitchen or the file is not the viewer's, or some lines are at fault: every one is
            named.
    """
    kitchen = await own_kitchen(session, viewer, uai, selectinload(Kitchen.covers))
    sent = await own_file(session, viewer, document, SHEETS, A_TABLE)
    known = await _known(session, viewer, kitchen)
    # Other requests go on while a file is read and its names are looked for.
    return await asyncio.to_thread(_judged, uai, document, sent, known)


def _judged(uai: str, document: int, sent: Document, known: Known) -> Judged:
    try:
        lines = read_menu_bytes(sent.name, sent.kind, sent.content).lines
        return Judged(uai, document, sent.name, lines, known, _found(sent.name, lines, known))
    except MenusRefused as refused:
        raise MenusRefused(refused.faults, table=faults_path(uai, document)) from refused


def _found(file: str, lines: Sequence[MenuLine], known: Known) -> Sequence[tuple[MenuLine, tuple[str, str]]]:
    """The component and dish that each line names.

    Raises:
        MenusRefused: some lines are at fault.
    """
    faults: list[Fault] = []
    matcher = Matcher(known.dishes)
    found = [(line, _dish(file, line, matcher, faults)) for line in lines]
    faults += _together(file, lines, known)
    faults += _crowded(file, found) if not faults else []
    if faults or not lines:
        raise MenusRefused(faults or [Fault(file, 0, "", "", "aucun menu", "envoyer au moins un plat d'un jour")])
    return found


async def keep(session: AsyncSession, viewer: Viewer, judged: Judged) -> Imported:
    """Put the menus of a judged file on the days it names; other days stay as they are.

    Judged again when a dish that it names has changed since: dishes come and go while files are read, the calendar and
    the lunches of a kitchen do not.

    Raises:
        catering.refusal.Refusal: the kitchen is no longer the viewer's, or some lines are at fault now.
    """
    kitchen = await own_kitchen(session, viewer, judged.uai)
    rows = await _dishes_of(session, viewer, judged)
    if not {(row.slug, row.name, row.slot) for row in rows.values()} <= set(judged.known.dishes) or len(rows) < len(
        judged.slugs
    ):
        judged = await judge_file(session, viewer, judged.uai, judged.document)
        rows = await _dishes_of(session, viewer, judged)
    await _put(session, viewer, kitchen, judged, rows)
    days = {line.day for line in judged.lines}
    await refresh(session, [kitchen.id], days)
    return Imported(kitchen.id, min(days), max(days))


def faults_path(uai: str, document: int | str) -> str:
    """Where all faults of a file are fetched as a table."""
    return f"/menus/{uai}/files/{document}/faults.csv"


async def _dishes_of(session: AsyncSession, viewer: Viewer, judged: Judged) -> Mapping[str, Dish]:
    return {dish.slug: dish for dish in await session.scalars(dishes(viewer, slugs=judged.slugs))}


async def _known(session: AsyncSession, viewer: Viewer, kitchen: Kitchen) -> Known:
    today = paris_day(now())
    named = dishes(viewer).with_only_columns(Dish.slug, Dish.name, Dish.slot).order_by(Dish.slug)
    return Known(
        tuple(Named(row.slug, row.name, row.slot) for row in await session.execute(named)),
        await school_calendar(session, viewer),
        {row.weekday: row.covers for row in kitchen.covers},
        start_of_register(today, int(law().parameter("NUT-S4", today))),
    )


def _dish(file: str, line: MenuLine, matcher: Matcher, faults: list[Fault]) -> tuple[str, str]:
    """The slot and the slug of our dish that a line names; a name that is not ours to the word is a fault."""
    match = matcher.match(line.name, line.slot)
    if match is None or match.confidence < SURE:
        names = [dish.name for dish in matcher.dishes if line.slot in (None, dish.slot.value)]
        faults.append(Fault(file, line.line, "plat", line.name, "aucune fiche ne porte ce nom", near(line.name, names)))
        return "", ""
    return match.slot, match.dish


def _together(file: str, lines: Sequence[MenuLine], known: Known) -> list[Fault]:
    """Faults of days and of the file as a whole."""
    faults = []
    if len(places := {line.restaurant for line in lines}) > 1:
        message = f"{len(places)} restaurants"
        faults.append(Fault(file, 0, "", "", message, "envoyer un fichier par restaurant"))
    for line in {line.day: line for line in reversed(lines)}.values():
        day = f"{line.day:%Y-%m-%d}"
        if line.day < known.register:
            faults.append(
                Fault(file, line.line, "date", day, "le registre de ce jour ne change plus", "retirer ce jour")
            )
        if not any(span.first_day <= line.day <= span.last_day for span in known.calendar.years):
            faults.append(Fault(file, line.line, "date", day, "hors des années scolaires", "corriger la date"))
        if line.covers is None and line.day.weekday() not in known.covers:
            repair = "ajouter une colonne couverts, ou retirer ce jour"
            faults.append(Fault(file, line.line, "date", day, "la cuisine ne sert pas ce jour de semaine", repair))
    return faults


def _crowded(file: str, found: Sequence[tuple[MenuLine, tuple[str, str]]]) -> Iterator[Fault]:
    """Choices beyond those that one component of a day may have."""
    every: dict[tuple[date, str], dict[str, MenuLine]] = defaultdict(dict)
    for line, (slot, slug) in found:
        every[line.day, slot].setdefault(slug, line)
    for choices in every.values():
        for line in list(choices.values())[MOST_CHOICES:]:
            message = f"plus de {MOST_CHOICES} choix d'une composante"
            yield Fault(file, line.line, "plat", line.name, message, "en retirer")


async def _put(
    session: AsyncSession,
    viewer: Viewer,
    kitchen: Kitchen,
    judged: Judged,
    rows: Mapping[str, Dish],
) -> None:
    days: dict[date, dict[Slot, dict[str, MenuLine]]] = defaultdict(lambda: defaultdict(dict))
    for line, (slot, slug) in judged.found:
        days[line.day][Slot(slot)].setdefault(slug, line)
    at, before = now(), await _taken_away(session, viewer, kitchen, list(days))
    made: list[MenuDish] = []
    events: list[ChangeEvent] = []
    for day, of_day in sorted(days.items()):
        of_menu = list(_rows(kitchen, judged.known, day, of_day, rows, before[day], at))
        after = {slot.value: [{"dish": slug, "file": judged.file} for slug in lines] for slot, lines in of_day.items()}
        events.append(changed(viewer, at, kitchen, day, _told(before[day]), after))
        made += of_menu
    # In bulk: a file of a year holds seven hundred dishes.
    await add_many(session, made)
    await add_many(session, events)


async def _taken_away(
    session: AsyncSession, viewer: Viewer, kitchen: Kitchen, days: Sequence[date]
) -> Mapping[date, list[MenuDish]]:
    """What was on the menus of some days, which is there no more."""
    statement = menus(viewer, kitchen_ids=[kitchen.id], first=min(days), last=max(days)).where(MenuDish.day.in_(days))
    found: dict[date, list[MenuDish]] = defaultdict(list)
    for row in await session.scalars(statement.order_by(*MENU_KEY).options(joinedload(MenuDish.dish))):
        found[row.day].append(row)
    await session.execute(
        delete(MenuDish)
        .where(MenuDish.kitchen_id == kitchen.id, MenuDish.day.in_(days))
        .execution_options(synchronize_session=False)
    )
    return found


def _rows(
    kitchen: Kitchen,
    known: Known,
    day: date,
    of_day: Mapping[Slot, Mapping[str, MenuLine]],
    rows: Mapping[str, Dish],
    before: Sequence[MenuDish],
    at: datetime,
) -> Iterator[MenuDish]:
    planned = {row.slot: row.planned_dish_id for row in before if row.rank == 1}
    for slot, lines in of_day.items():
        usual = shared_covers(known.covers.get(day.weekday(), 0), len(lines))
        for rank, ((slug, line), share) in enumerate(zip(lines.items(), usual, strict=True), start=1):
            yield MenuDish(
                kitchen_id=kitchen.id,
                day=day,
                slot=slot,
                rank=rank,
                dish_id=rows[slug].id,
                covers=share if line.covers is None else line.covers,
                served_covers=line.covers if day <= paris_day(at) else None,
                source=MenuSource.KITCHEN,
                planned_dish_id=planned.get(slot),
                changed_at=at,
            )


def _told(rows: Sequence[MenuDish]) -> dict[str, list[dict[str, Any]]]:
    """A day's dishes by component, as traces keep them."""
    return {slot.value: [as_traced(row) for row in rows if row.slot is slot] for slot in Slot}
