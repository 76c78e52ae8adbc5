"""Menus through the API: changed and counted once, traced, checked at once, read by who may, and by diners."""

import io
from datetime import date
from fractions import Fraction
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from catering.app import create_app
from catering.documents.models import Document, FileKind
from catering.kitchens.calendar import Span
from catering.market.models import Offer
from catering.menus.files.checking import read_menu_bytes
from catering.menus.models import MenuDish, MenuSource, NutritionResult
from catering.menus.service import register_start, take_plan
from catering.menus.standings import CHECKER, grid, read_years, refresh
from catering.orders.models import OrderLine
from catering.people.models import ChangeEvent
from catering.people.viewer import Role
from catering.planning.models import PlannedMeal
from catering.receiving.models import ReceptionLine, StockLot, StockMove
from catering.receiving.vocabulary import MoveKind
from catering.recipes.vocabulary import Slot
from catering.rules.meals import Served, shares_of
from catering.settings import Settings
from tests.api.conftest import ADMINISTRATOR, CHEF, GESTIONNAIRE, PRODUCER, Client
from tests.api.dataset import MOMENT, MONDAYS, uai
from tests.api.dataset_menus import MENU_FILES
from tests.api.dataset_people import NUMBERS
from tests.api.operations import MONDAY, VARIABLES, operations

OPERATIONS = operations()
CHANGE, SERVED, REGISTER = (OPERATIONS[f"chef/{name}"] for name in ("ChangeMenu", "RecordServed", "MenuRegister"))
CHECK, GRID = (OPERATIONS[f"nutrition/{name}"] for name in ("NutritionCheck", "NutritionGrid"))
WEEK = OPERATIONS["public/DinersWeek"]
PORK = 2
MOVED = {"day": MONDAYS[0], "at": MOMENT, "actor": "test"}
RECEIVED = (
    select(ReceptionLine, Offer)
    .join(OrderLine, OrderLine.id == ReceptionLine.order_line_id)
    .join(Offer, Offer.id == OrderLine.offer_id)
)
TODAY = MOMENT.date().isoformat()


async def change(client: Client, viewer: Any = CHEF, **given: Any) -> Any:
    variables = VARIABLES["chef/ChangeMenu"] | given
    return (await client.data(CHANGE, viewer, **variables))["changeMenu"]


async def record(client: Client, **given: Any) -> Any:
    return (await client.data(SERVED, CHEF, **(VARIABLES["chef/RecordServed"] | given)))["recordServed"]


async def findings(client: Client, rule: str) -> Any:
    asked = await client.data(CHECK, CHEF, uai=uai(0), schoolYear="2026-27", rule=rule)
    return asked["kitchen"]["nutritionCheck"]["findings"]


async def count(client: Client, table: Any, *where: Any) -> int:
    async with client.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table).where(*where)) or 0


async def test_a_dish_is_replaced_by_choices_that_share_its_covers(client: Client) -> None:
    changed = await change(client)
    mains = [each for each in changed["menu"]["choices"] if each["slot"] == "MAIN"]
    assert [(each["rank"], each["dish"]["id"], each["covers"], each["source"]) for each in mains] == [
        (1, "main_00", 150, "KITCHEN"), (2, "main_01", 150, "KITCHEN"),
    ]  # fmt: skip
    assert mains[0]["plannedDish"] is not None


async def test_a_change_is_made_once_and_leaves_one_trace(client: Client) -> None:
    first, again = await change(client), await change(client)
    assert first == again
    assert await count(client, ChangeEvent, ChangeEvent.subject == "menu_dishes") == 1
    async with client.database.reading() as session:
        event = await session.scalar(select(ChangeEvent).where(ChangeEvent.subject == "menu_dishes"))
    assert event is not None
    assert (event.actor, event.key) == (CHEF.actor, f"{uai(0)} {MONDAY}")
    assert [each["dish"] for each in (event.after or {})["main"]] == ["main_00", "main_01"]


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"choices": [{"dish": "starter_00"}]}, "InvalidMenu"),
        ({"choices": [{"dish": "nowhere"}]}, "InvalidMenu"),
        ({"choices": []}, "InvalidMenu"),
        ({"choices": [{"dish": "main_00"}, {"dish": "main_00"}]}, "InvalidMenu"),
        ({"choices": [{"dish": "main_00", "covers": -1}]}, "InvalidMenu"),
        ({"day": "2026-09-09"}, "NoMenu"),
        ({"kitchen": uai(1)}, "UnknownMenuKitchen"),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_is_kept(client: Client, given: Any, refusal: str) -> None:
    before = await count(client, MenuDish)
    assert (await change(client, **given))["__typename"] == refusal
    assert await count(client, MenuDish) == before
    assert await count(client, ChangeEvent, ChangeEvent.subject == "menu_dishes") == 0


