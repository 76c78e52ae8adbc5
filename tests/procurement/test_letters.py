"""What a consultation tells by mail: to all at once, to each its own, once each, and lost to no crash."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import Database
from catering.outbox import delivery
from catering.outbox.delivery import PATIENCE, deliver_due
from catering.outbox.models import OutgoingMail
from catering.outbox.service import DOOR, Letter, one_line, queue
from catering.people.mail import MailFailed
from catering.people.models import Account, AccountSupplier
from catering.people.viewer import Role
from catering.procurement.models import ConsultationEvent, ConsultationInvite
from catering.procurement.queries_of_consultations import sending_letters_visible_to
from catering.procurement.service.answering import answer, ask
from catering.procurement.service.awarding import award, close_without_result, open_tenders
from catering.procurement.service.consulting import describe
from catering.procurement.service.publishing import publish
from catering.procurement.vocabulary import EventKind
from catering.settings import Settings
from catering.web.sign_in import accounts
from tests.people.mailbox import Mailbox, mail_server
from tests.procurement.conftest import (
    ELSEWHERE,
    FAR,
    FARMS,
    REASON,
    SIGNS,
    deadline_passed,
    near,
    need,
    offered,
    published,
)

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
SITE = "https://cantines.exemple.fr"
FIRST, SECOND, THIRD = (f"ferme{number}@exemple.fr" for number in range(3))


async def register(database: Database) -> None:
    """One person for each farm, a second one for the first, and two whom nobody writes to."""
    people = [(21, FIRST, 0), (22, SECOND, 1), (23, THIRD, 2), (24, "associee@exemple.fr", 0)]
    async with database.unit_of_work() as session:
        for number, email, farm in [*people, (25, "partie@exemple.fr", 1), (26, "demo@exemple.fr", 1)]:
            session.add(
                Account(
                    id=number,
                    email=email,
                    name=f"Personne {number}",
                    role=Role.PRODUCER,
                    created_at=datetime.now(UTC),
                    locked_at=datetime.now(UTC) if number == 25 else None,
                    demonstration=number == 26,
                )
            )
            session.add(AccountSupplier(account_id=number, supplier=f"ferme_{farm:02d}"))


@pytest.fixture
async def registered(market: Database) -> Database:
    """The farms with the people who act for them."""
    await register(market)
    return market


@pytest.fixture
async def mailbox() -> AsyncIterator[Mailbox]:
    """A mail server."""
    async with mail_server() as kept:
        yield kept


def config(mailbox: Mailbox) -> Settings:
    return Settings(
        public_url=SITE,
        mail_from="cantines@exemple.fr",
        smtp_host="127.0.0.1",
        smtp_port=mailbox.port,
        smtp_security="none",
    )


def by_reader(letters: list[EmailMessage]) -> dict[str, str]:
    return {str(letter["To"]): letter.get_content() for letter in letters}


async def queued(database: Database, topic: str | None = None) -> list[OutgoingMail]:
    async with database.reading() as session:
        rows = select(OutgoingMail).order_by(OutgoingMail.id)
        return list((await session.scalars(rows if topic is None else rows.where(OutgoingMail.topic == topic))).all())


def test_letters_lead_to_a_page_that_exists() -> None:
    pages = {route.path for route in accounts.router.routes if isinstance(route, APIRoute) and "GET" in route.methods}
    assert DOOR in pages


async def test_publishing_writes_to_everybody_who_acts_for_a_supplier_that_matches_and_to_nobody_else(
    registered: Database, mailbox: Mailbox
) -> None:
    number = await published(registered)
    assert await deliver_due(registered, config(mailbox)) == 4
    letters = by_reader(mailbox.letters)
    assert set(letters) == {FIRST, SECOND, THIRD, "associee@exemple.fr"}
    for text in letters.values():
        assert "Carottes de saison" in text
        assert f"se connecter, puis ouvrir la consultation n° {number}." in text
        assert f"{SITE}{DOOR}" in text.split()
    assert all(letter["Subject"] == "Consultation : Carottes de saison" for letter in mailbox.letters)
    assert "500" not in str(letters), "what the buyer expects to pay is not told"
    async with registered.reading() as session:
        invites = (await session.scalars(select(ConsultationInvite))).all()
        rows = (await session.scalars(sending_letters_visible_to(SIGNS))).all()
        hidden = (await session.scalars(sending_letters_visible_to(ELSEWHERE))).all()
        own = (await session.scalars(sending_letters_visible_to(FARMS[1]))).all()
    assert len({invite.sent_at for invite in invites} | {row.queued_at for row in rows}) == 1
    assert all(row.sent_at is not None for row in rows)
    assert (len(rows), hidden, [row.party for row in own]) == (4, [], ["ferme_01"])


async def test_the_log_says_to_whom_it_was_sent_and_whom_no_mail_reaches(market: Database) -> None:
    await register(market)
    async with market.unit_of_work() as session:
        await session.execute(update(Account).where(Account.id == 23).values(locked_at=datetime.now(UTC)))
    await published(market)
    async with market.reading() as session:
        told = select(ConsultationEvent.data).where(ConsultationEvent.kind == EventKind.CONSULTATION_PUBLISHED)
        data = (await session.scalars(told)).one()
    assert data["sent_to"] == ["ferme_00", "ferme_01", "ferme_02"]
    assert data["letters"] == ["ferme_00 2", "ferme_01 1"]
    assert data["without_account"] == ["ferme_02"]


async def test_what_is_not_published_is_not_sent(registered: Database) -> None:
    """The letters are of the transaction: it fails, they are gone with it."""
    with pytest.raises(ZeroDivisionError):
        async with registered.unit_of_work() as session:
            number = (await describe(session, SIGNS, need())).id
            await publish(session, SIGNS, number, FAR)
            raise ZeroDivisionError
    assert await queued(registered) == []


async def test_an_answer_goes_to_all_without_the_name_of_who_asked(registered: Database, mailbox: Mailbox) -> None:
    number = await published(registered)
    async with registered.unit_of_work() as session:
        asked = await ask(session, FARMS[0], number, "ferme_00", "Quel calibre ?")
    async with registered.unit_of_work() as session:
        await answer(session, SIGNS, number, asked.id, "De 20 à 40 mm.")
    await deliver_due(registered, config(mailbox))
    answers = [letter for letter in mailbox.letters if "Réponse" in str(letter["Subject"])]
    texts = by_reader(answers)
    assert set(texts) == {FIRST, SECOND, THIRD, "associee@exemple.fr"}
    assert len(set(texts.values())) == 1
    assert "Quel calibre ?" in texts[SECOND]
    assert "De 20 à 40 mm." in texts[SECOND]
    assert "Ferme" not in texts[SECOND]


async def test_somebody_who_was_not_asked_and_answers_is_told_as_the_others_are(registered: Database) -> None:
    await near(registered, 1)
    number = await published(registered, need(perimeter_km=10))
    assert {row.party for row in await queued(registered, "consultation_sent")} == {"ferme_01"}
    await offered(registered, number, 2)
    async with registered.unit_of_work() as session:
        asked = await ask(session, FARMS[0], number, "ferme_00", "Quel calibre ?")
        await answer(session, SIGNS, number, asked.id, "De 20 à 40 mm.")
    told = {row.party for row in await queued(registered, "question_answered")}
    assert told == {"ferme_00", "ferme_01", "ferme_02"}


async def test_an_offer_is_acknowledged_to_its_supplier_alone_and_its_price_told_to_nobody(
    registered: Database, mailbox: Mailbox
) -> None:
    number = await published(registered)
    tender = await offered(registered, number, 1, "1.2345")
    await deliver_due(registered, config(mailbox))
    (receipt,) = [letter for letter in mailbox.letters if "Offre reçue" in str(letter["Subject"])]
    assert receipt["To"] == SECOND
    text = receipt.get_content()
    assert f"Votre offre {tender} " in text
    assert re.search(r"\b[0-9a-f]{64}\b", text)
    assert "scellée" in text
    assert not re.search(r"1[.,]23", text)


async def test_each_seller_is_told_of_its_own_offer(registered: Database, mailbox: Mailbox) -> None:
    number = await published(registered)
    dear = await offered(registered, number, 0, "1.00", "72")
    fresh = await offered(registered, number, 1, "1.20", "12")
    await deadline_passed(registered, number)
    async with registered.unit_of_work() as session:
        await open_tenders(session, SIGNS, number)
        await award(session, SIGNS, number, fresh, REASON)
    await deliver_due(registered, config(mailbox))
    told = {
        str(letter["To"]): (str(letter["Subject"]), letter.get_content())
        for letter in mailbox.letters
        if "retenue" in str(letter["Subject"])
    }
    assert set(told) == {FIRST, "associee@exemple.fr", SECOND}, "the third farm made no offer"
    assert told[SECOND][0].startswith("Offre retenue")
    assert told[FIRST][0].startswith("Offre non retenue")
    assert f"offre {dear} " in told[FIRST][1]
    assert REASON in told[FIRST][1]
    assert "420" not in told[FIRST][1].replace(str(dear), ""), "the amount of the winner is not told"


async def test_a_closing_without_result_is_told_to_who_answered_and_to_who_was_asked(registered: Database) -> None:
    number = await published(registered)
    await offered(registered, number, 0)
    async with registered.unit_of_work() as session:
        await close_without_result(session, SIGNS, number, "Sans suite : le besoin a disparu, la cantine ferme.")
    outcomes = await queued(registered, "tender_outcome")
    others = await queued(registered, "lot_closed")
    assert {row.party for row in outcomes} == {"ferme_00"}
    assert {row.party for row in others} == {"ferme_01", "ferme_02"}
    assert all("la cantine ferme" in row.body for row in [*outcomes, *others])


async def test_a_letter_that_fails_is_tried_again_later_and_then_given_up(
    registered: Database, mailbox: Mailbox
) -> None:
    await published(registered)
    mailbox.refuses = True
    now = datetime.now(UTC) + timedelta(seconds=1)
    assert await deliver_due(registered, config(mailbox), now) == 0
    assert {(row.attempts, row.sent_at) for row in await queued(registered)} == {(1, None)}
    assert await deliver_due(registered, config(mailbox), now + timedelta(seconds=30)) == 0
    assert {row.attempts for row in await queued(registered)} == {1}, "it waits before it tries again"
    mailbox.refuses = False
    later = now + timedelta(minutes=PATIENCE[0])
    assert await deliver_due(registered, config(mailbox), later) == 4
    assert await deliver_due(registered, config(mailbox), later + timedelta(days=9)) == 0
    assert len(mailbox.letters) == 4, "what left does not leave again"


async def test_after_days_of_refusals_a_letter_is_given_up_and_says_why(market: Database, mailbox: Mailbox) -> None:
    await register(market)
    await published(market)
    mailbox.refuses = True
    now = datetime.now(UTC)
    for _ in range(len(PATIENCE) + 1):
        now += timedelta(days=2)
        await deliver_due(market, config(mailbox), now)
    rows = await queued(market)
    assert all(row.given_up_at is not None and "550" in (row.fault or "") for row in rows)
    mailbox.refuses = False
    assert await deliver_due(market, config(mailbox), now + timedelta(days=9)) == 0


async def test_a_process_that_dies_loses_no_letter_and_the_mailbox_knows_one_it_has(
    registered: Database, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It dies after the mail server took a letter and before that is written: the one case in which it leaves twice."""
    await published(registered)
    real = delivery._mark

    async def dies(session: AsyncSession, number: int, **values: object) -> None:
        if "sent_at" in values:
            raise KeyboardInterrupt
        await real(session, number, **values)

    monkeypatch.setattr(delivery, "_mark", dies)
    now = datetime.now(UTC) + timedelta(seconds=1)
    with pytest.raises(KeyboardInterrupt):
        await deliver_due(registered, config(mailbox), now)
    monkeypatch.setattr(delivery, "_mark", real)
    assert await deliver_due(registered, config(mailbox), now) == 3, "the claimed one is left to who claimed it"
    assert await deliver_due(registered, config(mailbox), now + delivery.CLAIMED_FOR) == 1
    assert len(mailbox.letters) == 5
    assert len({letter["Message-ID"] for letter in mailbox.letters}) == 4


