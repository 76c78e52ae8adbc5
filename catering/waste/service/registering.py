"""Register an establishment of care that has no UAI: its FINESS is what it is known by, here and on its papers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from stdnum import luhn

from catering.communes import communes
from catering.db import inserting
from catering.figures import unit_price
from catering.kitchens.epcis import UnknownEpci, require_epci
from catering.kitchens.models import FINESS_LENGTH, Kitchen
from catering.kitchens.queries import colleges, kitchens
from catering.moment import now
from catering.people.viewer import Role, Viewer
from catering.spelling import deceit, tidy
from catering.waste import refusals
from catering.waste.models import WasteSite
from catering.waste.refusals import FieldFault
from catering.waste.rules.figures import CARE
from catering.waste.service.ground import changed
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
        refusals.MayNotRegister: only the administration of the Département registers.
        refusals.InvalidEstablishment: a number, a commune or a figure that cannot be, an EPCI that no kitchen is of.
    """
    if viewer.role is not Role.DEPARTEMENT:
        raise refusals.MayNotRegister
    faults = [*_wrong(given), *await _wrong_epci(session, viewer, given)]
    if faults:
        raise refusals.InvalidEstablishment(faults)
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
        "name": tidy(given.name),
        "address": tidy(given.address),
        "postcode": given.postcode,
        "commune": commune.name,
        "insee": commune.insee,
        "epci": given.epci,
        "lat": commune.lat,
        "lon": commune.lon,
        "pupils": given.residents,
        "budget_eur_per_meal": given.budget_eur_per_meal,
    }


async def _wrong_epci(session: AsyncSession, viewer: Viewer, given: Establishment) -> list[FieldFault]:
    """An EPCI that no kitchen is of, or not that of the kitchens of the same commune."""
    try:
        await require_epci(session, viewer, given.epci)
    except UnknownEpci as unknown:
        near = " ou ".join(f"« {each} »" for each in unknown.near)
        repair = f"écrire {near}" if near else "en vérifier le nom"
        return [FieldFault("epci", f"Aucune cuisine n'est de l'intercommunalité « {given.epci} »", repair)]
    beside = colleges(viewer).where(Kitchen.insee == given.insee).order_by(Kitchen.uai)
    known = await session.scalar(beside.with_only_columns(Kitchen.epci).limit(1))
    if known is not None and known != given.epci:
        told = f"La commune n'est pas de l'intercommunalité « {given.epci} »"
        return [FieldFault("epci", told, f"choisir « {known} »")]
    return []


def _wrong(given: Establishment) -> Iterator[FieldFault]:
    """What is wrong field by field, in the order of the fields."""
    yield from _wrong_number(given.finess)
    yield from _wrong_text("name", "Le nom", given.name)
    if given.kind not in CARE:
        yield FieldFault("kind", "Un collège se connaît par son UAI", "choisir EHPAD ou établissement social")
    yield from _wrong_text("address", "L'adresse", given.address)
    if not re.fullmatch(r"[0-9]{5}", given.postcode):
        yield FieldFault("postcode", f"« {given.postcode} » n'est pas un code postal", "donner cinq chiffres")
    if given.insee not in communes():
        told = f"« {given.insee} » n'est le code INSEE d'aucune commune du Pas-de-Calais"
        yield FieldFault("insee", told, "ce n'est pas le code postal, le lire sur insee.fr")
    if not 1 <= given.residents <= MOST_RESIDENTS:
        yield FieldFault("residents", f"{given.residents} résidents", f"donner de 1 à {MOST_RESIDENTS}")
    euros = given.budget_eur_per_meal
    if not (euros.is_finite() and 0 < euros <= DEAREST_MEAL and euros == round(euros, 4)):
        told = f"{unit_price(euros)} de denrées par repas"
        yield FieldFault("budgetEurPerMeal", told, f"donner plus de 0, {DEAREST_MEAL} € au plus")


def _wrong_number(finess: str) -> Iterator[FieldFault]:
    if not re.fullmatch(rf"[0-9]{{{FINESS_LENGTH}}}", finess) or not luhn.is_valid(finess):
        told = f"« {finess} » n'est pas un numéro FINESS, neuf chiffres dont le dernier est une clé"
        yield FieldFault("finess", told, "le recopier de la décision d'autorisation ou de finess.sante.gouv.fr")


def _wrong_text(field: str, what: str, text: str) -> Iterator[FieldFault]:
    kept = tidy(text)
    if not 1 <= len(kept) <= LONGEST_ADDRESS:
        yield FieldFault(field, f"{what} est à écrire", f"de 1 à {LONGEST_ADDRESS} caractères")
    elif trick := deceit(kept):
        yield FieldFault(field, f"{what} {trick}", "le retaper")
