"""What a watchman counts of one web process, in the text format of Prometheus: requests, their times, memory.

Each process counts its own, as each has its own address to be asked at. Requests are counted by route as the program
writes it (``/cuisine/{uai}/semaine``): neither a person, nor a kitchen, nor what was asked stands in a figure.
"""

import hmac
import resource
import time
from collections import Counter, defaultdict
from pathlib import Path

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from catering.settings import Settings

METRICS = "/metrics"
KIND = "text/plain; version=0.0.4; charset=utf-8"
BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)  # legal-number: seconds, nothing of a law
"""Seconds of an answer, the upper ends of the histogram's steps."""
NO_ROUTE = "none"
"""Of addresses that nothing answers: they are invented by who asks, and would be without end."""
KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
STATUS = Path("/proc/self/statm")


class Metrics:
    """What this process has counted since it started."""

    def __init__(self) -> None:
        self.answers: Counter[tuple[str, str, int]] = Counter()
        """By method, route and status."""
        self.steps: dict[str, list[int]] = defaultdict(lambda: [0] * (len(BOUNDS) + 1))
        """By route: answers of each step, the last one without upper end."""
        self.seconds: dict[str, float] = defaultdict(float)
        self.under_way = 0

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        self.answers[method if method in KNOWN_METHODS else "other", route, status] += 1
        step = next((rank for rank, most in enumerate(BOUNDS) if seconds <= most), len(BOUNDS))
        self.steps[route][step] += 1
        self.seconds[route] += seconds

    def lines(self) -> list[str]:
        """Everything, as Prometheus reads it."""
        return [
            *_head("catering_requests_total", "counter", "Answers, by method, route and status."),
            *(
                f'catering_requests_total{{method="{method}",route="{_quoted(route)}",status="{status}"}} {count}'
                for (method, route, status), count in sorted(self.answers.items())
            ),
            *_head("catering_request_seconds", "histogram", "Seconds from a request to the end of its answer."),
            *(line for route in sorted(self.steps) for line in self._histogram(route)),
            *_head("catering_requests_under_way", "gauge", "Requests that are being answered."),
            f"catering_requests_under_way {self.under_way}",
            *_of_process(),
        ]

    def _histogram(self, route: str) -> list[str]:
        name, quoted, total, lines = "catering_request_seconds", _quoted(route), 0, []
        for most, count in zip([*map(str, BOUNDS), "+Inf"], self.steps[route], strict=True):
            total += count
            lines.append(f'{name}_bucket{{route="{quoted}",le="{most}"}} {total}')
        return [
            *lines,
            f'{name}_sum{{route="{quoted}"}} {self.seconds[route]:.6f}',
            f'{name}_count{{route="{quoted}"}} {total}',
        ]


def _head(name: str, kind: str, said: str) -> list[str]:
    return [f"# HELP {name} {said}", f"# TYPE {name} {kind}"]


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _of_process() -> list[str]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    lines = [
        *_head("process_cpu_seconds_total", "counter", "Seconds of processor of this process."),
        f"process_cpu_seconds_total {used.ru_utime + used.ru_stime:.2f}",
    ]
    if STATUS.exists():  # elsewhere than on Linux nobody tells it without a library
        resident = int(STATUS.read_text(encoding="ascii").split()[1]) * resource.getpagesize()
        lines += [*_head("process_resident_memory_bytes", "gauge", "Bytes in memory."),
                  f"process_resident_memory_bytes {resident}"]  # fmt: skip
    return lines


class Measure:
    """Counts each HTTP request and how long its answer took, to the last byte."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and count it when it has been answered or has failed."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        self.metrics.under_way += 1
        try:
            await self.app(scope, receive, noting)
        finally:
            self.metrics.under_way -= 1
            route = getattr(scope.get("route"), "path", NO_ROUTE)
            self.metrics.note(scope["method"], route, status, time.perf_counter() - begun)


def metrics_router(metrics: Metrics, config: Settings) -> APIRouter:
    """The route of the figures: there is none without a token in the settings, and nobody reads them without it."""
    routes = APIRouter(include_in_schema=False)

    async def tell(request: Request) -> PlainTextResponse:
        """The figures of this process."""
        given = request.headers.get("authorization", "").encode()
        assert config.metrics_token is not None
        if not hmac.compare_digest(given, f"Bearer {config.metrics_token.get_secret_value()}".encode()):
            raise HTTPException(401, "Jeton de surveillance attendu (CATERING_METRICS_TOKEN).")
        return PlainTextResponse("\n".join([*metrics.lines(), ""]), media_type=KIND)

    if config.metrics_token is not None:
        routes.add_api_route(METRICS, tell, methods=["GET"])
    return routes