async def test_two_servers_that_deliver_at_once_send_each_letter_once(registered: Database, mailbox: Mailbox) -> None:
    await published(registered)
    now = datetime.now(UTC) + timedelta(seconds=1)
    sent = await asyncio.gather(*(deliver_due(registered, config(mailbox), now) for _ in range(3)))
    assert sum(sent) == len(mailbox.letters) == 4
    assert len({letter["To"] for letter in mailbox.letters}) == 4


async def test_somebody_locked_since_is_not_written_to(on_sqlite: Database, mailbox: Mailbox) -> None:
    await register(on_sqlite)
    await published(on_sqlite)
    async with on_sqlite.unit_of_work() as session:
        await session.execute(update(Account).where(Account.email == THIRD).values(locked_at=datetime.now(UTC)))
    assert await deliver_due(on_sqlite, config(mailbox)) == 3
    assert THIRD not in by_reader(mailbox.letters)


async def test_without_a_mail_server_letters_wait(on_sqlite: Database) -> None:
    await register(on_sqlite)
    await published(on_sqlite)
    assert await deliver_due(on_sqlite, Settings()) == 0
    assert {row.attempts for row in await queued(on_sqlite)} == {0}
    with pytest.raises(MailFailed, match="CATERING_SMTP_HOST"):
        await delivery.post(Settings(), EmailMessage())


async def test_a_subject_cannot_carry_another_header(on_sqlite: Database, mailbox: Mailbox) -> None:
    await register(on_sqlite)
    nasty = "Lait\r\nBcc: espion@exemple.fr\r\n\r\n" + "x" * 300
    letter = Letter("essai", 1, "ferme_01", nasty, "Bonjour", "/")
    async with on_sqlite.unit_of_work() as session:
        assert await queue(session, [letter], datetime.now(UTC)) == {"ferme_01": 1}
    await deliver_due(on_sqlite, config(mailbox))
    (received,) = mailbox.letters
    assert received["Bcc"] is None
    assert "Bcc: espion@exemple.fr" in str(received["Subject"])
    assert len(one_line(nasty)) == 200
