"""Table of the files that people send."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catering.columns import one_of
from catering.db import Base, Instant


class FileKind(StrEnum):
    """Kinds of file that are kept, as read from their first bytes."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    WEBP = "webp"
    CSV = "csv"
    XLSX = "xlsx"

    @property
    def media_type(self) -> str:
        """What a browser is told it is."""
        return MEDIA_TYPES[self]


MEDIA_TYPES = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.WEBP: "image/webp",
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
PICTURES = frozenset({FileKind.PNG, FileKind.JPEG, FileKind.WEBP})
PROOFS = PICTURES | {FileKind.PDF}
SHEETS = frozenset({FileKind.CSV, FileKind.XLSX})


class Document(Base):
    """A file as it was sent, never changed afterwards: other bytes are another document.

    The same bytes from the same person are one document, so that sending twice keeps one.
    """

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("sha256", "actor"),
        CheckConstraint("length(sha256) = 64", name="sha256_length"),
        CheckConstraint("size > 0", name="size"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the content, in hexadecimal."""
    kind: Mapped[FileKind] = mapped_column(one_of(FileKind))
    name: Mapped[str] = mapped_column(String(160))
    """As its sender called it, without folders."""
    size: Mapped[int]
    """Bytes."""
    at: Mapped[Instant]
    actor: Mapped[str] = mapped_column(String(120))
    """Who sent it."""
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    """Read only when asked for: a list of documents must not load them."""
