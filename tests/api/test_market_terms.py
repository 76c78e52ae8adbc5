"""When sellers sell and at which price: dates, holidays, weeks, price lists, photographs."""

from typing import Any

import pytest

from catering.market.models import Capacity, PriceListLine
from catering.people.viewer import Role, Viewer
from tests.api.conftest import ADMINISTRATOR, CHEF, PRODUCER, Client
from tests.api.dataset import uai
from tests.api.dataset_market import PDF, PNG, SOLD
from tests.api.operations import VARIABLES
from tests.api.test_market import ask, count, trace

OTHER = "vente_ferme_01_01"


async def test_an_offer_that_ends_stays_readable_and_is_no_longer_sold(client: Client) -> None:
    await ask(client, "StateCapacity")
    week = '{ offers(week: "2026-09-14", supplier: "ferme_01", words: "botte") { nodes { id } } }'
    assert (await client.data(week))["offers"]["nodes"] == [{"id": SOLD}]
    ended = await ask(client, "EndOffers", lastDay="2026-09-13")
    assert ended["offers"] == [SOLD]
    assert (await client.data(week))["offers"]["nodes"] == []
    assert (await client.data(f'{{ offer(id: "{SOLD}") {{ validTo }} }}'))["offer"] == {"validTo": "2026-09-13"}


async def test_a_holiday_takes_its_weeks_off_the_market(client: Client) -> None:
    await ask(client, "StateCapacity", lastDay="2027-06-30")
    asked = '{{ offers(week: "{}", supplier: "ferme_01", words: "botte") {{ nodes {{ id }} }} }}'
    sold = {
        week: len((await client.data(asked.format(week)))["offers"]["nodes"]) for week in ("2026-12-14", "2026-12-21")
    }
    assert sold == {"2026-12-14": 1, "2026-12-21": 0}
    refused = await ask(client, "PauseSupplier", firstDay="2026-12-28", lastDay="2027-01-04")
    assert "couvre déjà" in refused["message"]
    resumed = await ask(client, "ResumeSupplier")
    assert resumed["supplier"]["pauses"] == []
    assert len((await client.data(asked.format("2026-12-21")))["offers"]["nodes"]) == 1


async def test_a_template_fills_the_weeks_of_a_period(client: Client) -> None:
    assert (await ask(client, "FillWeeks"))["offer"]["capacities"][0]["gramsPerWeek"] == "50000"
    await ask(client, "StateAvailability")
    filled = await ask(client, "FillWeeks")
    assert filled["offer"]["capacities"] == [
        {"validFrom": "2026-09-07", "validTo": "2026-10-04", "gramsPerWeek": "100000"},
        {"validFrom": "2026-10-05", "validTo": "2026-11-01", "gramsPerWeek": None},
    ]
    changed = await ask(client, "StateCapacity", firstDay="2026-09-14", lastDay="2026-09-20", gramsPerWeek="0")
    assert [each["validTo"] for each in changed["offer"]["capacities"]] == ["2026-09-13", "2026-10-04", "2026-11-01"]
    events = await trace(client, "capacities")
    assert [event.key for event in events] == [SOLD] * 3


def week_of(offer: str, first: int, grams: str | None) -> dict[str, Any]:
    days = {"firstDay": f"2026-09-{first:02d}", "lastDay": f"2026-09-{first + 6:02d}"}
    return days | {"offer": offer, "gramsPerWeek": grams}


async def test_quantities_of_several_offers_are_stated_together(client: Client) -> None:
    given = [week_of(SOLD, 7, "90000"), week_of(SOLD, 14, None), week_of(OTHER, 7, "12000"), week_of(OTHER, 14, "0")]
    done = await ask(client, "StateCapacities", capacities=given)
    assert done["__typename"] == "CapacitiesStated"
    kept = {
        offer: (await client.data(f'{{ offer(id: "{offer}") {{ capacities {{ validFrom validTo gramsPerWeek }} }} }}'))[
            "offer"
        ]["capacities"]
        for offer in (SOLD, OTHER)
    }
    assert {"validFrom": "2026-09-07", "validTo": "2026-09-13", "gramsPerWeek": "90000"} in kept[SOLD]
    assert any(each["validFrom"] == "2026-09-14" and each["gramsPerWeek"] is None for each in kept[SOLD])
    assert {"validFrom": "2026-09-07", "validTo": "2026-09-13", "gramsPerWeek": "12000"} in kept[OTHER]
    assert not any(each["validFrom"] <= "2026-09-14" <= each["validTo"] for each in kept[OTHER])
    assert {event.key for event in await trace(client, "capacities")} == {SOLD, OTHER}


