"""The bilans of a year in the forms of ma-cantine: one row per restaurant, CSV as its schemas say it, or XLSX.

What was declared is written as it was declared; a year that nobody declared yet as the books say it today.
"""

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from catering.declarations import refusals
from catering.declarations.checks import incoherent
from catering.declarations.figures import Figures, figures_of, part_read, parts_of, read
from catering.declarations.models import Declaration, DeclarationForm, Satellite
from catering.declarations.queries import declarations, satellites
from catering.documents.models import FileKind
from catering.documents.tables import xlsx_file
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import KEY, kitchens
from catering.people.viewer import Viewer
from catering.purchases.models import Canteen
from catering.purchases.queries import canteens_visible_to
from catering.purchases.refusals import say_first
from catering.purchases.summing import tallies
from catering.rules.egalim_year import Tally

YEAR_COLUMN = "année_bilan"
SIRET, CANTINE = "siret", "cantine_id"


@dataclass(frozen=True, slots=True)
class Bilan:
    """A row of the file: one restaurant."""

    name: str
    siret: str | None
    cantine_id: int | None
    figures: Figures

    def named(self, by_siret: bool) -> str:
        """How the file names it; empty when nobody said."""
        return (self.siret or "") if by_siret else ("" if self.cantine_id is None else str(self.cantine_id))


async def bilans(
    session: AsyncSession, viewer: Viewer, year: int, *, uais: Collection[str] | None = None, declared: bool = True
) -> list[Bilan]:
    """The visible bilans of a year, by UAI; kitchens that bought nothing have none. Five statements.

    Args:
        session: of the read.
        viewer: on whose behalf.
        year: civil year.
        uais: only of these kitchens.
        declared: what was declared, where it was; False: what the books say today.
    """
    places = list(await session.scalars(kitchens(viewer, uais=uais).order_by(*KEY)))
    numbers = [each.id for each in places]
    canteens = {each.kitchen_id: each for each in await session.scalars(canteens_visible_to(viewer))}
    bought = await tallies(session, viewer, year, kitchen_ids=numbers)
    latest: dict[int, Declaration] = {}
    if declared:
        for row in await session.scalars(declarations(viewer, year=year, kitchen_ids=numbers)):
            latest.setdefault(row.kitchen_id, row)
    served: dict[int, list[Satellite]] = {}
    for each in await session.scalars(satellites(viewer, year, numbers)):
        served.setdefault(each.kitchen_id, []).append(each)
    found: list[Bilan] = []
    for place in places:
        if place.id in latest:
            found += _as_declared(place, latest[place.id])
        elif bought.get(place.id):
            found += _as_booked(place, canteens.get(place.id), bought[place.id], year, served.get(place.id, []))
    return found


def _as_declared(place: Kitchen, row: Declaration) -> list[Bilan]:
    parts = [part_read(each) for each in row.parts]
    return [Bilan(each.name, each.siret, each.cantine_id, each.figures) for each in parts] or [
        Bilan(place.name, row.siret, row.cantine_id, read(row.figures))
    ]


def _as_booked(
    place: Kitchen, canteen: Canteen | None, tally: Tally, year: int, served: Sequence[Satellite]
) -> list[Bilan]:
    parts = parts_of(tally, year, served)
    siret, number = (None, None) if canteen is None else (canteen.siret, canteen.cantine_id)
    return [Bilan(each.name, each.siret, each.cantine_id, each.figures) for each in parts] or [
        Bilan(f"{place.name} ({place.uai})", siret, number, figures_of(tally, year))
    ]


def bilans_file(
    found: Sequence[Bilan], year: int, form: DeclarationForm, kind: FileKind = FileKind.CSV, *, by_siret: bool = True
) -> bytes:
    """Bilans as a file of ma-cantine; the detailed form names its restaurants by SIRET only.

    Raises:
        refusals.NoDeclaration: there is none.
        refusals.InvalidDeclaration: a restaurant has no SIRET or number, or amounts that ma-cantine refuses.
    """
    by_siret = by_siret or form is DeclarationForm.DETAILED
    _require(found, year, by_siret)
    header = (SIRET if by_siret else CANTINE, YEAR_COLUMN, *found[0].figures.of(form))
    rows = [
        (each.named(by_siret), str(year), *(f"{amount:f}" for amount in each.figures.of(form).values()))
        for each in found
    ]
    return xlsx_file("bilans", header, rows) if kind is FileKind.XLSX else _csv(header, rows)


def _require(found: Sequence[Bilan], year: int, by_siret: bool) -> None:
    if not found:
        raise refusals.NoDeclaration(f"Aucun achat de {year} à déclarer. Vérifier l'année et le collège.")
    if unnamed := [each.name for each in found if not each.named(by_siret)]:
        raise refusals.InvalidDeclaration(say_first(unnamed, by_siret=by_siret))
    wrong = [f"{each.name} ({'; '.join(faults)})" for each in found if (faults := list(incoherent(each.figures)))]
    if wrong:
        raise refusals.InvalidDeclaration("ma-cantine refuserait : " + ", ".join(wrong) + ". Reprendre les avoirs.")


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerows([header, *rows])
    return stream.getvalue().encode()
