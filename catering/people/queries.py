"""What a viewer may read of accounts: everybody their own, the Département and a controller all of them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Select, String, cast, literal, or_, select

from catering.people.models import (
    Account,
    AccountKitchen,
    AccountSupplier,
    ApiToken,
    NoticePutAway,
    Passkey,
    Session,
)
from catering.people.viewer import Role, Viewer

ACCOUNT_KEY = (Account.id,)
"""Order in which accounts are paged."""
READS_ACCOUNTS = frozenset({Role.DEPARTEMENT, Role.AUDITOR})
"""Who reads other people's accounts. A nutrition manager does not: names and addresses are personal data."""

MOST_PUT_AWAY = 200  # legal-number: width of a memory, nothing of the law
"""Of one person: of more, the oldest are shown again."""


def accounts_visible_to(viewer: Viewer) -> Select[Account]:
    """Accounts a viewer may read: their own; all of them for who keeps or controls the accounts."""
    statement = select(Account)
    return statement if viewer.role in READS_ACCOUNTS else statement.where(Account.id == viewer.account)


def signers_visible_to(
    viewer: Viewer, signed: Sequence[Select[str]], numbered: Sequence[Select[int]]
) -> Select[Account]:
    """Accounts named in rows a viewer may read, of which name and role alone may be shown.

    Args:
        viewer: who reads those rows.
        signed: selects of who did something, as ``Viewer.actor`` writes it.
        numbered: selects of numbers of accounts.
    """
    del viewer
    actor = literal("account ").concat(cast(Account.id, String))
    return select(Account).where(
        or_(*(actor.in_(each) for each in signed), *(Account.id.in_(each) for each in numbered))
    )


def account_kitchens_visible_to(viewer: Viewer) -> Select[AccountKitchen]:
    """Kitchens granted to the accounts a viewer may read."""
    own = accounts_visible_to(viewer).with_only_columns(Account.id)
    return select(AccountKitchen).where(AccountKitchen.account_id.in_(own))


def account_suppliers_visible_to(viewer: Viewer) -> Select[AccountSupplier]:
    """Suppliers granted to the accounts a viewer may read."""
    own = accounts_visible_to(viewer).with_only_columns(Account.id)
    return select(AccountSupplier).where(AccountSupplier.account_id.in_(own))


def tokens_visible_to(viewer: Viewer) -> Select[ApiToken]:
    """API tokens of the accounts a viewer may read, never their secret: it is not stored."""
    own = accounts_visible_to(viewer).with_only_columns(Account.id)
    return select(ApiToken).where(ApiToken.account_id.in_(own))


def passkeys_visible_to(viewer: Viewer) -> Select[Passkey]:
    """A viewer's own passkeys."""
    return select(Passkey).where(Passkey.account_id == viewer.account)


def sessions_visible_to(viewer: Viewer) -> Select[Session]:
    """A viewer's own sessions."""
    return select(Session).where(Session.account_id == viewer.account)


def put_away_visible_to(viewer: Viewer) -> Select[NoticePutAway]:
    """Notices that a viewer has put away: their own alone, at most `MOST_PUT_AWAY`."""
    return select(NoticePutAway).where(NoticePutAway.account_id == viewer.account)


def accounts(viewer: Viewer, *, ids: Collection[int] | None = None, role: Role | None = None) -> Select[Account]:
    """Visible accounts that meet every condition given."""
    statement = accounts_visible_to(viewer)
    if ids is not None:
        statement = statement.where(Account.id.in_(ids))
    if role is not None:
        statement = statement.where(Account.role == role)
    return statement


def open_tokens(viewer: Viewer, now: datetime) -> Select[ApiToken]:
    """Visible tokens that are neither revoked nor past their end."""
    return tokens_visible_to(viewer).where(ApiToken.revoked_at.is_(None), ApiToken.expires_at > now)


def own_account(viewer: Viewer) -> Select[Account]:
    """The viewer's own account; none for the command line and the demonstration without a choice."""
    return accounts_visible_to(viewer).where(Account.id == viewer.account)
