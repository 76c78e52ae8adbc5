"""What clients asked for once: the trace that makes a repeated write harmless."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from catering.db import Base, Instant

LONGEST_KEY = 64
"""Characters of an idempotency key."""


class ClientRequest(Base):
    """A write that a client marked with a key of its own. The same key again is answered with the same result.

    A tablet on a poor network sends twice what it does not know to have arrived; the second time must change nothing.
    """

    __tablename__ = "client_requests"
    __table_args__ = (CheckConstraint("length(key) >= 8", name="key_length"),)

    actor: Mapped[str] = mapped_column(String(120), primary_key=True)
    """Name of the identity that asked: two people may use the same key."""
    key: Mapped[str] = mapped_column(String(LONGEST_KEY), primary_key=True)
    operation: Mapped[str] = mapped_column(String(60))
    """Name of the mutation."""
    fingerprint: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the input: the same key with another input is a mistake of the client."""
    result: Mapped[str] = mapped_column(String(80))
    """Id of what the write made."""
    at: Mapped[Instant]
