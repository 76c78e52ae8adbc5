"""What the operations answer, on a Département whose every figure is known."""

from datetime import date
from typing import Any

from catering.kitchens.models import SchoolYear
from tests.api.conftest import Client
from tests.api.dataset import MONDAYS, TONS, uai
from tests.api.operations import MONDAY, VARIABLES, operations

OPERATIONS = operations()


async def ask(client: Client, name: str, **changed: Any) -> Any:
    return await client.data(OPERATIONS[name], **{**VARIABLES[name], **changed})


async def test_kitchens_of_one_group_of_communes(client: Client) -> None:
    found = await ask(client, "chef/Kitchens", epci="CU d'Arras")
    assert [each["uai"] for each in found["kitchens"]["nodes"]] == [uai(0), uai(2)]
    assert found["kitchens"]["nodes"][1]["covers"][0] == {"weekday": "MONDAY", "covers": 302}


async def test_kitchens_of_one_commune(client: Client) -> None:
    found = await client.data('{ kitchens(commune: "Commune 1") { nodes { uai priorityEducation lat } } }')
    assert found["kitchens"]["nodes"] == [{"uai": uai(1), "priorityEducation": None, "lat": "50.290000"}]


async def test_the_calendar_leaves_out_wednesdays_weekends_and_holidays(client: Client) -> None:
    found = await ask(client, "chef/ServiceCalendar", firstDay="2026-10-12", lastDay="2026-11-03")
    days = [each["date"] for each in found["kitchen"]["serviceDays"]]
    assert days == ["2026-10-12", "2026-10-13", "2026-10-15", "2026-10-16", "2026-11-02", "2026-11-03"]


async def test_a_calendar_that_ends_before_it_starts_is_refused(client: Client) -> None:
    answer = await client(OPERATIONS["chef/ServiceCalendar"], uai=uai(0), firstDay="2026-10-02", lastDay="2026-10-01")
    assert [code for code, _ in answer.errors] == ["BAD_DATES"]
    assert "lastDay" in answer.errors[0][1]


async def test_a_calendar_beyond_the_published_holidays_says_so(client: Client) -> None:
    asked = {"firstDay": "2035-09-01", "lastDay": "2036-07-01"}
    async with client.database.unit_of_work() as session:
        session.add(
            SchoolYear(school_year="2035-36", first_day=date(2035, 9, 3), last_day=date(2036, 7, 1), source="x")
        )
    answer = await client(OPERATIONS["chef/ServiceCalendar"], uai=uai(0), **asked)
    assert [code for code, _ in answer.errors] == ["BAD_DATES"]


async def test_an_unknown_kitchen_is_null(client: Client) -> None:
    assert await ask(client, "chef/KitchenWeek", uai="0629999Z") == {"kitchen": None}


async def test_a_week_has_its_days_slots_covers_and_deliveries(client: Client) -> None:
    week = (await ask(client, "chef/KitchenWeek"))["kitchen"]["week"]
    assert [day["date"] for day in week["days"]] == ["2026-09-07", "2026-09-08", "2026-09-10", "2026-09-11"]
    assert [dish["slot"] for dish in week["days"][0]["dishes"]] == ["STARTER", "MAIN", "SIDE", "DAIRY", "DESSERT"]
    assert {dish["covers"] for day in week["days"] for dish in day["dishes"]} == {300}
    assert [dish["dish"]["name"] for dish in week["days"][0]["dishes"]][1] in {"Main 0", "Main 1"}
    assert week["costEur"] == "60.60"
    assert [drop["amountEur"] for drop in week["drops"]] == ["30.30", "30.30"]
    assert [len(drop["lines"]) for drop in week["drops"]] == [3, 3]
    assert [line["offer"]["label"] for line in week["drops"][1]["lines"]] == [
        {"code": "BIO", "name": "Agriculture biologique"}
    ] * 3


async def test_the_week_shown_is_that_of_the_published_plan_unless_another_is_named(client: Client) -> None:
    in_use = (await ask(client, "chef/KitchenWeek"))["kitchen"]["week"]["run"]["id"]
    assert in_use == "1"
    failed = (await ask(client, "chef/KitchenWeek", runId="2"))["kitchen"]["week"]
    assert (failed["run"]["id"], failed["days"]) == ("2", [])


async def test_no_plan_covers_a_week_of_another_year(client: Client) -> None:
    assert (await ask(client, "chef/KitchenWeek", monday="2025-09-01"))["kitchen"]["week"] is None


