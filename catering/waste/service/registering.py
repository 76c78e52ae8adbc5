"""Register an establishment of care that has no UAI: its FINESS is what it is known by, here and on its papers."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from stdnum import luhn

from catering.communes import communes
from catering.db import inserting
from catering.kitchens.epcis import UnknownEpci, require_epci
from catering.kitchens.models import FINESS_LENGTH, Kitchen
from catering.kitchens.queries import kitchens
from catering.moment import now
from catering.people.viewer import Role, Viewer
from catering.waste import refusals
from catering.waste.models import WasteSite
from catering.waste.rules.figures import CARE
from catering.waste.service.ground import changed, plain
from catering.waste.vocabulary import KitchenKind

LONGEST_ADDRESS = 200  # legal-number: width of a column
MOST_RESIDENTS = 5_000
DEAREST_MEAL = Decimal(50)


@dataclass(frozen=True, slots=True)
class Establishment:
    """An establishment of care: ``insee`` of its commune, ``residents`` it feeds, € excl. tax of food per meal."""

    finess: str
    name: str
    kind: KitchenKind
    address: str
    postcode: str
    insee: str
    epci: str
    residents: int
    budget_eur_per_meal: Decimal


async def register(session: AsyncSession, viewer: Viewer, given: Establishment) -> Kitchen:
    """Register an establishment by its FINESS, or correct what was registered; what it was before is in the trace.

    From then on it serves every day, weighs by the protocol of care, has its diagnostic and its exports. It is no
    collège: no plan is made for it.

    Raises:
        catering.refusal.Refusal: only the administration of the Département registers; a number, a commune or a figure
            that cannot be, an EPCI that no kitchen is of.
    """
    if viewer.role is not Role.DEPARTEMENT:
        raise refusals.MayNotRegister
    _require_figures(given)
    try:
        await require_epci(session, viewer, given.epci)
    except UnknownEpci as unknown:
        raise refusals.InvalidStatement(str(unknown)) from unknown
    after = _columns(given)
    new = inserting(session, Kitchen).values(uai=given.finess, **after, made_by=viewer.actor)
    added = await session.scalar(new.on_conflict_do_nothing(index_elements=["uai"]).returning(Kitchen.id))
    of = kitchens(viewer, uais=[given.finess]).with_for_update(key_share=True, of=Kitchen)
    row = (await session.scalars(of.execution_options(populate_existing=True))).one()
    if added is not None:
        site = WasteSite(kitchen_id=row.id, kind=given.kind, made_at=now(), made_by=viewer.actor)
        session.add(site)
    before = None if added is not None else {name: getattr(row, name) for name in after}
    if before != after:
        for name, value in after.items():
            setattr(row, name, value)
        session.add(changed(viewer, Kitchen.__tablename__, given.finess, before, after))
    await session.flush()
    return row


def _columns(given: Establishment) -> dict[str, Any]:
    """The row of a kitchen, texts as they are kept, its place that of its commune."""
    commune = communes()[given.insee]
    return {
        "name": plain(given.name, "Le nom", LONGEST_ADDRESS, refusals.InvalidStatement),
        "address": plain(given.address, "L'adresse", LONGEST_ADDRESS, refusals.InvalidStatement),
        "postcode": given.postcode,
        "commune": commune.name,
        "insee": commune.insee,
        "epci": given.epci,
        "lat": commune.lat,
        "lon": commune.lon,
        "pupils": given.residents,
        "budget_eur_per_meal": given.budget_eur_per_meal,
    }


def _require_figures(given: Establishment) -> None:
    if not re.fullmatch(rf"[0-9]{{{FINESS_LENGTH}}}", given.finess) or not luhn.is_valid(given.finess):
        raise refusals.InvalidStatement(
            f"« {given.finess} » n'est pas un numéro FINESS : neuf chiffres, le dernier est une clé. Le recopier de la "
            "décision d'autorisation ou de finess.sante.gouv.fr."
        )
    if given.kind not in CARE:
        raise refusals.InvalidStatement("Un collège se connaît par son UAI : choisir EHPAD ou établissement social.")
    if not re.fullmatch(r"[0-9]{5}", given.postcode):
        raise refusals.InvalidStatement(f"« {given.postcode} » : donner le code postal, cinq chiffres.")
    if given.insee not in communes():
        raise refusals.InvalidStatement(
            f"« {given.insee} » n'est le code INSEE d'aucune commune du Pas-de-Calais : ce n'est pas le code postal."
        )
    if not 1 <= given.residents <= MOST_RESIDENTS:
        raise refusals.InvalidStatement(f"{given.residents} résidents : donner de 1 à {MOST_RESIDENTS}.")
    euros = given.budget_eur_per_meal
    if not (euros.is_finite() and 0 < euros <= DEAREST_MEAL and euros == round(euros, 4)):
        raise refusals.InvalidStatement(f"{euros} € de denrées par repas : donner plus de 0, {DEAREST_MEAL} € au plus.")
