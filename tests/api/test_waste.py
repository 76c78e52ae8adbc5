"""Waste through the API: what is sent twice, what is asked back, what is lost in euros, who sees whose."""

import asyncio
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from catering.people.viewer import Role, Viewer
from catering.waste.models import WasteSite
from catering.waste.vocabulary import KitchenKind
from tests.api.conftest import ADMINISTRATOR, CHEF, GESTIONNAIRE, Client
from tests.api.dataset import uai
from tests.api.operations import VARIABLES, operations
from tests.api.operations_waste import BIN

OPERATIONS = operations()
SVG = "{http://www.w3.org/2000/svg}"


async def asked(client: Client, name: str, viewer: Viewer = CHEF, **given: Any) -> Any:
    answer, *_ = (await client.data(OPERATIONS[name], viewer=viewer, **(VARIABLES[name] | given))).values()
    return answer


async def test_a_queue_sent_by_two_people_at_once_is_weighed_once(client: Client) -> None:
    bins = [BIN | {"key": f"numero-{n:03}", "grossG": 1_000 + n} for n in range(5)]
    told = await asyncio.gather(
        *(
            asked(client, "chef/RecordWeighings", viewer, entries=bins, idempotencyKey=f"envoi-{rank}-{viewer.role}")
            for rank in range(3)
            for viewer in (CHEF, GESTIONNAIRE)
        )
    )
    assert {each["__typename"] for each in told} == {"WeighingsRecorded"}
    kept = await asked(client, "chef/Weighings", firstDay="2026-09-01", lastDay="2026-09-01")
    assert sorted(each["netG"] for each in kept["nodes"]) == [500 + n for n in range(5)]


async def test_an_unusual_weight_is_asked_about_with_both_figures(client: Client) -> None:
    heavy = BIN | {"part": "EDIBLE", "grossG": 270_500}
    told = await asked(client, "chef/RecordWeighings", entries=[heavy])
    assert told["__typename"] == "ConfirmationNeeded"
    assert (told["gramsPerCover"], told["limit"]) == ("900.0", "500")
    assert "confirmed: true" in told["message"]
    again = await asked(
        client, "chef/RecordWeighings", entries=[heavy | {"confirmed": True}], idempotencyKey="confirme-1"
    )
    assert again["weighings"][0]["confirmed"] is True


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"grossG": -5}, "InvalidWeighing"),
        ({"tareG": 9_600}, "InvalidWeighing"),
        ({"day": "2026-09-02"}, "InvalidWeighing"),
    ],
)
async def test_a_weighing_that_cannot_be_is_refused_by_name(
    client: Client, change: dict[str, Any], refusal: str
) -> None:
    told = await asked(client, "chef/RecordWeighings", entries=[BIN | change])
    assert told["__typename"] == refusal
    assert told["message"]


async def test_the_result_says_grams_euros_causes_and_what_is_unknown(client: Client) -> None:
    """Two days: 1,500 g edible of preparation, 9,000 and 12,000 g unsorted, 4,000 g of a dish; 290 covers a day."""
    told = await asked(client, "chef/WasteResult")
    assert told["ediblePerCover"]["value"] == str(round(Decimal(1_500 + 7_650 + 10_200 + 4_000) / 290, 1))
    assert (told["covers"], told["partialDays"], told["uncountedDays"]) == (580, [], [])
    assert int(told["mass"]["totalG"]) == 2 * 26_500
    assert sum(int(each["mass"]["edibleG"]) for each in told["causes"]) == int(told["mass"]["edibleG"])
    assert {each["cause"] for each in told["causes"]} == {None, "TOO_MUCH_COOKED", "DISLIKED"}
    (dish,) = told["dishes"]
    assert (dish["days"], dish["ediblePerCover"]["value"]) == (2, "13.8")
    worth = told["worth"]
    assert Decimal(0) < Decimal(worth["eurLow"]) < Decimal(worth["eurHigh"])
    assert worth["edibleG"] == told["mass"]["edibleG"]
    assert told["goal"]["target"] == "67.5"
    assert {each["id"] for each in told["references"]} >= {"REF-SCOLAIRE", "REF-PILOTES-62"}
    assert sum(Decimal(each["share"]) for each in told["stages"]) == 1
    assert [each["publishedShare"] for each in told["stages"]] == ["0.05", "0.34", "0.60"]
    assert [each["eurPerCover"] for each in told["publishedCosts"]] == ["0.45", "1.03"]
    await asked(client, "chef/StateWasteSite")
    care = {each["id"] for each in (await asked(client, "chef/WasteResult"))["references"]}
    assert ("REF-SANTE" in care, "REF-SCOLAIRE" in care) == (True, False), "it is a nursing home now"