async def test_a_week_is_named_by_its_monday(client: Client) -> None:
    answer = await client(OPERATIONS["chef/KitchenWeek"], uai=uai(0), monday="2026-09-08")
    assert answer.errors == [
        ("BAD_DATES", "Le 08/09/2026 n'est pas un lundi : une semaine se nomme par son lundi."),
    ]


async def test_a_dish_sheet_says_what_is_known_and_what_is_missing(client: Client) -> None:
    dish = (await ask(client, "public/DishSheet", id="dairy_00"))["dish"]
    assert [(line["ingredient"]["id"], line["grams"]) for line in dish["lines"]] == [
        ("ingredient_00", 80),
        ("ingredient_03", 40),
    ]
    assert dish["steps"] == ["Laver", "Couper", "Servir"]
    assert dish["facts"]["allergens"] == ["MILK"]
    assert dish["facts"]["nutrition"]["kcal"] == "48.0000"
    assert dish["facts"]["nutrition"]["calciumMg"] is None
    assert dish["facts"]["co2eKg"] == "0.0600"
    unknown = {each["name"]: each["missing"] for each in dish["facts"]["attributes"] if each["truth"] == "UNKNOWN"}
    assert unknown["dairy_ca_gt100_fat_lt5"] == [{"ingredient": "ingredient_00", "column": "calcium_mg"}]


async def test_the_cost_of_a_dish_spans_its_offers(client: Client) -> None:
    """0.12 kg between 2.00 €/kg (10 € the case of 5 kg) and 2.20 €/kg."""
    dish = (await ask(client, "public/DishSheet"))["dish"]
    assert dish["cost"] == {"lowestEur": "0.2400", "highestEur": "0.2640"}


async def test_a_dish_that_nobody_can_supply_that_week_has_no_cost(client: Client) -> None:
    assert (await ask(client, "public/DishSheet", week="2027-01-04"))["dish"]["cost"] is None


async def test_dishes_by_derived_attribute(client: Client) -> None:
    found = await ask(client, "chef/Dishes", slot="MAIN", attribute="vegetarian", truth="FALSE")
    assert [each["id"] for each in found["dishes"]["nodes"]] == ["main_00", "main_01"]
    assert (await ask(client, "chef/Dishes", slot="MAIN"))["dishes"]["nodes"] == []


async def test_dishes_whose_attribute_is_unknown(client: Client) -> None:
    found = await ask(client, "chef/Dishes", attribute="dairy_ca_gt100_fat_lt5", truth="UNKNOWN")
    assert [each["id"] for each in found["dishes"]["nodes"]] == ["dairy_00", "dairy_01"]


async def test_dishes_by_month_ingredient_and_allergen(client: Client) -> None:
    base = {"attribute": None, "slot": "DAIRY"}
    in_march = await ask(client, "chef/Dishes", **base, month=3)
    assert [each["id"] for each in in_march["dishes"]["nodes"]] == ["dairy_00"]
    assert (await ask(client, "chef/Dishes", **base, without=["MILK"]))["dishes"]["nodes"] == []
    with_milk = await ask(client, "chef/Dishes", attribute=None, ingredient="ingredient_00")
    assert [each["id"] for each in with_milk["dishes"]["nodes"]] == ["dairy_00", "dairy_01"]


async def test_an_unknown_attribute_is_refused_with_those_that_exist(client: Client) -> None:
    answer = await client(OPERATIONS["chef/Dishes"], attribute="tasty")
    assert answer.errors[0][0] == "BAD_ARGUMENT"
    assert "tasty" in answer.errors[0][1]
    assert "vegetarian" in answer.errors[0][1]


async def test_a_month_outside_the_year_is_refused(client: Client) -> None:
    answer = await client(OPERATIONS["chef/Dishes"], month=13)
    assert answer.errors == [("BAD_ARGUMENT", "month vaut 13 : donner un mois de 1 à 12.")]


