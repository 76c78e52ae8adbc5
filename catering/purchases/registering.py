"""Use cases: tell how ma-cantine knows one kitchen, or all those of a file."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.cells import Fault
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.moment import now
from catering.people.models import ChangeEvent
from catering.people.viewer import Viewer
from catering.purchases import refusals
from catering.purchases.entering import SIREN
from catering.purchases.importing import IMPORTERS
from catering.purchases.ledger_cells import has_siret_key, siret
from catering.purchases.models import Canteen


class Wish(NamedTuple):
    """What is told of a kitchen. ``siret`` as written; ``cantine_id``: its number on ma-cantine, None when unknown."""

    uai: str
    siret: str
    cantine_id: int | None = None


class Wrong(NamedTuple):
    """Why a wish is refused, and how to mend it, in French."""

    column: str
    value: str
    message: str
    repair: str


async def register(session: AsyncSession, viewer: Viewer, uai: str, written: str, cantine_id: int | None) -> str:
    """Write down the SIRET and the number of a kitchen, and leave a trace; the SIRET as 14 digits.

    Raises:
        refusals.MayNotImport: the viewer does not sign for kitchens.
        refusals.CanteenRefused: the kitchen is not theirs, the SIRET is not its own, or another one has it.
    """
    wish = Wish(uai, written, cantine_id)
    books = await _read(session, viewer, [uai])
    for wrong in books.wrongs(wish):
        raise refusals.CanteenRefused(f"{wrong.message[0].upper()}{wrong.message[1:]} : {wrong.repair}.")
    await _write(session, viewer, [books.change(wish)])
    return _digits(written)


async def register_all(session: AsyncSession, viewer: Viewer, wishes: Mapping[int, Wish], file: str = "") -> int:
    """Write down the SIRET and the number of many kitchens, or of none; a number that is not told stays as it is.

    Args:
        session: of the write.
        viewer: who tells it.
        wishes: by line of the file, counted from 1 with the header.
        file: its name, as faults cite it.

    Returns:
        How many kitchens were written; those that are known as told are not.

    Raises:
        refusals.MayNotImport: the viewer does not sign for kitchens.
        refusals.CanteensRefused: some lines are at fault; each is named, and nothing is written.
    """
    books = await _read(session, viewer, [wish.uai for wish in wishes.values()])
    kept = {line: wish._replace(cantine_id=wish.cantine_id or books.number(wish.uai)) for line, wish in wishes.items()}
    found = [(line, wrong) for line, wish in kept.items() for wrong in books.wrongs(wish)]
    if faults := [Fault(file, line, *wrong) for line, wrong in [*found, *_twice(kept)]]:
        raise refusals.CanteensRefused(faults)
    changes = [books.change(wish) for wish in kept.values()]
    return await _write(session, viewer, changes)


class _Change(NamedTuple):
    kitchen: Kitchen
    row: Canteen | None
    siret: str
    cantine_id: int | None


@dataclass(frozen=True, slots=True)
class _Books:
    """What is known: the viewer's kitchens by UAI, and every kitchen as ma-cantine knows it, by number of kitchen."""

    kitchens: Mapping[str, Kitchen]
    canteens: Mapping[int, Canteen]

    def number(self, uai: str) -> int | None:
        """Number on ma-cantine of a kitchen, as far as it was told."""
        known = self.canteens.get(self.kitchens[uai].id) if uai in self.kitchens else None
        return known.cantine_id if known else None

    def change(self, wish: Wish) -> _Change:
        """What a wish without fault makes of its kitchen."""
        kitchen = self.kitchens[wish.uai]
        return _Change(kitchen, self.canteens.get(kitchen.id), _digits(wish.siret), wish.cantine_id)

    def wrongs(self, wish: Wish) -> Iterator[Wrong]:
        """What is wrong with a wish, the first thing first."""
        kitchen, digits = self.kitchens.get(wish.uai), _digits(wish.siret)
        if kitchen is None:
            yield Wrong("uai", wish.uai, f"aucun de vos collèges n'a l'UAI {wish.uai}", "choisir l'un des vôtres")
        elif not digits:
            message = f"« {wish.siret} » n'est pas un SIRET"
            yield Wrong("siret", wish.siret, message, "écrire ses 14 chiffres, dont la clé est juste")
        elif kitchen.siren is not None and digits[:SIREN] != kitchen.siren:
            message = f"ce SIRET n'est pas du collège, dont le SIREN est {kitchen.siren}"
            yield Wrong("siret", wish.siret, message, "le vérifier")
        else:
            others = [each for each in self.canteens.values() if each.kitchen_id != kitchen.id]
            if any(each.siret == digits for each in others):
                yield Wrong("siret", wish.siret, "un autre collège a déjà ce SIRET", "le vérifier")
            if wish.cantine_id is not None and any(each.cantine_id == wish.cantine_id for each in others):
                told = str(wish.cantine_id)
                yield Wrong("cantine_id", told, "un autre collège a déjà ce numéro ma-cantine", "le vérifier")


def _digits(written: str) -> str:
    """A SIRET as 14 digits; empty when it is none."""
    digits = siret(written)
    return digits if isinstance(digits, str) and has_siret_key(digits) else ""


def _twice(wishes: Mapping[int, Wish]) -> Iterator[tuple[int, Wrong]]:
    """Lines that tell what an earlier line told already: a kitchen, a SIRET or a number."""
    seen: dict[tuple[str, str], int] = {}
    for line, wish in wishes.items():
        told = {"uai": wish.uai, "siret": _digits(wish.siret), "cantine_id": str(wish.cantine_id or "")}
        for column, value in told.items():
            first = seen.setdefault((column, value), line)
            if value and first != line:
                yield line, Wrong(column, value, f"déjà dit à la ligne {first}", "retirer l'une des deux")


async def _read(session: AsyncSession, viewer: Viewer, uais: Collection[str]) -> _Books:
    if viewer.role not in IMPORTERS:
        raise refusals.MayNotImport
    mine = await session.scalars(kitchens(viewer, uais=uais))
    # Of all kitchens: a SIRET is taken whoever may read whose it is.
    every = await session.scalars(select(Canteen))
    return _Books({each.uai: each for each in mine}, {each.kitchen_id: each for each in every})


async def _write(session: AsyncSession, viewer: Viewer, changes: Sequence[_Change]) -> int:
    written = 0
    for kitchen, row, digits, cantine_id in changes:
        before = None if row is None else {"siret": row.siret, "cantine_id": row.cantine_id}
        after = {"siret": digits, "cantine_id": cantine_id}
        if before == after:
            continue
        if row is None:
            session.add(Canteen(kitchen_id=kitchen.id, **after))
        else:
            row.siret, row.cantine_id = digits, cantine_id
        written += 1
        session.add(
            ChangeEvent(
                at=now(),
                actor=viewer.actor,
                subject=Canteen.__tablename__,
                key=kitchen.uai,
                before=before,
                after=after,
            )
        )
    await session.flush()
    return written