async def test_every_dish_has_its_price_so_that_the_worth_can_be_worked_by_hand(client: Client) -> None:
    """Each ingredient costs 2 to 2.20 €/kg and makes 0.6 kg CO2e per kg; a cover is 120 g bought and 120 g served."""
    told = await asked(client, "chef/WasteResult")
    kilograms = Decimal(told["mass"]["edibleG"]) / 1_000
    assert told["worth"]["eurLow"] == str(round(2 * kilograms, 2))
    assert told["worth"]["co2eKg"] == str(round(Decimal("0.6") * kilograms, 3))
    assert told["worth"]["eurUnknownG"] == told["worth"]["co2eUnknownG"] == "0"


async def test_without_a_menu_what_is_lost_is_unknown_not_free(client: Client) -> None:
    given = {"key": "sans-menu-1", "service": "DINNER", "part": "EDIBLE", "dish": None, "grossG": 2_500}
    await asked(client, "chef/RecordWeighings", entries=[BIN | given])
    told = await asked(client, "chef/WasteResult", firstDay="2026-09-01", lastDay="2026-09-01")
    assert told["worth"] == {
        "eurLow": "0.00", "eurHigh": "0.00", "co2eKg": "0.000", "eurUnknownG": "2000", "co2eUnknownG": "2000",
        "edibleG": "2000",
    }  # fmt: skip
    assert told["ediblePerCover"] is None
    assert told["partialDays"] == ["2026-09-01"]


async def test_stock_losses_stand_beside_and_are_not_added(client: Client) -> None:
    before = await asked(client, "chef/WasteResult", firstDay="2026-09-01", lastDay="2026-09-11")
    await asked(client, "chef/RecordLoss")
    after = await asked(client, "chef/WasteResult", firstDay="2026-09-01", lastDay="2026-09-11")
    assert before["stockLosses"] == []
    assert [each["grams"] for each in after["stockLosses"]] == ["500"]
    assert after["mass"] == before["mass"]


async def test_pictures_say_what_their_tables_say(client: Client) -> None:
    told = await asked(client, "chef/WasteResult")
    for name in ("stagesChart", "daysChart", "causesChart", "historyChart"):
        chart = told[name]
        picture = fromstring(chart["svg"])
        assert picture.get("role") == "img"
        assert picture.findtext(f"{SVG}title") == chart["title"]
        description = picture.findtext(f"{SVG}desc") or ""
        assert all(row["label"] in description for row in [*chart["rows"], *chart["levels"]])
        assert picture.findall(f".//{SVG}script") == []


@pytest.mark.parametrize("by", ["EPCI", "KITCHEN", "DISH", "CAUSE"])
async def test_a_view_adds_up_however_it_is_put_together(client: Client, by: str) -> None:
    whole = await asked(client, "administrator/WasteView", ADMINISTRATOR, by="KITCHEN")
    told = await asked(client, "administrator/WasteView", ADMINISTRATOR, by=by)
    edible = sum(int(row["mass"]["edibleG"]) for row in told["rows"])
    every = sum(int(row["mass"]["edibleG"]) for row in whole["rows"])
    assert edible == (3 * 2 * 4_000 + 2 * 10 * (0 + 1 + 2) if by == "DISH" else every)
    few = await asked(client, "administrator/WasteView", ADMINISTRATOR, by=by, first=1)
    assert int(few["othersEdibleG"]) + int(few["rows"][0]["mass"]["edibleG"]) == edible
    assert few["others"] == len(told["rows"]) - 1


async def test_a_place_of_care_is_seen_by_its_own_protocol_and_apart(client: Client) -> None:
    """A day of which nobody weighed breakfast and dinner is no day of a nursing home, in the view as in its result."""
    async with client.database.unit_of_work() as session:
        (await session.get_one(WasteSite, 1)).kind = KitchenKind.EHPAD
    told = await asked(client, "administrator/WasteView", ADMINISTRATOR, by="KITCHEN")
    of = {row["key"]: row["ediblePerCover"] for row in told["rows"]}
    assert of[uai(0)] is None
    assert of[uai(1)] is not None
    apart = await asked(client, "administrator/WasteView", ADMINISTRATOR, by="KITCHEN", kind="EHPAD")
    assert [row["key"] for row in apart["rows"]] == [uai(0)]
    levels = [{each["label"] for each in found["chart"]["levels"]} for found in (apart, told)]
    assert levels[0], "compared with the means of its own kind"
    assert levels[1] == set(), "kinds together are compared with the mean of none"
    own = await asked(client, "chef/WasteResult")
    assert own["ediblePerCover"] is None


