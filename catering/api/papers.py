"""Papers over HTTP: order forms, delivery notes, lists of a day, invoices, and the file of a buyer for a control.

A paper that a caller may not read is answered like one that does not exist.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import date
from typing import IO, Annotated, TypeVar

from fastapi import APIRouter, HTTPException, Path, Query
from starlette.background import BackgroundTask
from starlette.requests import Request as HttpRequest
from starlette.responses import Response, StreamingResponse

from catering.api.context import caller
from catering.api.documents import SAFE, RowId, signed_in
from catering.graph.request import Request
from catering.kitchens.calendar import week_of
from catering.market.models import Supplier
from catering.market.queries import suppliers
from catering.papers import reading
from catering.papers.control import FIRST_YEAR, LAST_YEAR, control_archive
from catering.papers.days import harvest_list, packing_list, tour_sheet
from catering.papers.invoices import invoice_copy
from catering.papers.menus import allergen_sheet, menu_register, week_menu
from catering.papers.orders import delivery_note, order_form
from catering.papers.poster import Paper, PosterFacts, egalim_poster
from catering.papers.waste import waste_declarations, waste_diagnostic
from catering.purchases import graph_egalim

Facts = TypeVar("Facts")
Year = Annotated[int, Path(ge=FIRST_YEAR, le=LAST_YEAR)]
DisplayYear = Annotated[int | None, Query(ge=graph_egalim.FIRST_YEAR, le=graph_egalim.LAST_YEAR)]
MOST_TOGETHER = 50
"""Suppliers whose goods one tour brings beside those of the hub."""
CHUNK = 65_536
DISPLAY_PAGE = "/colleges/{uai}/egalim"
"""Where a telephone reads what the poster says: the page that follows the year, not another sheet to print."""
NO_ORDER = "Aucune commande de ce numéro ne vous est lisible."
NO_DELIVERY = "Aucune livraison à faire de ce numéro ne vous est lisible."
NO_INVOICE = "Aucune facture de ce numéro ne vous est lisible."
NO_SUPPLIER = "Les listes d'un jour sont à leur fournisseur : aucun de ce nom n'est le vôtre."
NO_DIAGNOSTIC = "Aucun diagnostic de cette cuisine ne vous est lisible, ou pas de cette version."
NO_COLLEGE = "Aucun collège ne porte cet UAI."
NO_KITCHEN = "Aucune cuisine de ce numéro (UAI) ne vous est lisible."


def paper_router() -> APIRouter:
    """Routes of papers; the application keeps its database and settings in ``app.state``."""
    routes = APIRouter(prefix="/papers", include_in_schema=False)
    for path, paper in (
        ("/orders/{number}/order-form.pdf", fetch_order_form),
        ("/orders/{number}/delivery-note.pdf", fetch_delivery_note),
        ("/invoices/{number}/invoice.pdf", fetch_invoice),
        ("/suppliers/{slug}/harvest/{day}.pdf", fetch_harvest_list),
        ("/suppliers/{slug}/packing/{day}.pdf", fetch_packing_list),
        ("/suppliers/{slug}/tour/{day}.pdf", fetch_tour_sheet),
        ("/kitchens/{uai}/control-{year}.zip", fetch_control),
        ("/kitchens/{uai}/waste-diagnostic.pdf", fetch_waste_diagnostic),
        ("/kitchens/{uai}/waste-{year}.csv", fetch_waste_declarations),
        ("/kitchens/{uai}/menu-register.pdf", fetch_menu_register),
        ("/diners/{uai}/egalim.pdf", fetch_poster),
        ("/diners/{uai}/menus/{monday}.pdf", fetch_week_menu),
        ("/diners/{uai}/allergens/{monday}.pdf", fetch_allergens),
    ):
        routes.add_api_route(path, paper, methods=["GET"])
    return routes


async def fetch_order_form(request: HttpRequest, number: RowId) -> Response:
    """The order form of an order (bon de commande)."""
    async with _reading(request) as asked:
        facts = _found(await reading.order_of(asked, number), NO_ORDER)
        return await _pdf(f"bon_de_commande_{facts.orders[0].order.number}", lambda: order_form(facts))


async def fetch_delivery_note(request: HttpRequest, number: RowId) -> Response:
    """The delivery note of an order and of all that comes with it (bon de livraison)."""
    async with _reading(request) as asked:
        facts = _found(await reading.delivery_of(asked, number), NO_DELIVERY)
        return await _pdf(f"bon_de_livraison_{facts.orders[0].order.number}", lambda: delivery_note(facts))


async def fetch_invoice(request: HttpRequest, number: RowId) -> Response:
    """A readable copy of an invoice or a credit note."""
    async with _reading(request) as asked:
        facts = _found(await reading.invoice_of(asked, number), NO_INVOICE)
        return await _pdf(f"facture_{facts.invoice.number}", lambda: invoice_copy(facts))


async def fetch_harvest_list(request: HttpRequest, slug: str, day: date) -> Response:
    """What a supplier harvests for a delivery day (liste de récolte)."""
    async with _reading(request) as asked:
        supplier = _found(await reading.supplier_of(asked, slug), NO_SUPPLIER)
        wanted = await reading.harvest_of(asked, supplier, day)
        return await _pdf(f"recolte_{slug}_{day}", lambda: harvest_list(supplier, day, wanted))


async def fetch_packing_list(request: HttpRequest, slug: str, day: date) -> Response:
    """What a supplier packs for a delivery day, kitchen by kitchen (liste de colisage)."""
    async with _reading(request) as asked:
        supplier = _found(await reading.supplier_of(asked, slug), NO_SUPPLIER)
        drops = await reading.packing_of(asked, [supplier], day)
        return await _pdf(f"colisage_{slug}_{day}", lambda: packing_list(supplier, day, drops))


async def fetch_tour_sheet(
    request: HttpRequest,
    slug: str,
    day: date,
    also: Annotated[list[str] | None, Query(alias="with", max_length=MOST_TOGETHER)] = None,
) -> Response:
    """The tour from a hub with its own goods and those of the suppliers named ``with`` (feuille de tournée)."""
    async with _reading(request) as asked:
        start = _found(await reading.supplier_of(asked, slug), NO_SUPPLIER)
        others = [] if not also else await asked.objects(suppliers(asked.viewer, slugs=also).order_by(Supplier.slug))
        if {each.slug for each in others} != set(also or ()):
            raise HTTPException(404, NO_SUPPLIER)
        stops = await reading.tour_of(asked, start, others, day)
        return await _pdf(f"tournee_{slug}_{day}", lambda: tour_sheet(start, day, stops))


async def fetch_control(request: HttpRequest, uai: str, year: Year) -> Response:
    """The file of a buyer for a control: all that was bought in a year, how and why, in one archive."""
    async with _reading(request) as asked:
        archive = _found(await control_archive(asked, uai, year), NO_KITCHEN)
    headers = _headers(f"controle_{uai}_{year}.zip")
    return StreamingResponse(
        _chunks(archive), media_type="application/zip", headers=headers, background=BackgroundTask(archive.close)
    )


async def fetch_waste_diagnostic(
    request: HttpRequest, uai: str, version: Annotated[int | None, Query(ge=1, lt=2**31)] = None
) -> Response:
    """The diagnostic of food waste of a kitchen to sign, the latest version by default."""
    async with _reading(request) as asked:
        facts = _found(await reading.diagnostic_of(asked, uai, version), NO_DIAGNOSTIC)
        return await _pdf(f"diagnostic_{uai}_{facts.diagnostic.version}", lambda: waste_diagnostic(facts))


async def fetch_waste_declarations(request: HttpRequest, uai: str, year: Year) -> Response:
    """The campaigns of a year in the waste fields of ma-cantine."""
    async with _reading(request) as asked:
        found = _found(await reading.campaigns_of(asked, uai, year), NO_KITCHEN)
        headers = _headers(f"gaspillage_{uai}_{year}.csv")
        return Response(waste_declarations(found), media_type="text/csv; charset=utf-8", headers=headers)


async def fetch_menu_register(request: HttpRequest, uai: str, last: date | None = None) -> Response:
    """The register of menus of a kitchen, three months until a day, today by default (NUT-S4)."""
    async with _reading(request) as asked:
        facts = _found(await reading.register_of(asked, uai, last), NO_KITCHEN)
        return await _pdf(f"registre_{uai}_{facts.last}", lambda: menu_register(facts))


async def fetch_poster(request: HttpRequest, uai: str, year: DisplayYear = None, paper: Paper = "A4") -> Response:
    """The poster of the legal display of a collège, for everybody."""
    async with _open(request) as asked:
        found = _found(await reading.displayed_of(asked, uai, year), NO_COLLEGE)
        facts = PosterFacts(found, asked.config.own_url + DISPLAY_PAGE.format(uai=found.place.uai), paper)
        return await _pdf(f"egalim_{uai}_{found.year}_{paper}", lambda: egalim_poster(facts))


async def fetch_week_menu(request: HttpRequest, uai: str, monday: date) -> Response:
    """The menus of the week of a day, for everybody: allergens, origin of meat, season, vegetarian."""
    first = week_of(monday)
    async with _open(request) as asked:
        place, days = _found(await reading.diners_week_of(asked, uai, first), NO_COLLEGE)
        return await _pdf(f"menus_{uai}_{first}", lambda: week_menu(place, days, first))


async def fetch_allergens(request: HttpRequest, uai: str, monday: date) -> Response:
    """The sheet of allergens of the week of a day, for everybody (ALL-02)."""
    first = week_of(monday)
    async with _open(request) as asked:
        place, days = _found(await reading.diners_week_of(asked, uai, first), NO_COLLEGE)
        return await _pdf(f"allergenes_{uai}_{first}", lambda: allergen_sheet(place, days, first))


@asynccontextmanager
async def _open(request: HttpRequest) -> AsyncIterator[Request]:
    """One consistent read for whoever calls, signed in or not."""
    by = caller(request)
    asked = Request(by.database, await by.present(), by.config)
    try:
        yield asked
    finally:
        await asked.forget()


@asynccontextmanager
async def _reading(request: HttpRequest) -> AsyncIterator[Request]:
    """One consistent read on behalf of who calls."""
    by, viewer = await signed_in(request)
    asked = Request(by.database, viewer, by.config)
    try:
        yield asked
    finally:
        await asked.forget()


async def _pdf(name: str, render: Callable[[], bytes]) -> Response:
    """A paper, made beside the loop so that others are served meanwhile."""
    content = await asyncio.to_thread(render)
    return Response(content, media_type="application/pdf", headers=_headers(f"{name}.pdf"))


def _headers(name: str) -> dict[str, str]:
    plain = "".join(char if char.isascii() and (char.isalnum() or char in "._-") else "_" for char in name)
    return SAFE | {"Content-Disposition": f'attachment; filename="{plain}"'}


def _found(facts: Facts | None, otherwise: str) -> Facts:
    if facts is None:
        raise HTTPException(404, otherwise)
    return facts


def _chunks(archive: IO[bytes]) -> Iterator[bytes]:
    while chunk := archive.read(CHUNK):
        yield chunk