async def test_of_quantities_stated_together_one_that_cannot_be_keeps_all_as_they_were(client: Client) -> None:
    for given, says in (
        ([week_of(SOLD, 7, "90000"), week_of(SOLD, 10, "5")], "mêmes jours"),
        ([week_of(OTHER, 7, "90000"), week_of(SOLD, 7, "-1")], "de 0 à"),
        ([], "Aucune quantité"),
    ):
        refused = await ask(client, "StateCapacities", capacities=given)
        assert (refused["__typename"], says in refused["message"]) == ("InvalidSupply", True), refused
    stranger = await ask(
        client, "StateCapacities", capacities=[week_of(SOLD, 7, "1"), week_of("vente_ferme_02_00", 7, "1")]
    )
    assert stranger["__typename"] == "UnknownOffer"
    assert await trace(client, "capacities") == []


@pytest.mark.parametrize(
    ("name", "changed", "says"),
    [
        ("StateCapacity", {"gramsPerWeek": "-1"}, "de 0 à"),
        ("StateCapacity", {"gramsPerWeek": "99999999999"}, "de 0 à"),
        ("StateCapacity", {"lastDay": "2026-09-01"}, "avant de commencer"),
        ("StateCapacity", {"lastDay": "2030-09-01"}, "800 jours"),
        ("StateAvailability", {"months": [{"month": 13}]}, "Mois 13"),
        ("StateAvailability", {"months": [{"month": 1}, {"month": 1}]}, "deux fois"),
        ("StateAvailability", {"months": [{"month": 1, "gramsPerWeek": "0"}]}, "sans vente"),
        ("PauseSupplier", {"reason": ""}, "motif"),
        ("PauseSupplier", {"reason": "…"}, "ni lettre ni chiffre"),
        ("PauseSupplier", {"lastDay": "2027-02-01"}, "avant de commencer"),
        ("ResumeSupplier", {"pause": "1"}, "Aucune pause"),
    ],
)
async def test_a_quantity_or_a_day_that_cannot_be_is_refused(
    name: str, changed: dict[str, Any], says: str, client: Client
) -> None:
    before = await count(client, Capacity)
    refused = await ask(client, name, **changed)
    assert (refused["__typename"], says in refused["message"]) == ("InvalidSupply", True), refused
    assert await count(client, Capacity) == before


async def paid(client: Client, kitchen: str, day: str, viewer: Viewer = ADMINISTRATOR) -> str:
    text = f'{{ offer(id: "{SOLD}") {{ priceFor(kitchen: "{kitchen}", on: "{day}") }} }}'
    return str((await client.data(text, viewer))["offer"]["priceFor"])


async def test_each_kitchen_pays_its_own_list_on_each_day(client: Client) -> None:
    await ask(client, "AddPrices")
    assert [await paid(client, uai(0), day) for day in ("2026-08-31", "2026-09-30", "2026-10-01")] == [
        "11.0000", "8.0000", "8.5000",
    ]  # fmt: skip
    assert await paid(client, uai(1), "2026-10-01") == "11.0000"
    contract = {"name": "Marché 2026-04", "contract": "2026-04", "validFrom": "2026-10-01", "kitchens": [uai(0)]}
    price = [{"offer": SOLD, "priceEurPerPack": "8.20", "since": "2026-10-01"}]
    opened = await ask(client, "OpenPriceList", priceList=contract, prices=price)
    assert opened["priceList"]["kitchens"] == [uai(0)]
    assert await paid(client, uai(0), "2026-10-01") == "8.2000"
    # Its supplier alone says that there is such a contract: a list that names one is no reason to pay more.
    dear = [price[0] | {"priceEurPerPack": "80.00"}]
    await ask(client, "OpenPriceList", priceList=contract, prices=dear, idempotencyKey="0f2c8f5e-dear")
    assert await paid(client, uai(0), "2026-10-01") == "8.2000"
    await ask(client, "EndPriceList", priceList=opened["priceList"]["id"], lastDay="2026-10-31")
    assert await paid(client, uai(0), "2026-11-01") == "8.5000"


