"""Passkeys: a device registers a key for an account, and later signs a challenge with it to say who it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_client_data_json
from webauthn.helpers.base64url_to_bytes import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from catering.people import refusals, rules
from catering.people.models import Account, Passkey, PasskeyChallenge
from catering.people.plain_text import plain_name
from catering.people.queries import passkeys_visible_to
from catering.people.rules import Ceremony, Way, sha256
from catering.people.service import change
from catering.people.sessions import open_session, own_account_id
from catering.people.viewer import Viewer

LONGEST_LABEL = 60
MOST_PASSKEYS = 10
SHOWN_NAME = "Restauration des collèges"
UNREADABLE = "La réponse de l'appareil est illisible. Recommencer depuis la page de connexion."
OVER = "Cette demande a déjà servi ou a plus de 5 minutes. Recommencer."
NOT_PROVEN = "Cette clé d'accès n'est pas reconnue. Essayer une autre clé, ou demander un lien par courriel."


@dataclass(frozen=True, slots=True)
class Site:
    """What a passkey is bound to: the name of the site, and the origin of its pages."""

    name: str
    origin: str


Answer = Mapping[str, Any]
"""What ``navigator.credentials`` gave, as the browser turns it to JSON."""


async def registration_options(session: AsyncSession, viewer: Viewer, site: Site, now: datetime) -> str:
    """What the browser needs to make a passkey for the viewer, as JSON (``PublicKeyCredentialCreationOptions``).

    Raises:
        refusals.InPersonOnly: a program asks, or somebody without an account.
        refusals.PasskeyRefused: the account has as many passkeys as it may.
    """
    account = await session.get_one(Account, own_account_id(viewer))
    owned = await _owned(session, viewer)
    options = generate_registration_options(
        rp_id=site.name,
        rp_name=SHOWN_NAME,
        user_id=_handle(account.id),
        user_name=account.email,
        user_display_name=account.name,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each.credential_id) for each in owned],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    await _keep(session, options.challenge, Ceremony.REGISTER, account.id, now)
    return options_to_json(options)


async def register(
    session: AsyncSession, viewer: Viewer, site: Site, name: str, answer: Answer, challenge: bytes, now: datetime
) -> Passkey:
    """Keep the passkey that a device has made for the viewer, in answer to a challenge that `spend` gave.

    Raises:
        refusals.Refusal: the viewer is not there in person, the name is bad, the answer proves nothing, or the account
            has as many passkeys as it may.
    """
    account_id = own_account_id(viewer)
    label = plain_name(name, "le nom de la clé", LONGEST_LABEL)
    try:
        verified = verify_registration_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except Exception as fault:  # hostile bytes: whatever three parsers make of them proves nothing
        raise refusals.PasskeyRefused(NOT_PROVEN) from fault
    await _owned(session, viewer)
    taken = await session.scalar(select(Passkey.id).where(Passkey.credential_id == verified.credential_id))
    if taken is not None:
        raise refusals.PasskeyRefused("Cette clé d'accès est déjà enregistrée. S'en servir pour se connecter.")
    row = Passkey(
        account_id=account_id,
        name=label,
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        created_at=now,
    )
    session.add(row)
    await session.flush()
    session.add(change(viewer.actor, Passkey.__tablename__, str(row.id), None, {"name": label}))
    await session.flush()
    return row


async def sign_in_options(session: AsyncSession, site: Site, now: datetime) -> str:
    """What the browser needs to ask a device who it is, as JSON; it names no account, so it tells of none."""
    options = generate_authentication_options(rp_id=site.name, user_verification=UserVerificationRequirement.REQUIRED)
    await _keep(session, options.challenge, Ceremony.SIGN_IN, None, now)
    return options_to_json(options)


async def sign_in(session: AsyncSession, site: Site, answer: Answer, challenge: bytes, now: datetime) -> str:
    """Open a session for whoever's device signed a challenge that `spend` gave; the secret for the cookie.

    Raises:
        refusals.PasskeyRefused: the key is unknown, its signature or its counter is wrong.
        refusals.SignInImpossible: the account is locked.
    """
    passkey = await _of_answer(session, answer)
    try:
        verified = verify_authentication_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except Exception as fault:  # hostile bytes: whatever three parsers make of them proves nothing
        raise refusals.PasskeyRefused(NOT_PROVEN) from fault
    # Two copies of a key that sign at the same moment: the second finds the counter moved.
    moved = await session.execute(
        update(Passkey)
        .where(Passkey.id == passkey.id, Passkey.sign_count == passkey.sign_count)
        .values(sign_count=verified.new_sign_count, last_used_at=now)
        .returning(Passkey.id)
        .execution_options(synchronize_session=False)
    )
    if moved.one_or_none() is None:
        raise refusals.PasskeyRefused(NOT_PROVEN)
    account = await session.get_one(Account, passkey.account_id)
    return await open_session(session, account, Way.PASSKEY, now)


async def remove(session: AsyncSession, viewer: Viewer, passkey_id: int) -> None:
    """Remove one of the viewer's passkeys.

    Raises:
        refusals.Refusal: the viewer is not there in person, or has no passkey of this number.
    """
    own_account_id(viewer)
    statement = passkeys_visible_to(viewer).where(Passkey.id == passkey_id)
    row: Passkey | None = (await session.scalars(statement)).one_or_none()
    if row is None:
        raise refusals.UnknownCredential("Clé d'accès")
    session.add(change(viewer.actor, Passkey.__tablename__, str(row.id), {"name": row.name}, None))
    await session.delete(row)
    await session.flush()


async def _owned(session: AsyncSession, viewer: Viewer) -> list[Passkey]:
    """The passkeys of the viewer, when there is room for one more: asked again when the device answers.

    Raises:
        refusals.PasskeyRefused: the account has as many as it may.
    """
    owned = list(await session.scalars(passkeys_visible_to(viewer)))
    if len(owned) >= MOST_PASSKEYS:
        raise refusals.PasskeyRefused(f"Ce compte a déjà {len(owned)} clés d'accès. En retirer une d'abord.")
    return owned


def _handle(account_id: int) -> bytes:
    """Name of an account inside its devices: WebAuthn asks for one that tells nothing of the person."""
    return sha256(f"passkeys of account {account_id}").encode()[:64]


async def _keep(
    session: AsyncSession, challenge: bytes, ceremony: Ceremony, account_id: int | None, now: datetime
) -> None:
    over = now - rules.FORGOTTEN_AFTER
    await session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at < over))
    session.add(
        PasskeyChallenge(
            challenge_sha256=sha256(challenge.hex()),
            ceremony=ceremony,
            account_id=account_id,
            expires_at=now + rules.CHALLENGE_LASTS,
        )
    )
    await session.flush()


async def spend(
    session: AsyncSession, answer: Answer, ceremony: Ceremony, account_id: int | None, now: datetime
) -> bytes:
    """The challenge that an answer says it signed, if it is one of ours that nobody has spent.

    Called in a transaction of its own, before the answer is verified: a wrong answer spends the challenge too.

    Raises:
        refusals.PasskeyRefused: the answer is unreadable, or its challenge is not ours, spent or too old.
    """
    try:
        challenge = parse_client_data_json(base64url_to_bytes(answer["response"]["clientDataJSON"])).challenge
    except (KeyError, TypeError, ValueError, AttributeError, WebAuthnException) as fault:
        raise refusals.PasskeyRefused(UNREADABLE) from fault
    owner = PasskeyChallenge.account_id.is_(None) if account_id is None else PasskeyChallenge.account_id == account_id
    spent = await session.execute(
        update(PasskeyChallenge)
        .where(
            PasskeyChallenge.challenge_sha256 == sha256(challenge.hex()),
            PasskeyChallenge.ceremony == ceremony,
            owner,
            PasskeyChallenge.used_at.is_(None),
            PasskeyChallenge.expires_at > now,
        )
        .values(used_at=now)
        .returning(PasskeyChallenge.id)
    )
    if spent.one_or_none() is None:
        raise refusals.PasskeyRefused(OVER)
    return challenge


async def _of_answer(session: AsyncSession, answer: Answer) -> Passkey:
    try:
        credential_id = base64url_to_bytes(answer["rawId"])
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise refusals.PasskeyRefused(UNREADABLE) from fault
    found = (await session.scalars(select(Passkey).where(Passkey.credential_id == credential_id))).one_or_none()
    if found is None:
        raise refusals.PasskeyRefused(NOT_PROVEN)
    return found
