"""The identities of the demonstration: accounts that open only while the setting ``demo_identity`` is on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from catering.people.models import Account
from catering.people.refusals import SignInImpossible
from catering.people.rules import Way
from catering.people.service import account_of_email, acts_for, add_account, give
from catering.people.sessions import open_session
from catering.people.viewer import Role

Row = TypeVar("Row")
ACTOR = "demonstration"
"""Who the traces name for what is done to its accounts."""


class Persona(NamedTuple):
    """One of the people a visitor of the demonstration may be. ``rank``: among those of the same role, from 0."""

    role: Role
    name: str
    email: str
    rank: int


CAST: Mapping[Role, Sequence[str]] = {
    Role.DEPARTEMENT: ("Administration du Département",),
    Role.CHEF: ("Camille Delattre, cheffe", "Sacha Lecocq, chef", "Noa Bailleul, cheffe"),
    Role.GESTIONNAIRE: ("Dominique Lefebvre, gestionnaire", "Andrea Fontaine, gestionnaire"),
    Role.PRODUCER: ("Alex Caron, producteur", "Lou Hennebelle, productrice", "Eden Wattel, producteur"),
    Role.HUB: ("Claude Vasseur, plateforme",),
    Role.NUTRITION_MANAGER: ("Maxence Dubois, responsable nutrition",),
    Role.AUDITOR: ("Morgan Lemaire, contrôle",),
}
"""The people of each role, all invented."""


KITCHENS: Mapping[Role, int] = {Role.CHEF: 1, Role.GESTIONNAIRE: 2}
"""How many kitchens a buyer of the demonstration has: a gestionnaire's agency looks after several."""


def share(rows: Sequence[Row], each: int, rank: int) -> Sequence[Row]:
    """What falls to the person of a rank when everyone of the role has ``each`` rows; the last ones share the last."""
    return rows[: each * (rank + 1)][-each:] if each else ()


def _word(role: Role, rank: int) -> str:
    return role.value if not rank else f"{role.value}-{rank + 1}"


PERSONAS: Mapping[str, Persona] = {
    _word(role, rank): Persona(role, f"{name} (démonstration)", f"{_word(role, rank)}@demonstration.example.org", rank)
    for role, names in CAST.items()
    for rank, name in enumerate(names)
}
"""By the word that chooses it. The domain is one that the standards keep for examples: no mail can reach it."""


async def account_of(session: AsyncSession, persona: Persona) -> Account:
    """The account of one of the demonstration, made the first time.

    Raises:
        SignInImpossible: a real account has this address.
    """
    account: Account | None = await account_of_email(session, persona.email)
    if account is None:
        return await add_account(session, ACTOR, persona.email, persona.name, persona.role, demonstration=True)
    if not account.demonstration:
        raise SignInImpossible
    return account


async def become(
    session: AsyncSession, persona: Persona, now: datetime, *, kitchens: list[str], suppliers: list[str]
) -> str:
    """Open a session as one of the demonstration; the secret for the cookie.

    Args:
        session: of a unit of work.
        persona: whom to be.
        now: the present.
        kitchens: UAI of the kitchens a buyer acts for, unless they have some already.
        suppliers: ids of the suppliers a seller acts for, unless they have some already.

    Raises:
        SignInImpossible: a real account has this address.
    """
    account = await account_of(session, persona)
    if not any(await acts_for(session, account.id)):
        await give(session, ACTOR, account, kitchens=kitchens, suppliers=suppliers)
    return await open_session(session, account, Way.DEMONSTRATION, now)
