"""The stream of a run: each change as a part of the page, the end as the end, nothing for who may not read it."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from catering.api import progress
from catering.people.viewer import Role
from catering.planning.models import PlanRun, RunStatus
from catering.web.departement.stream import MOST_POINTS, Curve
from tests.api.dataset import MOMENT
from tests.people.conftest import Site
from tests.web.conftest import browser_of

RUN = 9


def standing(cost: str | None, gap: str | None = None) -> dict[str, Any]:
    return {"bestCostEur": cost, "gap": gap}


async def test_a_run_is_told_until_it_ends(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_LOOKS", 0.01)
    run = PlanRun(
        id=RUN, scenario_id=1, status=RunStatus.RUNNING, time_limit_seconds=Decimal(60), seed=1, queued_at=MOMENT,
        phase="Menus", total_steps=4,
    )  # fmt: skip
    async with site.database.unit_of_work() as session:
        session.add(run)
    browser = await browser_of(site, Role.DEPARTEMENT)
    following = asyncio.create_task(browser.get(f"/departement/plans/{RUN}/flux"))
    for values in ({"done_steps": 2, "best_cost": Decimal(200)}, {"status": RunStatus.CANCELLED, "ended_at": MOMENT}):
        await asyncio.sleep(0.2)
        async with site.database.unit_of_work() as session:
            await session.execute(update(PlanRun).where(PlanRun.id == RUN).values(**values))
    answer = await asyncio.wait_for(following, 10)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    first, second, end, rest = answer.text.split("\n\n")
    assert (first.splitlines()[0], end.splitlines()[0], rest) == ("event: state", "event: end", "")
    assert all(line.startswith(("event: ", "data: ")) for line in (first + "\n" + second).splitlines())
    assert "Menus : 0 sur 4" in first
    assert "Menus : 2 sur 4" in second
    assert "200,00" in second


@pytest.mark.parametrize(("role", "run"), [(None, "1"), (Role.CHEF, "2"), (Role.DEPARTEMENT, "99")])
async def test_who_may_not_read_a_run_is_told_nothing(role: Role | None, run: str, site: Site) -> None:
    answer = await (await browser_of(site, role)).get(f"/departement/plans/{run}/flux")
    assert (answer.status_code, answer.text) == (204, "")


def test_the_curve_shows_the_cost_until_there_is_a_bound_then_the_gap() -> None:
    curve = Curve()
    curve.add(standing(None))
    curve.add(standing("200.00"))
    assert curve.drawn() is None
    curve.add(standing("150.00"))
    assert "25,00 %" in (curve.drawn() or "")
    curve.add(standing("150.00", "0.2"))
    curve.add(standing("140.00", "0.1"))
    drawn = curve.drawn() or ""
    assert "Écart au meilleur coût possible" in drawn
    assert "10,00 %" in drawn


def test_a_long_run_keeps_a_bounded_number_of_points() -> None:
    curve = Curve()
    for step in range(10 * MOST_POINTS):
        curve.add(standing(str(10_000 - step)))
    assert (curve.drawn() or "").count("<circle") <= MOST_POINTS
