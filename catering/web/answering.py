"""The routes of pages and actions: execute the operation, render the template; refusals are pages too."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from catering.api import Caller
from catering.api.body_limit import BodyTooLarge
from catering.api.context import caller
from catering.documents.models import PICTURES, PROOFS
from catering.people.viewer import Viewer
from catering.web.asked import Asked, BadFields, Fault
from catering.web.executing import Unanswered, Unsigned, execute
from catering.web.forms import form, form_of_parts, is_multipart
from catering.web.messages import told
from catering.web.navigation import SIGN_IN, home, links
from catering.web.pages import Action, Page
from catering.web.registry import ACTIONS, PAGES
from catering.web.rendering import HEADERS, shown
from catering.web.senders import may_send
from catering.web.spoken import spoken
from catering.web.uploads import with_file, with_files
from catering.web.visits import visit

Route = Callable[[Request], Awaitable[Response]]
OFFLINE = (
    "Cette page n'est pas gardée sur cet appareil. Sans réseau, celles qu'on a ouvertes restent lisibles : la semaine, "
    "le panier, les réceptions, la pesée, les effectifs. Ce qui y est noté part au retour du réseau."
)
MESSAGE = "message"
"""Field of a refusal that says in French what to do."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a form was not done: what is wrong field by field, and the refusal as the operation gave it, if it did."""

    faults: tuple[Fault, ...]
    result: Any = None


class Missing(Exception):  # noqa: N818 - an answer, not a crash
    """There is no such thing, or not for this reader."""


def router() -> APIRouter:
    """Every page and action of the registry, and ``/``."""
    routes = APIRouter(include_in_schema=False)
    routes.add_api_route("/", arrive, methods=["GET"])
    routes.add_api_route("/hors-ligne", offline, methods=["GET"])
    for page in PAGES.values():
        routes.add_api_route(page.path, show(page), methods=["GET"], name=page.name)
    for action in ACTIONS.values():
        routes.add_api_route(action.path, do(action), methods=["POST"], name=action.name)
    return routes


async def arrive(request: Request) -> Response:
    """The first page of whoever comes."""
    return RedirectResponse(home(await caller(request).present()), HTTPStatus.SEE_OTHER, HEADERS)


async def offline(_request: Request) -> Response:
    """What a device shows in the place of a page that it does not keep; it is nobody's."""
    return shown("told", title="Hors connexion", message=OFFLINE)


def show(page: Page) -> Route:
    """The route of a page."""

    async def route(request: Request) -> Response:
        by, asked = await _asked(request)
        try:
            return await _page(by, page, asked, request)
        except Unsigned:
            return _to_sign_in(request.url.path, request.url.query)

    return route


def do(action: Action) -> Route:
    """The route of an action."""

    async def route(request: Request) -> Response:
        by, asked = await _asked(request)
        page = PAGES[action.page]
        if asked.viewer is None:
            return await _expired(request, action, asked)
        asked, faults = await _read(by, action, request, asked)
        try:
            tried: str | Refused = Refused(faults) if faults else await _try(by, action, asked)
            if isinstance(tried, str):
                return RedirectResponse(tried, HTTPStatus.SEE_OTHER, HEADERS)
            return await _page(by, page, asked, request, tried)
        except Unsigned:
            return _to_sign_in(page.path.format_map(asked.path), "")

    return route


async def _read(by: Caller, action: Action, request: Request, asked: Asked) -> tuple[Asked, tuple[Fault, ...]]:
    """The request with its form, the files of which are kept; and what is wrong with them."""
    if action.file:
        return await with_file(by, request, asked, action.file)
    if action.pictures and is_multipart(request):
        return await with_files(by, request, asked, action.pictures, PICTURES)
    if action.proofs and is_multipart(request):
        return await with_files(by, request, asked, action.proofs, PROOFS)
    return replace(asked, form=await form(request)), ()


async def _expired(request: Request, action: Action, asked: Asked) -> Response:
    """The form of somebody whose session has ended: kept in a page that sends it again once they signed in.

    Nothing is stored for it. Files stay behind: a browser does not give them back.
    """
    try:
        typed = await (form_of_parts if is_multipart(request) else form)(request)
    except BodyTooLarge:
        return _to_sign_in(PAGES[action.page].path.format_map(asked.path), "")
    return shown(
        "sign_in/expired",
        HTTPStatus.UNAUTHORIZED,
        action=f"{request.url.path}{'?' if request.url.query else ''}{request.url.query}",
        typed=[(name, value) for name, values in typed.items() for value in values],
        parts_lost=is_multipart(request),
        **around(None, request, asked.path),
    )


async def _asked(request: Request) -> tuple[Caller, Asked]:
    by = caller(request)
    return by, Asked(await by.present(), request.path_params, dict(request.query_params))


async def _try(by: Caller, action: Action, asked: Asked) -> str | Refused:
    """Where a success leads, or what is wrong."""
    try:
        answer = await execute(by, asked.viewer, action.operation, action.variables(asked))
    except BadFields as refusal:
        return Refused(refusal.faults)
    except Unanswered as refusal:
        return Refused((Fault(None, spoken(str(refusal))),))
    ((_, result),) = answer.items()
    if result["__typename"] == action.done:
        return action.leads(result, asked)
    if "faults" in result and action.file is None:
        return Refused(tuple(_of_sheet(action, each) for each in result["faults"]))
    return Refused((Fault(_blamed(action, result["__typename"], asked), spoken(result[MESSAGE])),), result)


def _of_sheet(action: Action, fault: Mapping[str, str]) -> Fault:
    told = fault[MESSAGE][:1].upper() + fault[MESSAGE][1:]
    return Fault(action.columns.get(fault["column"]), f"{told} : {fault['repair']}." if fault["repair"] else f"{told}.")


def _blamed(action: Action, refusal: str, asked: Asked) -> str | None:
    field = action.blames.get(refusal)
    # A field that this form does not have counts as empty.
    given = defaultdict(str, {name: asked.text(name) for name in (*asked.form, *asked.path)})
    return None if field is None else field.format_map(given)


async def _page(by: Caller, page: Page, asked: Asked, request: Request, refused: Refused | None = None) -> Response:
    if asked.viewer is None and not page.public:
        raise Unsigned
    answer = await execute(by, asked.viewer, page.operation, page.variables(asked))
    if page.subject is not None and answer[page.subject] is None:
        raise Missing
    return shown(
        page.name,
        HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK,
        page=page,
        answer=answer,
        asked=asked,
        faults=refused.faults if refused else (),
        refusal=refused and refused.result,
        told=told(asked),
        sends=may_send(asked.viewer, page.name),
        **around(asked.viewer, request, asked.path),
        **page.shows(answer, asked),
    )


def around(viewer: Viewer | None, request: Request, path: Mapping[str, str]) -> dict[str, Any]:
    """What the layout shows around every page."""
    here = request.url.path
    return {
        "viewer": viewer,
        "links": tuple(links(viewer, path, here)),
        "visit": visit(viewer, here, request.query_params),
    }


def _to_sign_in(path: str, query: str) -> Response:
    back = f"{path}?{query}" if query else path
    return RedirectResponse(f"{SIGN_IN}?suite={quote(back, safe='/')}", HTTPStatus.SEE_OTHER, HEADERS)
