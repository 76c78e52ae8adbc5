"""Who the API takes you for, and the accounts you may read."""

from datetime import datetime
from typing import Annotated

import strawberry

from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.paging import DEFAULT_ROWS, After, First, Order, Page, page
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.people import models
from catering.people.loaders import KitchensByAccountId, SuppliersByAccountId, TokensByAccountId
from catering.people.queries import (
    ACCOUNT_KEY,
    accounts,
    own_account,
    passkeys_visible_to,
    put_away_visible_to,
    sessions_visible_to,
)
from catering.people.rules import Way
from catering.people.viewer import Role, Scope

BY_NUMBER = Order(ACCOUNT_KEY)

strawberry.enum(Role, description="What a person does in public catering; it decides what they may see.")
strawberry.enum(Scope, description="What a program may do with a token, within what its account may.")
strawberry.enum(Way, description="How a session was opened.")


@strawberry.type(description="The identity on whose behalf the API answers.")
class Viewer:
    name: str = strawberry.field(description="As shown to people.")
    role: Role = strawberry.field(description="Decides what is visible.")
    kitchens: list[strawberry.ID] = strawberry.field(
        description="UAI of the kitchens one buys for; empty for other roles."
    )
    suppliers: list[strawberry.ID] = strawberry.field(description="Ids one sells as; empty for other roles.")
    account: strawberry.ID | None = strawberry.field(
        description="Number of the account; null in the demonstration when no identity is chosen."
    )
    scopes: list[Scope] | None = strawberry.field(
        description="What the token that was brought allows; null for a person, who may all that their role may."
    )


@strawberry.type(description="A token by which a program acts for an account. The token itself is shown only once.")
class ApiToken:
    id: strawberry.ID = strawberry.field(description="Number of the token.")
    name: str = strawberry.field(description="Of the program, as its owner calls it.")
    prefix: str = strawberry.field(description="First letters of the token, to recognise it.")
    scopes: list[Scope] = strawberry.field(description="What it allows.")
    created_at: datetime = strawberry.field(description="When it was made, UTC.")
    expires_at: datetime = strawberry.field(description="When it ends by itself, UTC.")
    last_used_at: datetime | None = strawberry.field(description="Its last use, within five minutes, UTC.")
    revoked_at: datetime | None = strawberry.field(description="When it was ended, UTC.")


@strawberry.type(description="A passkey (WebAuthn) of yours.")
class Passkey:
    id: strawberry.ID = strawberry.field(description="Number of the passkey.")
    name: str = strawberry.field(description="As you call it.")
    created_at: datetime = strawberry.field(description="When it was registered, UTC.")
    last_used_at: datetime | None = strawberry.field(description="When it last signed you in, UTC.")


@strawberry.type(description="A browser in which you are, or were, signed in.")
class Session:
    id: strawberry.ID = strawberry.field(description="Number of the session.")
    way: Way = strawberry.field(description="How it was opened.")
    created_at: datetime = strawberry.field(description="When it was opened, UTC.")
    last_seen_at: datetime = strawberry.field(description="Its last use, within five minutes, UTC.")
    expires_at: datetime = strawberry.field(description="When it ends by itself, UTC.")
    revoked_at: datetime | None = strawberry.field(description="When it was ended, UTC.")


@strawberry.type(description="A person who may sign in.")
class Account:
    row: strawberry.Private[models.Account]
    id: strawberry.ID = strawberry.field(description="Number of the account.")
    name: str = strawberry.field(description="As shown to people.")
    email: str = strawberry.field(description="Where links to sign in are sent.")
    role: Role = strawberry.field(description="Decides what they may see.")
    created_at: datetime = strawberry.field(description="When it was opened, UTC.")
    locked_at: datetime | None = strawberry.field(description="Since when nothing opens it, UTC; null when it is open.")

    @documented
    async def kitchens(self, info: Ask) -> list[strawberry.ID]:
        """UAI of the kitchens it buys for."""
        found = await info.context.loader(KitchensByAccountId).load(self.row.id)
        return [strawberry.ID(each.kitchen) for each in found]

    @documented
    async def suppliers(self, info: Ask) -> list[strawberry.ID]:
        """Ids of the suppliers it sells for."""
        found = await info.context.loader(SuppliersByAccountId).load(self.row.id)
        return [strawberry.ID(each.supplier) for each in found]

    @documented
    async def tokens(self, info: Ask) -> list[ApiToken]:
        """Its API tokens that are not over, the newest first; twenty at most."""
        return [show_token(each) for each in await info.context.loader(TokensByAccountId).load(self.row.id)]


