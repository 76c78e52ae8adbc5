"""The identities of the demonstration: a visitor chooses whom to be, while the setting ``demo_identity`` is on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.origin import names_this_machine
from catering.api.sign_in.bodies import form
from catering.api.sign_in.doors import config_of, own_pages_only, signed_in
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.market.models import Supplier, SupplierKind
from catering.market.queries import suppliers
from catering.people.demonstration import KITCHENS, PERSONAS, Persona, become, share
from catering.people.viewer import Role, demo_viewer
from catering.refusal import Refusal

router = APIRouter()
KINDS = {Role.PRODUCER: SupplierKind.PRODUCER, Role.HUB: SupplierKind.HUB}


class NoDemonstration(Refusal):
    """The demonstration is closed, or has nobody of that name."""

    def __init__(self) -> None:
        known = ", ".join(PERSONAS)
        super().__init__(
            f"Pas d'identité de démonstration de ce nom ici. Celles d'une démonstration ouverte : {known}."
        )


@router.post("/demonstration")
async def choose(request: Request) -> Response:
    """Open a session as one of the demonstration's people."""
    own_pages_only(request)
    config = config_of(request)
    persona = PERSONAS.get((await form(request)).get("identite", ""))
    if persona is None or not config.demo_identity or not names_this_machine(request, config):
        raise NoDemonstration
    return await signed_in(request, lambda session, now: _become(session, persona, now))


async def _become(session: AsyncSession, persona: Persona, now: datetime) -> str:
    buying = kitchens(demo_viewer()).order_by(Kitchen.uai)
    uais = await _share(session, buying, KITCHENS.get(persona.role, 0), persona.rank)
    kind = KINDS.get(persona.role)
    selling = suppliers(demo_viewer(), kind=kind).order_by(Supplier.slug)
    slugs = await _share(session, selling, 0 if kind is None else 1, persona.rank)
    return await become(
        session,
        persona,
        now,
        kitchens=[each.uai for each in uais],
        suppliers=[each.slug for each in slugs],
    )


async def _share(session: AsyncSession, statement: Select[Any], each: int, rank: int) -> Sequence[Any]:
    """What falls to the person of this rank when everyone of the role has ``each`` rows."""
    return share((await session.scalars(statement.limit(each * (rank + 1)))).all(), each, rank)
