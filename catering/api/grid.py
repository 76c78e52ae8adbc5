"""The grid of compliance and its alerts over HTTP, as a table for a spreadsheet."""

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query
from starlette.requests import Request
from starlette.responses import Response

from catering.api.documents import download, signed_in
from catering.api.ledger import Kind, Year
from catering.compliance.files import Content, grid_file
from catering.compliance.grid import Asked
from catering.documents.models import FileKind
from catering.kitchens.epcis import UnknownEpci
from catering.moment import today


def grid_router() -> APIRouter:
    """Route of the grid; the application keeps its database and settings in ``app.state``."""
    routes = APIRouter(include_in_schema=False)
    routes.add_api_route("/grid/{year}.{kind}", fetch_grid, methods=["GET"])
    return routes


async def fetch_grid(
    request: Request,
    year: Year,
    kind: Kind,
    epci: Annotated[str | None, Query()] = None,
    rule: Annotated[list[str] | None, Query()] = None,
    content: Literal["grid", "alerts"] = "grid",
) -> Response:
    """The cells, or the alerts, of the kitchens that the caller may read; all by default."""
    caller, viewer = await signed_in(request)
    asked = Asked(year, today(), epci=epci, rules=rule)
    async with caller.database.reading() as session:
        try:
            table = await grid_file(session, viewer, asked, Content(content), FileKind(kind))
        except UnknownEpci as unknown:
            raise HTTPException(404, str(unknown)) from unknown
    return download(table, FileKind(kind), f"{'grille' if content == 'grid' else 'alertes'}_{year}.{kind}")
