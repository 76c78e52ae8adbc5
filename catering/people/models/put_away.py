"""Notices of the pages that people have read and put away."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from catering.db import Base, Instant

LONGEST_NOTICE = 160


class NoticePutAway(Base):
    """A notice that one person need not be shown again.

    What names it holds what it says: when that changes it is another notice, and is shown.
    """

    __tablename__ = "notices_put_away"
    __table_args__ = (Index(None, "account_id", "at"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    notice: Mapped[str] = mapped_column(String(LONGEST_NOTICE), primary_key=True)
    at: Mapped[Instant]
