"""The identities of the demonstration: accounts that open only while the setting ``demo_identity`` is on."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from catering.people.models import Account
from catering.people.refusals import SignInImpossible
from catering.people.rules import Way
from catering.people.service import account_of_email, add_account, give
from catering.people.sessions import open_session
from catering.people.viewer import Role


class Persona(NamedTuple):
    """One of the people a visitor of the demonstration may be."""

    role: Role
    name: str
    email: str


PERSONAS: Mapping[str, Persona] = {
    role.value: Persona(role, f"{name} (démonstration)", f"{role.value}@demonstration.example.org")
    for role, name in (
        (Role.DEPARTEMENT, "Administration du Département"),
        (Role.CHEF, "Camille Delattre, cheffe"),
        (Role.GESTIONNAIRE, "Dominique Lefebvre, gestionnaire"),
        (Role.PRODUCER, "Alex Caron, producteur"),
        (Role.HUB, "Claude Vasseur, plateforme"),
        (Role.NUTRITION_MANAGER, "Maxence Dubois, responsable nutrition"),
        (Role.AUDITOR, "Morgan Lemaire, contrôle"),
    )
}
"""By the word that chooses it. The domain is one that the standards keep for examples: no mail can reach it."""


async def become(
    session: AsyncSession, persona: Persona, now: datetime, *, kitchens: list[str], suppliers: list[str]
) -> str:
    """Open a session as one of the demonstration; the secret for the cookie. Its account is made the first time.

    Args:
        session: of a unit of work.
        persona: whom to be.
        now: the present.
        kitchens: UAI of the kitchens a buyer acts for.
        suppliers: ids of the suppliers a seller acts for.

    Raises:
        SignInImpossible: a real account has this address.
    """
    account: Account | None = await account_of_email(session, persona.email)
    if account is None:
        account = await add_account(
            session, "demonstration", persona.email, persona.name, persona.role, demonstration=True
        )
    if not account.demonstration:
        raise SignInImpossible
    await give(session, "demonstration", account, kitchens=kitchens, suppliers=suppliers)
    return await open_session(session, account, Way.DEMONSTRATION, now)
