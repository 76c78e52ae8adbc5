"""Use case of menus files: put the menus that a file states on a kitchen's days, all of them or none."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload, selectinload

from catering.cells import Fault, near
from catering.documents.models import SHEETS, Document
from catering.documents.queries import documents
from catering.kitchens.calendar import SchoolCalendar
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens, school_calendar
from catering.market.owning import own_document
from catering.menus.files.checking import read_menu_bytes
from catering.menus.files.lines import MenuLine, MenusRefused
from catering.menus.models import MenuDish, MenuSource
from catering.menus.names.matching import Matcher
from catering.menus.queries import MENU_KEY, menus
from catering.menus.service import MOST_CHOICES, as_traced, leave_trace, own_kitchen, shared_covers
from catering.menus.service import register_start as start_of_register
from catering.menus.standings import refresh
from catering.moment import now, paris_day
from catering.people.viewer import Viewer
from catering.recipes.catalogue import load_catalogue
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


@dataclass(frozen=True, slots=True)
class Known:
    """What lines are checked against."""

    file: str
    matcher: Matcher
    calendar: SchoolCalendar
    covers: Mapping[int, int]
    """Lunches of the kitchen by weekday."""
    register: date
    """First day that may still be changed."""


async def import_menus(session: AsyncSession, viewer: Viewer, uai: str, document: int) -> Imported:
    """Put the menus of a file on the days it names; other days stay as they are.

    Raises:
        catering.refusal.Refusal: the kitchen or the file is not the viewer's, or some lines are at fault: every one is
            named and nothing is kept.
    """
    kitchen = await own_kitchen(session, viewer, uai)
    await own_document(session, viewer, document, SHEETS, A_TABLE)
    sent: Document = (await session.scalars(documents(viewer, ids=[document], with_content=True))).one()
    lines = read_menu_bytes(sent.name, sent.kind, sent.content).lines
    known = await _known(session, viewer, kitchen, sent.name)
    faults: list[Fault] = []
    found = [(line, _dish(line, known, faults)) for line in lines]
    faults += _together(lines, known)
    if faults or not lines:
        raise MenusRefused(faults or [Fault(sent.name, 0, "", "", "aucun menu", "envoyer au moins un plat d'un jour")])
    await _put(session, viewer, kitchen, known, found)
    days = {line.day for line in lines}
    await refresh(session, [kitchen.id], days)
    return Imported(kitchen.id, min(days), max(days))


async def _known(session: AsyncSession, viewer: Viewer, kitchen: Kitchen, file: str) -> Known:
    today = paris_day(now())
    whole: Kitchen = (
        await session.scalars(kitchens(viewer, uais=[kitchen.uai]).options(selectinload(Kitchen.covers)))
    ).one()
    return Known(
        file,
        Matcher(list((await load_catalogue(session, viewer)).dishes.values())),
        await school_calendar(session, viewer),
        {row.weekday: row.covers for row in whole.covers},
        start_of_register(today, int(law().parameter("NUT-S4", today))),
    )


def _dish(line: MenuLine, known: Known, faults: list[Fault]) -> tuple[str, str]:
    """The slot and the slug of our dish that a line names; a name that is not ours to the word is a fault."""
    match = known.matcher.match(line.name, line.slot)
    if match is None or match.confidence < SURE:
        names = [dish.name for dish in known.matcher.dishes if line.slot in (None, dish.slot.value)]
        faults.append(
            Fault(known.file, line.line, "plat", line.name, "aucune fiche ne porte ce nom", near(line.name, names))
        )
        return "", ""
    return match.slot, match.dish


def _together(lines: Sequence[MenuLine], known: Known) -> list[Fault]:
    """Faults of days and of the file as a whole."""
    faults = []
    if len(places := {line.restaurant for line in lines}) > 1:
        message = f"{len(places)} restaurants"
        faults.append(Fault(known.file, 0, "", "", message, "envoyer un fichier par restaurant"))
    for line in {line.day: line for line in reversed(lines)}.values():
        day = f"{line.day:%Y-%m-%d}"
        if line.day < known.register:
            faults.append(
                Fault(known.file, line.line, "date", day, "le registre de ce jour ne change plus", "retirer ce jour")
            )
        if not any(span.first_day <= line.day <= span.last_day for span in known.calendar.years):
            faults.append(Fault(known.file, line.line, "date", day, "hors des années scolaires", "corriger la date"))
        if line.covers is None and line.day.weekday() not in known.covers:
            repair = "ajouter une colonne couverts, ou retirer ce jour"
            faults.append(
                Fault(known.file, line.line, "date", day, "la cuisine ne sert pas ce jour de semaine", repair)
            )
    return faults


async def _put(
    session: AsyncSession,
    viewer: Viewer,
    kitchen: Kitchen,
    known: Known,
    found: Sequence[tuple[MenuLine, tuple[str, str]]],
) -> None:
    slugs = {slug for _, (_, slug) in found}
    rows = {dish.slug: dish for dish in await session.scalars(dishes(viewer, slugs=slugs))}
    days: dict[date, dict[Slot, dict[str, MenuLine]]] = defaultdict(lambda: defaultdict(dict))
    for line, (slot, slug) in found:
        days[line.day][Slot(slot)].setdefault(slug, line)
    crowded = [
        line for of in days.values() for each in of.values() if len(each) > MOST_CHOICES for line in each.values()
    ]
    if crowded:
        message = f"plus de {MOST_CHOICES} choix d'une composante"
        raise MenusRefused([Fault(known.file, crowded[0].line, "plat", crowded[0].name, message, "en retirer")])
    for day, of_day in sorted(days.items()):
        await _replace(session, viewer, kitchen, known, day, of_day, rows)


async def _replace(
    session: AsyncSession,
    viewer: Viewer,
    kitchen: Kitchen,
    known: Known,
    day: date,
    of_day: Mapping[Slot, Mapping[str, MenuLine]],
    rows: Mapping[str, Dish],
) -> None:
    statement = menus(viewer, kitchen_ids=[kitchen.id], first=day, last=day).order_by(*MENU_KEY)
    before = list(await session.scalars(statement.options(joinedload(MenuDish.dish))))
    told = {slot.value: [as_traced(row) for row in before if row.slot is slot] for slot in Slot}
    planned = {row.slot: row.planned_dish_id for row in before if row.rank == 1}
    for row in before:
        await session.delete(row)
    await session.flush()
    at, made = now(), list[MenuDish]()
    for slot, lines in of_day.items():
        usual = shared_covers(known.covers.get(day.weekday(), 0), len(lines))
        made += [
            MenuDish(
                kitchen_id=kitchen.id, day=day, slot=slot, rank=rank, dish_id=rows[slug].id, dish=rows[slug],
                covers=share if line.covers is None else line.covers,
                served_covers=line.covers if day <= paris_day(at) else None,
                source=MenuSource.KITCHEN, planned_dish_id=planned.get(slot), changed_at=at,
            )
            for rank, ((slug, line), share) in enumerate(zip(lines.items(), usual, strict=True), start=1)
        ]  # fmt: skip
    session.add_all(made)
    after = {slot.value: [as_traced(row) for row in made if row.slot is slot] for slot in Slot}
    leave_trace(session, viewer, at, kitchen, day, told, after)
    await session.flush()