async def test_offers_by_ingredient_label_and_supplier(client: Client) -> None:
    of_pork = await ask(client, "producer/Market", ingredient="ingredient_01", week=None)
    assert [each["priceEurPerKg"] for each in of_pork["offers"]["nodes"]] == ["2.0000", "2.2000"]
    organic = await ask(client, "producer/Market", ingredient="ingredient_01", label="BIO", week=None)
    (offer,) = organic["offers"]["nodes"]
    assert offer["supplier"]["id"] == "ferme_01"
    assert offer["certificate"]["number"] == "N1"
    assert offer["capacities"] == [{"validFrom": "2026-09-01", "validTo": "2026-12-31", "gramsPerWeek": None}]
    sold = await ask(client, "producer/Market", supplier="ferme_00", week=None)
    assert {each["supplier"]["id"] for each in sold["offers"]["nodes"]} == {"ferme_00"}
    assert sold["offers"]["nodes"][0]["capacities"][0]["gramsPerWeek"] == str(TONS)


async def test_suppliers_by_kind_label_and_ingredient(client: Client) -> None:
    async def ids(**asked: str) -> list[str]:
        return [each["id"] for each in (await ask(client, "producer/Suppliers", **asked))["suppliers"]["nodes"]]

    assert await ids(kind="WHOLESALER") == ["ferme_00"]
    assert await ids(label="BIO") == ["ferme_00", "ferme_01"]
    assert await ids(ingredient="ingredient_05") == ["ferme_00", "ferme_01"]
    assert await ids(ingredient="nothing") == []


async def test_needs_of_a_year_pass_32_bits(client: Client) -> None:
    """Three kitchens × two weeks × two suppliers × five hundred tons."""
    found = await ask(client, "nutrition/IngredientNeeds", perWeek=False, perKitchen=False)
    assert [need["grams"] for need in found["planRun"]["needs"]["nodes"]] == [str(12 * TONS)] * 3
    assert found["planRun"]["needs"]["nodes"][0]["amountEur"] == "121.20"
    assert found["planRun"]["needs"]["nodes"][0]["week"] is None
    assert found["planRun"]["needs"]["nodes"][0]["place"] is None


async def test_needs_per_week_and_kitchen_add_up_to_those_of_the_plan(client: Client) -> None:
    whole = await ask(client, "nutrition/IngredientNeeds", perWeek=True, perKitchen=True, ingredient="ingredient_02")
    needs = whole["planRun"]["needs"]["nodes"]
    assert {(each["week"], each["place"]["uai"]) for each in needs} == {
        (monday.isoformat(), uai(n)) for monday in MONDAYS for n in range(3)
    }
    assert sum(int(each["grams"]) for each in needs) == 12 * TONS


async def test_needs_of_one_kitchen_from_one_week_on(client: Client) -> None:
    found = await ask(
        client, "nutrition/IngredientNeeds", perWeek=True, perKitchen=False, kitchen=uai(0), firstWeek="2026-09-14"
    )
    needs = found["planRun"]["needs"]["nodes"]
    assert {(each["week"], each["grams"]) for each in needs} == {("2026-09-14", str(2 * TONS))}


async def test_a_supplier_sees_what_goes_where_and_when(client: Client) -> None:
    drops = (await ask(client, "producer/SupplierSourcing", lastWeek=MONDAY))["supplier"]["drops"]["nodes"]
    assert [(drop["week"], drop["place"]["uai"]) for drop in drops] == [(MONDAY, uai(n)) for n in range(3)]
    assert {line["offer"]["id"] for drop in drops for line in drop["lines"]} == {"offre_006", "offre_007", "offre_008"}


async def test_a_supplier_sees_what_to_prepare_each_week(client: Client) -> None:
    sales = (await ask(client, "producer/UpcomingNeeds"))["supplier"]["sales"]["nodes"]
    assert [(sale["week"], sale["offer"]["id"], sale["grams"]) for sale in sales[:2]] == [
        (MONDAY, "offre_006", str(3 * TONS)),
        (MONDAY, "offre_007", str(3 * TONS)),
    ]
    assert len(sales) == 6


async def test_ratios_state_share_target_and_whether_it_is_met(client: Client) -> None:
    kitchens = (await ask(client, "nutrition/KitchenRatios"))["planRun"]["kitchens"]["nodes"]
    (ratio,) = kitchens[0]["ratios"]
    assert (ratio["rule"], ratio["year"], ratio["holds"]) == ("EGA-01", 2026, True)
    assert (ratio["share"], ratio["target"]) == ("0.600000", "0.500000")
    assert ratio["statement"]["title"] == "50 % de produits durables et de qualité"


