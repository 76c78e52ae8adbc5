"""Receiving through the API: a tablet that sends twice, a line that may not be accepted, a credit, a recall."""

import asyncio
from typing import Any

import pytest

from catering.people.viewer import Role, Viewer
from tests.api.conftest import BOTH, CHEF, PRODUCER, Client
from tests.api.dataset import uai
from tests.api.dataset_orders import buyer
from tests.api.dataset_receiving import LOT, RECEIVED, TO_RECEIVE
from tests.api.operations import VARIABLES, operations

OPERATIONS = operations()
RECEIVE = OPERATIONS["chef/ReceiveDelivery"]
ASKED = VARIABLES["chef/ReceiveDelivery"]
NUTRITION = Viewer("Nutrition", Role.NUTRITION_MANAGER)
TRANSFER = OPERATIONS["chef/TransferStock"]


def asked(*lines: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """The reception of the tests, with other lines."""
    return {**ASKED, "reception": {**ASKED["reception"], **({"lines": list(lines)} if lines else {}), **changed}}


def line(position: int = 1, **changed: Any) -> dict[str, Any]:
    return {"position": position, "decision": "ACCEPTED", "deliveredPacks": 10, "lot": "L1", **changed}


async def received(client: Client, viewer: Viewer = CHEF, **variables: Any) -> Any:
    return (await client.data(RECEIVE, viewer=viewer, **(variables or ASKED)))["receiveDelivery"]


async def test_a_tablet_that_sends_twice_receives_once(client: Client) -> None:
    answers = await asyncio.gather(*(received(client) for _ in range(4)))
    assert {answer["__typename"] for answer in answers} == {"DeliveryReceived"}
    assert len({answer["reception"]["id"] for answer in answers}) == 1
    told = await client.data(OPERATIONS["chef/DeliveryToCheck"], viewer=CHEF, orderId=str(TO_RECEIVE), kitchen=uai(0))
    assert [each["receivedG"] for each in told["order"]["lines"]] == [50_000, 50_000, None]
    assert (told["order"]["state"], len(told["order"]["receptions"])) == ("PARTLY_RECEIVED", 1)
    assert len(told["temperatureLimits"]) == 18


@pytest.mark.parametrize(
    ("given", "refusal", "says"),
    [
        (asked(line(2)), "TemperatureNotMeasured", "relever sa température"),
        (asked(line(2, celsius="9")), "MustBeRefused", "tolérance du site 1"),
        (asked(line(2, celsius="4.5")), "ReserveNeeded", "avec réserve"),
        (asked(line(dateKind="USE_BY", expiresOn="2026-08-31")), "MustBeRefused", "DLC du 31/08/2026"),
        (asked(line(deliveredPacks=11)), "MoreThanOrdered", "reste 10 colis"),
        (asked(line(alreadyPacks=3)), "AlreadyReceived", "0 colis"),
        (asked(line(decision="REFUSED")), "InvalidReception", "motif"),
        (asked(line(9)), "UnknownLine", "ligne 9"),
        (asked(day="2026-09-02"), "InvalidReception", "avenir"),
        (asked(deliveryNote="9" * 81), "InvalidReception", "80 caractères"),
        (asked(orderId="999"), "UnknownOrder", "999"),
        (asked(orderId="3"), "NotReceivable", "rien à recevoir"),
    ],
)
async def test_what_may_not_be_received_is_refused_by_name(
    given: dict[str, Any], refusal: str, says: str, client: Client
) -> None:
    answer = await received(client, **given)
    assert (answer["__typename"], says in answer["message"]) == (refusal, True), answer


async def test_only_who_buys_for_the_kitchen_receives(client: Client) -> None:
    assert (await received(client, buyer(1)))["__typename"] == "UnknownOrder"
    for viewer in (PRODUCER, NUTRITION):
        assert (await received(client, viewer))["__typename"] == "NotAllowed"


async def test_what_a_kitchen_refused_reaches_the_farm_alone(client: Client) -> None:
    refused = asked(line(decision="REFUSED", reason="QUALITY", comment="Fanées"))
    assert (await received(client, **refused))["__typename"] == "DeliveryReceived"
    told = await client.data(OPERATIONS["producer/SupplierCredits"], viewer=PRODUCER, state="ASKED")
    newest = told["creditRequests"]["nodes"][0]
    assert (newest["reason"], newest["grams"], newest["place"]["uai"]) == ("QUALITY", 50_000, uai(0))
    other = Viewer("Voisin", Role.PRODUCER, suppliers=frozenset({"ferme_00"}))
    found = await client.data(OPERATIONS["producer/SupplierCredits"], viewer=other)
    assert found["creditRequests"]["nodes"] == []
    found = await client.data(OPERATIONS["producer/SupplierReceptions"], viewer=other, first=100)
    assert {each["order"]["id"] for each in found["receptions"]["nodes"]} >= {str(RECEIVED)}
    assert str(TO_RECEIVE) not in {each["order"]["id"] for each in found["receptions"]["nodes"]}


async def test_a_recall_names_kitchens_and_lunches(client: Client) -> None:
    trace = OPERATIONS["nutrition/LotTrace"]
    found = await client.data(trace, viewer=NUTRITION, number=LOT, first=100)
    assert {each["place"]["uai"] for each in found["lots"]["nodes"]} == {uai(0), uai(1), uai(2)}
    lunches = [move["menuDay"] for each in found["lots"]["nodes"] for move in each["moves"]["nodes"] if move["menuDay"]]
    assert lunches == ["2026-09-01"] * 3
    own = await client.data(trace, viewer=CHEF, number=LOT, first=100)
    assert {each["place"]["uai"] for each in own["lots"]["nodes"]} == {uai(0)}
    assert (await client.data(trace, viewer=PRODUCER, number=LOT))["lots"]["nodes"] == []


async def test_a_cook_is_told_which_lots_to_take(client: Client) -> None:
    ask = OPERATIONS["chef/LotsToTake"]
    given = {"kitchen": uai(0), "ingredient": "ingredient_02", "menuDay": "2026-09-01"}
    told = (await client.data(ask, viewer=CHEF, grams=160_000, **given))["lotsToTake"]
    assert [each["grams"] for each in told["lots"]] == [149_000, 11_000]
    more = (await client.data(ask, viewer=CHEF, grams=200_000, **given))["lotsToTake"]
    assert more["missingG"] == 200_000 - sum(each["lot"]["onHandG"] for each in more["lots"])
    other = (await client.data(ask, viewer=buyer(1), grams=1, **given))["lotsToTake"]
    assert other == {"missingG": 1, "lots": []}


async def test_a_producer_reads_no_stock_and_no_purchase(client: Client) -> None:
    assert (await client.data(OPERATIONS["chef/Purchases"], viewer=PRODUCER))["purchases"]["nodes"] == []
    assert (await client.data(OPERATIONS["chef/KitchenStock"], viewer=PRODUCER, uai=uai(0)))["kitchen"] is None


async def stock(client: Client, kitchen: str, product: str) -> int:
    """Grams of a product on the shelves of a kitchen."""
    found = await client.data(OPERATIONS["chef/KitchenStock"], viewer=BOTH, uai=kitchen, first=100)
    return sum(lot["onHandG"] for lot in found["kitchen"]["stock"]["nodes"] if lot["product"] == product)


async def test_a_lot_is_handed_over_between_kitchens_of_one_buyer(client: Client) -> None:
    given = VARIABLES["chef/TransferStock"] | {"grams": 2_000}
    lots = (await client.data(OPERATIONS["chef/KitchenStock"], viewer=BOTH, uai=uai(0), first=100))["kitchen"]["stock"]
    (handed,) = [lot for lot in lots["nodes"] if lot["id"] == given["lotId"]]
    there = await stock(client, uai(1), handed["product"])
    moved = (await client.data(TRANSFER, viewer=BOTH, **(given | {"idempotencyKey": "hand-over-1"})))["transferStock"]
    last = moved["lot"]["moves"]["nodes"][-1]
    assert (last["kind"], last["grams"]) == ("TRANSFER_OUT", -2_000)
    assert await stock(client, uai(1), moved["lot"]["product"]) == there + 2_000
    again = (await client.data(TRANSFER, viewer=BOTH, **(given | {"idempotencyKey": "hand-over-1"})))["transferStock"]
    assert again == moved
    refused = (await client.data(TRANSFER, viewer=CHEF, **(given | {"idempotencyKey": "hand-over-2"})))["transferStock"]
    assert refused["__typename"] == "UnknownPlace"


async def test_an_invoice_shows_its_totals_per_rate(client: Client) -> None:
    found = await client.data(OPERATIONS["producer/SupplierInvoices"], viewer=PRODUCER, first=1)
    (invoice,) = found["invoices"]["nodes"]
    (total,) = invoice["vatTotals"]
    assert (total["amountEur"], total["vatEur"]) == (invoice["amountEur"], invoice["vatEur"])
    assert [event["state"] for event in invoice["events"]] == ["RECEIVED", "MATCHED"]


@pytest.mark.parametrize("name", ["chef/Receptions", "chef/Invoices", "chef/CreditRequests", "chef/Purchases"])
async def test_a_chef_reads_their_own_kitchen_only(name: str, client: Client) -> None:
    mine = await client.data(OPERATIONS[name], viewer=CHEF, first=100)
    everything = await client.data(OPERATIONS[name], viewer=NUTRITION, first=100)
    (mine,), (everything,) = (list(each.values()) for each in (mine, everything))
    assert 0 < len(mine["nodes"]) <= len(everything["nodes"])
    assert str(mine).count(uai(1)) == 0
