"""The menus of a collège as open data over HTTP: a file of the national schema menus-collectifs, for everybody."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from catering.api.context import caller
from catering.api.documents import SAFE, RowId, download, signed_in
from catering.cells import Fault
from catering.documents.models import FileKind
from catering.graph.request import Request
from catering.market.importing import faults_file
from catering.menus.diners import place_of, week_of
from catering.menus.files.lines import MenusRefused
from catering.menus.files.scdl import PublishedDish, Publisher, write_scdl
from catering.menus.importing import judge_file
from catering.moment import now
from catering.receiving.origins import goods_told
from catering.refusal import Refusal
from catering.rules import Truth

LONGEST_PERIOD = timedelta(days=400)
NO_PLACE = "Aucun collège ne porte cet UAI."
BAD_DATES = f"last suit first, de {LONGEST_PERIOD.days} jours au plus."


def menu_router() -> APIRouter:
    """Route of the open data; the application keeps its database and settings in ``app.state``."""
    routes = APIRouter(prefix="/menus", include_in_schema=False)
    routes.add_api_route("/{uai}/menus-collectifs.csv", fetch_menus, methods=["GET"])
    routes.add_api_route("/{uai}/files/{number}/faults.csv", fetch_faults, methods=["GET"])
    return routes


async def fetch_menus(
    request: HttpRequest, uai: str, first: Annotated[date, Query()], last: Annotated[date, Query()]
) -> Response:
    """The menus of a collège between two days, both included."""
    if not timedelta() <= last - first <= LONGEST_PERIOD:
        raise HTTPException(422, BAD_DATES)
    by = caller(request)
    asked = Request(by.database, await by.present(), by.config)
    try:
        content = await _file(asked, uai, first, last)
    finally:
        await asked.forget()
    if content is None:
        raise HTTPException(404, NO_PLACE)
    name = f'attachment; filename="menus-collectifs_{first}_{last}.csv"'
    return Response(content, media_type="text/csv", headers=SAFE | {"Content-Disposition": name})


async def _file(asked: Request, uai: str, first: date, last: date) -> bytes | None:
    async with asked.reading() as session:
        place = await place_of(session, asked.signed_in, uai)
        if place is None:
            return None
        told = await goods_told(session, asked.signed_in, place.id, first, last)
        days = await week_of(session, asked.signed_in, place, first, last, told)
    config = asked.config
    publisher = Publisher(config.scdl_name, config.scdl_siret, place.name, place.uai, place.insee)
    dishes = [
        PublishedDish(
            day=each.day,
            slot=dish.slot,
            name=dish.name,
            code=dish.slug,
            vegetarian=dish.vegetarian is Truth.TRUE,
            allergens=dish.allergens,
            changed_at=dish.changed_at,
        )
        for each in days
        for dish in each.dishes
    ]
    return write_scdl(publisher, dishes, now())


async def fetch_faults(request: HttpRequest, uai: str, number: RowId) -> Response:
    """Everything wrong with a file of menus as a table: the file is judged again and nothing is kept."""
    by, viewer = await signed_in(request)
    faults: Sequence[Fault] = ()
    async with by.database.reading() as session:
        try:
            await judge_file(session, viewer, uai, number)
        except MenusRefused as refused:
            faults = refused.faults
        except Refusal as refusal:
            raise HTTPException(404, str(refusal)) from refusal
    return download(faults_file(faults), FileKind.CSV, f"fautes_menus_{uai}_{number}.csv")
