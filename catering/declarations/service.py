"""Use cases: declare a civil year, which freezes its figures for good; state which restaurants a kitchen serves."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import add_many
from catering.declarations import refusals
from catering.declarations.checks import CheckLevel
from catering.declarations.figures import part_written, version_of, written
from catering.declarations.models import Declaration, DeclarationForm, DeclaredLine, Satellite
from catering.declarations.queries import counted_in, satellites
from catering.declarations.reading import Draft, draft_of
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.moment import now
from catering.people.models import ChangeEvent
from catering.people.viewer import Viewer
from catering.purchases.importing import IMPORTERS
from catering.purchases.ledger_cells import has_siret_key, siret
from catering.purchases.models import PurchaseLine
from catering.purchases.summing import cell_of
from catering.rules.egalim_year import Cell, Tally, cents_of
from catering.spelling import tidy, unfit

LONGEST_REASON, LONGEST_NAME = 300, 200  # legal-number: letters of a text
MOST_SATELLITES = 60
MOST_MEALS = 10_000_000
"""Meals a year of one restaurant: more is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A year to declare. ``base`` is the version it corrects, 0 for the first; ``acknowledged`` ids of open points."""

    uai: str
    year: int
    form: DeclarationForm
    base: int
    reason: str
    acknowledged: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class SatelliteWish:
    """A restaurant as it is stated."""

    siret: str
    name: str
    yearly_meals: int
    cantine_id: int | None = None


async def declare(session: AsyncSession, viewer: Viewer, wish: Wish) -> Declaration:
    """Freeze the figures of a year as its next version, with every line they count.

    Raises:
        catering.refusal.Refusal: the viewer does not sign for the kitchen, somebody declared another version, a point
            of the check list blocks or was not read, or nothing changed since the last version.
    """
    kitchen = await _signed_for(session, viewer, wish.uai)
    reason = _plain(wish.reason, "Le motif", LONGEST_REASON)
    rows = list(await session.scalars(counted_in(viewer, kitchen.id, wish.year)))
    # Figures come from the very lines that are kept with them: a purchase entered meanwhile is in both, or in none.
    draft = await draft_of(session, viewer, kitchen, wish.year, tally_of_rows(rows))
    _require(draft, wish)
    made = _row(draft, wish, reason, viewer)
    session.add(made)
    await session.flush()
    await add_many(
        session, [DeclaredLine(declaration_id=made.id, purchase_line_id=row.id, sign=row.sign) for row in rows]
    )
    return made


def tally_of_rows(rows: Sequence[PurchaseLine]) -> Tally:
    """Judged lines of one kitchen and year, summed by cell."""
    sums: dict[Cell, int] = defaultdict(int)
    for row in rows:
        sums[cell_of(row)] += cents_of(row.amount_excl_tax)
    return dict(sums)


def _require(draft: Draft, wish: Wish) -> None:
    if draft.version != wish.base:
        raise refusals.DeclarationMoved(draft.version)
    if blocking := [each for each in draft.checks if each.level is CheckLevel.BLOCKING]:
        raise refusals.NotDeclarable(blocking)
    read_by_them = set(wish.acknowledged)
    if unread := [each for each in draft.checks if each.id not in read_by_them]:
        raise refusals.NotAcknowledged(unread)
    if draft.latest is not None and _same(draft.latest, draft, wish.form):
        raise refusals.NothingChanged(draft.version)


def _same(latest: Declaration, draft: Draft, form: DeclarationForm) -> bool:
    parts = [part_written(each) for each in draft.parts]
    canteen = draft.canteen
    known = canteen is not None and (latest.siret, latest.cantine_id) == (canteen.siret, canteen.cantine_id)
    return known and latest.form is form and latest.figures == written(draft.figures) and latest.parts == parts


def _row(draft: Draft, wish: Wish, reason: str, viewer: Viewer) -> Declaration:
    assert draft.canteen is not None, "the check list blocks without a SIRET"
    return Declaration(
        kitchen_id=draft.kitchen.id,
        year=wish.year,
        version=wish.base + 1,
        form=wish.form,
        form_version=version_of(wish.form, wish.year),
        siret=draft.canteen.siret,
        cantine_id=draft.canteen.cantine_id,
        reason=reason,
        figures=written(draft.figures),
        parts=[part_written(each) for each in draft.parts],
        acknowledged=" ".join(each.id for each in draft.checks),
        at=now(),
        actor=viewer.actor,
    )


async def state_satellites(
    session: AsyncSession, viewer: Viewer, uai: str, year: int, wished: Sequence[SatelliteWish]
) -> int:
    """State all restaurants that a kitchen serves in a year, in place of those stated before; the kitchen's number.

    Raises:
        catering.refusal.Refusal: the viewer does not sign for the kitchen, or a SIRET, a name or meals cannot be.
    """
    kitchen = await _signed_for(session, viewer, uai)
    rows = [_satellite(kitchen, year, each) for each in wished]
    if len(rows) > MOST_SATELLITES:
        raise refusals.InvalidDeclaration(f"{MOST_SATELLITES} restaurants au plus pour une cuisine.")
    if len({row.siret for row in rows}) < len(rows):
        raise refusals.InvalidDeclaration("Un SIRET est donné deux fois : une ligne par restaurant.")
    before = [_told(row) for row in await session.scalars(satellites(viewer, year, [kitchen.id]))]
    after = sorted((_told(row) for row in rows), key=lambda told: str(told["siret"]))
    if before == after:
        return kitchen.id
    await session.execute(delete(Satellite).where(Satellite.kitchen_id == kitchen.id, Satellite.year == year))
    session.add_all(rows)
    session.add(
        ChangeEvent(
            at=now(),
            actor=viewer.actor,
            subject=Satellite.__tablename__,
            key=f"{kitchen.uai} {year}",
            before={"restaurants": before},
            after={"restaurants": after},
        )
    )
    await session.flush()
    return kitchen.id


def _satellite(kitchen: Kitchen, year: int, wish: SatelliteWish) -> Satellite:
    digits = siret(wish.siret)
    if not isinstance(digits, str) or not has_siret_key(digits):
        raise refusals.InvalidDeclaration(f"« {wish.siret} » n'est pas un SIRET : 14 chiffres dont la clé est juste.")
    if not 1 <= wish.yearly_meals <= MOST_MEALS:
        raise refusals.InvalidDeclaration(f"{wish.siret} : donner ses repas de l'année, de 1 à {MOST_MEALS}.")
    return Satellite(
        kitchen_id=kitchen.id,
        year=year,
        siret=digits,
        name=_plain(wish.name, "Le nom du restaurant", LONGEST_NAME),
        cantine_id=wish.cantine_id,
        yearly_meals=wish.yearly_meals,
    )


def _told(row: Satellite) -> dict[str, object]:
    return {name: getattr(row, name) for name in ("siret", "name", "cantine_id", "yearly_meals")}


async def _signed_for(session: AsyncSession, viewer: Viewer, uai: str) -> Kitchen:
    """A kitchen for which the viewer signs; who declares the same one queues."""
    if viewer.role not in IMPORTERS:
        raise refusals.MayNotDeclare
    locked = kitchens(viewer, uais=[uai]).with_for_update(key_share=True, of=Kitchen)
    kitchen: Kitchen | None = await session.scalar(locked)
    if kitchen is None:
        raise refusals.UnknownDeclarant(uai)
    return kitchen


def _plain(text: str, what: str, longest: int) -> str:
    kept = tidy(text)
    if not kept:
        raise refusals.InvalidDeclaration(f"{what} est à écrire en quelques mots.")
    if (why := unfit(text, longest)) is not None:
        raise refusals.InvalidDeclaration(f"{what} : {why}.")
    return kept
