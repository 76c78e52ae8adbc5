"""Links sent by mail, sign-ins under way at a provider, and the sessions that both open.

Secrets are never stored: a row holds the SHA-256 of what the browser or the mail holds. The secrets are random and
long, so that a plain hash cannot be turned around.
"""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from catering.columns import one_of
from catering.db import Base, Instant
from catering.people.models.accounts import LONGEST_EMAIL, LONGEST_NAME
from catering.people.rules import Way

SHA256_HEX = 64


class SignInLink(Base):
    """A link that opens one session, once. It is written for an unknown address too: nobody learns who has an account.

    With ``new_email``, using it makes the account of a seller who registers.
    """

    __tablename__ = "sign_in_links"
    __table_args__ = (
        CheckConstraint("(new_email IS NULL) = (new_name IS NULL)", name="whole_registration"),
        CheckConstraint("account_id IS NULL OR new_email IS NULL", name="account_or_registration"),
        Index(None, "address_sha256", "created_at"),
        Index(None, "client_sha256", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(SHA256_HEX), unique=True)
    address_sha256: Mapped[str] = mapped_column(String(SHA256_HEX))
    """Of the folded address, to count what is sent to it without keeping the addresses of strangers."""
    client_sha256: Mapped[str] = mapped_column(String(SHA256_HEX))
    """Of the network address that asked."""
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    new_email: Mapped[str | None] = mapped_column(String(LONGEST_EMAIL))
    new_name: Mapped[str | None] = mapped_column(String(LONGEST_NAME))
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant] = mapped_column(index=True)
    used_at: Mapped[Instant | None]


class ProviderLogin(Base):
    """A sign-in that was sent to the OpenID Connect provider and may come back once."""

    __tablename__ = "provider_logins"

    id: Mapped[int] = mapped_column(primary_key=True)
    state_sha256: Mapped[str] = mapped_column(String(SHA256_HEX), unique=True)
    nonce: Mapped[str] = mapped_column(String(64))
    code_verifier: Mapped[str] = mapped_column(String(128))
    """PKCE: proves that who brings the code is who asked for it."""
    expires_at: Mapped[Instant] = mapped_column(index=True)
    used_at: Mapped[Instant | None]


class Session(Base):
    """A browser in which somebody is signed in."""

    __tablename__ = "sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(SHA256_HEX), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    way: Mapped[Way] = mapped_column(one_of(Way))
    created_at: Mapped[Instant]
    last_seen_at: Mapped[Instant]
    expires_at: Mapped[Instant] = mapped_column(index=True)
    revoked_at: Mapped[Instant | None]
    provider_id_token: Mapped[str | None] = mapped_column(Text)
    """What the provider asks to be shown when the person signs out there too."""
