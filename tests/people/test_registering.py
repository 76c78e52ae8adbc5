"""A seller who has just registered a supplier sells for it, whoever wrote the registration."""

import pytest

from catering.db import Database
from catering.people import refusals
from catering.people.service import acts_for, give_registered_supplier
from catering.people.viewer import Role, Viewer, demo_viewer
from tests.api.conftest import Client
from tests.api.conftest import client as client
from tests.api.conftest import small_file as small_file
from tests.api.dataset_people import NUMBERS, OTHER_SUPPLIER, OWN_SUPPLIER, viewer_of


async def register(database: Database, viewer: Viewer) -> None:
    async with database.unit_of_work() as session:
        await give_registered_supplier(session, viewer, OTHER_SUPPLIER)


async def test_the_account_that_registers_a_supplier_sells_for_it_too(client: Client) -> None:
    await register(client.database, viewer_of(Role.PRODUCER))
    async with client.database.reading() as session:
        kitchens, suppliers = await acts_for(session, NUMBERS[Role.PRODUCER])
    assert (kitchens, suppliers) == (frozenset(), {OWN_SUPPLIER, OTHER_SUPPLIER})


@pytest.mark.parametrize(
    ("viewer", "refusal"),
    [(viewer_of(Role.CHEF), refusals.WrongRole), (demo_viewer(), refusals.InPersonOnly)],
)
async def test_who_sells_nothing_gets_no_supplier(client: Client, viewer: Viewer, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        await register(client.database, viewer)
