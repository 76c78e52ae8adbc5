"""The same on the real PostgreSQL server, where nothing queues writers: secrets serve once, accounts are made once."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from webauthn import verify_registration_response
from webauthn.helpers import base64url_to_bytes

from catering.db import Database
from catering.people import links, passkeys, providers, refusals, sessions
from catering.people.models import Account, Passkey
from catering.people.openid import Person
from catering.people.passkeys import Site
from catering.people.rules import Ceremony
from tests.api.conftest import Client
from tests.api.test_postgres import postgres as postgres
from tests.people.authenticator import Authenticator
from tests.people.conftest import SITE, together

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
PLACE = Site("cantines.test", SITE)


@pytest.fixture
def database(postgres: Client) -> Database:
    """The small Département on PostgreSQL."""
    return postgres.database


def now() -> datetime:
    return datetime.now(UTC)


async def ask(database: Database, email: str, registers: str | None = None) -> str:
    async with database.unit_of_work() as session:
        letter = await links.ask_link(session, email, "192.0.2.7", now(), registers=registers)
    assert letter is not None
    return letter.secret


async def use(database: Database, secret: str) -> str:
    async with database.unit_of_work() as session:
        return await links.use_link(session, secret, now())


async def test_a_link_pressed_many_times_at_once_opens_one_session(database: Database) -> None:
    secret = await ask(database, "personne1@exemple.fr")
    found = await together(*(use(database, secret) for _ in range(8)))
    opened = [each for each in found if isinstance(each, str)]
    assert len(opened) == 1
    assert {type(each) for each in found} == {str, refusals.LinkRefused}
    async with database.reading() as session:
        known = await sessions.of_cookie(session, opened[0], now(), demonstration=False)
    assert known is not None
    assert (known.viewer.account, known.viewer.kitchens) == (1, {"0620000A"})


async def test_two_registrations_of_one_address_make_one_account(database: Database) -> None:
    secrets = [await ask(database, "nouvelle@exemple.fr", "Nouvelle") for _ in range(2)]
    found = await together(*(use(database, each) for each in secrets))
    assert sorted(isinstance(each, str) for each in found) == [False, True]
    # The loser meets either the account or, when both are made at once, the unique address: its caller tries again.
    assert all(isinstance(each, str | refusals.EmailTaken | IntegrityError) for each in found)
    async with database.reading() as session:
        assert await session.scalar(select(func.count()).where(Account.email == "nouvelle@exemple.fr")) == 1


async def test_two_people_of_one_address_at_the_provider_do_not_share_its_account(database: Database) -> None:
    async def sign_in(subject: str) -> str:
        async with database.unit_of_work() as session:
            person = Person("https://fournisseur.test", subject, "personne1@exemple.fr", "jeton")
            return await providers.sign_in(session, person, now())

    found = await together(*(sign_in(subject) for subject in ("une", "autre")))
    assert {type(each) for each in found} == {str, refusals.SignInImpossible}


async def test_a_challenge_is_spent_once_and_a_counter_moves_once(database: Database) -> None:
    device = Authenticator(SITE)
    async with database.unit_of_work() as session:
        point = device.create({"challenge": "A" * 43, "pubKeyCredParams": [{"type": "public-key", "alg": -7}]})
        made = verify_registration_response(
            credential=point,
            expected_challenge=base64url_to_bytes("A" * 43),
            expected_rp_id=PLACE.name,
            expected_origin=PLACE.origin,
        )
        session.add(
            Passkey(
                account_id=1,
                name="Tablette",
                credential_id=made.credential_id,
                public_key=made.credential_public_key,
                sign_count=2**32 - 2,
                created_at=now(),
            )
        )
    device.counter = 2**32 - 2
    async with database.unit_of_work() as session:
        options = json.loads(await passkeys.sign_in_options(session, PLACE, now()))
    answer = device.get(options)

    async def spend() -> bytes:
        async with database.unit_of_work() as session:
            return await passkeys.spend(session, answer, Ceremony.SIGN_IN, None, now())

    spent = await together(*(spend() for _ in range(5)))
    (challenge,) = [each for each in spent if isinstance(each, bytes)]
    assert {type(each) for each in spent} == {bytes, refusals.PasskeyRefused}

    async def sign_in() -> str:
        async with database.unit_of_work() as session:
            opened = await passkeys.sign_in(session, PLACE, answer, challenge, now())
            await asyncio.sleep(0.05)
            return opened

    found = await together(*(sign_in() for _ in range(4)))
    assert sorted(type(each).__name__ for each in found) == ["PasskeyRefused"] * 3 + ["str"]
