"""Tables of what was bought: one row per line, only ever added; the files they came from; sums by year."""

from datetime import date
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catering.append_only import append_only
from catering.columns import one_of
from catering.db import Amount, Base, Instant, Quantity
from catering.market.models import Supplier
from catering.recipes.vocabulary import Family

CLUSTERED = {"sqlite_with_rowid": False}


class PurchaseSource(StrEnum):
    """Where a purchase line comes from."""

    RECEPTION = "reception"
    """A line accepted at reception."""
    CORRECTION = "correction"
    """What a corrected reception adds or takes back."""
    IMPORT = "import"
    """A line of an imported file."""


class OriginZone(StrEnum):
    """Where a product comes from, as the law and ma-cantine tell zones apart (EGA-23, EGA-50)."""

    FRANCE = "FRANCE"
    EUROPE = "EUROPE"
    """European Union and European Economic Area, outside France."""
    TIERS = "TIERS"
    """A third country."""


class LocalDefinition(StrEnum):
    """What local means for whoever wrote it; no text defines it (CCP-02)."""

    PAT = "PAT"
    COMMUNE = "COMMUNE"
    DEPARTEMENT = "DEPARTEMENT"
    REGION = "REGION"
    KM = "KM"
    AUTOUR_SERVICE = "AUTOUR_SERVICE"
    """Of the older form: around the place of service."""
    AUTRE = "AUTRE"
    """Of the older form: another definition."""


class Canteen(Base):
    """A kitchen as ma-cantine knows it."""

    __tablename__ = "canteens"
    __table_args__ = (
        UniqueConstraint("siret"),
        UniqueConstraint("cantine_id"),
        CheckConstraint("length(siret) = 14", name="siret_length"),
        CheckConstraint("cantine_id > 0", name="cantine_id"),
    )

    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id", ondelete="CASCADE"), primary_key=True)
    siret: Mapped[str] = mapped_column(String(14))
    cantine_id: Mapped[int | None] = mapped_column(BigInteger)
    """Its number on ma-cantine; empty when unknown."""


