"""Table of the letters that wait to leave, and of those that left."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from catering.db import Base, Instant

LONGEST_SUBJECT = 200  # legal-number: width of a column, no cap of the law
LONGEST_FAULT = 300
STILL_WAITING = text("sent_at IS NULL AND given_up_at IS NULL")


class OutgoingMail(Base):
    """A letter to one account, written in the transaction of what it tells: both are kept, or neither.

    It holds no address: the letter goes to the one that the account has when it leaves.
    """

    __tablename__ = "outgoing_mails"
    __table_args__ = (
        # One fact is told once to each person it concerns, whoever asks for it again.
        UniqueConstraint("topic", "about", "party", "account_id"),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("sent_at IS NULL OR given_up_at IS NULL", name="one_end"),
        Index(
            "ix_outgoing_mails_waiting", "due_at", sqlite_where=STILL_WAITING, postgresql_where=STILL_WAITING
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str] = mapped_column(String(40))
    """What it tells, in a word of the room that wrote it."""
    about: Mapped[int]
    """Number of the row it tells of."""
    party: Mapped[str] = mapped_column(String(80))
    """Id of the supplier, or UAI of the collège, for which the account acts."""
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    subject: Mapped[str] = mapped_column(String(LONGEST_SUBJECT))
    body: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(String(LONGEST_SUBJECT))
    """Page of this server to which the letter leads."""
    queued_at: Mapped[Instant]
    due_at: Mapped[Instant]
    """When it is tried next; while it is tried, when somebody else may try it again."""
    attempts: Mapped[int]
    sent_at: Mapped[Instant | None]
    """When the mail server took it."""
    given_up_at: Mapped[Instant | None]
    fault: Mapped[str | None] = mapped_column(String(LONGEST_FAULT))
    """What the mail server answered last."""
