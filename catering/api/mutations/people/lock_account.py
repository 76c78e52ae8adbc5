"""Lock an account: whatever it had open ends at once."""

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


@strawberry.type(description="The account is locked: its sessions, links, passkeys and tokens open nothing any more.")
class AccountLocked:
    account: Account = strawberry.field(description="The account.")


LockAccountResult: TypeAlias = Annotated[
    AccountLocked | refusals.UnknownAccount | refusals.OwnAccountRefused | NotAllowed | KeyRefused,
    strawberry.union("LockAccountResult", description="The locked account, or why it is not."),
]


@documented
async def lock_account(info: Ask, account_id: AccountId, idempotency_key: IdempotencyKey) -> LockAccountResult:
    """Lock an account; only the administration of the Département may, in person."""
    change = partial(set_locked, locked=True)
    try:
        return AccountLocked(
            account=await change_account(info.context, "lockAccount", account_id, idempotency_key, change)
        )
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
