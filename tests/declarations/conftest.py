"""Collèges with the purchases of a year that is over, on both databases."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from catering.db import Database
from catering.declarations.models import Declaration, DeclarationForm
from catering.declarations.reading import Draft, draft_of
from catering.declarations.service import Wish, declare
from catering.kitchens.queries import kitchens
from catering.moment import Clock
from catering.people.viewer import Role, Viewer
from catering.purchases.models import Canteen
from tests.api.dataset import uai
from tests.purchases.conftest import _present, file_of, imported, rows, siret, sirets, world

__all__ = ["_present", "world"]
MANAGER = Viewer("Responsable nutrition", Role.NUTRITION_MANAGER)
BURSAR = Viewer("Gestionnaire", Role.GESTIONNAIRE, kitchens=frozenset({uai(0)}))
CHEF = Viewer("Chef", Role.CHEF, kitchens=frozenset({uai(0)}))
AUDITOR = Viewer("Auditeur", Role.AUDITOR)
YEAR = 2026
AFTER = datetime(2027, 2, 1, 9, tzinfo=UTC)
"""In the campaign on the data of 2026."""
OPEN_POINTS = [f"DEC-{number}" for number in range(10, 24)]


@pytest.fixture
async def bought(world: Database) -> Database:
    """The first two collèges bought in 2026; it is the beginning of 2027."""
    known = await sirets(world)
    async with world.unit_of_work() as session:
        places = {each.uai: each.id for each in await session.scalars(kitchens(MANAGER))}
        session.add_all(
            Canteen(kitchen_id=places[each], siret=known[each], cantine_id=900 + rank)
            for rank, each in enumerate(known)
        )
    await imported(world, file_of(rows([known[uai(0)], known[uai(1)]], 300)))
    Clock.fixed = AFTER
    return world


async def declared(
    database: Database,
    base: int = 0,
    *,
    viewer: Viewer = MANAGER,
    kitchen: str = uai(0),
    year: int = YEAR,
    form: DeclarationForm = DeclarationForm.SIMPLE,
    reason: str = "Télédéclaration",
    acknowledged: Sequence[str] = OPEN_POINTS,
) -> Declaration:
    """Declare a year."""
    async with database.unit_of_work() as session:
        return await declare(session, viewer, Wish(kitchen, year, form, base, reason, acknowledged))


async def drafted(database: Database, kitchen: str = uai(0), year: int = YEAR, viewer: Viewer = MANAGER) -> Draft:
    """The year as it would be declared."""
    async with database.reading() as session:
        place = (await session.scalars(kitchens(viewer, uais=[kitchen]))).one()
        return await draft_of(session, viewer, place, year)


async def bring_in(database: Database, lines: list[list[str]]) -> None:
    """Import more purchases."""
    await imported(database, file_of(lines))


def one_line(kitchen_siret: str, amount: str, *, family: str = "AUTRES", sign: str = "", day: str = "") -> list[str]:
    """A purchase of a file."""
    when = day or f"{YEAR}-05-04"
    return [kitchen_siret, f"Ajout {amount}", "Ferme", when, amount, family, sign, "FRANCE", "", "", "", ""]


__all__ += ["file_of", "imported", "rows", "siret", "sirets"]
