"""The purchases of a year over HTTP, as a file that ma-cantine takes and that can be imported again."""

import tempfile
from collections.abc import Sequence
from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from catering.api.documents import RowId, download, download_of, signed_in
from catering.cells import Fault
from catering.documents.models import FileKind
from catering.purchases.exporting import write_purchases
from catering.purchases.graph_egalim import FIRST_YEAR, LAST_YEAR
from catering.purchases.importing import faults_file, faults_path, judge_file
from catering.purchases.refusals import NoPurchase, NotExportable, PurchasesRefused
from catering.refusal import Refusal

Year = Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR)]
Kind = Literal["csv", "xlsx"]


def ledger_router() -> APIRouter:
    """Routes of the ledger; the application keeps its database and settings in ``app.state``."""
    routes = APIRouter(include_in_schema=False)
    routes.add_api_route("/purchases/{year}.{kind}", fetch_purchases, methods=["GET"])
    routes.add_api_route(faults_path("{number}"), fetch_faults, methods=["GET"])
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
    # Written whole before it is sent: what cannot be exported is told as such, never by half a file.
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed once it is sent
    try:
        async with caller.database.reading() as session:
            await write_purchases(
                session, viewer, year, file, uais=kitchen, kind=FileKind(kind), by_siret=by == "siret"
            )
    except BaseException as error:
        file.close()
        if isinstance(error, NoPurchase | NotExportable):
            raise HTTPException(404 if isinstance(error, NoPurchase) else 409, str(error)) from error
        raise
    return download_of(file, FileKind(kind), f"achats_{year}.{kind}")


async def fetch_faults(request: Request, number: RowId, twins: bool = False, again: bool = False) -> Response:
    """Everything wrong with a file of purchases as a table: the file is judged again and nothing is kept."""
    caller, viewer = await signed_in(request)
    faults: Sequence[Fault] = ()
    async with caller.database.reading() as session:
        try:
            (await judge_file(session, viewer, number, twins_meant=twins, again_meant=again)).close()
        except PurchasesRefused as refused:
            faults = refused.faults
        except Refusal as refusal:
            raise HTTPException(404, str(refusal)) from refusal
    return download(faults_file(faults), FileKind.CSV, f"fautes_achats_{number}.csv")
