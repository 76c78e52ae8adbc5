"""A backtest for people and for programs."""

from collections.abc import Sequence
from platform import python_version
from typing import Any

import numpy
import scipy
from rich.table import Table

from catering.attendance.rules.backtest import (
    ALL,
    ANNOUNCED,
    CORRECTED,
    LONG_MEDIAN,
    MEDIAN,
    NAIVE,
    OURS,
    Backtest,
    Result,
)
from catering.attendance.rules.model import VERSION
from catering.attendance.rules.scores import COVERAGES, LEVELS

FRENCH = {
    OURS: "modèle",
    NAIVE: "même jour, semaine d'avant",
    MEDIAN: "médiane de 4 semaines",
    LONG_MEDIAN: "médiane de 12 semaines",
    ANNOUNCED: "annonce des cuisines",
    CORRECTED: "annonce corrigée",
}


def as_json(found: Sequence[Backtest]) -> dict[str, Any]:
    """Everything, with the versions that made it. Nothing is drawn at random: there is no seed."""
    versions = {"python": python_version(), "scipy": scipy.__version__, "numpy": numpy.__version__}
    return {"model": VERSION, "versions": versions, "backtests": [_test_as_json(each) for each in found]}


def _test_as_json(test: Backtest) -> dict[str, Any]:
    return {
        "lead_days": test.lead,
        "announcement_known": test.announcing,
        "first_day": test.first.isoformat(),
        "last_day": test.last.isoformat(),
        "origins": test.origins,
        "origins_with_regression": test.regressions,
        "groups": [_result_as_json(each) for each in test.results],
    }


def _result_as_json(result: Result) -> dict[str, Any]:
    return {
        "group": result.group,
        "methods": {
            name: {
                "days": score.days,
                "mae": round(score.mae, 2),
                "mape": round(score.mape, 5),
                "median_ape": round(score.median_ape, 5),
                "bias": round(score.bias, 2),
            }
            for name, score in result.points.items()
        },
        "margin_over": {
            name: round(gain, 4) for name in result.points if name != OURS and (gain := result.margin(name)) is not None
        },
        "pinball": {str(level): round(result.pinball[level], 2) for level in LEVELS},
        "pinball_of_usual_level": {str(level): round(result.pinball_median[level], 2) for level in LEVELS},
        "coverage": {str(share): round(result.coverage[share], 4) for share in COVERAGES},
    }


def tables(found: Sequence[Backtest]) -> list[Table]:
    """One table per test."""
    return [_table(each) for each in found]


def _table(test: Backtest) -> Table:
    known = "annonce du jour connue" if test.announcing else "sans l'annonce du jour"
    title = f"{test.lead} jour(s) avant, {known} : {test.first:%d/%m/%Y} – {test.last:%d/%m/%Y}, {test.origins} départs"
    table = Table(
        "groupe", "méthode", "jours", "EAM", "EAM %", "biais", "gain du modèle", "couverture 80 %", title=title
    )
    for result in test.results:
        for name, score in result.points.items():
            ours = name == OURS
            table.add_row(
                "tous" if result.group == ALL else result.group,
                FRENCH[name],
                str(score.days),
                f"{score.mae:.1f}",
                f"{score.mape:.2%}",
                f"{score.bias:+.1f}",
                "" if ours or (gain := result.margin(name)) is None else f"{gain:+.1%}",
                f"{result.coverage[COVERAGES[1]]:.1%}" if ours else "",
            )
    return table
