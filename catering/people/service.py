"""The accounts: inviting, locking, granting. Every change is one ``ChangeEvent``."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.people import refusals, rules
from catering.people.models import Account, AccountKitchen, AccountSupplier, ApiToken, ChangeEvent, Session
from catering.people.models.accounts import LONGEST_NAME
from catering.people.plain_text import email_address, plain_name
from catering.people.queries import accounts
from catering.people.viewer import Role, Viewer


def change(
    actor: str, subject: str, key: str, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> ChangeEvent:
    """The trace of a change that happens now."""
    return ChangeEvent(at=moment.now(), actor=actor, subject=subject, key=key, before=before, after=after)


async def invite(session: AsyncSession, viewer: Viewer, email: str, name: str, role: Role) -> Account:
    """Open an account, without access to any kitchen or supplier yet.

    Raises:
        refusals.Refusal: the viewer keeps no accounts, the name or address is bad, or the address has an account.
    """
    require_keeper(viewer)
    return await add_account(session, viewer.actor, email, name, role)


async def add_account(
    session: AsyncSession, actor: str | None, email: str, name: str, role: Role, *, demonstration: bool = False
) -> Account:
    """Add an account; who registers alone (``actor`` None) is the actor of their own trace.

    Raises:
        refusals.Refusal: the name or address is bad, or the address has an account.
    """
    kept = email_address(email)
    if await account_of_email(session, kept) is not None:
        raise refusals.EmailTaken(kept)
    account = Account(
        email=kept,
        name=plain_name(name, "le nom", LONGEST_NAME),
        role=role,
        created_at=moment.now(),
        demonstration=demonstration,
    )
    session.add(account)
    await session.flush()
    after = {"email": kept, "name": account.name, "role": role.value}
    session.add(change(actor or actor_of(account.id), Account.__tablename__, str(account.id), None, after))
    await session.flush()
    return account


def actor_of(account_id: int) -> str:
    """Who an account is in traces, as ``Viewer.actor`` says it."""
    return f"account {account_id}"


async def account_of_email(session: AsyncSession, folded: str) -> Account | None:
    """The account of an address as ``email_address`` folds it, locked or not."""
    return (await session.scalars(select(Account).where(Account.email == folded))).one_or_none()


async def set_locked(session: AsyncSession, viewer: Viewer, account_id: int, *, locked: bool) -> Account:
    """Lock an account, which ends at once whatever it had open, or open it again.

    Raises:
        refusals.Refusal: the viewer keeps no accounts, there is no such account, or it is their own.
    """
    require_keeper(viewer)
    account = await _account(session, viewer, account_id)
    if account.id == viewer.account:
        raise refusals.OwnAccount
    if (account.locked_at is not None) == locked:
        return account
    account.locked_at = moment.now() if locked else None
    if locked:
        await _end_what_is_open(session, account.id, moment.now())
    session.add(
        change(viewer.actor, Account.__tablename__, str(account.id), {"locked": not locked}, {"locked": locked})
    )
    await session.flush()
    return account


async def _end_what_is_open(session: AsyncSession, account_id: int, now: datetime) -> None:
    """End the sessions and tokens of an account for good: opening it again must not revive what was stolen."""
    ending = update(Session).where(Session.account_id == account_id, Session.revoked_at.is_(None))
    await session.execute(ending.values(revoked_at=now, provider_id_token=None))
    ending = update(ApiToken).where(ApiToken.account_id == account_id, ApiToken.revoked_at.is_(None))
    await session.execute(ending.values(revoked_at=now))


async def grant(
    session: AsyncSession, viewer: Viewer, account_id: int, *, kitchens: Collection[str], suppliers: Collection[str]
) -> Account:
    """Let an account act for kitchens (UAI) or suppliers (ids) that exist; those it has already are left as they are.

    Raises:
        refusals.Refusal: the viewer keeps no accounts, there is no such account, or its role does not act for these.
    """
    require_keeper(viewer)
    account = await _account(session, viewer, account_id)
    await give(session, viewer.actor, account, kitchens=kitchens, suppliers=suppliers)
    return account


async def give(
    session: AsyncSession,
    actor: str,
    account: Account,
    *,
    kitchens: Collection[str] = (),
    suppliers: Collection[str] = (),
) -> None:
    """Give an account what it acts for, whoever decided it: a keeper's grant, or a supplier its owner has registered.

    Raises:
        refusals.WrongRole: kitchens for who does not buy, or suppliers for who does not sell.
    """
    _require_role(account.role, kitchens, suppliers)
    has_kitchens, has_suppliers = await acts_for(session, account.id)
    for uai in sorted(set(kitchens) - has_kitchens):
        session.add(AccountKitchen(account_id=account.id, kitchen=uai))
        session.add(change(actor, AccountKitchen.__tablename__, f"{account.id} {uai}", None, {"kitchen": uai}))
    for slug in sorted(set(suppliers) - has_suppliers):
        session.add(AccountSupplier(account_id=account.id, supplier=slug))
        session.add(change(actor, AccountSupplier.__tablename__, f"{account.id} {slug}", None, {"supplier": slug}))
    await session.flush()


async def give_registered_supplier(session: AsyncSession, viewer: Viewer, slug: str) -> None:
    """Let the account that has just registered a supplier sell for it.

    Raises:
        refusals.InPersonOnly: the viewer has no account.
        refusals.WrongRole: the account does not sell.
    """
    account = None if viewer.account is None else await session.get(Account, viewer.account)
    if account is None:
        raise refusals.InPersonOnly
    await give(session, viewer.actor, account, suppliers=[slug])


async def withdraw(
    session: AsyncSession, viewer: Viewer, account_id: int, *, kitchens: Collection[str], suppliers: Collection[str]
) -> Account:
    """Take kitchens or suppliers back from an account; those it does not have are left out.

    Raises:
        refusals.Refusal: the viewer keeps no accounts, or there is no such account.
    """
    require_keeper(viewer)
    account = await _account(session, viewer, account_id)
    has_kitchens, has_suppliers = await acts_for(session, account.id)
    lost_kitchens, lost_suppliers = sorted(has_kitchens & set(kitchens)), sorted(has_suppliers & set(suppliers))
    for uai in lost_kitchens:
        session.add(change(viewer.actor, AccountKitchen.__tablename__, f"{account.id} {uai}", {"kitchen": uai}, None))
    for slug in lost_suppliers:
        session.add(
            change(viewer.actor, AccountSupplier.__tablename__, f"{account.id} {slug}", {"supplier": slug}, None)
        )
    of_kitchens = AccountKitchen.kitchen.in_(lost_kitchens)
    of_suppliers = AccountSupplier.supplier.in_(lost_suppliers)
    await session.execute(delete(AccountKitchen).where(AccountKitchen.account_id == account.id, of_kitchens))
    await session.execute(delete(AccountSupplier).where(AccountSupplier.account_id == account.id, of_suppliers))
    await session.flush()
    return account


async def acts_for(session: AsyncSession, account_id: int) -> tuple[frozenset[str], frozenset[str]]:
    """UAI of the kitchens and ids of the suppliers an account acts for."""
    kitchens = await session.scalars(select(AccountKitchen.kitchen).where(AccountKitchen.account_id == account_id))
    suppliers = await session.scalars(select(AccountSupplier.supplier).where(AccountSupplier.account_id == account_id))
    return frozenset(kitchens), frozenset(suppliers)


def require_keeper(viewer: Viewer) -> None:
    """Only the administration of the Département keeps accounts, in person.

    Raises:
        refusals.NotAllowed: the viewer has another role.
        refusals.InPersonOnly: the viewer is a program with a token.
    """
    if viewer.role is not Role.DEPARTEMENT:
        raise refusals.NotAllowed
    if not viewer.present:
        raise refusals.InPersonOnly


def _require_role(role: Role, kitchens: Collection[str], suppliers: Collection[str]) -> None:
    if kitchens and not rules.may_act_for_kitchens(role):
        raise refusals.WrongRole(role, "cuisine")
    if suppliers and not rules.may_act_for_suppliers(role):
        raise refusals.WrongRole(role, "entreprise")


async def _account(session: AsyncSession, viewer: Viewer, account_id: int) -> Account:
    account: Account | None = (await session.scalars(accounts(viewer, ids=[account_id]))).one_or_none()
    if account is None:
        raise refusals.UnknownAccount(account_id)
    return account
