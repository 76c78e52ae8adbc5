"""Grant an account kitchens to buy for or suppliers to sell for."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.people import refusals
from catering.api.mutations.people.changing_account import AccountId, Kitchens, Suppliers, change_account
from catering.api.once import IdempotencyKey
from catering.api.places import require_places
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people import models
from catering.people.graph import Account
from catering.people.service import grant, require_keeper
from catering.people.viewer import Viewer
from catering.refusal import Refusal


@strawberry.type(description="The account acts for these kitchens or suppliers from its next request on.")
class AccessGranted:
    account: Account = strawberry.field(description="The account, with all it acts for.")


GrantAccessResult: TypeAlias = Annotated[
    AccessGranted | refusals.UnknownAccount | refusals.UnknownPlaces | refusals.WrongRole | NotAllowed | KeyRefused,
    strawberry.union("GrantAccessResult", description="The account, or why it acts for nothing more."),
]


@documented
async def grant_access(
    info: Ask,
    account_id: AccountId,
    idempotency_key: IdempotencyKey,
    kitchens: Kitchens = [],  # noqa: B006 - read only
    suppliers: Suppliers = [],  # noqa: B006 - read only
) -> GrantAccessResult:
    """Let an account act for kitchens or suppliers; only the administration of the Département may, in person."""
    uais, slugs = sorted(str(each) for each in kitchens), sorted(str(each) for each in suppliers)

    async def change(session: AsyncSession, viewer: Viewer, number: int) -> models.Account:
        require_keeper(viewer)
        await require_places(session, viewer, uais, slugs)
        return await grant(session, viewer, number, kitchens=uais, suppliers=slugs)

    try:
        account = await change_account(info.context, "grantAccess", account_id, idempotency_key, change, uais, slugs)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return AccessGranted(account=account)