@strawberry.type(description="Your own account, with what opens it.")
class OwnAccount:
    account: Account = strawberry.field(description="The account.")

    @documented
    async def passkeys(self, info: Ask) -> list[Passkey]:
        """Your passkeys, the oldest first; ten at most."""
        statement = passkeys_visible_to(info.context.viewer).order_by(models.Passkey.id)
        return [shown(Passkey, each, id=strawberry.ID(str(each.id))) for each in await info.context.objects(statement)]

    @documented
    async def sessions(self, info: Ask, first: First = DEFAULT_ROWS, after: After = None) -> Page[Session]:
        """Browsers in which you are or were signed in, the newest first."""
        return await page(
            info.context,
            sessions_visible_to(info.context.viewer),
            Order((models.Session.id,), newest_first=True),
            lambda each: shown(Session, each, id=strawberry.ID(str(each.id))),
            first,
            after,
        )


@strawberry.type
class Query:
    @documented
    def viewer(self, info: Ask) -> Viewer:
        """Who you are for the API; an error (SIGN_IN_REQUIRED) when nobody is signed in."""
        viewer = info.context.viewer
        return Viewer(
            name=viewer.name,
            role=viewer.role,
            kitchens=[strawberry.ID(uai) for uai in sorted(viewer.kitchens)],
            suppliers=[strawberry.ID(slug) for slug in sorted(viewer.suppliers)],
            account=None if viewer.account is None else strawberry.ID(str(viewer.account)),
            scopes=None if viewer.scopes is None else sorted(viewer.scopes),
        )

    @documented
    async def own_account(self, info: Ask) -> OwnAccount | None:
        """Your own account; null when you have none (the demonstration without a choice)."""
        row = await info.context.one(own_account(info.context.viewer))
        return None if row is None else OwnAccount(account=show_account(row))

    @documented
    async def notices_put_away(self, info: Ask) -> list[strawberry.ID]:
        """What names the notices of pages that you have put away (200 at most); none without an account."""
        own = put_away_visible_to(info.context.viewer).with_only_columns(models.NoticePutAway.notice)
        rows = await info.context.rows(own.order_by(models.NoticePutAway.notice))
        return [strawberry.ID(row.notice) for row in rows]

    @documented
    async def accounts(
        self,
        info: Ask,
        role: Annotated[Role | None, strawberry.argument(description="Only of this role.")] = None,
        first: First = DEFAULT_ROWS,
        after: After = None,
    ) -> Page[Account]:
        """Accounts in order of number: all for the Département and a controller, your own for everybody else."""
        statement = accounts(info.context.viewer, role=role)
        return await page(info.context, statement, BY_NUMBER, show_account, first, after)

    @documented
    async def account(
        self,
        info: Ask,
        number: Annotated[strawberry.ID, strawberry.argument(name="id", description="Number of the account.")],
    ) -> Account | None:
        """One account; null when there is none, or it is not yours to read."""
        row = await info.context.one(accounts(info.context.viewer, ids=[row_number(number, "compte")]))
        return None if row is None else show_account(row)


def show_account(row: models.Account) -> Account:
    """An account as GraphQL shows it."""
    return shown(Account, row, row=row, id=strawberry.ID(str(row.id)))


def show_token(row: models.ApiToken) -> ApiToken:
    """A token as GraphQL shows it."""
    return shown(ApiToken, row, id=strawberry.ID(str(row.id)), scopes=[Scope(each) for each in row.scopes])
