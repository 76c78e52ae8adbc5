"""Signing in by a link sent by mail: single use, fifteen minutes, confirmed by a press of a button."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering.people import refusals, rules
from catering.people.models import Account, SignInLink
from catering.people.models.accounts import LONGEST_NAME
from catering.people.plain_text import email_address, plain_name
from catering.people.rules import Way, sha256
from catering.people.service import account_of_email, add_account
from catering.people.sessions import open_session
from catering.people.viewer import Role


@dataclass(frozen=True, slots=True)
class Letter:
    """A link to send: to whom, and the secret it carries."""

    to: str
    secret: str


async def ask_link(
    session: AsyncSession, email: str, client: str, now: datetime, *, registers: str | None = None
) -> Letter | None:
    """Write down a link for an address; what to send, None for an address that nobody may sign in with.

    An unknown address costs the same reads and writes as a known one and its caller answers alike, so that asking
    tells nobody who has an account.

    Args:
        session: of a unit of work.
        email: as typed.
        client: network address that asks.
        now: the present.
        registers: name of who asks for a seller's account; whoever has an account already gets an ordinary link.

    Raises:
        refusals.BadEmail: it is no address.
        refusals.BadName: the name of who registers cannot be kept.
        refusals.TooManyAsked: too many links for this address or from this client.
    """
    address = email_address(email)
    name = None if registers is None else plain_name(registers, "le nom", LONGEST_NAME)
    await _forget(session, now)
    link = SignInLink(
        address_sha256=sha256(address),
        client_sha256=sha256(rules.client_network(client)),
        created_at=now,
        expires_at=now + rules.LINK_LASTS,
    )
    await _require_few(session, link, now)
    account, secret = await account_of_email(session, address), rules.new_secret()
    link.token_sha256 = sha256(secret)
    opens = account is not None and account.locked_at is None and not account.demonstration
    if account is not None and opens:
        link.account_id = account.id
    elif account is None and name is not None:
        link.new_email, link.new_name = address, name
    session.add(link)
    await session.flush()
    return Letter(address, secret) if link.account_id is not None or link.new_email is not None else None


async def use_link(session: AsyncSession, secret: str, now: datetime) -> str:
    """Open the session that a link promises, once; the secret for the cookie.

    Raises:
        refusals.LinkRefused: the link was used, is too old or was never sent.
        refusals.SignInImpossible: the account was locked since.
        refusals.EmailTaken: two links registered the same seller, and the other was used first.
    """
    statement = (
        update(SignInLink)
        .where(
            SignInLink.token_sha256 == sha256(secret),
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > now,
            SignInLink.account_id.is_not(None) | SignInLink.new_email.is_not(None),
        )
        .values(used_at=now)
        .returning(SignInLink.account_id, SignInLink.new_email, SignInLink.new_name)
    )
    used = (await session.execute(statement)).one_or_none()
    if used is None:
        raise refusals.LinkRefused
    if used.account_id is None:
        account = await add_account(session, None, used.new_email, used.new_name, Role.PRODUCER)
    else:
        account = await session.get_one(Account, used.account_id)
    return await open_session(session, account, Way.LINK, now)


async def _forget(session: AsyncSession, now: datetime) -> None:
    await session.execute(delete(SignInLink).where(SignInLink.expires_at < now - rules.FORGOTTEN_AFTER))


async def _require_few(session: AsyncSession, link: SignInLink, now: datetime) -> None:
    for same, most in (
        (SignInLink.address_sha256 == link.address_sha256, rules.LINKS_PER_ADDRESS),
        (SignInLink.client_sha256 == link.client_sha256, rules.LINKS_PER_CLIENT),
    ):
        if await _asked_lately(session, same, now) >= most:
            raise refusals.TooManyAsked


async def _asked_lately(session: AsyncSession, same: ColumnElement[bool], now: datetime) -> int:
    since = SignInLink.created_at > now - rules.COUNTED_OVER
    return (await session.scalar(select(func.count()).select_from(SignInLink).where(same, since))) or 0
