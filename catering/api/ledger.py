"""The purchases of a year over HTTP, as a file that ma-cantine takes and that can be imported again."""

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from catering.api.documents import download, signed_in
from catering.documents.models import FileKind
from catering.purchases.exporting import purchases_file
from catering.purchases.graph_egalim import FIRST_YEAR, LAST_YEAR
from catering.purchases.refusals import NoPurchase, NotExportable

Year = Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR)]
Kind = Literal["csv", "xlsx"]


def ledger_router() -> APIRouter:
    """Routes of the ledger; the application keeps its database and settings in ``app.state``."""
    routes = APIRouter(include_in_schema=False)
    routes.add_api_route("/purchases/{year}.{kind}", fetch_purchases, methods=["GET"])
    return routes


async def fetch_purchases(
    request: Request,
    year: Year,
    kind: Kind,
    kitchen: Annotated[list[str] | None, Query()] = None,
    by: Literal["siret", "cantine_id"] = "siret",
) -> Response:
    """The purchases of a civil year that the caller may read, of the kitchens named (UAI) or of all."""
    caller, viewer = await signed_in(request)
    async with caller.database.reading() as session:
        try:
            content = await purchases_file(
                session, viewer, year, uais=kitchen, kind=FileKind(kind), by_siret=by == "siret"
            )
        except NoPurchase as nothing:
            raise HTTPException(404, str(nothing)) from nothing
        except NotExportable as reason:
            raise HTTPException(409, str(reason)) from reason
    return download(content, FileKind(kind), f"achats_{year}.{kind}")
