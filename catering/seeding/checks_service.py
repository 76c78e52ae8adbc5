"""Checks on the school calendar and on the days that each kitchen serves."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date

from catering.cells import Fault
from catering.kitchens.calendar import (
    SATURDAY,
    ZONE,
    CalendarUnknownError,
    SchoolCalendar,
    Span,
    is_day_off,
    service_days,
)
from catering.seeding.reading import Sheet, Sheets


def check_bridges(sheet: Sheet) -> Iterator[Fault]:
    """A bridge is a day on which there would otherwise be class."""
    for row in sheet.rows:
        day = row.values.get("date")
        if isinstance(day, date) and day.weekday() >= SATURDAY:
            yield row.fault("date", "ce jour est un samedi ou un dimanche", "retirer la ligne, ou corriger la date")


def check_school_years(sheet: Sheet) -> Iterator[Fault]:
    """The school holidays of a school year are known."""
    for row in sheet.rows:
        for column in ("first_day", "last_day"):
            if not _is_published(row.values.get(column)):
                repair = "corriger la date, ou mettre le paquet vacances-scolaires-france à jour"
                yield row.fault(column, "vacances scolaires de cette année inconnues", repair)


def _is_published(day: object) -> bool:
    try:
        if isinstance(day, date):
            is_day_off(day)
    except CalendarUnknownError:
        return False
    return True


def check_service(sheets: Sheets) -> Iterator[Fault]:
    """A kitchen serves on some weekday, and on some day of each school year."""
    if not sheets["kitchen_covers"].readable:
        return
    covers, closures = _covers(sheets["kitchen_covers"]), _closures(sheets["kitchen_closures"])
    calendars = list(_calendars(sheets))
    for uai, row in sheets["kitchens"].by_id.items():
        if uai not in covers:
            repair = "ajouter au moins une ligne à kitchens/covers.csv, ou retirer la cuisine"
            yield row.fault("uai", "cuisine sans jour de service : aucun couvert prévu", repair)
            continue
        for calendar in calendars:
            if not _serves(calendar, covers[uai], closures[uai]):
                message = f"cuisine sans jour de service en {calendar.years[0].label}"
                yield row.fault("uai", message, "revoir kitchens/closures.csv et kitchens/covers.csv")


def _covers(sheet: Sheet) -> dict[str, dict[int, int]]:
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for row in sheet.rows:
        # A row at fault counts: its kitchen has a service day, and the fault itself is told where it stands.
        weekday, covers = row.values.get("weekday", 0), row.values.get("covers", 1)
        assert isinstance(weekday, int)
        assert isinstance(covers, int)
        found[row.cells.get("uai", "")][weekday] = covers
    return found


def _closures(sheet: Sheet) -> dict[str, set[date]]:
    found: dict[str, set[date]] = defaultdict(set)
    for row in sheet.rows:
        if isinstance(day := row.values.get("date"), date):
            found[row.cells["uai"]].add(day)
    return found


def _calendars(sheets: Sheets) -> Iterator[SchoolCalendar]:
    """One calendar per school year whose dates are right."""
    bridges = frozenset(
        day
        for row in sheets["bridges"].rows
        if isinstance(day := row.values.get("date"), date) and row.cells["zone"] == ZONE
    )
    for row in sheets["school_years"].rows:
        first, last = row.values.get("first_day"), row.values.get("last_day")
        if not (isinstance(first, date) and isinstance(last, date)) or last < first:
            continue
        if _is_published(first) and _is_published(last):
            yield SchoolCalendar((Span(row.cells["school_year"], first, last),), bridges)


def _serves(calendar: SchoolCalendar, covers: Mapping[int, int], closures: Collection[date]) -> bool:
    span = calendar.years[0]
    return bool(service_days(calendar, covers, closures, span.first_day, span.last_day))
