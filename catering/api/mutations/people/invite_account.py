"""Invite somebody: open an account for their address."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.people import refusals
from catering.api.mutations.people.changing_account import account_shown
from catering.api.once import IdempotencyKey, asked, once
from catering.api.places import require_places
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask, Request
from catering.people.graph import Account
from catering.people.service import give, invite
from catering.people.viewer import Role
from catering.refusal import Refusal


@strawberry.input(description="Who is invited, and what they act for.")
class InviteAccountInput:
    email: str = strawberry.field(description="Where links to sign in will be sent; ASCII, not case sensitive.")
    name: str = strawberry.field(description="As shown to people; Latin letters, 120 characters at most.")
    role: Role = strawberry.field(description="Decides what they may see; it does not change afterwards.")
    kitchens: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="UAI of the kitchens they buy for."
    )
    suppliers: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Ids of the suppliers they sell for."
    )


@strawberry.type(description="The account is open: its owner signs in by asking for a link at `/connexion`.")
class AccountInvited:
    account: Account = strawberry.field(description="The account.")


InviteAccountResult: TypeAlias = Annotated[
    AccountInvited
    | refusals.BadName
    | refusals.BadEmail
    | refusals.EmailTaken
    | refusals.WrongRole
    | refusals.UnknownPlaces
    | NotAllowed
    | KeyRefused,
    strawberry.union("InviteAccountResult", description="The account, or why there is none."),
]


@documented
async def invite_account(
    info: Ask,
    who: Annotated[InviteAccountInput, strawberry.argument(description="Who is invited.")],
    idempotency_key: IdempotencyKey,
) -> InviteAccountResult:
    """Open an account; only the administration of the Département may, in person."""
    try:
        number = await _invite(info.context, who, idempotency_key)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return AccountInvited(account=await account_shown(info.context, number))


async def _invite(request: Request, who: InviteAccountInput, key: str) -> int:
    viewer = request.viewer
    uais, slugs = [str(each) for each in who.kitchens], [str(each) for each in who.suppliers]

    async def write(session: AsyncSession) -> str:
        account = await invite(session, viewer, who.email, who.name, who.role)
        await require_places(session, viewer, uais, slugs)
        await give(session, viewer.actor, account, kitchens=uais, suppliers=slugs)
        return str(account.id)

    return int(await once(request, asked("inviteAccount", key, who), write))
