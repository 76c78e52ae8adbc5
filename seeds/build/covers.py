"""Planned covers per kitchen and weekday, so that a school year totals the Département's known lunches.

The registered half-boarders (the "forfait") eat on the same four days, so a kitchen plans the same number on each.
"""

from collections.abc import Mapping
from pathlib import Path

from seeds.build.tables import SEEDS, read_parameters, read_table, write_table

COLUMNS = ("uai", "weekday", "covers")


def largest_remainder(weights: Mapping[str, int], total: int) -> dict[str, int]:
    """Share `total` in proportion to `weights`: floors first, what is left to the largest remainders.

    Ties go to the smaller key, so that the result does not depend on the order of the input.
    """
    whole = sum(weights.values())
    shares = {key: total * weight // whole for key, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda key: (-(total * weights[key] % whole), key))
    for key in by_remainder[: total - sum(shares.values())]:
        shares[key] += 1
    return shares


def daily_total(lunches: int, days: int) -> int:
    """Return the covers per day whose total over `days` comes nearest to `lunches` (half goes up)."""
    return (2 * lunches + days) // (2 * days)


def build_covers(out: Path) -> None:
    """Write `kitchens/covers.csv` under `out` from `kitchens/kitchens.csv` and the parameters."""
    parameters = read_parameters()
    pupils = {row["uai"]: int(row["pupils"]) for row in read_table(SEEDS / "kitchens" / "kitchens.csv")}
    total = daily_total(int(parameters["lunches_per_year"]), int(parameters["service_days_2026_27"]))
    covers = largest_remainder(pupils, total)
    rows = (
        {"uai": uai, "weekday": weekday, "covers": covers[uai]}
        for uai in sorted(covers)
        for weekday in parameters["service_weekdays"].split()
    )
    write_table(out / "kitchens" / "covers.csv", COLUMNS, rows)