async def test_only_who_cooks_changes_menus(client: Client) -> None:
    assert (await change(client, ADMINISTRATOR))["__typename"] == "NotAllowed"
    assert (await change(client, PRODUCER, idempotencyKey="0f2c8f5e-other"))["__typename"] == "NotAllowed"
    assert (await change(client, GESTIONNAIRE))["__typename"] == "MenuChanged"


async def test_choices_weigh_the_same_until_their_covers_are_known(client: Client) -> None:
    both = [{"dish": "dessert_00"}, {"dish": "dessert_01"}]
    await change(client, day=TODAY, slot="DESSERT", choices=both)
    before = await first_dessert(client)
    served = [{"slot": "DESSERT", "rank": 1, "covers": 240}, {"slot": "DESSERT", "rank": 2, "covers": 60}]
    await record(client, served=served)
    assert (before, await first_dessert(client)) == (Fraction(1, 2), Fraction(4, 5))


async def first_dessert(client: Client) -> Fraction:
    """The part of the diners that today's first dessert weighs in the check."""
    span = Span("2026-27", date(2026, 9, 1), date(2027, 7, 2))
    async with client.database.reading() as session:
        (tray, *_) = (await read_years(session, CHECKER, [1], span))[1]
    return shares_of([Served({}, covers=each.covers) for each in tray.by_slot()["dessert"]])[0]


async def test_what_is_to_come_is_not_served_yet(client: Client) -> None:
    assert (await record(client, day=MONDAY))["__typename"] == "InvalidMenu"


async def test_a_choice_that_is_not_on_the_menu_was_not_served(client: Client) -> None:
    told = await record(client, served=[{"slot": "MAIN", "rank": 3, "covers": 10}])
    assert told["__typename"] == "InvalidMenu"
    assert "choix 3" in told["message"]


async def test_the_check_is_computed_again_when_a_menu_changes(client: Client) -> None:
    async with client.database.reading() as session:
        before = {cell.rule: cell for cell in await grid(session, ADMINISTRATOR, "2026-27", MOMENT.date(), [1])}
    await change(client, day=MONDAY, slot="MAIN", choices=[{"dish": "main_01"}])
    await change(client, day=MONDAY, slot="STARTER", choices=[{"dish": "starter_01"}], idempotencyKey="0f2c8f5e-second")
    async with client.database.unit_of_work() as session:
        after = {cell.rule: cell for cell in await grid(session, ADMINISTRATOR, "2026-27", MOMENT.date(), [1])}
        stored = await refresh(session)
        again = {cell.rule: cell for cell in await grid(session, ADMINISTRATOR, "2026-27", MOMENT.date(), [1])}
    assert after == again
    assert set(before) == set(after)
    assert stored == await count(client, NutritionResult)


async def test_an_unknown_calcium_leaves_the_cheeses_undecided_and_says_of_which_ingredient(client: Client) -> None:
    (found, *_) = await findings(client, "NUT-07")
    assert found["standing"] == "UNDECIDED"
    missing = [figure for meal in found["counted"] for dish in meal["dishes"] for figure in dish["missing"]]
    assert {"ingredient": "ingredient_00", "column": "calcium_mg"} in missing


