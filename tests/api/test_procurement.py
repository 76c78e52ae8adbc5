"""Purchases through the API: offers stay sealed whoever asks and however, and refusals say what to do."""

from typing import Any

import pytest

from catering.people.viewer import Role, Viewer
from tests.api.conftest import ADMINISTRATOR, AUDITOR, CHEF, GESTIONNAIRE, PRODUCER, Client
from tests.api.dataset import uai
from tests.api.dataset_procurement import AWARDED, CLOSED, DRAFT, OPEN, OPENED, tender_number
from tests.api.operations import VARIABLES, operations
from tests.api.operations_procurement import NEED, REASON, TENDER

OPERATIONS = operations()
NUTRITION = Viewer("Nutrition", Role.NUTRITION_MANAGER)
OTHER_BUYER = Viewer("Autre", Role.GESTIONNAIRE, kitchens=frozenset({uai(1)}))
OTHER_FARM = Viewer("Autre ferme", Role.PRODUCER, suppliers=frozenset({"ferme_00"}))
NEWCOMER = Viewer("Nouvelle ferme", Role.PRODUCER, suppliers=frozenset({"ferme_nouvelle"}))
BUYERS_AND_CONTROLS = [CHEF, GESTIONNAIRE, OTHER_BUYER, ADMINISTRATOR, AUDITOR, NUTRITION]
EVERYTHING = """
query Everything($id: ID!) {
  consultation(id: $id) {
    estimatedEur perimeterKm reason
    sentTo { supplier { id } }
    questions { question answer }
    tenders { id amount supplier { id } lines { priceEurPerKg } facts { value } score { points } outcome { reason } }
    lots { reason lines { product } tenders { amount } award { amount supplierName } }
    log { kind data }
    logBrokenAt
  }
}
"""
SECRETS = ("3.2717", "3.3717", "654.34", "674.34")
"""Prices and amounts of the two farms."""


async def told(client: Client, viewer: Viewer, number: int) -> Any:
    return (await client.data(EVERYTHING, viewer, id=str(number)))["consultation"]


@pytest.mark.parametrize("number", [OPEN, CLOSED])
@pytest.mark.parametrize("viewer", BUYERS_AND_CONTROLS, ids=lambda viewer: viewer.name)
async def test_before_the_opening_nobody_reads_an_offer(client: Client, viewer: Viewer, number: int) -> None:
    found = await told(client, viewer, number)
    assert not any(secret in str(found) for secret in SECRETS)
    if found is not None:
        assert found["tenders"] == []
        assert "TENDER_SUBMITTED" not in {event["kind"] for event in found["log"]}
        assert found["logBrokenAt"] is None
    lists = await client.data(OPERATIONS["chef/Consultations"], viewer, first=100, status="PUBLISHED")
    assert all(lot["award"] is None for each in lists["consultations"]["nodes"] for lot in each["lots"])


@pytest.mark.parametrize("number", [OPEN, CLOSED, OPENED, AWARDED])
async def test_a_supplier_reads_its_own_offer_and_nothing_of_the_others(client: Client, number: int) -> None:
    found = await told(client, PRODUCER, number)
    (own,) = found["tenders"]
    assert own["lines"] == [{"priceEurPerKg": "3.3717"}]
    assert (own["score"], found["log"], found["estimatedEur"], found["perimeterKm"]) == (None, [], None, None)
    assert [each["supplier"]["id"] for each in found["sentTo"]] == ["ferme_01"]
    assert "3.2717" not in str(found)


async def test_anybody_registered_reads_and_may_answer_what_was_not_sent_to_them(client: Client) -> None:
    found = await client.data(OPERATIONS["producer/OpenConsultations"], NEWCOMER, first=20)
    numbers = {int(each["id"]) for each in found["consultations"]["nodes"]}
    assert {OPEN, CLOSED, OPENED} <= numbers
    assert not {DRAFT} & numbers
    detail = await told(client, NEWCOMER, OPEN)
    assert (detail["sentTo"], detail["tenders"], detail["questions"]) == ([], [], [])


async def test_a_supplier_learns_who_won_only_if_it_answered(client: Client) -> None:
    assert (await told(client, PRODUCER, AWARDED))["lots"][0]["award"]["supplierName"] == "Ferme 0"
    (other,) = (await told(client, NEWCOMER, AWARDED))["lots"]
    assert (other["award"], other["reason"], other["tenders"]) == (None, None, [])


async def test_another_buyer_reads_nothing(client: Client) -> None:
    assert await told(client, OTHER_BUYER, OPENED) is None
    for name in ("chef/Contracts", "chef/Consultations"):
        found = await client.data(OPERATIONS[name], OTHER_BUYER, first=10)
        assert [page["nodes"] for page in found.values()] == [[]]
    needs = await client.data(OPERATIONS["chef/PurchaseNeeds"], OTHER_BUYER, kitchen=uai(0), on="2026-09-30")
    assert needs == {"purchaseNeeds": [], "purchasesBesideNeeds": []}


async def test_a_supplier_reads_no_need_of_a_buyer(client: Client) -> None:
    needs = await client.data(OPERATIONS["chef/PurchaseNeeds"], PRODUCER, kitchen=uai(0), on="2026-09-30")
    alerts = await client.data(OPERATIONS["administrator/ThresholdAlerts"], PRODUCER, on="2026-09-30")
    assert (needs["purchaseNeeds"], needs["purchasesBesideNeeds"], alerts["thresholdAlerts"]) == ([], [], [])


