"""What kitchens near need: sums over all sellers for who sells, one's own part for who buys, never who buys of whom."""

from typing import Any

from sqlalchemy import delete, update

from catering.market.models import Supplier
from catering.people.viewer import Viewer
from catering.planning.models import SourcedLine
from tests.api.conftest import PRODUCER, Client
from tests.api.dataset import TONS
from tests.api.dataset_orders import buyer
from tests.api.operations import FARM, MONDAY

ASKED = """query ($weeks: Int! = 2, $supplier: ID!, $monday: Date!) {
  nearbyNeeds(supplier: $supplier, firstWeek: $monday, weeks: $weeks) { week grams uncoveredG ingredient { id } }
}"""
KITCHENS, SELLERS, CASES_G = 3, 2, 5_000


async def needs(client: Client, viewer: Viewer = PRODUCER, supplier: str = FARM) -> list[Any]:
    found: list[Any] = (await client.data(ASKED, viewer, supplier=supplier, monday=MONDAY))["nearbyNeeds"]
    return found


async def test_needs_of_all_kitchens_and_sellers_less_what_is_ordered_of_anybody(client: Client) -> None:
    found = await needs(client)
    assert {each["week"] for each in found} == {"2026-09-07", "2026-09-14"}
    assert {int(each["grams"]) for each in found} == {KITCHENS * SELLERS * TONS}
    later = [each for each in found if each["week"] == "2026-09-14"]
    assert {each["uncoveredG"] for each in later} == {each["grams"] for each in later}
    ordered = {int(each["grams"]) - int(each["uncoveredG"]) for each in found if each["week"] == "2026-09-07"}
    # Each kitchen took ten packs of each seller, and the first one forty more of the second seller.
    assert ordered == {(KITCHENS * SELLERS * 10 + 40) * CASES_G}


async def test_a_buyer_reads_the_part_of_their_own_kitchen(client: Client) -> None:
    assert {int(each["grams"]) for each in await needs(client, buyer(1))} == {SELLERS * TONS}


async def test_another_supplier_out_of_reach_or_too_few_kitchens_give_nothing(client: Client) -> None:
    assert await needs(client, supplier="ferme_00") == []
    async with client.database.unit_of_work() as session:
        await session.execute(delete(SourcedLine).where(SourcedLine.kitchen_id == 1))
    assert await needs(client) == []
    assert await needs(client, buyer(1)) != []
    async with client.database.unit_of_work() as session:
        await session.execute(update(Supplier).values(max_km=1))
    assert await needs(client, buyer(1)) == []


async def test_too_many_weeks_are_refused(client: Client) -> None:
    answer = await client(ASKED, PRODUCER, supplier=FARM, monday=MONDAY, weeks=9)
    assert "écrire de 1 à 8 semaines" in str(answer.errors)
