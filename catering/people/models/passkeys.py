"""Passkeys (WebAuthn) and the challenges they answer."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from catering.columns import one_of
from catering.db import Base, Instant
from catering.people.models.sign_in import SHA256_HEX
from catering.people.rules import Ceremony

LONGEST_CREDENTIAL = 1023
"""Bytes of a credential id (WebAuthn level 2, §4)."""


class Passkey(Base):
    """A key pair whose private half stays in the person's device; no secret is stored here."""

    __tablename__ = "passkeys"
    __table_args__ = (CheckConstraint("sign_count >= 0", name="sign_count"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    """As its owner calls it."""
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(LONGEST_CREDENTIAL), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    """COSE key."""
    sign_count: Mapped[int] = mapped_column(BigInteger)
    """Last counter the device told: one that does not grow betrays a copy of the key."""
    created_at: Mapped[Instant]
    last_used_at: Mapped[Instant | None]


class PasskeyChallenge(Base):
    """Random bytes that a device must sign, once, within minutes."""

    __tablename__ = "passkey_challenges"
    __table_args__ = (CheckConstraint("(ceremony = 'register') = (account_id IS NOT NULL)", name="owner"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    challenge_sha256: Mapped[str] = mapped_column(String(SHA256_HEX), unique=True)
    ceremony: Mapped[Ceremony] = mapped_column(one_of(Ceremony))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    """Who registers a passkey; nobody is known before they sign in."""
    expires_at: Mapped[Instant] = mapped_column(index=True)
    used_at: Mapped[Instant | None]