class PurchaseImport(Base):
    """A file of purchases that was imported: whole, once."""

    __tablename__ = "purchase_imports"
    __table_args__ = (
        UniqueConstraint("identity"),
        CheckConstraint("length(identity) = 64", name="identity_length"),
        CheckConstraint("lines > 0 AND amount_excl_tax >= 0", name="not_empty"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    identity: Mapped[str] = mapped_column(String(64))
    """SHA-256 of its lines as read: the same table in another encoding is the same file; once withdrawn, no file's."""
    document_id: Mapped[int | None]
    """The file, among the documents kept."""
    name: Mapped[str] = mapped_column(String(160))
    lines: Mapped[int]
    amount_excl_tax: Mapped[Amount]
    at: Mapped[Instant]
    actor: Mapped[str] = mapped_column(String(120))
    withdrawn_at: Mapped[Instant | None]
    """When it was taken back: its lines have lines of the opposite amounts, and its file may come again."""
    withdrawn_by: Mapped[str | None] = mapped_column(String(120))
    withdrawn_why: Mapped[str | None] = mapped_column(String(200))


class PatSupply(Base):
    """A supplier whose French goods come under a territorial food project (PAT, L111-2-2), between two dates."""

    __tablename__ = "pat_supplies"
    __table_args__ = (
        UniqueConstraint("supplier_id", "first_day"),
        CheckConstraint("first_day <= last_day", name="order"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    project: Mapped[str] = mapped_column(String(160))
    """Name of the project, as its label names it."""
    first_day: Mapped[date]
    last_day: Mapped[date]
    """Last day of its label, included."""
    at: Mapped[Instant]
    actor: Mapped[str] = mapped_column(String(120))


append_only(PatSupply)


def _where_told(column: str, *more: str) -> Index:
    """Of the rows that tell it: those of files seldom do, and are by far the most."""
    told = text(f"{column} IS NOT NULL")
    return Index(None, column, *more, sqlite_where=told, postgresql_where=told)


ABROAD = text("origin_zone = 'TIERS'")
"""Few purchases are; the list of those without a reason reads no other."""


class PurchaseLine(Base):
    """So many grams of a product bought from a supplier, for an amount excl. tax.

    The amount of what a kitchen bought is a sum over these rows. A mistake is mended by a row of the opposite sign,
    never by changing one; only the invoice is written into a row once, when it arrives.
    """

    __tablename__ = "purchase_lines"
    __table_args__ = (
        CheckConstraint("source <> 'reception' OR (grams >= 0 AND amount_excl_tax >= 0)", name="sign"),
        CheckConstraint("(source = 'import') = (import_id IS NOT NULL)", name="import_names_its_file"),
        CheckConstraint(
            "source = 'import' OR (supplier_id IS NOT NULL AND ingredient_id IS NOT NULL AND grams IS NOT NULL "
            "AND vat_pct IS NOT NULL)",
            name="told_at_reception",
        ),
        CheckConstraint("local_km IS NULL OR local_definition = 'KM'", name="local_km"),
        CheckConstraint("(source = 'correction') = (corrects_id IS NOT NULL)", name="correction_names_its_line"),
        CheckConstraint("(invoice_number IS NULL) = (invoiced_on IS NULL)", name="invoice"),
        # With the amount: whether the ledger has a purchase already is looked up for each line of a file.
        Index(None, "kitchen_id", "bought_on", "amount_excl_tax"),
        Index(None, "kitchen_id", "year"),
        Index("ix_purchase_lines_third_country", "year", "kitchen_id", sqlite_where=ABROAD, postgresql_where=ABROAD),
        _where_told("invoiced_on", "kitchen_id", "amount_excl_tax"),
        _where_told("supplier_id", "bought_on"),
        *(_where_told(name) for name in ("ingredient_id", "document_id", "corrects_id")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    supplier_id: Mapped[int | None] = mapped_column(ForeignKey("suppliers.id"))
    """Empty for a seller whom only a file names."""
    supplier_name: Mapped[str | None] = mapped_column(String(500))
    """As the file writes it; empty for a registered supplier."""
    ingredient_id: Mapped[int | None] = mapped_column(ForeignKey("ingredients.id"))
    """Empty in a file, which does not tell it."""
    source: Mapped[PurchaseSource] = mapped_column(one_of(PurchaseSource))
    bought_on: Mapped[date]
    """Day of the reception; of a correction, the day of the reception it corrects."""
    product: Mapped[str] = mapped_column(String(500))
    family: Mapped[Family] = mapped_column(one_of(Family))
    """Of ma-cantine."""
    labels: Mapped[str] = mapped_column(String(200))
    """Codes of ``catering/rules/egalim/labels.csv`` it was sold under, separated by spaces."""
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id", ondelete="SET NULL"))
    """Proof of the label: whether it was valid on the day decides whether the line counts."""
    certificate_number: Mapped[str | None] = mapped_column(String(80))
    """Of the proof, as it stood."""
    origin: Mapped[str] = mapped_column(String(120))
    origin_zone: Mapped[OriginZone | None] = mapped_column(one_of(OriginZone))
    """Empty when unknown."""
    circuit_court: Mapped[bool | None]
    """At most one intermediary; empty when unknown."""
    local: Mapped[bool]
    """From the département of the kitchen; in a file, as its writer defines it."""
    local_definition: Mapped[LocalDefinition | None] = mapped_column(one_of(LocalDefinition))
    local_km: Mapped[Quantity | None]
    grams: Mapped[int | None] = mapped_column(BigInteger)
    """Empty in a file, which tells amounts only."""
    amount_excl_tax: Mapped[Amount]
    """Delivery included, rounded half-up to the cent."""
    vat_pct: Mapped[Quantity | None]
    invoice_number: Mapped[str | None] = mapped_column(String(40))
    invoiced_on: Mapped[date | None]
    """Date of the invoice: the year in which the law counts the purchase (EGA-08)."""
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"))
    """Proof, among the documents kept: whoever reads the line may read it."""
    reception_line_id: Mapped[int | None] = mapped_column(ForeignKey("reception_lines.id"), unique=True)
    """The reception it was entered from: exactly one purchase line each."""
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("purchase_lines.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("purchase_imports.id"))
    """The file it came from."""
    file_line: Mapped[int | None]
    """Its line there, counted from 1 with the header."""
    year: Mapped[int]
    """Civil year in which it counts: of the invoice, of the day it was bought before the invoice comes (EGA-08)."""
    sign: Mapped[str] = mapped_column(String(40))
    """The one label it counts by (EGA-20); empty outside EGAlim. Judged by the law when entered, see ``recount``."""
    not_counted: Mapped[str] = mapped_column(String(200))
    """Why its other labels give it no bucket: ``LABEL:case`` of ``catering/rules/egalim/reasons.csv``, by spaces."""
    entered_at: Mapped[Instant]
    entered_by: Mapped[str] = mapped_column(String(120))

    supplier: Mapped[Supplier | None] = relationship(lazy="raise", viewonly=True)


JUDGED = ("year", "sign", "not_counted", "local", "local_definition")
"""How a line counts: judged again when its invoice comes, is rejected, or the law changes (``service.recount``);
whether it is under a territorial project may be told after it was bought (``pat.state``)."""
append_only(PurchaseLine, but=("invoice_number", "invoiced_on", "certificate_id", *JUDGED))


class ThirdCountryReason(Base):
    """Why a kitchen buys a product from outside the European Union and Economic Area in a civil year (EGA-51).

    It stands for every purchase of that product and year; written anew it is traced.
    """

    __tablename__ = "third_country_reasons"
    __table_args__ = (UniqueConstraint("kitchen_id", "year", "product"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    year: Mapped[int]
    product: Mapped[str] = mapped_column(String(500))
    """As the purchases name it."""
    reason: Mapped[str] = mapped_column(String(200))
    at: Mapped[Instant]
    actor: Mapped[str] = mapped_column(String(120))


class PurchaseSum(Base):
    """Purchases of one kitchen and year that the law, the forms and the displays do not tell apart, added up.

    Kept in the transaction that adds or changes lines, and made again from them by ``summing.rebuild``: a year of a
    kitchen is some dozens of rows here, whatever the number of its lines.
    """

    __tablename__ = "purchase_sums"
    __table_args__ = CLUSTERED

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), primary_key=True)
    family: Mapped[Family] = mapped_column(one_of(Family), primary_key=True)
    sign: Mapped[str] = mapped_column(String(40), primary_key=True)
    fair_trade: Mapped[bool] = mapped_column(primary_key=True)
    origin_zone: Mapped[str] = mapped_column(String(10), primary_key=True)
    """Empty when unknown: a key holds no NULL."""
    circuit_court: Mapped[bool] = mapped_column(primary_key=True)
    local: Mapped[bool] = mapped_column(primary_key=True)
    pat: Mapped[bool] = mapped_column(primary_key=True)
    amount_excl_tax: Mapped[Amount]
    lines: Mapped[int]


class PurchaseMonth(Base):
    """What a kitchen bought in one month that a rate of the law looks at, and how much of it counts.

    Kept and made again with the sums: the rates of all kitchens, month by month, are some thousands of rows whatever
    the number of lines. The law in force at the end of the year says what counts; ``recount`` follows its changes.
    """

    __tablename__ = "purchase_months"
    __table_args__ = (CheckConstraint("month BETWEEN 1 AND 12", name="month"), CLUSTERED)

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), primary_key=True)
    rule: Mapped[str] = mapped_column(String(20), primary_key=True)
    """Id of the rate."""
    month: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Of the invoice, of the day it was bought before the invoice comes."""
    counted: Mapped[Amount]
    """Excl. tax, of what counts."""
    value: Mapped[Amount]
    """Excl. tax, of all that the rate is a share of."""