async def test_a_chef_sees_their_own_kitchen_in_the_view(client: Client) -> None:
    told = await asked(client, "administrator/WasteView")
    assert [row["key"] for row in told["rows"]] == [uai(0)]
    farm = Viewer("Ferme", Role.PRODUCER, suppliers=frozenset({"ferme_01"}))
    assert (await asked(client, "administrator/WasteView", farm))["rows"] == []


async def test_the_record_has_the_names_of_ma_cantine(client: Client) -> None:
    told = await asked(client, "nutrition/WasteDeclaration", ADMINISTRATOR)
    fields = {each["name"]: each["text"] for each in told["fields"]}
    assert list(fields) == [
        "period_start_date", "period_end_date", "meal_count", "total_mass", "is_sorted_by_source",
        *(
            f"{stage}_{name}"
            for stage in ("preparation", "unserved", "leftovers")
            for name in ("total_mass", "is_sorted", "edible_mass", "inedible_mass")
        ),
    ]  # fmt: skip
    assert (fields["meal_count"], fields["total_mass"], fields["leftovers_is_sorted"]) == ("580", "53.00", "false")


async def test_a_diagnostic_keeps_every_version(client: Client) -> None:
    written = await asked(client, "chef/WriteWasteDiagnostic")
    assert written["diagnostic"]["version"] == 2
    stale = await asked(client, "chef/WriteWasteDiagnostic", idempotencyKey="autre-version")
    assert stale["__typename"] == "DiagnosticMoved"
    plan = VARIABLES["chef/WriteWasteDiagnostic"]["diagnostic"]
    for odd in ({"measuredFrom": "1999-01-04"}, {"actions": [plan["actions"][0] | {"dueOn": "2190-12-31"}]}):
        given = {"diagnostic": plan | {"base": 2} | odd, "idempotencyKey": f"annee-{min(odd)}"}
        told = await asked(client, "chef/WriteWasteDiagnostic", **given)
        assert (told["__typename"], "vérifier l'année" in told["message"]) == ("InvalidDiagnostic", True)
    first, latest = [await asked(client, "chef/WasteDiagnostic", version=each) for each in (1, None)]
    assert (first["situation"], latest["situation"]) == ("On jette des légumes.", "On jette moins de légumes.")


async def test_the_declaration_says_which_actions_are_in_place(client: Client) -> None:
    told = {each["name"]: each["text"] for each in (await asked(client, "chef/WasteFile"))["declaredActions"]}
    assert told == {
        "diag_gaspi": "true", "plan_action_gaspi": "true", "action_gaspi_inscription": "false",
        "action_gaspi_sensibilisation": "false", "action_gaspi_formation": "false",
        "action_gaspi_distribution": "false", "action_gaspi_portions": "true", "action_gaspi_reutilisation": "false",
    }  # fmt: skip
    await asked(client, "chef/WriteWasteDiagnostic")
    after = {each["name"]: each["text"] for each in (await asked(client, "chef/WasteFile"))["declaredActions"]}
    assert (after["action_gaspi_portions"], after["action_gaspi_formation"]) == ("false", "true"), "planned, then done"


async def test_duties_follow_what_the_kitchen_states(client: Client) -> None:
    states = {each["rule"]: each["state"] for each in (await asked(client, "chef/WasteFile"))["duties"]}
    assert states == {"GAS-02": "DONE", "GAS-04": "NOT_CONCERNED", "GAS-06": "DONE", "GAS-06-HUILE": "UNKNOWN"}
    stated = await asked(client, "chef/StateWasteSite")
    assert {each["rule"]: each["state"] for each in stated["file"]["duties"]}["GAS-04"] == "UNKNOWN", "unchecked"
    agreement = {"association": "Aide", "proposedOn": "2026-01-05", "signedOn": "2026-01-12", "authority": "CCAS"}
    await asked(client, "chef/RecordDonation", **agreement)
    told = await asked(client, "chef/WasteFile")
    assert {each["rule"]: each["state"] for each in told["duties"]}["GAS-04"] == "DONE"
    oil = {"stream": "USED_OIL", "treatment": "BIOFUEL", "year": 2026, "quantity": "20000", "times": 1}
    assert told["biowasteSums"] == [oil]


