"""From whom a provider vouches for to one of our accounts: it is found, never made, and keeps the rights it has."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering.people import refusals, rules
from catering.people.models import Account, ProviderLogin
from catering.people.openid import Person
from catering.people.plain_text import email_address
from catering.people.rules import Way, sha256
from catering.people.service import account_of_email, actor_of, change
from catering.people.sessions import open_session


async def start(session: AsyncSession, now: datetime) -> tuple[str, ProviderLogin]:
    """Write down a sign-in that goes to the provider; its state, which only the browser keeps, and the row."""
    await session.execute(delete(ProviderLogin).where(ProviderLogin.expires_at < now - rules.FORGOTTEN_AFTER))
    state = rules.new_secret()
    login = ProviderLogin(
        state_sha256=sha256(state),
        nonce=rules.new_secret(),
        code_verifier=rules.new_secret(),
        expires_at=now + rules.PROVIDER_LOGIN_LASTS,
    )
    session.add(login)
    await session.flush()
    return state, login


async def come_back(session: AsyncSession, state: str, now: datetime) -> tuple[str, str]:
    """Nonce and PKCE verifier of a sign-in that comes back, once; called in a transaction of its own.

    Raises:
        refusals.ProviderRefused: no sign-in of this state is under way.
    """
    found = await session.execute(
        update(ProviderLogin)
        .where(
            ProviderLogin.state_sha256 == sha256(state),
            ProviderLogin.used_at.is_(None),
            ProviderLogin.expires_at > now,
        )
        .values(used_at=now)
        .returning(ProviderLogin.nonce, ProviderLogin.code_verifier)
    )
    row = found.one_or_none()
    if row is None:
        raise refusals.ProviderRefused("Cette connexion a déjà abouti ou a plus de 10 minutes. La recommencer.")
    return row.nonce, row.code_verifier


async def sign_in(session: AsyncSession, person: Person, now: datetime) -> str:
    """Open a session for whom the provider vouches; the secret for the cookie.

    Raises:
        refusals.SignInImpossible: no open account is theirs, or the one of that address is somebody else's there.
    """
    known = select(Account).where(Account.provider_issuer == person.issuer, Account.provider_subject == person.subject)
    account = (await session.scalars(known)).one_or_none() or await _link(session, person)
    if account is None or account.demonstration:
        raise refusals.SignInImpossible
    return await open_session(session, account, Way.PROVIDER, now, id_token=person.id_token)


async def _link(session: AsyncSession, person: Person) -> Account | None:
    """The account of the verified address, from now on known by the provider's own name of the person."""
    if person.email is None:
        return None
    try:
        account = await account_of_email(session, email_address(person.email))
    except refusals.BadEmail:
        return None
    if account is None or account.locked_at is not None or account.demonstration:
        return None
    # Conditional: of two people at the provider who bring one address, the first is the one.
    linked = await session.execute(
        update(Account)
        .where(Account.id == account.id, Account.provider_subject.is_(None))
        .values(provider_issuer=person.issuer, provider_subject=person.subject)
        .returning(Account.id)
        .execution_options(synchronize_session=False)
    )
    if linked.one_or_none() is None:
        return None
    after = {"provider_issuer": person.issuer, "provider_subject": person.subject}
    before = {"provider_issuer": None, "provider_subject": None}
    session.add(change(actor_of(account.id), Account.__tablename__, str(account.id), before, after))
    await session.flush()
    return account
