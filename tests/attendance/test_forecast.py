"""A signal that is there is found, one that is not is not pretended, and nothing of the future enters."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from catering.attendance.reading import read_attendance
from catering.attendance.refusals import AttendanceRefused
from catering.attendance.rules.backtest import (
    ALL,
    ANNOUNCED,
    CORRECTED,
    LONG_MEDIAN,
    MEDIAN,
    NAIVE,
    Backtest,
    backtest,
    looks_of,
)
from catering.attendance.rules.features import NAMES, OF_MENU, look
from catering.attendance.rules.history import Menu, PastDay, Series
from catering.attendance.rules.model import fit
from catering.cli import main
from catering.settings import seeds_folder
from tests.attendance.histories import days_of, eve, flat, made


def judged(*places: Series) -> Backtest:
    found = backtest(places, lead=7, announcing=False)
    assert found is not None
    return found


def test_a_known_signal_is_found_with_its_size() -> None:
    places = [made(name, seed, eve) for seed, name in enumerate("ab")]
    found = judged(*places)
    assert found.regressions >= found.origins * 3 // 4
    whole = found.results[-1]
    assert whole.group == ALL
    assert (whole.margin(MEDIAN) or 0) > 0.05
    model = fit([row for place in places for row in looks_of(place, 7, announcing=False)])
    assert model is not None
    assert model.coefficients is not None
    learned = dict(zip(NAMES, model.coefficients, strict=True))
    # ln 0.8 = -0.223, of which the columns of the last day and of its week share the burden.
    assert learned["last day before holidays"] + learned["week before holidays"] == pytest.approx(-0.223, abs=0.03)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_noise_is_not_taken_for_a_signal(seed: int) -> None:
    """What pure noise allows is the spread itself: no method forecasts it, and the intervals say how wide it is."""
    found = judged(*(made(name, 10 * seed + rank, flat, noise=0.05) for rank, name in enumerate("ab")))
    whole = found.results[-1]
    best_possible = 400 * 0.05 * (2 / 3.14159) ** 0.5
    assert whole.points["model"].mae > 0.95 * best_possible, "better than anybody can be: something leaks"
    assert whole.points["model"].mae < 1.2 * best_possible
    for share, found_share in whole.coverage.items():
        assert found_share == pytest.approx(share, abs=0.06)


LEVELS_ONLY = ("last week", "four weeks ago", "twelve weeks", "latest days", "same day last year")


@pytest.mark.parametrize("noise", [0.05, 0.1])
@pytest.mark.parametrize("seed", range(4))
def test_noise_gives_a_cook_no_reason_but_a_longer_average(seed: int, noise: float) -> None:
    places = [made(name, 700 + 10 * seed + rank, flat, noise=noise) for rank, name in enumerate("abcd")]
    rows = [row for place in places for row in looks_of(place, 7, announcing=False)]
    model = fit(rows)
    assert model is not None
    told = {name for row in rows[::7] for name, _ in model.reasons(row)}
    assert told <= set(LEVELS_ONLY), told - set(LEVELS_ONLY)


def test_a_long_median_stands_beside_the_short_one() -> None:
    """On noise it is the better of the two: what a model gains there over the short one is longer averaging."""
    whole = judged(*(made(name, 90 + rank, flat, noise=0.05) for rank, name in enumerate("ab"))).results[-1]
    assert whole.points[LONG_MEDIAN].mae < whole.points[MEDIAN].mae < whole.points[NAIVE].mae
    assert abs(whole.margin(LONG_MEDIAN) or 0) < 0.05


def test_intervals_keep_their_promise_where_there_is_a_signal() -> None:
    whole = judged(*(made(name, seed, eve) for seed, name in enumerate("abcd", start=40))).results[-1]
    for share, found in whole.coverage.items():
        assert found == pytest.approx(share, abs=0.05)


@pytest.mark.parametrize("lead", [1, 7, 14])
@pytest.mark.parametrize("announcing", [True, False])
def test_changing_the_future_changes_no_forecast(lead: int, announcing: bool) -> None:
    whole = made("a", 5, eve, announced=lambda served: served + 20)
    at = whole.past[400].day
    known = at - timedelta(days=lead)
    other = replace(
        whole,
        past=[each if each.day <= known else replace(each, served=1, announced=7) for each in whole.past],
        announced={day: many for day, many in whole.announced.items() if day <= at},
    )
    seen = look(whole, at, known, announcing=announcing)
    assert seen is not None
    assert look(other, at, known, announcing=announcing) == seen


def test_the_past_does_change_it() -> None:
    whole = made("a", 5, eve)
    at = whole.past[400].day
    known = at - timedelta(days=7)
    halved = replace(whole, past=[replace(each, served=max(1, each.served // 2)) for each in whole.past])
    one, two = (look(each, at, known, announcing=False) for each in (whole, halved))
    assert one is not None
    assert two is not None
    assert two.base < 0.6 * one.base


def test_a_model_learns_only_from_before_its_origin() -> None:
    """Covers after the end change nothing that was forecast before."""
    whole = made("a", 9, eve)
    cut = whole.past[-1].day.replace(day=1)
    changed = replace(
        whole, past=[replace(each, served=each.served * (3 if each.day >= cut else 1)) for each in whole.past]
    )
    short = [replace(each, past=[one for one in each.past if one.day < cut]) for each in (whole, changed)]
    one, two = (fit([row for row in looks_of(each, 7, announcing=False) if row.day < cut]) for each in short)
    assert one is not None
    assert two is not None
    assert one.intercept == two.intercept
    assert one.pooled.tolist() == two.pooled.tolist()


def test_a_short_history_has_no_model() -> None:
    few = made("a", 3, flat, years=1)
    assert look(few, few.past[8].day, few.past[7].day, announcing=False) is None
    assert fit(looks_of(replace(few, past=few.past[:40]), 7, announcing=False)) is None
    assert backtest([few], lead=7, announcing=False) is None
    assert backtest([Series("rien", [], [])], lead=7, announcing=False) is None


def test_disturbed_days_teach_nothing() -> None:
    whole = made("a", 6, flat)
    at, known = whole.past[300].day, whole.past[299].day
    strike = {each.day for each in whole.past[290:300:3]}
    hit = [PastDay(each.day, 1, disturbed=True) if each.day in strike else each for each in whole.past]
    without = [each for each in whole.past if each.day not in strike]
    assert look(replace(whole, past=hit), at, known, announcing=False) == look(
        replace(whole, past=without), at, known, announcing=False
    )


def menus(kind: str) -> dict[date, Menu]:
    """Fish on Fridays' neighbours: a menu of five families, one of them vegetarian, one dish liked less."""
    rng = np.random.default_rng(77)
    dishes = [Menu(f"main.{n}", f"{kind}-{n}", vegetarian=n == 1, liked=-0.2 if n == 2 else 0.02) for n in range(5)]
    return {day: dishes[int(rng.integers(5))] for day in days_of(4)}