async def test_a_price_list_is_read_by_its_seller_and_its_buyers(client: Client) -> None:
    lists = '{ supplier(id: "ferme_01") { priceLists { nodes { id kitchens } } } }'
    stranger = Viewer("Chef", Role.CHEF, kitchens=frozenset({uai(1)}))
    shared = {"nodes": [{"id": "ferme_01__tarif_1", "kitchens": [uai(0)]}]}
    for viewer, seen in ((PRODUCER, shared), (CHEF, shared), (ADMINISTRATOR, shared), (stranger, {"nodes": []})):
        assert (await client.data(lists, viewer))["supplier"]["priceLists"] == seen
    assert await paid(client, uai(0), "2026-09-30", CHEF) == "8.0000"
    assert await paid(client, uai(0), "2026-09-30", stranger) == "11.0000"


@pytest.mark.parametrize(
    ("name", "changed", "says"),
    [
        ("AddPrices", {"prices": [{"offer": SOLD, "priceEurPerPack": "7", "since": "2026-09-01"}]}, "part déjà"),
        ("AddPrices", {"prices": [{"offer": SOLD, "priceEurPerPack": "7", "since": "2026-08-01"}]}, "hors des dates"),
        ("AddPrices", {"prices": [{"offer": SOLD, "priceEurPerPack": "-7", "since": "2026-10-01"}]}, "au-dessus de 0"),
        ("AddPrices", {"prices": [{"offer": SOLD, "priceEurPerPack": "7", "since": "2026-10-01"}] * 2}, "deux prix"),
        (
            "AddPrices",
            {"prices": [{"offer": SOLD, "priceEurPerPack": "99999", "since": "2026-10-01"}]},
            "le kilogramme",
        ),
        ("AddPrices", {"prices": [{"offer": SOLD, "priceEurPerPack": "0.0001", "since": "2026-10-01"}]}, "€/kg"),
        ("AddPrices", {"priceList": "ferme_00__tarif_1"}, "n'est à vous"),
        ("EndPriceList", {"lastDay": "2026-08-01"}, "pas avant"),
    ],
)
async def test_a_price_that_cannot_be_is_refused(name: str, changed: dict[str, Any], says: str, client: Client) -> None:
    before = await count(client, PriceListLine)
    refused = await ask(client, name, **changed)
    assert (refused["__typename"], says in refused["message"]) == ("InvalidPriceList", True), refused
    assert await count(client, PriceListLine) == before


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"kitchens": ["0629999Z"]}, "0629999Z"),
        ({"kitchens": []}, "une cuisine au moins"),
        ({"name": "Ta\u200brif"}, "invisible"),
        ({"name": "..."}, "ni lettre ni chiffre"),
        ({"contract": "—"}, "ni lettre ni chiffre"),
        ({"validTo": "2026-08-01"}, "précède"),
    ],
)
async def test_a_price_list_that_cannot_be_is_refused(changed: dict[str, Any], says: str, client: Client) -> None:
    given = VARIABLES["producer/OpenPriceList"]["priceList"] | changed
    refused = await ask(client, "OpenPriceList", priceList=given)
    assert (refused["__typename"], says in refused["message"]) == ("InvalidPriceList", True), refused


async def test_photographs_are_shown_in_order_and_are_photographs(client: Client) -> None:
    shown = await ask(client, "AttachToOffer")
    assert [photo["id"] for photo in shown["offer"]["photos"]] == [str(PNG)]
    assert shown["offer"]["allergenDocument"]["url"] == f"/documents/{PDF}"
    assert (await ask(client, "AttachToOffer", photos=[str(PDF)]))["__typename"] == "UnknownDocument"
    twice = await ask(client, "AttachToOffer", photos=[str(PNG), str(PNG)])
    assert twice["__typename"] == "OffersRefused"
    assert (await ask(client, "AttachToOffer", photos=[]))["offer"]["photos"] == []
