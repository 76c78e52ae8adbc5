"""One row for each thing that is done on a day without anybody asking."""

from datetime import date

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from catering.db import Base, Instant

LONGEST_WORDS = 500


class Routine(Base):
    """One occasion of one routine: who tries it holds it until a moment that is put off while the process lives."""

    __tablename__ = "routines"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("done_at IS NULL OR given_up_at IS NULL", name="one_end"),
    )

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    """Day of the occasion, where the collèges are."""
    due_at: Mapped[Instant]
    """When it is tried next."""
    attempts: Mapped[int]
    held_until: Mapped[Instant | None]
    """While it is tried: when somebody else may try it, for the process gave no sign of life."""
    cancel_asked_at: Mapped[Instant | None]
    """Somebody wants it left undone: it stops at the next sign of life."""
    done_at: Mapped[Instant | None]
    given_up_at: Mapped[Instant | None]
    told: Mapped[str | None] = mapped_column(String(LONGEST_WORDS))
    """What it did, or why it failed last, in French."""