def away(name: str) -> Callable[[Series, date], float]:
    """Fifteen in a hundred stay away on days with a dish that one of its columns tells."""
    tells: dict[str, Callable[[Menu], bool]] = {
        "menu": lambda menu: menu.family == "main.0",
        "vegetarian": lambda menu: menu.vegetarian,
        "liked": lambda menu: menu.liked < 0,
    }
    return lambda series, day: 0.85 if tells[name](series.menus[day]) else 1.0


@pytest.mark.parametrize("name", ["menu", "vegetarian", "liked"])
def test_a_menu_that_keeps_pupils_away_is_learned(name: str) -> None:
    on = menus("a")
    place = made("a", 8, away(name), menus=on)
    bare = replace(place, menus={})
    model = fit(looks_of(place, 7, announcing=False))
    assert model is not None
    assert model.menu_gain > 0.1
    with_menu, without = judged(place).results[-1], judged(bare).results[-1]
    assert with_menu.points["model"].mae < 0.8 * without.points["model"].mae


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_a_menu_that_tells_nothing_is_not_used(seed: int) -> None:
    places = [made(name, 50 * seed + rank, eve, menus=menus(name)) for rank, name in enumerate("ab")]
    model = fit([row for place in places for row in looks_of(place, 7, announcing=False)])
    assert model is not None
    assert model.coefficients is not None, "the eve of holidays is still found"
    assert model.menu_gain == 0.0
    assert not model.coefficients[OF_MENU].any()


