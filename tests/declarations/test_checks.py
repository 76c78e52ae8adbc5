"""The check list says what was found and what to do: closed kitchens, empty months, proofs, invoices, origins."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from catering.declarations.checks import Check, CheckLevel, Doubt, Facts, Unreasoned, checks
from catering.declarations.figures import figures_of
from catering.declarations.meals import Meals, meals_of
from catering.kitchens.calendar import ServiceDay
from catering.rules.egalim_year import Cell, Tally
from tests.docs.pages import CODE, HANDBOOK, section, table_rows

IN_CAMPAIGN = date(2027, 2, 1)
ALL_YEAR = [date(2026, month, 5) for month in (1, 2, 3, 4, 5, 6, 9, 10, 11, 12)]
MEALS = Meals(daily=400, yearly=55_000, on_site=55_000)
BOUGHT: Tally = {Cell("AUTRES", "BIO", origin="FRANCE", local=True, pat=True): 10_000}


def doubt(month: int, **told: Any) -> Doubt:
    usual: dict[str, Any] = {"not_counted": "", "uninvoiced": False, "origin_unknown": False, "lines": 2}
    return Doubt(month=month, **{**usual, "amount": Decimal("12.50"), **told})


def found(tally: Tally = BOUGHT, year: int = 2026, **told: Any) -> dict[str, Check]:
    usual: dict[str, Any] = {
        "today": IN_CAMPAIGN,
        "siret": "19620004200014",
        "doubts": [doubt(day.month) for day in ALL_YEAR],
        "service": ALL_YEAR,
        "meals": MEALS,
    }
    facts = Facts(year=year, tally=tally, figures=figures_of(tally, year), **{**usual, **told})
    return {each.id: each for each in checks(facts)}


def test_a_year_in_order_has_no_point() -> None:
    assert found() == {}


def test_summer_is_no_month_of_service_and_an_empty_month_is_named() -> None:
    point = found(doubts=[doubt(day.month) for day in ALL_YEAR if day.month not in (3, 11)])["DEC-12"]
    assert point.message == "Mois de service sans achat : mars, novembre"


def test_a_month_that_has_not_been_lacks_no_purchase() -> None:
    told = {"today": date(2026, 11, 27), "doubts": [doubt(day.month) for day in ALL_YEAR if day.month not in (3, 12)]}
    assert found(**told)["DEC-12"].message == "Mois de service sans achat : mars"


def test_a_kitchen_closed_in_the_middle_of_the_year_owes_nothing_for_the_months_after() -> None:
    points = found(service=[day for day in ALL_YEAR if day.month <= 6], doubts=[doubt(month) for month in range(1, 7)])
    assert set(points) == {"DEC-13"}
    assert "05/06/2026" in points["DEC-13"].message


def test_an_unknown_calendar_is_told_instead_of_guessed() -> None:
    points = found(service=ALL_YEAR[6:], calendar_known=False, meals=None, doubts=[doubt(9), doubt(10), doubt(12)])
    assert set(points) == {"DEC-11", "DEC-12", "DEC-21"}
    assert points["DEC-12"].message.endswith(": novembre")


@pytest.mark.parametrize(
    ("meals", "restaurants", "said"),
    [
        (Meals(3, 420, 420), [], None),
        (Meals(2, 420, 420), [], "2 repas par jour de service, au moins 3"),
        (Meals(3, 419, 419), [], "419 repas dans l'année, au moins 420"),
        (Meals(420, 420, 420), [], "l'année en compte plus qu'un jour"),
        (Meals(0, 0, 0), [], "0 repas par jour"),
        (Meals(400, 1_000, 500), [("Sur place", 580), ("École", 420)], None),
        (Meals(400, 1_000, 500), [("Sur place", 581), ("École", 419)], "École : 419 repas dans l'année, au moins 420"),
    ],
)
def test_meals_that_ma_cantine_refuses_block(
    meals: Meals, restaurants: list[tuple[str, int]], said: str | None
) -> None:
    points = found(meals=meals, restaurants=restaurants)
    assert set(points) == ({"DEC-05"} if said else set())
    if said:
        assert said in points["DEC-05"].message
        assert points["DEC-05"].level is CheckLevel.BLOCKING


def test_the_kitchens_own_restaurant_is_among_those_it_serves() -> None:
    points = found(meals=Meals(100, 14_000, 30_000), restaurants=[("École", 14_000)])
    assert set(points) == {"DEC-22"}
    assert "14000 repas, la cuisine seule en prévoit 30000" in points["DEC-22"].message


def test_meals_of_a_year_are_those_of_its_days_or_of_its_restaurants() -> None:
    days = [ServiceDay(day, covers) for day, covers in zip(ALL_YEAR, (400, 401) * 5, strict=True)]
    assert meals_of(days, []) == Meals(daily=401, yearly=4_005, on_site=4_005)
    assert meals_of(days, [4_005, 1_000]) == Meals(daily=501, yearly=5_005, on_site=4_005)
    assert meals_of([], []) == Meals(0, 0, 0)


@pytest.mark.parametrize(
    ("told", "number", "words"),
    [
        ({"uninvoiced": True}, "DEC-14", ("2 lignes, 12,50\u00a0€", "demander les factures")),
        ({"not_counted": "BIO:certificate_expired"}, "DEC-15", ("BIO, 2 lignes", "EGA-20")),
        ({"not_counted": "BIO:certificate_missing HVE:certificate_missing"}, "DEC-15", ("BIO", "HVE")),
        ({"not_counted": "FERMIER:fermier"}, "DEC-16", ("FERMIER", "EGA-12")),
        ({"origin_unknown": True}, "DEC-19", ("12,50\u00a0€ d'origine inconnue", "pays")),
    ],
)
def test_a_doubt_about_lines_is_counted(told: dict[str, Any], number: str, words: tuple[str, ...]) -> None:
    points = found(doubts=[*(doubt(day.month) for day in ALL_YEAR), doubt(5, **told)])
    assert set(points) == {number}
    assert all(word in points[number].message + points[number].repair for word in words)
    assert points[number].level is CheckLevel.OPEN


def test_origins_are_asked_since_the_form_has_europe() -> None:
    rows = [*(doubt(day.month) for day in ALL_YEAR), doubt(5, origin_unknown=True)]
    service = [day.replace(year=2025) for day in ALL_YEAR]
    assert "DEC-19" not in found(year=2025, doubts=rows, service=service, today=date(2026, 2, 1))


def test_invoices_that_wait_or_were_rejected_are_told() -> None:
    points = found(waiting_invoices=3, rejected_invoices=1)
    assert set(points) == {"DEC-17", "DEC-18"}
    assert "remplacée" in points["DEC-18"].repair


@pytest.mark.parametrize(("blocking", "point"), [(False, "DEC-20"), (True, "DEC-24")])
def test_what_comes_from_a_third_country_needs_its_reason(blocking: bool, point: str) -> None:
    rows = [Unreasoned(f"Produit {number}", Decimal("80.00"), blocking) for number in range(6)]
    points = found({**BOUGHT, Cell("AUTRES", "", origin="TIERS"): 8_000}, unreasoned=rows)
    assert set(points) == {point}
    assert "480,00\u00a0€" in points[point].message
    assert "Produit 4 et 1 autres" in points[point].message
    assert (points[point].level is CheckLevel.BLOCKING) is blocking
    assert not found({**BOUGHT, Cell("AUTRES", "", origin="TIERS"): 8_000}), "with its reason it is in order"


def test_a_share_under_a_project_that_nobody_told_is_open() -> None:
    assert "non renseigné" in found({Cell("AUTRES", "BIO", origin="FRANCE"): 10_000})["DEC-23"].message
    assert "DEC-23" not in found()
    assert "DEC-23" not in found({}), "of nothing bought there is no share"


def test_what_blocks_comes_first() -> None:
    assert [*found({}, year=2027, siret=None)][:3] == ["DEC-01", "DEC-02", "DEC-03"]
    assert found({Cell("AUTRES", ""): -1})["DEC-04"].level is CheckLevel.BLOCKING


@pytest.mark.parametrize(
    ("tally", "said"),
    [
        ({Cell("AUTRES", "", origin="FRANCE"): 10_000, Cell("AUTRES", "", origin="TIERS"): -4_000},
         "valeur_autres_france (100,00\u00a0€) dépasse valeur_totale (60,00\u00a0€)"),
        ({Cell("AUTRES", "", origin="FRANCE"): 5_000, Cell("BOISSONS", "", origin="FRANCE"): 4_000,
          Cell("BOISSONS", ""): -1_000},
         "les champs « france » (90,00\u00a0€ ensemble) dépassent valeur_totale (80,00\u00a0€)"),
        ({Cell("AUTRES", "BIO", fair_trade=True): 9_000, Cell("AUTRES", "BIO"): -1_000, Cell("BOISSONS", "BIO"): 5_000},
         "valeur_autres_bio_dont_commerce_equitable (90,00\u00a0€) dépasse ce dont c'est une partie (80,00\u00a0€)"),
    ],
)  # fmt: skip
def test_whatever_a_credit_leaves_above_its_whole_blocks(tally: Tally, said: str) -> None:
    assert said in found(tally)["DEC-04"].message


def test_a_part_above_its_whole_blocks() -> None:
    point = found({Cell("AUTRES", "BIO"): 10_000, Cell("BOISSONS", ""): -4_000})["DEC-04"]
    assert "100,00\u00a0€ dépassent valeur_totale (60,00\u00a0€)" in point.message


def test_every_point_is_on_the_page() -> None:
    rows = [
        CODE.findall(cells[0])[0]
        for cells in table_rows(section(HANDBOOK / "declarer.md", "Avant : la liste de contrôle"))
    ]
    assert rows == [f"DEC-{number:02}" for number in (*range(1, 6), *range(10, 25))]
