"""The bilans of a year and the essential data of contracts over HTTP, as files that the State's platforms take."""

from typing import Annotated, Literal

from fastapi import APIRouter, HTTPException, Query
from starlette.requests import Request
from starlette.responses import Response

from catering.api.documents import SAFE, download, signed_in
from catering.api.ledger import Kind, Year
from catering.declarations.essential_data import as_csv, as_json, record_of, said_of
from catering.declarations.essential_reading import facts_of
from catering.declarations.exporting import bilans, bilans_file
from catering.declarations.models import DeclarationForm
from catering.declarations.refusals import IncompleteRecord, InvalidDeclaration, NoDeclaration
from catering.documents.models import FileKind

FORMS = {"simple": DeclarationForm.SIMPLE, "detaille": DeclarationForm.DETAILED}


def declaration_router() -> APIRouter:
    """Routes of declarations; the application keeps its database and settings in ``app.state``."""
    routes = APIRouter(include_in_schema=False)
    routes.add_api_route("/declarations/{year}/{form}.{kind}", fetch_bilans, methods=["GET"])
    routes.add_api_route("/contracts/{number}/essential-data.{kind}", fetch_essential_data, methods=["GET"])
    return routes


async def fetch_bilans(
    request: Request,
    year: Year,
    form: Literal["simple", "detaille"],
    kind: Kind,
    kitchen: Annotated[list[str] | None, Query()] = None,
    by: Literal["siret", "cantine_id"] = "siret",
    figures: Literal["declared", "today"] = "declared",
) -> Response:
    """The bilans of a civil year that the caller may read: as declared, else as the books say today."""
    caller, viewer = await signed_in(request)
    async with caller.database.reading() as session:
        try:
            found = await bilans(session, viewer, year, uais=kitchen, declared=figures == "declared")
            content = bilans_file(found, year, FORMS[form], FileKind(kind), by_siret=by == "siret")
        except NoDeclaration as nothing:
            raise HTTPException(404, str(nothing)) from nothing
        except InvalidDeclaration as reason:
            raise HTTPException(409, str(reason)) from reason
    return download(content, FileKind(kind), f"bilan_{form}_{year}.{kind}")


async def fetch_essential_data(request: Request, number: int, kind: Literal["json", "csv"]) -> Response:
    """The essential data of a contract that the caller may read: the State's file, or every datum as a list.

    The file is refused while it lacks what the structure requires: the list says what.
    """
    caller, viewer = await signed_in(request)
    async with caller.database.reading() as session:
        facts = await facts_of(session, viewer, number)
    if facts is None:
        raise HTTPException(404, "Aucun marché de ce numéro ne vous est lisible.")
    said = said_of(facts)
    if kind == "json" and (lacking := [each for each in said if each.lacks]):
        raise HTTPException(409, str(IncompleteRecord(lacking)))
    content = as_json(record_of(facts)) if kind == "json" else as_csv(said)
    headers = SAFE | {"Content-Disposition": f'attachment; filename="marche_{number}.{kind}"'}
    media = "application/json" if kind == "json" else "text/csv; charset=utf-8"
    return Response(content, media_type=media, headers=headers)
