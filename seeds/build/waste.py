"""Fictional weighings of a few collèges, drawn so that each campaign gives the grams per cover stated for it.

Three collèges of the Calaisis weigh as the pilots of the Département did: 135 g per tray on average (CG62). Stages
share that as the studies of ADEME say; days differ, as days do.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from catering.demonstration.draws import Draws
from catering.rules import law
from seeds.build.covers import largest_remainder
from seeds.build.tables import BUILD, SEEDS, Row, read_parameters, read_table, write_table

NOTE = "Pesée fictive de démonstration"
CAMPAIGN_NOTE = "Campagne fictive de démonstration"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TARE_G = 650
PEEL_G_PER_COVER = 22
CAMPAIGNS = ("uai", "first_day", "last_day", "note")
COVERS = ("uai", "date", "service", "planned", "prepared", "served")
WEIGHINGS = (
    "uai", "entry_key", "date", "service", "stage", "part", "gross_g", "tare_g", "net_g", "dish", "food_group", "cause",
    "note",
)  # fmt: skip


def build_waste(out: Path) -> None:
    """Write the tables of `waste/` under `out` from `build/waste/*.csv` and the planned covers."""
    draws = Draws(read_parameters()["waste_seed"])
    planned = {
        (row["uai"], row["weekday"]): int(row["covers"]) for row in read_table(SEEDS / "kitchens" / "covers.csv")
    }
    campaigns = read_table(BUILD / "waste" / "campaigns.csv")
    covers = [each for row in campaigns for each in _covers(row, planned, draws)]
    weighed = [each for row in campaigns for each in _weighed(row, covers, draws)]
    stated = ({**{name: row[name] for name in CAMPAIGNS[:3]}, "note": CAMPAIGN_NOTE} for row in campaigns)
    write_table(out / "waste" / "campaigns.csv", CAMPAIGNS, stated)
    write_table(out / "waste" / "covers.csv", COVERS, covers)
    write_table(out / "waste" / "weighings.csv", WEIGHINGS, weighed)


def _days(row: Row) -> list[date]:
    first, last = (date.fromisoformat(row[name]) for name in ("first_day", "last_day"))
    served = read_parameters()["service_weekdays"].split()
    days = (first + timedelta(days=rank) for rank in range((last - first).days + 1))
    return [day for day in days if WEEKDAYS[day.weekday()] in served]


def _covers(row: Row, planned: dict[tuple[str, str], int], draws: Draws) -> Iterator[Row]:
    """Some more are prepared for than are planned, some fewer eat: the gap that waste comes from."""
    for day in _days(row):
        expected = planned[row["uai"], WEEKDAYS[day.weekday()]]
        key = (row["uai"], day.isoformat())
        prepared = int(expected * draws.between(Decimal("1.00"), Decimal("1.04"), "prepared", *key))
        served = int(expected * draws.between(Decimal("0.91"), Decimal("0.98"), "served", *key))
        yield dict(zip(COVERS, (*key, "lunch", *map(str, (expected, prepared, served))), strict=True))


def _weighed(row: Row, covers: list[Row], draws: Draws) -> Iterator[dict[str, object]]:
    """Bins of a campaign: its edible grams are shared out by day, then by bin, to the gram."""
    days = [day.isoformat() for day in _days(row)]
    served = {each["date"]: int(each["served"]) for each in covers if each["uai"] == row["uai"]}
    bins = read_table(BUILD / "waste" / "bins.csv")
    dishes = [each["dish"] for each in read_table(BUILD / "waste" / "dishes.csv")]
    total = int(row["g_per_cover"]) * sum(served[day] for day in days)
    weights = {day: int(served[day] * draws.between(Decimal(80), Decimal(120), "day", row["uai"], day)) for day in days}
    for day, edible in largest_remainder(weights, total).items():
        parts = largest_remainder({str(rank): int(each["share"]) for rank, each in enumerate(bins)}, edible)
        for rank, each in enumerate(bins):
            dish = draws.choice(dishes, "dish", row["uai"], day) if each["weighed_dish"] else ""
            yield _bin(row["uai"], day, f"{rank:02}", each, _weighing(parts[str(rank)], each["part"], day), dish)
        peel = {"stage": "preparation", "part": "inedible", "food_group": "", "cause": "trimming"}
        yield _bin(row["uai"], day, "peel", peel, PEEL_G_PER_COVER * served[day], "")


def _weighing(edible: int, part: str, day: str) -> int:
    """What is on the scale for so many edible grams: of what is not sorted, the law counts a share as not edible."""
    if part != "unsorted":
        return edible
    share = law().parameter("GAS-12", date.fromisoformat(day))
    return int((edible / (1 - share)).quantize(Decimal(1), ROUND_HALF_UP))


def _bin(uai: str, day: str, name: str, each: Row, net: int, dish: str) -> dict[str, object]:
    return {
        "uai": uai,
        "entry_key": f"demo-{uai}-{day}-{name}",
        "date": day,
        "service": "lunch",
        "stage": each["stage"],
        "part": each["part"],
        "gross_g": net + TARE_G,
        "tare_g": TARE_G,
        "net_g": net,
        "dish": dish,
        "food_group": each["food_group"],
        "cause": each["cause"],
        "note": NOTE,
    }
