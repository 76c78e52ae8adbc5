"""The trace of who changed what."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from catering.append_only import append_only
from catering.db import Base, Instant


class ChangeEvent(Base):
    """One row that was changed or removed, as it was before and after. Rows are only ever added here."""

    __tablename__ = "change_events"
    __table_args__ = (
        CheckConstraint("before IS NOT NULL OR after IS NOT NULL", name="something_changed"),
        Index(None, "subject", "key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Instant]
    actor: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(60))
    """Name of the table."""
    key: Mapped[str] = mapped_column(String(200))
    """Natural id of the row: a slug, or the parts of the key joined with spaces."""
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


append_only(ChangeEvent)
