"""What the mutations of an existing account share."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.once import asked, once
from catering.graph.arguments import row_number
from catering.graph.request import Request
from catering.people import models
from catering.people.graph import Account, show_account
from catering.people.loaders import AccountById
from catering.people.viewer import Viewer

AccountId: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="Number of the account.")]
Kitchens: TypeAlias = Annotated[
    list[strawberry.ID], strawberry.argument(description="UAI of kitchens, for who buys; none by default.")
]
Suppliers: TypeAlias = Annotated[
    list[strawberry.ID], strawberry.argument(description="Ids of suppliers, for who sells; none by default.")
]
Change: TypeAlias = Callable[[AsyncSession, Viewer, int], Awaitable[models.Account]]


async def change_account(
    request: Request, operation: str, account_id: str, key: str, change: Change, *rest: object
) -> Account:
    """Change an account once per key, and show it as it stands afterwards.

    Args:
        request: the operation.
        operation: name of the mutation.
        account_id: number of the account.
        key: idempotency key.
        change: what to do.
        rest: what the key stands for besides the account.

    Raises:
        catering.people.refusals.Refusal: the change is refused.
        catering.api.once.KeyRefusedError: the key cannot be used.
        BadArgumentError: the id is not a number.
    """
    viewer, number = request.viewer, row_number(account_id, "compte")

    async def write(session: AsyncSession) -> str:
        return str((await change(session, viewer, number)).id)

    await once(request, asked(operation, key, [account_id, *rest]), write)
    return await account_shown(request, number)


async def account_shown(request: Request, number: int) -> Account:
    """An account that the viewer has just written."""
    row = await request.loader(AccountById).load(number)
    assert row is not None, "who may change an account may read it"
    return show_account(row)