async def test_only_the_rules_that_do_not_hold(client: Client) -> None:
    results = (await ask(client, "nutrition/RuleResults", holds=False))["planRun"]["ruleResults"]["nodes"]
    assert [(each["rule"], each["kitchen"]["uai"], each["holds"]) for each in results] == [
        ("NUT-03", uai(1), False),
        ("NUT-03", uai(2), False),
    ]
    assert (results[0]["value"], results[0]["maximum"]) == ("2.000000", "1.000000")


async def test_rule_results_of_one_rule_and_kitchen(client: Client) -> None:
    found = await ask(client, "nutrition/RuleResults", rule="EGA-01", kitchen=uai(2))
    (result,) = found["planRun"]["ruleResults"]["nodes"]
    assert (result["period"], result["statement"]["kind"]) == ("2026", "value_ratio")


async def test_the_overview_lists_runs_newest_first_with_why_one_failed(client: Client) -> None:
    runs = (await ask(client, "administrator/PlanOverview"))["planRuns"]["nodes"]
    assert [(run["id"], run["status"]) for run in runs] == [("2", "FAILED"), ("1", "DONE")]
    assert [conflict["rule"] for conflict in runs[0]["conflicts"]] == ["NUT-03"]
    assert (runs[1]["costEur"], runs[1]["lowerBoundEur"], runs[1]["gap"]) == ("1234.56", "1200.00", "0.027994")
    assert [(each["rule"], each["results"], each["broken"]) for each in runs[1]["ruleSummary"]] == [
        ("EGA-01", 3, 0),
        ("NUT-03", 3, 2),
    ]
    assert [(each["deliveries"], each["kitchens"]) for each in runs[1]["suppliers"]["nodes"]] == [(6, 3), (6, 3)]
    assert runs[1]["suppliers"]["nodes"][0]["grams"] == str(18 * TONS)


async def test_runs_by_status_and_school_year(client: Client) -> None:
    text = "query Q($s: RunStatus, $y: ID) { planRuns(status: $s, schoolYear: $y) { nodes { id } } }"
    assert (await client.data(text, s="DONE"))["planRuns"]["nodes"] == [{"id": "1"}]
    assert (await client.data(text, y="2025-26"))["planRuns"]["nodes"] == []


async def test_a_run_that_is_no_number_is_refused_and_an_unknown_one_is_null(client: Client) -> None:
    text = "query Q($id: ID!) { planRun(id: $id) { id } }"
    assert (await client(text, id="abc")).errors[0][0] == "BAD_ARGUMENT"
    assert await client.data(text, id="99") == {"planRun": None}


async def test_the_viewer_is_told_who_they_are(client: Client) -> None:
    assert (await client.data("{ viewer { role kitchens } }"))["viewer"] == {"role": "DEPARTEMENT", "kitchens": []}


async def test_a_kitchen_reads_what_the_plan_in_use_means_for_it(client: Client) -> None:
    text = (
        "query Q($uai: ID!, $run: ID) { kitchen(uai: $uai) { plan(runId: $run) { costEur meals ratios { share } } } }"
    )
    found = await client.data(text, uai=uai(1))
    assert found["kitchen"]["plan"] == {"costEur": "100.00", "meals": 2400, "ratios": [{"share": "0.600000"}]}
    assert (await client.data(text, uai=uai(1), run="2"))["kitchen"]["plan"] is None, "that run made no plan"


async def test_the_plan_in_use_on_a_day(client: Client) -> None:
    text = "query Q($on: Date) { planInUse(on: $on) { id } }"
    assert (await client.data(text, on="2026-09-18"))["planInUse"] == {"id": "1"}
    assert (await client.data(text, on="2026-09-21"))["planInUse"] is None


async def test_one_thing_by_its_id(client: Client) -> None:
    text = """{
      schoolYears { schoolYear firstDay }
      offer(id: "offre_007") { product priceEurPerKg ingredient { id } supplier { id } }
      ingredient(id: "ingredient_00") { allergens nutrition { kcal calciumMg } }
      missing: offer(id: "nothing") { id }
    }"""
    assert await client.data(text) == {
        "schoolYears": [{"schoolYear": "2026-27", "firstDay": "2026-09-01"}],
        "offer": {
            "product": "Produit 7",
            "priceEurPerKg": "2.2000",
            "ingredient": {"id": "ingredient_01"},
            "supplier": {"id": "ferme_01"},
        },
        "ingredient": {"allergens": ["MILK"], "nutrition": {"kcal": "40.000000", "calciumMg": None}},
        "missing": None,
    }
