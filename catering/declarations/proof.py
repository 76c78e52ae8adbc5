"""The files of a year, and the proof that purchases and bilans say the same: all of them are read back and compared."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.ext.asyncio import AsyncSession

from catering.declarations.comparing import differences
from catering.declarations.exporting import bilans, bilans_file
from catering.declarations.figures import Figures, figures_of
from catering.declarations.models import DeclarationForm
from catering.declarations.rereading import disagreements
from catering.documents.models import SHEETS, FileKind
from catering.figures import euros, rate
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.moment import today
from catering.people.viewer import Viewer
from catering.purchases.counting import Count
from catering.purchases.exporting import write_purchases
from catering.purchases.importing import MOST_UNPACKED
from catering.purchases.ledger_reading import LedgerFile
from catering.purchases.models import Canteen
from catering.purchases.queries import canteens_visible_to
from catering.purchases.summing import tallies

FORMS = {"simple": DeclarationForm.SIMPLE, "detaille": DeclarationForm.DETAILED}


@dataclass(frozen=True, slots=True)
class YearFiles:
    """The files of a year, how many kitchens are in them, and what one of them, read back, says otherwise."""

    files: Sequence[Path]
    kitchens: int
    differences: Collection[str]


async def year_files(
    session: AsyncSession, viewer: Viewer, year: int, folder: Path, uais: Collection[str] | None = None
) -> YearFiles:
    """Write the purchases of a year and its bilans into a folder, as files of ma-cantine; all are read back.

    Raises:
        catering.refusal.Refusal: there is nothing to export, or a kitchen has no SIRET or more credits than purchases.
    """
    bought = [folder / f"achats_{year}.{kind.value}" for kind in SHEETS]
    for file in bought:
        with _whole(file) as out:
            kind = FileKind(file.suffix.removeprefix("."))
            await write_purchases(session, viewer, year, out, uais=uais, kind=kind)
    found = await bilans(session, viewer, year, uais=uais)
    wrong: list[str] = []
    told = {folder / f"bilan_{name}_{year}.csv": form for name, form in FORMS.items()}
    for file, form in told.items():
        content = bilans_file(found, year, form)
        file.write_bytes(content)
        wrong += disagreements(content, form, year, found)
    booked = await booked_figures(session, viewer, year, uais)
    wrong += [line for file in bought for line in compared(booked, figures_read(file, year, today()))]
    return YearFiles([*bought, *told], len(booked), wrong)


@contextmanager
def _whole(file: Path) -> Iterator[BinaryIO]:
    """A file that is there once it is whole; what an error interrupts leaves the one before as it was."""
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("wb") as out:
            yield out
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


async def booked_figures(
    session: AsyncSession, viewer: Viewer, year: int, uais: Collection[str] | None = None
) -> dict[str, Figures]:
    """Figures of the visible kitchens by SIRET, as the books say; those that bought something."""
    wanted = list(await session.scalars(kitchens(viewer, uais=uais).with_only_columns(Kitchen.id)))
    mine = canteens_visible_to(viewer).where(Canteen.kitchen_id.in_(wanted))
    sirets = {each.kitchen_id: each.siret for each in await session.scalars(mine)}
    bought = await tallies(session, viewer, year, kitchen_ids=wanted)
    return {sirets[number]: figures_of(tally, year) for number, tally in bought.items() if tally}


def figures_read(file: Path, year: int, day: date) -> dict[str, Figures]:
    """Figures by SIRET of a purchases file, as `catering egalim` counts it."""
    count = Count()
    with file.open("rb") as opened:
        count.add_all(LedgerFile(opened, day, most_inflated=MOST_UNPACKED).lines())
    return {siret: figures_of(tally, year) for siret, tally in count.tallies(year).items()}


def compared(booked: Mapping[str, Figures], read_back: Mapping[str, Figures]) -> Iterator[str]:
    """What two readings of a year say otherwise, in French: an establishment, a field or a share."""
    for siret in sorted({*booked, *read_back}):
        if siret not in booked or siret not in read_back:
            yield f"{siret} : d'un seul côté"
            continue
        ours, theirs = booked[siret], read_back[siret]
        for each in differences(ours, theirs):
            yield f"{siret} : {each.name} vaut {_told(each.declared)}, relu {_told(each.today)}"
        for name, share in ours.shares.items():
            if share != theirs.shares[name]:
                yield f"{siret} : part {name} de {rate(share)}, relue {rate(theirs.shares[name])}"


def _told(amount: Decimal | None) -> str:
    return "rien" if amount is None else euros(amount)
