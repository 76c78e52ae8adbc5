"""Table of what was bought: one row per line, only ever added."""

from datetime import date
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from catering.append_only import append_only
from catering.columns import one_of
from catering.db import Amount, Base, Instant, Quantity
from catering.recipes.vocabulary import Family


class PurchaseSource(StrEnum):
    """Where a purchase line comes from."""

    RECEPTION = "reception"
    """A line accepted at reception."""
    CORRECTION = "correction"
    """What a corrected reception adds or takes back."""


class PurchaseLine(Base):
    """So many grams of a product bought from a supplier, for an amount excl. tax.

    The amount of what a kitchen bought is a sum over these rows. A mistake is mended by a row of the opposite sign,
    never by changing one; only the invoice is written into a row once, when it arrives.
    """

    __tablename__ = "purchase_lines"
    __table_args__ = (
        CheckConstraint("source <> 'reception' OR (grams >= 0 AND amount_excl_tax >= 0)", name="sign"),
        CheckConstraint("(source = 'correction') = (corrects_id IS NOT NULL)", name="correction_names_its_line"),
        CheckConstraint("(invoice_number IS NULL) = (invoiced_on IS NULL)", name="invoice"),
        Index(None, "kitchen_id", "bought_on"),
        Index(None, "supplier_id", "bought_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredients.id"), index=True)
    source: Mapped[PurchaseSource] = mapped_column(one_of(PurchaseSource))
    bought_on: Mapped[date]
    """Day of the reception; of a correction, the day of the reception it corrects."""
    product: Mapped[str] = mapped_column(String(200))
    family: Mapped[Family] = mapped_column(one_of(Family))
    """Of ma-cantine."""
    labels: Mapped[str] = mapped_column(String(200))
    """Codes of ``catering/rules/egalim/labels.csv`` it was sold under, separated by spaces."""
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id", ondelete="SET NULL"))
    """Proof of the label: whether it was valid on the day decides whether the line counts."""
    certificate_number: Mapped[str | None] = mapped_column(String(80))
    """Of the proof, as it stood."""
    origin: Mapped[str] = mapped_column(String(120))
    circuit_court: Mapped[bool | None]
    """At most one intermediary; empty when unknown."""
    local: Mapped[bool]
    """From the département of the kitchen."""
    grams: Mapped[int] = mapped_column(BigInteger)
    amount_excl_tax: Mapped[Amount]
    """Delivery included, rounded half-up to the cent."""
    vat_pct: Mapped[Quantity]
    invoice_number: Mapped[str | None] = mapped_column(String(40))
    invoiced_on: Mapped[date | None]
    """Date of the invoice: the year in which the law counts the purchase (EGA-08)."""
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"), index=True)
    """Proof, among the documents kept: whoever reads the line may read it."""
    reception_line_id: Mapped[int | None] = mapped_column(ForeignKey("reception_lines.id"), unique=True)
    """The reception it was entered from: exactly one purchase line each."""
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("purchase_lines.id"), index=True)
    entered_at: Mapped[Instant]
    entered_by: Mapped[str] = mapped_column(String(120))


append_only(PurchaseLine, but=("invoice_number", "invoiced_on", "certificate_id"))
