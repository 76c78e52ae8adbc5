"""Withdraw kitchens or suppliers from an account."""

from functools import partial
from typing import Annotated, TypeAlias

import strawberry

from catering.api.mutations.people import refusals
from catering.api.mutations.people.changing_account import AccountId, Kitchens, Suppliers, change_account
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.graph import Account
from catering.people.service import withdraw
from catering.refusal import Refusal


@strawberry.type(description="The account no longer acts for these, from its next request on.")
class AccessWithdrawn:
    account: Account = strawberry.field(description="The account, with what it still acts for.")


WithdrawAccessResult: TypeAlias = Annotated[
    AccessWithdrawn | refusals.UnknownAccount | NotAllowed | KeyRefused,
    strawberry.union("WithdrawAccessResult", description="The account, or why it keeps what it has."),
]


@documented
async def withdraw_access(
    info: Ask,
    account_id: AccountId,
    idempotency_key: IdempotencyKey,
    kitchens: Kitchens = [],  # noqa: B006 - read only
    suppliers: Suppliers = [],  # noqa: B006 - read only
) -> WithdrawAccessResult:
    """Take kitchens or suppliers back from an account; only the administration of the Département may, in person."""
    uais, slugs = sorted(str(each) for each in kitchens), sorted(str(each) for each in suppliers)
    change = partial(withdraw, kitchens=uais, suppliers=slugs)
    try:
        account = await change_account(info.context, "withdrawAccess", account_id, idempotency_key, change, uais, slugs)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    return AccessWithdrawn(account=account)
