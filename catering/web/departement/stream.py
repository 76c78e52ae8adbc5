"""The progress of a run as server-sent events: each holds the part of the page that shows where it stands.

The stream executes the stored subscription, as any client may. The curve is drawn from what this stream has told: only
the present standing of a run is kept, so it begins when the page is opened.
"""

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from catering.api import Caller
from catering.api.context import caller
from catering.charts import ChartRow, Picture, line
from catering.people.viewer import Viewer
from catering.web.departement import plans
from catering.web.departement.follow import ENDED
from catering.web.executing import Unanswered, Unsigned, follow
from catering.web.rendering import HEADERS, TEMPLATES

PATH = f"{plans.PATH}/{{run}}/flux"
LONGEST = 600.0
"""Seconds; the browser then opens the stream again, and who it is is asked again."""
MOST_POINTS = 120
HUNDREDTH = Decimal("0.01")
SECONDS_PER_MINUTE = 60


def router() -> APIRouter:
    """The route of the stream."""
    routes = APIRouter(include_in_schema=False)
    routes.add_api_route(PATH, tell, methods=["GET"], name="departement/stream")
    return routes


async def tell(request: Request) -> Response:
    """The events of a run; nothing (which ends a browser's attempts) for who may not read it."""
    by = caller(request)
    viewer = await by.present()
    told = _told(by, viewer, request.path_params["run"])
    try:
        first = await anext(told)
    except (Unsigned, Unanswered, StopAsyncIteration):
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=HEADERS)
    return StreamingResponse(_events(first, told), media_type="text/event-stream", headers=HEADERS)


async def _told(by: Caller, viewer: Viewer | None, run: str) -> AsyncIterator[Mapping[str, Any]]:
    async with aclosing(follow(by, viewer, "administrator/PlanProgress", {"runId": run})) as answers:
        async for answer in answers:
            yield answer["planProgress"]


async def _events(first: Mapping[str, Any], told: AsyncIterator[Mapping[str, Any]]) -> AsyncIterator[str]:
    curve = Curve()
    yield _event(first, curve)
    if first["status"] in ENDED:
        return
    async for each in told:
        yield _event(each, curve)
        if curve.age > LONGEST:
            return


def _event(run: Mapping[str, Any], curve: "Curve") -> str:
    if run["status"] in ENDED:
        return "event: end\ndata:\n\n"
    curve.add(run)
    shown = TEMPLATES.get_template("departement/standing.html").render(run=run, curve=curve.drawn())
    lines = "".join(f"data: {each}\n" for each in shown.splitlines())
    return f"event: state\n{lines}\n"


class Curve:
    """How the best cost, or once there is a bound the gap to it, went since the page was opened."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._points: list[tuple[float, Decimal, Decimal | None]] = []

    @property
    def age(self) -> float:
        """Seconds since the page was opened."""
        return time.monotonic() - self._started

    def add(self, run: Mapping[str, Any]) -> None:
        """Note where a run stands; of too many points every second one is left out."""
        if run["bestCostEur"] is None:
            return
        gap = None if run["gap"] is None else Decimal(run["gap"])
        self._points.append((self.age, Decimal(run["bestCostEur"]), gap))
        if len(self._points) > MOST_POINTS:
            self._points = self._points[::2]

    def drawn(self) -> str | None:
        """The picture, as soon as there are two points to join."""
        if len(self._points) < 2:
            return None
        proven = [(age, gap * 100) for age, _, gap in self._points if gap is not None]
        if len(proven) > 1:
            return _picture("Écart au meilleur coût possible, depuis l'ouverture de cette page", proven)
        dearest = max(cost for _, cost, _ in self._points)
        saved = [(age, (dearest - cost) * 100 / dearest) for age, cost, _ in self._points if dearest]
        return _picture("Baisse du coût depuis le premier plan trouvé, depuis l'ouverture de cette page", saved)


def _picture(title: str, points: list[tuple[float, Decimal]]) -> str:
    rows = [ChartRow(_clock(age), value.quantize(HUNDREDTH)) for age, value in points]
    return line(Picture(title, "%", rows))


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), SECONDS_PER_MINUTE)
    return f"{minutes} min {rest:02d} s"