async def test_the_grid_has_each_kitchen_and_criterion(client: Client) -> None:
    rows = (await client.data(GRID, ADMINISTRATOR, schoolYear="2026-27"))["nutritionGrid"]
    assert [row["kitchen"]["uai"] for row in rows] == [uai(0), uai(1), uai(2)]
    rules = [cell["rule"] for cell in rows[0]["cells"]]
    assert len([rule for rule in rules if rule.startswith("NUT")]) == 15
    assert {"VEG-01", "VEG-03", "VEG-04", "VEG-08"} <= set(rules)
    assert "VEG-02" not in rules, "the kitchens of the data set serve four lunches a week"
    own = (await client.data(GRID, CHEF, schoolYear="2026-27"))["nutritionGrid"]
    assert [row["kitchen"]["uai"] for row in own] == [uai(0)]
    arras = (await client.data(GRID, ADMINISTRATOR, schoolYear="2026-27", epci="CU d'Arras"))["nutritionGrid"]
    assert [row["kitchen"]["uai"] for row in arras] == [uai(0), uai(2)]


async def test_an_unknown_school_year_is_refused_by_name(client: Client) -> None:
    answer = await client(CHECK, CHEF, uai=uai(0), schoolYear="1999-00")
    assert answer.errors[0][0] == "BAD_ARGUMENT"
    assert "2026-27" in answer.errors[0][1]


async def planned(client: Client, dish_id: int) -> int:
    """Take a plan with one dish on both Mondays; how many of the main dishes are the plan's."""
    meals = select(PlannedMeal.kitchen_id, PlannedMeal.day, PlannedMeal.slot, PlannedMeal.dish_id, PlannedMeal.covers)
    async with client.database.unit_of_work() as session:
        await take_plan(session, meals.where(PlannedMeal.run_id == dish_id), [1, 2, 3], MOMENT.date())
    return await count(client, MenuDish, MenuDish.source == MenuSource.PLAN, MenuDish.day >= MONDAYS[0])


async def test_a_new_plan_leaves_what_the_kitchen_changed_and_what_is_past(client: Client) -> None:
    await change(client)
    total = await count(client, MenuDish)
    of_plan = await planned(client, 1)
    async with client.database.reading() as session:
        mains = await session.scalars(
            select(MenuDish).where(MenuDish.kitchen_id == 1, MenuDish.day == MONDAYS[0], MenuDish.slot == Slot.MAIN)
        )
        assert [row.source for row in mains] == [MenuSource.KITCHEN] * 2
    assert total == await count(client, MenuDish), "today is not in the plan, and keeps its menu"
    assert of_plan == await planned(client, 1)


async def test_the_register_is_that_of_three_months(client: Client) -> None:
    menus = (await client.data(REGISTER, CHEF, uai=uai(0)))["kitchen"]["menus"]
    assert [menu["date"] for menu in menus] == [TODAY]
    assert register_start(date(2026, 5, 31), 3) == date(2026, 2, 28)
    assert register_start(date(2026, 1, 15), 3) == date(2025, 10, 15)


async def test_diners_read_allergens_meat_and_season_without_an_account(client: Client) -> None:
    week = (await client.data(WEEK, None, uai=uai(0), monday=MONDAY))["dinersWeek"]
    assert [day["date"] for day in week["days"]] == ["2026-09-07", "2026-09-08", "2026-09-10", "2026-09-11"]
    choices = {(each["slot"], each["name"]): each for each in week["days"][0]["choices"]}
    dairy = next(each for (slot, _), each in choices.items() if slot == "DAIRY")
    main = next(each for (slot, _), each in choices.items() if slot == "MAIN")
    assert dairy["allergens"] == ["MILK"]
    assert main["vegetarian"] == "FALSE"
    assert main["meats"] == [{"name": "Ingrédient 1", "wording": None}]
    assert week["days"][0]["vegetarian"] == "FALSE"
    assert (await client.data(WEEK, None, uai="0629999Z", monday=MONDAY))["dinersWeek"] is None


