"""Tokens by which kitchen software acts for an account."""

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from catering.db import Base, Instant
from catering.people.models.sign_in import SHA256_HEX


class ApiToken(Base):
    """A key for one program, shown once; it may do part of what its account may, for a year at most."""

    __tablename__ = "api_tokens"
    __table_args__ = (CheckConstraint("created_at < expires_at", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    """Of the program, as the person calls it."""
    prefix: Mapped[str] = mapped_column(String(12), unique=True)
    """First letters of the token, to recognise it in a list or in a leaked file."""
    token_sha256: Mapped[str] = mapped_column(String(SHA256_HEX), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    """Values of ``viewer.Scope``."""
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    last_used_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]
