"""Delivering the letters that are kept: each is claimed, sent and marked, and tried again later when it fails."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.db import Database
from catering.outbox.models import LONGEST_FAULT, OutgoingMail
from catering.people.mail import MailFailed, can_send, plain_letter, post
from catering.people.models import Account
from catering.rounds import again_until
from catering.settings import Settings

log = logging.getLogger(__name__)

CLAIMED_FOR = timedelta(minutes=10)
"""Longer than any mail server is waited for: a process that died in between left the letter to others."""
PATIENCE = [1, 5, 15, 60, 240, 720, 1440, 1440, 1440]  # legal-number: patience with a mail server
"""How many minutes to wait after each failure; a letter that fails once more is given up, after about five days."""
IDLE_SECONDS = 5.0
SIGNED = "Message automatique de la plateforme de restauration des collèges : ne pas y répondre."


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter that this process alone sends now."""

    id: int
    to: str | None
    """None when the account was locked since: nothing is sent to it."""
    name: str
    subject: str
    text: str
    attempts: int


async def deliver_until(stop: asyncio.Event, database: Database, config: Settings) -> None:
    """Deliver letters as they come due, until asked to stop: the letter under way is finished, for it may have left."""
    await again_until(stop, IDLE_SECONDS, partial(deliver_due, database, config, stop=stop))


async def deliver_due(
    database: Database, config: Settings, now: datetime | None = None, *, stop: asyncio.Event | None = None
) -> int:
    """Send every letter that is due, one after the other; how many left.

    Several processes may do so at once: a letter is claimed by one conditional statement. A process that dies after
    the mail server took a letter and before it wrote so leaves one that is sent again with the same ``Message-ID``,
    by which mailboxes tell a letter they have already.
    """
    if not can_send(config):
        return 0
    sent = 0
    while (letter := await _claim(database, config, now or moment.now())) is not None:
        sent += await _sent(database, config, letter, now)
        if stop is not None and stop.is_set():
            break
    return sent


async def _sent(database: Database, config: Settings, letter: Claimed, now: datetime | None) -> bool:
    try:
        if letter.to is None:
            raise MailFailed("le compte est fermé")
        await post(config, plain_letter(config, letter.to, letter.subject, letter.text, letter.name))
    except MailFailed as fault:
        log.warning("letter %s not sent (attempt %s): %s", letter.id, letter.attempts, fault)
        await _put_off(database, letter, str(fault), now or moment.now())
        return False
    async with database.unit_of_work() as session:
        await _mark(session, letter.id, sent_at=now or moment.now(), fault=None)
    return True


async def _claim(database: Database, config: Settings, now: datetime) -> Claimed | None:
    """The letter that waits longest, taken for a while; None when none is due."""
    due = (
        select(OutgoingMail.id)
        .where(OutgoingMail.sent_at.is_(None), OutgoingMail.given_up_at.is_(None), OutgoingMail.due_at <= now)
        .order_by(OutgoingMail.due_at, OutgoingMail.id)
        .limit(1)
    )
    async with database.reading() as session:
        if (await session.scalar(due)) is None:
            return None
    async with database.unit_of_work() as session:
        number = await session.scalar(due.with_for_update(skip_locked=True))
        if number is None:
            return None
        await _mark(session, number, due_at=now + CLAIMED_FOR, attempts=OutgoingMail.attempts + 1)
        letter = await session.get_one(OutgoingMail, number)
        account = await session.get_one(Account, letter.account_id)
        return Claimed(
            id=number,
            to=account.email if account.locked_at is None else None,
            name=f"{letter.topic}.{letter.about}.{number}",
            subject=letter.subject,
            text=f"{letter.body}\n\n{config.own_url}{letter.path}\n\n{SIGNED}\n",
            attempts=letter.attempts,
        )


async def _put_off(database: Database, letter: Claimed, fault: str, now: datetime) -> None:
    given_up = letter.to is None or letter.attempts > len(PATIENCE)
    async with database.unit_of_work() as session:
        if given_up:
            await _mark(session, letter.id, given_up_at=now, fault=fault[:LONGEST_FAULT])
        else:
            wait = timedelta(minutes=PATIENCE[letter.attempts - 1])
            await _mark(session, letter.id, due_at=now + wait, fault=fault[:LONGEST_FAULT])
    if given_up:
        log.error("letter %s given up after %s attempts: %s", letter.id, letter.attempts, fault)


async def _mark(session: AsyncSession, number: int, **values: object) -> None:
    await session.execute(update(OutgoingMail).where(OutgoingMail.id == number).values(**values))
