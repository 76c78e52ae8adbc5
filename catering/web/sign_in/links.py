"""Links by mail: asking for one, showing the button it leads to, pressing it. A seller without account registers so."""

from http import HTTPStatus
from urllib.parse import urlencode

from fastapi import APIRouter, BackgroundTasks, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.api.client_address import client_of
from catering.people import links
from catering.people.links import Letter
from catering.people.mail import send_link
from catering.web.rendering import shown
from catering.web.sign_in.bodies import form
from catering.web.sign_in.doors import ARRIVAL, config_of, own_pages_only, own_path, signed_in, written

router = APIRouter()
SENT = (
    "Si un compte existe pour cette adresse, un lien vient de lui être envoyé. Il sert une fois, dans les 15 minutes. "
    "Rien reçu ? Regarder les indésirables, vérifier l'adresse, ou demander un accès au Département."
)
REGISTERED = (
    "Un lien vient d'être envoyé à cette adresse : l'ouvrir dans les 15 minutes pour terminer. "
    "Rien reçu ? Regarder les indésirables et vérifier l'adresse."
)


@router.post("/connexion/lien")
async def ask(request: Request, later: BackgroundTasks) -> Response:
    """Send a link; the answer is the same whether the address has an account or not."""
    own_pages_only(request)
    given = await form(request)
    await _send(request, later, given.get("email", ""), None, own_path(given.get("suite", "")))
    return shown("told", HTTPStatus.ACCEPTED, title="Lien demandé", message=SENT)


@router.post("/inscription")
async def register(request: Request, later: BackgroundTasks) -> Response:
    """Send a link that opens a seller's account; whoever has an account gets an ordinary link."""
    own_pages_only(request)
    given = await form(request)
    await _send(request, later, given.get("email", ""), given.get("nom", ""), ARRIVAL)
    return shown("told", HTTPStatus.ACCEPTED, title="Inscription demandée", message=REGISTERED)


@router.get("/connexion/lien")
async def arrive(jeton: str = "", suite: str = "") -> Response:
    """The button that a link leads to. Nothing is read or used: programs that scan mail open every link."""
    return shown("sign_in/confirm", token=jeton, back=own_path(suite))


@router.post("/connexion/confirmer")
async def confirm(request: Request) -> Response:
    """Use the link and open the session."""
    own_pages_only(request)
    given = await form(request)
    token = given.get("jeton", "")
    back = given.get("suite", "")
    return await signed_in(request, lambda session, now: links.use_link(session, token, now), back=back)


async def _send(request: Request, later: BackgroundTasks, email: str, registers: str | None, back: str) -> None:
    client = client_of(request, config_of(request))

    async def write(session: AsyncSession) -> Letter | None:
        return await links.ask_link(session, email, client, moment.now(), registers=registers)

    letter = await written(request, write)
    if letter is not None:
        config = config_of(request)
        wanted = {} if back == ARRIVAL else {"suite": back}
        url = f"{config.own_url}/connexion/lien?{urlencode({'jeton': letter.secret} | wanted)}"
        # After the answer: how long a mail takes would tell who has an account.
        later.add_task(send_link, config, letter.to, url)
