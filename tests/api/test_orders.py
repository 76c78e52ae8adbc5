"""Baskets and orders through the API: who sees what, once per key, refusals that say what to do next."""

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select, update

from catering.market.models import Capacity, Offer, OfferWeek, Supplier, SupplierPause
from catering.orders.models import Order, Shortage
from catering.people.viewer import Role, Viewer
from catering.procurement.models import Engagement
from catering.procurement.vocabulary import GroundKind
from catering.receiving.models import StockLot
from catering.receiving.vocabulary import ExpiryKind
from tests.api import matrix_orders
from tests.api.conftest import ADMINISTRATOR, PRODUCER, Client, asked_by
from tests.api.dataset import MOMENT, uai
from tests.api.dataset_orders import ACCEPTED, CANCEL_ASKED, CHANGE_PROPOSED, PACKS, SENT, buyer
from tests.api.dataset_procurement import ROOT
from tests.api.operations import BASKET, FARM, MONDAY, VARIABLES, operations

OPERATIONS = operations()
CASE_G = 5_000
OTHER_FARM = Viewer("Voisine", Role.PRODUCER, suppliers=frozenset({"ferme_00"}))
WRITES = [name for name in matrix_orders.CELLS if "\nmutation " in OPERATIONS[name]]


async def ask(client: Client, name: str, viewer: Viewer | None = None, **changed: Any) -> Any:
    by = viewer or asked_by(name, OPERATIONS[name])
    return await client.data(OPERATIONS[name], by, **{**VARIABLES[name], **changed})


async def count(client: Client) -> int:
    async with client.database.reading() as session:
        return int((await session.scalars(select(func.count()).select_from(Order))).one())


async def test_a_basket_shows_lines_deliveries_cost_and_ratios(client: Client) -> None:
    basket = (await ask(client, "chef/Basket", buyer(0)))["kitchen"]["basket"]
    assert (basket["version"], len(basket["lines"])) == (1, 12)
    # Ten cases of 10 €, delivered at 0.3108 €/kg over 105.4 km.
    assert basket["lines"][0]["amountEur"] == "115.54"
    assert [(drop["supplier"]["id"], drop["minimumEur"], drop["lines"]) for drop in basket["drops"]] == [
        ("ferme_00", "50.00", 6),
        ("ferme_01", "50.00", 6),
    ]
    assert basket["drops"][0]["nextDay"] == "2026-09-03"
    ratios = {each["rule"]: each for each in basket["ratios"]}
    # Six of the twelve are organic and a little dearer, but one is cheap by contract: 687.70 € of 1,380.94 €.
    assert (ratios["EGA-01"]["share"], ratios["EGA-01"]["holds"]) == ("0.497994", False)


async def test_a_kitchen_without_a_basket_has_an_empty_one(client: Client) -> None:
    basket = (await ask(client, "chef/Basket", buyer(0), week="2026-10-05"))["kitchen"]["basket"]
    assert (basket["version"], basket["lines"], basket["amountEur"]) == (0, [], "0.00")


async def test_a_substitute_that_sending_would_refuse_is_left_out(client: Client) -> None:
    async with client.database.unit_of_work() as session:
        await session.execute(update(Supplier).values(min_drop_eur=Decimal(1_000_000)))
    line = (await ask(client, "chef/Substitutes", buyer(0)))["kitchen"]["basket"]["line"]
    assert line["substitutes"] == []


async def test_substitutes_say_what_they_would_change(client: Client) -> None:
    line = (await ask(client, "chef/Substitutes", buyer(0)))["kitchen"]["basket"]["line"]
    (other,) = line["substitutes"]
    # A contract covers it: 50 kg at 1.20 €, delivered free, in place of the 115.54 € of the line.
    assert (other["offer"]["id"], other["packs"], other["moreEur"]) == ("offre_006", PACKS, "-55.54")
    more_organic = {each["rule"]: float(each["share"]) for each in other["ratios"] if each["share"]}
    now = (await ask(client, "chef/Basket", buyer(0)))["kitchen"]["basket"]["ratios"]
    assert more_organic["EGA-01"] > next(float(each["share"]) for each in now if each["rule"] == "EGA-01")


