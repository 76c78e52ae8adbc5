"""Sessions and tokens: opening, recognising and ending them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering.people import refusals, rules
from catering.people.models import Account, ApiToken, Session
from catering.people.rules import Way, sha256
from catering.people.service import actor_of, acts_for, change
from catering.people.viewer import Scope, Viewer


@dataclass(frozen=True, slots=True)
class Recognised:
    """Who a secret belongs to, and whether its last use is due to be noted."""

    viewer: Viewer
    due: bool


async def open_session(
    session: AsyncSession, account: Account, way: Way, now: datetime, *, id_token: str | None = None
) -> str:
    """Open a session for somebody who has just proved who they are; the secret for their cookie.

    Raises:
        refusals.SignInImpossible: the account is locked.
    """
    if account.locked_at is not None:
        raise refusals.SignInImpossible
    await session.execute(delete(Session).where(Session.expires_at < now - rules.SESSION_KEPT))
    secret = rules.new_secret()
    session.add(
        Session(
            token_sha256=sha256(secret),
            account_id=account.id,
            way=way,
            created_at=now,
            last_seen_at=now,
            expires_at=now + rules.SESSION_LASTS,
            provider_id_token=id_token,
        )
    )
    await session.flush()
    return secret


async def of_cookie(session: AsyncSession, secret: str, now: datetime, *, demonstration: bool) -> Recognised | None:
    """Who is signed in with this secret; None when the session is over or the account does not open.

    Args:
        session: to read with.
        secret: as the cookie holds it.
        now: the present.
        demonstration: whether accounts of the demonstration open.
    """
    statement = _opening(
        select(Session, Account).join(Account, Account.id == Session.account_id), demonstration=demonstration
    ).where(
        Session.token_sha256 == sha256(secret),
        Session.revoked_at.is_(None),
        Session.expires_at > now,
        Session.last_seen_at > now - rules.SESSION_SLEEPS,
    )
    found = (await session.execute(statement)).one_or_none()
    if found is None:
        return None
    row, account = found
    return Recognised(await viewer_of(session, account), rules.stale(row.last_seen_at, now))


async def of_token(session: AsyncSession, token: str, now: datetime, *, demonstration: bool) -> Recognised | None:
    """Whose program brings this token; None when it is over or the account does not open. Arguments as `of_cookie`."""
    statement = _opening(
        select(ApiToken, Account).join(Account, Account.id == ApiToken.account_id), demonstration=demonstration
    ).where(ApiToken.token_sha256 == sha256(token), ApiToken.revoked_at.is_(None), ApiToken.expires_at > now)
    found = (await session.execute(statement)).one_or_none()
    if found is None:
        return None
    row, account = found
    scopes = frozenset(Scope(each) for each in row.scopes)
    return Recognised(await viewer_of(session, account, scopes), rules.stale(row.last_used_at, now))


def _opening(statement: Select[*tuple[Any, ...]], *, demonstration: bool) -> Select[*tuple[Any, ...]]:
    statement = statement.where(Account.locked_at.is_(None))
    return statement if demonstration else statement.where(Account.demonstration.is_(False))


async def viewer_of(session: AsyncSession, account: Account, scopes: frozenset[Scope] | None = None) -> Viewer:
    """The identity of an account, with what it acts for today."""
    kitchens, suppliers = await acts_for(session, account.id)
    return Viewer(
        name=account.name,
        role=account.role,
        kitchens=kitchens if rules.may_act_for_kitchens(account.role) else frozenset(),
        suppliers=suppliers if rules.may_act_for_suppliers(account.role) else frozenset(),
        account=account.id,
        scopes=scopes,
        newcomer=account.toured_at is None and scopes is None,
    )


async def note_use(session: AsyncSession, secret: str, now: datetime) -> None:
    """Note that a session or a token has just been used."""
    digest = sha256(secret)
    await session.execute(update(Session).where(Session.token_sha256 == digest).values(last_seen_at=now))
    await session.execute(update(ApiToken).where(ApiToken.token_sha256 == digest).values(last_used_at=now))


async def close_session(session: AsyncSession, secret: str, now: datetime) -> str | None:
    """End the session of this secret, if one is open.

    What the provider that opened it asks to be shown when the person signs out there too, and is kept no longer; None
    when no provider did.
    """
    statement = select(Session).where(Session.token_sha256 == sha256(secret), Session.revoked_at.is_(None))
    row = (await session.scalars(statement)).one_or_none()
    if row is None:
        return None
    id_token = row.provider_id_token
    row.revoked_at, row.provider_id_token = now, None
    await session.flush()
    return id_token


async def close_all(session: AsyncSession, viewer: Viewer, now: datetime) -> int:
    """End every session of the viewer's account, the present one too; how many were open.

    Raises:
        refusals.InPersonOnly: a program asks, or somebody without an account.
    """
    account_id = own_account_id(viewer)
    open_now = select(Session).where(
        Session.account_id == account_id, Session.revoked_at.is_(None), Session.expires_at > now
    )
    rows = list(await session.scalars(open_now))
    for row in rows:
        row.revoked_at, row.provider_id_token = now, None
    if rows:
        ended = {"open": len(rows)}
        session.add(change(viewer.actor, Session.__tablename__, actor_of(account_id), ended, {"open": 0}))
    await session.flush()
    return len(rows)


def own_account_id(viewer: Viewer) -> int:
    """The number of the account of a person who asks in person.

    Raises:
        refusals.InPersonOnly: a program asks, or somebody without an account.
    """
    if viewer.account is None or not viewer.present:
        raise refusals.InPersonOnly
    return viewer.account