async def test_the_counter_warns_of_thresholds_and_of_one_supplier(client: Client) -> None:
    found = await client.data(OPERATIONS["chef/PurchaseNeeds"], GESTIONNAIRE, **VARIABLES["chef/PurchaseNeeds"])
    pork, carrots, milk = found["purchaseNeeds"]
    # Six consultations of 1 234.56 € that are published and not decided.
    parts = [milk[name] for name in ("committedEur", "contractsEur", "consultationsEur")]
    assert (milk["family"]["code"], milk["amount"], parts) == ("10.12", "7407.36", ["0.00", "0.00", "7407.36"])
    assert milk["arithmetic"].startswith("0\u00a0€ commandés ou attribués + ")
    assert (carrots["family"]["code"], carrots["amount"]) == ("10.10", "50000.00")
    assert [each["level"] for each in carrots["thresholds"]] == ["NEAR", "FAR", "FAR"]
    assert (carrots["sameSupplier"]["times"], carrots["sameSupplier"]["supplier"]["id"]) == (4, "ferme_00")
    assert [each["level"] for each in pork["thresholds"]] == ["REACHED", "FAR", "FAR"]
    assert "MAPA" in pork["thresholds"][0]["notice"]
    assert pork["sameSupplier"] is None


async def test_a_day_without_a_known_law_is_refused_by_name(client: Client) -> None:
    answer = await client(OPERATIONS["chef/PurchaseNeeds"], GESTIONNAIRE, kitchen=uai(0), on="2019-12-31")
    assert [code for code, _ in answer.errors] == ["BAD_DATES"]


async def test_a_distance_is_no_criterion_and_the_permitted_ones_are_listed(client: Client) -> None:
    criteria = [{"code": "distance < 50 km", "weight": 60}, {"code": "price", "weight": 40}]
    asked = {"need": {**NEED, "criteria": criteria}, "idempotencyKey": "a-key-of-one"}
    found = (await client.data(OPERATIONS["chef/DescribeConsultation"], GESTIONNAIRE, **asked))["describeConsultation"]
    assert found["__typename"] == "GeographicCondition"
    assert "CCP-01" in found["message"]
    assert "Fraîcheur" in found["message"]


async def test_a_chef_describes_and_the_gestionnaire_signs(client: Client) -> None:
    described = await client.data(
        OPERATIONS["chef/DescribeConsultation"], CHEF, **VARIABLES["chef/DescribeConsultation"]
    )
    assert described["describeConsultation"]["consultation"]["status"] == "DRAFT"
    for viewer in (CHEF, PRODUCER, ADMINISTRATOR, AUDITOR):
        for name in ("PublishConsultation", "OpenTenders", "AwardConsultation", "CloseConsultation"):
            (answer,) = (await client.data(OPERATIONS[f"chef/{name}"], viewer, **VARIABLES[f"chef/{name}"])).values()
            assert answer["__typename"] == "NotAllowed", (viewer.name, name)


async def test_a_number_that_is_none_is_refused_by_name(client: Client) -> None:
    for number in ("abc", "99999999999999999999", "-1"):
        answer = await client(EVERYTHING, GESTIONNAIRE, id=number)
        assert [code for code, _ in answer.errors] == ["BAD_ARGUMENT"], number


async def test_an_offer_with_two_answers_to_one_line_is_refused(client: Client) -> None:
    twice = {**TENDER, "lines": TENDER["lines"] * 2}
    asked = {**VARIABLES["producer/SubmitTender"], "tender": twice}
    found = (await client.data(OPERATIONS["producer/SubmitTender"], PRODUCER, **asked))["submitTender"]
    assert found["__typename"] == "InvalidTender"


async def test_opened_offers_are_compared_with_their_distance_beside(client: Client) -> None:
    found = await client.data(OPERATIONS["chef/Consultation"], GESTIONNAIRE, id=str(OPENED))
    best, second = sorted(found["consultation"]["tenders"], key=lambda each: each["score"]["rank"])
    assert (best["id"], best["amount"]) == (str(tender_number(OPENED, 1)), "654.34")
    assert best["score"]["points"] == "100.00"
    assert best["distanceKm"] == second["distanceKm"] != "0.0"
    assert {each["code"] for each in best["score"]["byCriterion"]} == {"price", "freshness"}


async def test_the_same_key_submits_one_offer(client: Client) -> None:
    asked = VARIABLES["producer/SubmitTender"]
    first = await client.data(OPERATIONS["producer/SubmitTender"], PRODUCER, **asked)
    again = await client.data(OPERATIONS["producer/SubmitTender"], PRODUCER, **asked)
    assert first == again


async def test_the_second_best_is_not_awarded(client: Client) -> None:
    asked = {**VARIABLES["chef/AwardConsultation"], "tenderId": str(tender_number(OPENED, 2)), "reason": REASON}
    found = (await client.data(OPERATIONS["chef/AwardConsultation"], GESTIONNAIRE, **asked))["awardConsultation"]
    assert found["__typename"] == "NotTheBest"