async def test_the_origin_of_a_meat_is_that_of_the_lots_used_for_the_day(client: Client) -> None:
    async with client.database.unit_of_work() as session:
        came, offer = (await session.execute(RECEIVED.limit(1))).one()
        sold = await session.get_one(OrderLine, came.order_line_id)
        sold.reared_in, sold.slaughtered_in = offer.reared_in, offer.slaughtered_in = "FR", "BE"
        lot = StockLot(
            kitchen_id=1, ingredient_id=PORK, supplier_id=offer.supplier_id, product="Porc", lot="P1", mark="P1",
            on_hand_g=50,
        )  # fmt: skip
        lot.moves = [
            StockMove(kind=MoveKind.RECEPTION, grams=100, reception_line_id=came.id, **MOVED),
            StockMove(kind=MoveKind.USE, grams=-50, menu_day=MONDAYS[0], **MOVED),
        ]
        session.add(lot)
    days = (await client.data(WEEK, None, uai=uai(0), monday=MONDAY))["dinersWeek"]["days"]
    told = [[meat["wording"] for choice in day["choices"] for meat in choice["meats"]] for day in days]
    assert told == [["élevé : France, abattu : Belgique"], [None], [None], [None]]


async def test_the_open_data_file_is_for_everybody_and_reads_back(client: Client) -> None:
    config = Settings(database_url=client.database.url, jobs="worker")
    app = create_app(config)
    app.state.config, app.state.database = config, client.database
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as http:
        path = f"/menus/{uai(0)}/menus-collectifs.csv"
        answer = await http.get(path, params={"first": MONDAY, "last": "2026-09-11"})
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/csv")
        lines = read_menu_bytes("menus.csv", FileKind.CSV, io.BytesIO(answer.content).getvalue()).lines
        assert len(lines) == 21, "five components on four days, and a second dessert"
        assert {line.restaurant for line in lines} == {uai(0)}
        nowhere = await http.get("/menus/0629999Z/menus-collectifs.csv", params={"first": MONDAY, "last": MONDAY})
        assert nowhere.status_code == 404
        assert (await http.get(path, params={"first": "2026-09-11", "last": MONDAY})).status_code == 422


async def imported(client: Client, content: str | None = None, **given: Any) -> Any:
    if content is not None:
        async with client.database.unit_of_work() as session:
            sent = await session.get_one(Document, MENU_FILES + NUMBERS[Role.CHEF])
            sent.content = content.encode()
    variables = VARIABLES["chef/ImportMenus"] | given
    return (await client.data(OPERATIONS["chef/ImportMenus"], CHEF, **variables))["importMenus"]


async def test_a_file_puts_its_menus_on_its_days_once(client: Client) -> None:
    made = await imported(client)
    assert made == await imported(client)
    (menu,) = made["menus"]
    told = [(each["slot"], each["rank"], each["dish"]["id"], each["covers"]) for each in menu["choices"]]
    assert told == [("MAIN", 1, "main_01", 150), ("MAIN", 2, "main_00", 120), ("DESSERT", 1, "dessert_01", 300)]
    assert await count(client, ChangeEvent, ChangeEvent.subject == "menu_dishes") == 1


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("2026-09-14;plat;Main 9;1", "plat", "aucune fiche ne porte ce nom"),
        ("2026-09-14;garniture;Main 1;1", "plat", "aucune fiche ne porte ce nom"),
        ("2026-05-11;plat;Main 1;1", "date", "le registre de ce jour ne change plus"),
        ("2031-09-15;plat;Main 1;1", "date", "hors des années scolaires"),
        ("2026-09-16;plat;Main 1;", "date", "la cuisine ne sert pas ce jour de semaine"),
        ("16/09/2026;plat;Main 1;1", "date", "ce n'est pas une date"),
    ],
)
async def test_a_line_at_fault_keeps_the_whole_file_out(client: Client, line: str, column: str, message: str) -> None:
    before = await count(client, MenuDish, MenuDish.source == MenuSource.KITCHEN)
    told = await imported(client, f"date;composante;plat;couverts\n2026-09-14;plat;Main 0;9\n{line}\n")
    assert told["__typename"] == "MenusRefused"
    assert (3, column, message) in [(fault["line"], fault["column"], fault["message"]) for fault in told["faults"]]
    assert await count(client, MenuDish, MenuDish.source == MenuSource.KITCHEN) == before


async def test_the_file_of_somebody_else_is_not_imported(client: Client) -> None:
    theirs = str(MENU_FILES + NUMBERS[Role.GESTIONNAIRE])
    assert (await imported(client, document=theirs))["__typename"] == "UnknownDocument"