def test_the_history_of_nantes_gives_the_margins_that_are_stated() -> None:
    """docs/forecast.md states these margins; a week ahead, without the announcement of the day, then with it."""
    places = read_attendance(seeds_folder() / "attendance" / "nantes.csv")
    alone = judged(*places).results[-1]
    assert alone.margin(NAIVE) == pytest.approx(0.268, abs=0.01)
    assert alone.margin(MEDIAN) == pytest.approx(0.173, abs=0.01)
    assert alone.margin(LONG_MEDIAN) == pytest.approx(0.153, abs=0.01)
    assert alone.margin(ANNOUNCED) == pytest.approx(0.478, abs=0.01)
    with_it = backtest(places, lead=7, announcing=True)
    assert with_it is not None
    assert with_it.results[-1].margin(CORRECTED) == pytest.approx(0.105, abs=0.01)
    assert alone.coverage[0.8] == pytest.approx(0.8, abs=0.02)


BAD = {
    "colonne": ("day,served\n2024-01-08,3\n", "colonnes absentes : group announced"),
    "date": ("day,group,announced,served\n2024-13-08,a,3,3\n", "date inconnue"),
    "négatif": ("day,group,announced,served\n2024-01-08,a,3,-3\n", "pas un nombre de couverts"),
    "décimal": ("day,group,announced,served\n2024-01-08,a,3,3.5\n", "pas un nombre de couverts"),
    "infini": ("day,group,announced,served\n2024-01-08,a,inf,3\n", "pas un nombre de couverts"),
    "double": ("day,group,announced,served\n2024-01-08,a,3,3\n2024-01-08,a,3,3\n", "jour déjà donné"),
    "vide": ("day,group,announced,served\n", "aucun jour servi"),
    "rien": ("", "colonnes absentes"),
    "cellules": ("day,group,announced,served\n2024-01-08,a,3\n", "3 cellules pour 4 colonnes"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_whole(name: str, tmp_path: Path) -> None:
    text, message = BAD[name]
    file = tmp_path / "couverts.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(AttendanceRefused, match=message):
        read_attendance(file)


def test_published_names_and_days_without_service_are_read(tmp_path: Path) -> None:
    file = tmp_path / "couverts.csv"
    file.write_text(
        "date,site_type,n_sites,prevision,reel\n2024-01-08,M,2,30.0,28.0\n2024-01-09,M,2,0.0,0.0\n", "utf-8"
    )
    (place,) = read_attendance(file)
    assert list(place.past) == [PastDay(date(2024, 1, 8), 28, 30)]


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(AttendanceRefused, match="ne s'ouvre pas"):
        read_attendance(tmp_path / "absent.csv")


def test_a_command_judges_a_file_and_refuses_a_short_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "couverts.csv"
    rows = [
        f"{each.day},école,{each.announced},{each.served}" for each in made("a", 1, eve, announced=lambda n: n).past
    ]
    file.write_text("\n".join(["day,group,announced,served", *rows]) + "\n", encoding="utf-8")
    main(["forecast", "backtest", str(file), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert [(each["lead_days"], each["announcement_known"]) for each in told["backtests"]] == [
        (7, False), (7, True), (1, False), (1, True),
    ]  # fmt: skip
    perfect = told["backtests"][0]["groups"][0]
    assert perfect["methods"]["announced"]["mae"] == 0
    assert "announced" not in perfect["margin_over"], "nothing is saved of no error"
    file.write_text("\n".join(["day,group,announced,served", *rows[:100]]) + "\n", encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        main(["forecast", "backtest", str(file)])
    assert stop.value.code == 2
    assert "Historique trop court" in capsys.readouterr().err
