"""Open a locked account again."""

from functools import partial
from typing import Annotated, TypeAlias

import strawberry

from catering.api.mutations.people import refusals
from catering.api.mutations.people.changing_account import AccountId, change_account
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.graph import Account
from catering.people.service import set_locked
from catering.refusal import Refusal


@strawberry.type(description="The account is open again; sessions and tokens that have not ended by themselves too.")
class AccountUnlocked:
    account: Account = strawberry.field(description="The account.")


UnlockAccountResult: TypeAlias = Annotated[
    AccountUnlocked | refusals.UnknownAccount | refusals.OwnAccountRefused | NotAllowed | KeyRefused,
    strawberry.union("UnlockAccountResult", description="The open account, or why it is not."),
]


@documented
async def unlock_account(info: Ask, account_id: AccountId, idempotency_key: IdempotencyKey) -> UnlockAccountResult:
    """Open a locked account again; only the administration of the Département may, in person."""
    change = partial(set_locked, locked=False)
    try:
        return AccountUnlocked(
            account=await change_account(info.context, "unlockAccount", account_id, idempotency_key, change)
        )
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
