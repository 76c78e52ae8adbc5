"""Ma semaine: menus and covers, what they cost, how EGAlim and the 20 meals stand, what is ordered."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from catering import moment
from catering.menus.trays import school_year_of
from catering.web.asked import Asked
from catering.web.pages import Action, Page
from catering.web.standing import MARKS, counted, of_share, same_rule, worst

TO_SUNDAY = timedelta(days=6)
SLOTS = ("STARTER", "MAIN", "SIDE", "DAIRY", "DESSERT")
CENT = Decimal("0.01")


def variables(asked: Asked) -> dict[str, Any]:
    """The kitchen and week of the address."""
    monday = asked.monday()
    return {
        "uai": asked.text("uai"),
        "monday": monday.isoformat(),
        "friday": (monday + TO_SUNDAY).isoformat(),
        "year": monday.year,
    }


def shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """Days with their covers, cost per meal, and the marks of the rules."""
    kitchen = answer["kitchen"]
    days = [_day(menu) for menu in kitchen["menus"]]
    meals = sum(day["covers"] for day in days)
    cost = kitchen["week"] and Decimal(kitchen["week"]["costEur"])
    per_meal = (cost / meals).quantize(CENT, ROUND_HALF_UP) if cost and meals else None
    ratios = [_ratio(each, kitchen["egalimProjected"]["ratios"]) for each in kitchen["egalim"]["ratios"]]
    criteria = [each | {"mark": MARKS[each["current"]]} for each in kitchen["nutritionStandings"]]
    marks = [each["mark"] for each in criteria]
    return {
        "monday": asked.monday(),
        "school_year": school_year_of(asked.monday() + TO_SUNDAY),
        "open": asked.monday() > moment.today() and not kitchen["orders"]["nodes"],
        "days": days,
        "meals": meals,
        "per_meal": per_meal,
        "within": per_meal is not None and per_meal <= Decimal(kitchen["budgetEurPerMeal"]),
        "ratios": ratios,
        "criteria": sorted(criteria, key=lambda each: (each["mark"] == "ok", each["rule"])),
        "marks": counted(marks),
        "nutrition": worst(marks),
    }


def _day(menu: Any) -> dict[str, Any]:
    by_slot = {slot: [each for each in menu["choices"] if each["slot"] == slot] for slot in SLOTS}
    covers = max((sum(each["covers"] for each in those) for those in by_slot.values()), default=0)
    return {"date": menu["date"], "covers": covers, "slots": by_slot}


def _ratio(now: Any, later: list[Any]) -> dict[str, Any]:
    end = same_rule(later, now["rule"])
    shown: dict[str, Any] = now | {"end": end, "mark": of_share(now["holds"], end and end["holds"])}
    return shown


PAGES: tuple[Page, ...] = (
    Page("chef/week", "/cuisine/{uai}/semaine", "Ma semaine", "chef/MyWeek", variables, "kitchen", shows),
)
ACTIONS: tuple[Action, ...] = ()
