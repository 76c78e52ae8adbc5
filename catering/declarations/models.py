"""Tables of what was declared of a civil year, version by version, and of the restaurants a kitchen serves."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catering.append_only import append_only
from catering.columns import one_of
from catering.db import Base, Instant

CLUSTERED = {"sqlite_with_rowid": False}


class DeclarationForm(StrEnum):
    """On which form of ma-cantine a year is declared."""

    SIMPLE = "simple"
    DETAILED = "detailed"


class Declaration(Base):
    """What was declared of a civil year of a kitchen. Rows are only ever added: a correction is the next version."""

    __tablename__ = "declarations"
    __table_args__ = (
        UniqueConstraint("kitchen_id", "year", "version"),
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("length(siret) = 14", name="siret_length"),
        CheckConstraint("length(reason) > 0", name="reason"),
        Index(None, "year"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    year: Mapped[int]
    """Civil year of the purchases."""
    version: Mapped[int]
    """From 1."""
    form: Mapped[DeclarationForm] = mapped_column(one_of(DeclarationForm))
    form_version: Mapped[str] = mapped_column(String(40))
    """Of the form of ma-cantine for that data year (``catering/rules/egalim/forms.csv``)."""
    siret: Mapped[str] = mapped_column(String(14))
    cantine_id: Mapped[int | None] = mapped_column(BigInteger)
    """Its number on ma-cantine, as it stood."""
    reason: Mapped[str] = mapped_column(String(300))
    """Why it was declared, or corrected, in the words of who did."""
    figures: Mapped[dict[str, dict[str, str]]] = mapped_column(JSON)
    """Amounts as text by field of ``simple`` and ``detailed``; percents, or nothing, of ``shares``."""
    parts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """The same of each restaurant it serves, with its SIRET, name, number and yearly meals; none without one."""
    acknowledged: Mapped[str] = mapped_column(String(200))
    """Ids of the points of the check list that were open and that who declared had read, by spaces."""
    at: Mapped[Instant]
    actor: Mapped[str] = mapped_column(String(120))


class DeclaredLine(Base):
    """A purchase line that a declaration counted, and by which sign it did. Rows are only ever added."""

    __tablename__ = "declared_lines"
    __table_args__ = CLUSTERED

    declaration_id: Mapped[int] = mapped_column(ForeignKey("declarations.id"), primary_key=True)
    purchase_line_id: Mapped[int] = mapped_column(ForeignKey("purchase_lines.id"), primary_key=True)
    sign: Mapped[str] = mapped_column(String(40))
    """Empty outside EGAlim."""


class Satellite(Base):
    """A restaurant that eats what a kitchen buys, in a civil year; a kitchen that serves on site is one of its own."""

    __tablename__ = "satellites"
    __table_args__ = (
        CheckConstraint("length(siret) = 14", name="siret_length"),
        CheckConstraint("yearly_meals > 0", name="yearly_meals"),
        CLUSTERED,
    )

    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    siret: Mapped[str] = mapped_column(String(14), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    cantine_id: Mapped[int | None] = mapped_column(BigInteger)
    yearly_meals: Mapped[int]


class EssentialStatement(Base):
    """What the buyer of a contract states of its essential data. Rows are only ever added: the last one stands."""

    __tablename__ = "essential_statements"
    __table_args__ = (UniqueConstraint("contract_id", "version"), CheckConstraint("version > 0", name="version"))

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id"))
    version: Mapped[int]
    """From 1."""
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    """By datum of ``catering/rules/procurement/essential_data.csv``: a word, words, a number, yes or no, a day."""
    at: Mapped[Instant]
    actor: Mapped[str] = mapped_column(String(120))


append_only(Declaration)
append_only(EssentialStatement)
append_only(DeclaredLine)
