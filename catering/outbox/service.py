"""Use case of the outbox: queue letters within the transaction of what they tell."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import add_many
from catering.outbox.models import LONGEST_SUBJECT, OutgoingMail
from catering.people.models import Account, AccountKitchen, AccountSupplier

DOOR = "/connexion"
"""The page that every letter may lead to: who reads it signs in there."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is told to everybody who acts for a party.

    ``topic`` and ``about`` name the fact (a word and the number of a row), ``party`` is the id of a supplier or the
    UAI of a collège, ``path`` the page of this server that the letter leads to. All texts are French and plain.
    """

    topic: str
    about: int
    party: str
    subject: str
    body: str
    path: str


async def queue(session: AsyncSession, letters: Sequence[Letter], at: datetime) -> Mapping[str, int]:
    """Queue letters to every open account of their parties; they leave once the transaction is kept.

    Two statements whatever the letters.

    Args:
        session: of the transaction that makes what the letters tell.
        letters: at most one per topic, row and party.
        at: the present.

    Returns:
        How many people each party has to read them; a party that nobody acts for is missing.
    """
    accounts = await _accounts_of(session, {letter.party for letter in letters})
    rows = [
        OutgoingMail(
            topic=letter.topic,
            about=letter.about,
            party=letter.party,
            account_id=account,
            subject=one_line(letter.subject),
            body=letter.body,
            path=letter.path,
            queued_at=at,
            due_at=at,
            attempts=0,
        )
        for letter in letters
        for account in accounts.get(letter.party, ())
    ]
    await add_many(session, rows)
    return Counter({party: len(found) for party, found in accounts.items()})


async def _accounts_of(session: AsyncSession, parties: Collection[str]) -> Mapping[str, Sequence[int]]:
    """Accounts of people, by what they act for: neither locked nor of the demonstration, which no mail reaches."""
    acting = union_all(
        select(AccountSupplier.supplier.label("party"), AccountSupplier.account_id.label("account")).where(
            AccountSupplier.supplier.in_(parties)
        ),
        select(AccountKitchen.kitchen, AccountKitchen.account_id).where(AccountKitchen.kitchen.in_(parties)),
    ).subquery()
    reached = (
        select(acting.c.party, acting.c.account)
        .join(Account, Account.id == acting.c.account)
        .where(Account.locked_at.is_(None), ~Account.demonstration)
        .order_by(acting.c.party, acting.c.account)
    )
    found: dict[str, list[int]] = defaultdict(list)
    for party, account in await session.execute(reached):
        found[party].append(account)
    return found


def one_line(subject: str) -> str:
    """A subject that no line break can turn into another header, cut to what is kept."""
    line = " ".join(subject.split())
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1] + "…"