async def test_giving_asks_for_an_agreement_in_force(client: Client) -> None:
    told = await asked(client, "chef/SurplusAdvice")
    assert told["uses"] == ["SERVE_AGAIN", "GIVE"]
    rules = {each["rule"]: each["told"] for each in told["reasons"]}
    assert set(rules) >= {"HYG-REFROIDIR-HEURES", "HYG-FROID-MAX", "HYG-RECHAUFFER-HEURES", "HYG-REMISE-UNIQUE"}
    assert "habilitation" in rules["GAS-04"], "nobody noted that this association may receive"
    ended = {"association": "Aide", "proposedOn": "2026-01-05", "signedOn": "2026-01-12", "endsOn": "2026-06-30"}
    await asked(client, "chef/RecordDonation", **ended)
    told = await asked(client, "chef/SurplusAdvice")
    assert (told["uses"], told["serveBy"], told["giveBy"]) == (["SERVE_AGAIN"], "2026-09-04", None)
    given = VARIABLES["chef/SurplusAdvice"] | {"on": "2026-08-01"}
    ((code, said),) = (await client(OPERATIONS["chef/SurplusAdvice"], viewer=CHEF, **given)).errors
    assert code == "BAD_ARGUMENT"
    assert "ces jours se suivent" in said


async def test_a_dish_is_held_to_no_mean_of_whole_trays_and_an_unknown_epci_is_refused(client: Client) -> None:
    text, given = OPERATIONS["administrator/WasteView"], VARIABLES["administrator/WasteView"]
    levels = {
        by: (await client.data(text, **(given | {"by": by})))["wasteView"]["chart"]["levels"]
        for by in ("KITCHEN", "DISH")
    }
    assert [each["value"] for each in levels["KITCHEN"]] == ["100", "135"]
    assert levels["DISH"] == []
    ((code, said),) = (await client(text, **(given | {"epci": "Communauté qui n'est pas"}))).errors
    assert code == "BAD_ARGUMENT"
    assert "Aucun de vos collèges n'est de l'intercommunalité" in said


async def test_establishments_are_paged_and_read_by_whose_they_are(client: Client) -> None:
    wish = VARIABLES["administrator/RegisterEstablishment"]["establishment"]
    numbers = ["620103440", "620103457", "620103465"]
    counts = []
    for rank, finess in enumerate(numbers):
        given = {
            "establishment": wish | {"finess": finess, "name": f"EHPAD {rank}"},
            "idempotencyKey": f"etablissement-{rank}",
        }
        told = await asked(client, "administrator/RegisterEstablishment", ADMINISTRATOR, **given)
        assert told["__typename"] == "EstablishmentRegistered", told
        text, whole = OPERATIONS["administrator/Establishments"], VARIABLES["administrator/Establishments"]
        counts.append(len((await client(text, ADMINISTRATOR, **whole)).statements))
    assert counts[1] == counts[2], "a list asks no more for being longer"
    first = await asked(client, "administrator/Establishments", ADMINISTRATOR, first=2)
    rest = await asked(client, "administrator/Establishments", ADMINISTRATOR, after=first["pageInfo"]["endCursor"])
    assert [each["kitchen"]["uai"] for found in (first, rest) for each in found["nodes"]] == numbers
    cook = Viewer("Cuisine", Role.CHEF, kitchens=frozenset(numbers[:1]))
    farm = Viewer("Ferme", Role.PRODUCER, suppliers=frozenset({"ferme_01"}))
    of = [await asked(client, "administrator/Establishments", viewer) for viewer in (cook, CHEF, farm)]
    assert [[each["kitchen"]["uai"] for each in found["nodes"]] for found in of] == [numbers[:1], [], []]


async def test_an_establishment_is_of_the_epci_of_its_commune_and_all_faults_are_told_at_once(client: Client) -> None:
    wish = VARIABLES["administrator/RegisterEstablishment"]["establishment"]
    wrong = wish | {"epci": "CA du Boulonnais", "finess": "620103441", "budgetEurPerMeal": "0"}
    told = await asked(client, "administrator/RegisterEstablishment", ADMINISTRATOR, establishment=wrong)
    assert told["__typename"] == "InvalidEstablishment"
    assert [each["column"] for each in told["faults"]] == ["finess", "budgetEurPerMeal", "epci"]
    assert told["faults"][-1]["repair"] == "choisir « CU d'Arras »"