async def test_the_plan_fills_the_basket_in_whole_packs(client: Client) -> None:
    filled = (await ask(client, "chef/FillBasket"))["fillBasket"]["basket"]
    assert filled["version"] == 2
    # Five hundred tons of each of three offers of each farm, in cases of five kilograms, less what will be left of the
    # orders for the week before once its menus have eaten: 176 kg, 176 kg and 15 kg, taken off what has no label. A
    # portion is smaller since the plan (120 g to 110 g, dish 1: 80 g raw become 73 g, for 600 covers before and in the
    # week): 4.2 kg less each time.
    packs = {line["offer"]["id"]: line["packs"] for line in filled["lines"]}
    assert packs == {
        **dict.fromkeys(("offre_006", "offre_007", "offre_008"), 100_000),
        **dict.fromkeys(("offre_000", "offre_001"), 99_965),
        "offre_002": 99_997,
    }
    told = (await ask(client, "chef/Basket", buyer(0)))["kitchen"]["basket"]["leftOvers"]
    kilos = {each["ingredient"]["id"]: int(each["leftG"]) // 1_000 for each in told if each["leftG"] != "0"}
    assert kilos == {"ingredient_00": 176, "ingredient_01": 176, "ingredient_02": 15}
    assert told[2]["arithmetic"] == (
        "199\u00a0kg en stock + 300\u00a0kg à recevoir \u2212 283,8\u00a0kg utilisés avant "
        "\u2212 200\u00a0kg gardés pour plus tard = 15,2\u00a0kg de reste"
    )
    elsewhen = {**BASKET, "week": "2027-03-01", "version": 0}
    nothing = await ask(client, "chef/FillBasket", basket=elsewhen, idempotencyKey="another-key")
    assert nothing["fillBasket"]["__typename"] == "NoPlan"


async def test_what_is_on_the_shelves_is_not_bought_again(client: Client) -> None:
    """A lot that is past its date lessens nothing; once it lasts longer than the week, all of it does."""

    async def packs(until: date, version: int) -> int:
        async with client.database.unit_of_work() as session:
            found = await session.scalars(select(StockLot).where(StockLot.mark == "kept"))
            lot = found.one_or_none() or StockLot(
                kitchen_id=1, ingredient_id=1, supplier_id=1, product="Lait", lot="K", mark="kept",
                date_kind=ExpiryKind.USE_BY, on_hand_g=10 * CASE_G,
            )  # fmt: skip
            lot.expires_on = until
            session.add(lot)
        given = {**BASKET, "version": version}
        filled = await ask(client, "chef/FillBasket", basket=given, idempotencyKey=f"fill-again-{version}")
        return sum(line["packs"] for line in filled["fillBasket"]["basket"]["lines"])

    past = await packs(date(2026, 8, 31), 1)
    assert await packs(date(2026, 12, 31), 2) == past - 10


async def test_the_same_key_sends_once_even_at_the_same_moment(client: Client) -> None:
    before = await count(client)
    answers = await asyncio.gather(*(ask(client, "chef/SendBasket") for _ in range(5)))
    assert await count(client) == before + 2
    orders = [[order["id"] for order in answer["sendBasket"]["orders"]] for answer in answers]
    assert orders == [orders[0]] * 5
    assert [order["supplier"]["id"] for order in answers[0]["sendBasket"]["orders"]] == ["ferme_00", "ferme_01"]


async def test_conditions_that_moved_are_accepted_by_sending_again(client: Client) -> None:
    async with client.database.unit_of_work() as session:
        await session.execute(update(Offer).where(Offer.slug == "offre_000").values(price_eur_per_pack=11))
    refused = (await ask(client, "chef/SendBasket"))["sendBasket"]
    assert refused["__typename"] == "TermsChanged"
    (line,) = refused["lines"]
    words = "prix du colis 10,00\u00a0€ → 11,00\u00a0€"
    change = {"condition": "PRICE", "seen": "10,00\u00a0€", "now": "11,00\u00a0€", "words": words}
    assert (line["offer"], line["product"], line["changes"]) == ("offre_000", "Produit 0", [change])
    basket = (await ask(client, "chef/Basket", week=BASKET["week"]))["kitchen"]["basket"]
    shown = next(each for each in basket["lines"] if each["offer"]["id"] == "offre_000")
    assert (shown["fingerprint"], shown["changes"]) == (line["fingerprint"], [change])
    accepted = [{name: line[name] for name in ("offer", "day", "fingerprint")}]
    sent = await ask(client, "chef/SendBasket", acceptedTerms=accepted, idempotencyKey="another-key")
    assert sent["sendBasket"]["__typename"] == "BasketSent"


async def test_what_is_left_is_told_offer_by_offer(client: Client) -> None:
    async with client.database.unit_of_work() as session:
        await session.execute(update(Capacity).where(Capacity.offer_id == 1).values(grams_per_week=15_000))
    refused = (await ask(client, "chef/SendBasket"))["sendBasket"]
    assert (refused["__typename"], refused["shortages"]) == (
        "NotEnough",
        [{"offer": "offre_000", "product": "Produit 0", "supplier": "Ferme 0", "askedPacks": PACKS, "leftPacks": 3}],
    )


async def test_an_older_basket_is_not_sent(client: Client) -> None:
    refused = await ask(client, "chef/SendBasket", basket={**BASKET, "version": 0})
    assert refused["sendBasket"]["__typename"] == "BasketChanged"


async def test_an_order_tells_its_story_to_both_sides(client: Client) -> None:
    for viewer in (buyer(0), PRODUCER):
        order = (await ask(client, "chef/OrderStory", viewer))["order"]
        assert (order["state"], order["proposedChange"]["reason"]) == ("CHANGE_PROPOSED", "Gel")
        assert [event["kind"] for event in order["events"]] == ["SENT", "CHANGE_PROPOSED"]
        assert order["proposedChange"]["packs"] == [
            {"position": 1, "packs": 4},
            {"position": 2, "packs": PACKS},
            {"position": 3, "packs": PACKS},
        ]
        assert sum(float(line["amountEur"]) for line in order["lines"]) == pytest.approx(float(order["amountEur"]))


async def test_another_farm_reads_nothing_of_an_order(client: Client) -> None:
    assert await ask(client, "chef/OrderStory", OTHER_FARM) == {"order": None}
    assert await ask(client, "producer/SupplierOrders", OTHER_FARM) == {"supplier": None}
    tour = (await ask(client, "producer/TourSheet", OTHER_FARM))["tour"]
    assert (tour["stops"], tour["grams"]) == ([], "0")
    assert await ask(client, "chef/Basket", OTHER_FARM) == {"kitchen": None, "noticesPutAway": []}


async def test_another_kitchen_reads_nothing_of_an_order(client: Client) -> None:
    assert await ask(client, "chef/OrderStory", buyer(1)) == {"order": None}
    assert await ask(client, "chef/KitchenOrders", buyer(1)) == {"kitchen": None}
    seen = (await ask(client, "producer/SupplierOrders", buyer(1)))["supplier"]["orders"]["nodes"]
    assert {order["place"]["uai"] for order in seen} == {uai(1)}
    harvest = (await ask(client, "producer/HarvestList", buyer(1)))["supplier"]["harvest"]
    assert {line["orders"] for line in harvest} == {1}


async def test_a_farm_knows_where_it_delivers_and_no_budget(client: Client) -> None:
    orders = (await ask(client, "producer/SupplierOrders", PRODUCER))["supplier"]["orders"]["nodes"]
    assert {order["place"]["uai"] for order in orders} == {uai(0), uai(1), uai(2)}
    assert await client.data("{ kitchens { nodes { budgetEurPerMeal } } }", PRODUCER) == {"kitchens": {"nodes": []}}


async def test_harvest_packing_and_tour_hold_the_same_packs(client: Client) -> None:
    harvest = (await ask(client, "producer/HarvestList", PRODUCER, lastDay=MONDAY))["supplier"]["harvest"]
    packing = (await ask(client, "producer/PackingList", PRODUCER))["supplier"]["packing"]
    tour = (await ask(client, "producer/TourSheet", PRODUCER))["tour"]
    packed = [line for place in packing for order in place["orders"] for line in order["lines"]]
    # Three kitchens took ten packs of six offers, one of them ten packs of three offers four times more.
    assert sum(line["packs"] for line in harvest) == sum(line["packs"] for line in packed) == 300
    assert sum(int(line["grams"]) for line in harvest) == int(tour["grams"]) == 1_500_000
    assert [stop["rank"] for stop in tour["stops"]] == [1, 2, 3]
    assert [stop["packing"]["place"]["uai"] for stop in tour["stops"]] == [uai(0), uai(1), uai(2)]
    assert tour["km"] == tour["stops"][0]["km"], "the three kitchens stand at one place"


async def test_who_controls_writes_nothing(client: Client) -> None:
    for name in WRITES:
        for viewer in (ADMINISTRATOR, Viewer("Contrôle", Role.AUDITOR), Viewer("Nutrition", Role.NUTRITION_MANAGER)):
            (answer,) = (await ask(client, name, viewer)).values()
            assert answer["__typename"] in ("NotAllowed", "UnknownOrder"), (name, viewer.role)


async def test_nobody_writes_for_another(client: Client) -> None:
    for name in WRITES:
        viewer = OTHER_FARM if name.startswith("producer/") else buyer(1)
        (answer,) = (await ask(client, name, viewer)).values()
        assert answer["__typename"].startswith(("NotAllowed", "Unknown")), name


@pytest.mark.parametrize(
    ("name", "order_id"),
    [
        ("producer/PrepareOrder", SENT),
        ("producer/ShipOrder", SENT),
        ("producer/AnswerCancel", SENT),
        ("producer/AcceptOrder", ACCEPTED),
        ("producer/RefuseOrder", ACCEPTED),
        ("chef/AnswerChange", ACCEPTED),
        ("producer/AcceptOrder", CHANGE_PROPOSED),
        ("chef/AnswerChange", CANCEL_ASKED),
    ],
)
async def test_what_no_longer_fits_is_refused_with_the_state(name: str, order_id: int, client: Client) -> None:
    (answer,) = (await ask(client, name, orderId=str(order_id))).values()
    assert (answer["__typename"], "Relire la commande" in answer["message"]) == ("WrongState", True)


async def test_a_failing_farm_fills_the_baskets_of_the_kitchens(client: Client) -> None:
    fallen = (await ask(client, "producer/ReportFailure"))["reportFailure"]["orders"]
    assert {order["state"] for order in fallen} == {"REFUSED", "FAILED"}
    assert len(fallen) == 7
    basket = (await ask(client, "chef/Basket", buyer(1), uai=uai(1), week=MONDAY))["kitchen"]["basket"]
    assert {(line["reason"], line["offer"]["supplier"]["id"]) for line in basket["lines"]} == {
        ("RESOURCED", "ferme_00")
    }
    assert len(basket["lines"]) == 6


async def test_bad_arguments_are_named(client: Client) -> None:
    for name, changed, code in (
        ("producer/RefuseOrder", {"orderId": "BC26-000001"}, "BAD_ARGUMENT"),
        ("producer/AcceptOrder", {"packs": [{"position": 1, "packs": 1}, {"position": 1, "packs": 2}]}, "BAD_ARGUMENT"),
        ("chef/SendBasket", {"basket": {**BASKET, "week": "2026-09-15"}}, "BAD_DATES"),
        ("producer/HarvestList", {"lastDay": "2027-09-15"}, "BAD_DATES"),
        ("producer/TourSheet", {"suppliers": [FARM] * 51}, "BAD_ARGUMENT"),
    ):
        by = asked_by(name, OPERATIONS[name])
        answer = await client(OPERATIONS[name], by, **{**VARIABLES[name], **changed})
        assert [each for each, _ in answer.errors] == [code], name


@pytest.mark.parametrize("reason", ["x" * 501, " ", "\u200b", "Gel\u202e"])
async def test_a_reason_that_cannot_be_read_is_refused_by_name(reason: str, client: Client) -> None:
    (answer,) = (await ask(client, "producer/RefuseOrder", reason=reason)).values()
    assert answer["__typename"] == "InvalidReason"


async def test_a_farm_does_not_lower_its_capacity_below_what_is_ordered(client: Client) -> None:
    text = OPERATIONS["producer/StateCapacity"]
    stated = {"offer": "offre_006", "firstDay": "2026-09-01", "lastDay": "2026-12-31"}
    refused = await client.data(text, PRODUCER, **stated, gramsPerWeek="5000", idempotencyKey="too-little")
    assert refused["stateCapacity"]["__typename"] == "BelowReservations"
    assert "BC26-" in refused["stateCapacity"]["message"]
    async with client.database.reading() as session:
        ordered = (await session.scalars(select(OfferWeek).where(OfferWeek.offer_id == 7))).one()
    enough = await client.data(
        text, PRODUCER, **stated, gramsPerWeek=str(ordered.reserved_g), idempotencyKey="just-enough"
    )
    assert enough["stateCapacity"]["__typename"] == "CapacityStated"
    async with client.database.reading() as session:
        ordered = (await session.scalars(select(OfferWeek).where(OfferWeek.offer_id == 7))).one()
    assert ordered.available_g == ordered.reserved_g, "nothing more is sold for the week"


async def committed(client: Client, amount: int, *, supplier: int = 1, times: int = 1) -> None:
    """The first kitchen has bought raw vegetables of a farm, in the month before."""
    async with client.database.unit_of_work() as session:
        session.add_all(
            Engagement(
                kitchen_id=1, family=ROOT, day=date(2026, 8, 3 + number), amount=Decimal(amount), supplier_id=supplier,
                ground=GroundKind.FREE_PURCHASE, grouped=False, counted=True, source=f"order {90 + number}", at=MOMENT,
                actor="test",
            )
            for number in range(times)
        )  # fmt: skip


def told(notices: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """Notices of one kind about raw vegetables."""
    return [each for each in notices if each["__typename"] == kind and each.get("family", {}).get("code", ROOT) == ROOT]


async def notices(client: Client) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await ask(client, "chef/Basket", buyer(0)))["kitchen"]["basket"]["notices"]
    return found


async def test_a_buyer_is_told_at_eighty_percent_of_a_threshold_before_and_after_sending(client: Client) -> None:
    assert told(await notices(client), "ThresholdNotice") == []
    await committed(client, 34_600)
    (near,) = told(await notices(client), "ThresholdNotice")
    assert (near["percent"], near["standing"]["level"]) == (80, "NEAR")
    assert near["message"].startswith("Vous arrivez à 80 % du seuil de 60\u00a0000\u00a0€ pour la famille « ")
    assert "procédure adaptée" in near["message"]
    sent = (await ask(client, "chef/SendBasket"))["sendBasket"]
    assert sent["__typename"] == "BasketSent"
    assert told(sent["notices"], "ThresholdNotice") == [near], "what is sent is what was announced"


async def test_a_basket_beyond_a_threshold_says_so_before_it_is_refused(client: Client) -> None:
    await committed(client, 47_400)
    (beyond,) = told(await notices(client), "ThresholdNotice")
    assert (beyond["standing"]["level"], beyond["standing"]["leftEur"]) == ("REACHED", "0.00")
    refused = (await ask(client, "chef/SendBasket"))["sendBasket"]
    assert refused["__typename"] == "AboveThreshold"


async def test_a_buyer_is_told_when_one_supplier_always_wins(client: Client) -> None:
    assert told(await notices(client), "SameSupplierNotice") == []
    await committed(client, 100, times=3)
    (same,) = told(await notices(client), "SameSupplierNotice")
    assert (same["rotation"]["times"], same["rotation"]["supplier"]["id"]) == (4, "ferme_00")
    assert "consulter aussi les autres (CCP-45)" in same["message"]


async def test_a_basket_names_the_lines_that_its_holidays_will_refuse(client: Client) -> None:
    day = (await ask(client, "chef/Basket", buyer(0)))["kitchen"]["basket"]["lines"][0]["day"]
    async with client.database.unit_of_work() as session:
        away = date.fromisoformat(day)
        session.add(SupplierPause(supplier_id=1, first_day=away, last_day=away, reason="Foire", made_by="test"))
    refused = [each for each in await notices(client) if each["__typename"] == "NotDeliveredNotice"]
    assert len(refused) == 6
    assert {each["day"] for each in refused} == {day}
    assert refused[0]["message"].startswith("Fournisseur en pause : Ferme 0")
    answer = (await ask(client, "chef/SendBasket"))["sendBasket"]
    assert (answer["__typename"], refused[0]["message"]) == ("SupplierAway", answer["message"])


async def test_a_basket_tells_what_a_farm_that_failed_leaves_missing(client: Client) -> None:
    basket = (await ask(client, "chef/Basket", buyer(0)))["kitchen"]["basket"]
    async with client.database.unit_of_work() as session:
        week = date.fromisoformat(basket["week"])
        lost = {"kitchen_id": 1, "week": week, "ingredient_id": 3, "order_id": SENT, "at": MOMENT}
        session.add(Shortage(grams=30_500, needed_g=10**9, **lost))
        session.add(Shortage(grams=1_000, needed_g=1_000, **lost | {"ingredient_id": 4}))
    (told_of,) = [each for each in await notices(client) if each["__typename"] == "ShortageNotice"]
    assert (told_of["ingredient"], told_of["grams"]) == ("ingredient_02", 30_500)
    assert told_of["message"].startswith("Il manque 30,5\u00a0kg de « Ingrédient 2 » pour cette semaine : Ferme")


async def test_a_pause_names_the_orders_that_it_hits_to_both_sides_until_they_are_settled(client: Client) -> None:
    paused = await ask(client, "producer/PauseSupplier", firstDay=MONDAY, lastDay=MONDAY)
    hit = paused["pauseSupplier"]["supplier"]["orders"]["nodes"]
    assert {each["day"] for each in hit} == {MONDAY}
    assert str(SENT) in {each["id"] for each in hit}
    away = {"day": None, "week": None, "states": None, "supplierAway": True, "first": 100}
    days = [each["day"] for each in (await ask(client, "chef/KitchenOrders", week=None))["kitchen"]["orders"]["nodes"]]
    assert days == sorted(days, reverse=True)
    seen = (await ask(client, "chef/KitchenOrders", buyer(0), **away))["kitchen"]["orders"]["nodes"]
    assert {each["id"] for each in seen} == {each["id"] for each in hit if each["place"]["uai"] == uai(0)}
    assert all(each["supplierAway"] for each in seen)
    fallen = await ask(client, "producer/ReportFailure")
    assert {order["id"] for order in fallen["reportFailure"]["orders"]} == {each["id"] for each in hit}
    left = (await ask(client, "producer/SupplierOrders", PRODUCER, **away))["supplier"]["orders"]["nodes"]
    assert left == []


async def test_another_delivery_day_is_refused_by_name(client: Client) -> None:
    given = VARIABLES["producer/ProposeChange"]
    await ask(client, "producer/PauseSupplier", firstDay=given["day"], lastDay=given["day"])
    refused = (await ask(client, "producer/ProposeChange"))["proposeChange"]
    assert refused["__typename"] == "SupplierAway"
    assert "Changer de jour" in refused["message"]
