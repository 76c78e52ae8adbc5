"""Tables of what was found on arrival. Rows are only ever added: a correction is another row."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catering.append_only import append_only
from catering.columns import one_of
from catering.db import Amount, Base, Celsius, Instant
from catering.receiving.vocabulary import Decision, ExpiryKind, ReceptionReason
from catering.rules.hygiene import ProductCategory
from catering.rules.temperatures import TemperatureVerdict


class TemperatureTolerance(Base):
    """Degrees beyond the limit of the law that the sanitary plan (PMS) of a kitchen accepts with a reserve."""

    __tablename__ = "temperature_tolerances"

    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id", ondelete="CASCADE"), primary_key=True)
    category: Mapped[ProductCategory] = mapped_column(one_of(ProductCategory), primary_key=True)
    celsius: Mapped[Celsius]


class Reception(Base):
    """One pass of checking in what an order delivered; an order may take several, on several tablets."""

    __tablename__ = "receptions"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), index=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    day: Mapped[date]
    """Of the arrival."""
    noted_at: Mapped[Instant]
    """When it was written on the tablet; it may have reached the platform later."""
    recorded_at: Mapped[Instant]
    actor: Mapped[str] = mapped_column(String(120))
    delivery_note: Mapped[str | None] = mapped_column(String(80))
    """Number of the supplier's delivery note."""
    why: Mapped[str | None] = mapped_column(String(300))
    """Of a correction: why."""

    lines: Mapped[list["ReceptionLine"]] = relationship(
        lazy="raise", order_by="ReceptionLine.id", back_populates="reception"
    )


class ReceptionLine(Base):
    """One lot of one order line, as found: quantity, date, temperature, decision.

    ``added_…`` is what the row adds to the books: of a first row all that was accepted, of a correction the
    difference with the row it corrects. Purchases and stock are sums of these.
    """

    __tablename__ = "reception_lines"
    __table_args__ = (
        CheckConstraint("delivered_packs >= 0 AND delivered_g >= 0", name="delivered"),
        CheckConstraint("accepted_packs BETWEEN 0 AND delivered_packs", name="accepted_packs"),
        CheckConstraint("accepted_g BETWEEN 0 AND delivered_g", name="accepted"),
        CheckConstraint("(date_kind IS NULL) = (expires_on IS NULL)", name="date"),
        CheckConstraint("(decision = 'refused') = (accepted_g = 0)", name="refused_is_nothing"),
        CheckConstraint("decision <> 'accepted' OR accepted_g = delivered_g", name="accepted_is_all"),
        CheckConstraint("(decision = 'accepted') = (reason IS NULL)", name="reason"),
        CheckConstraint("corrects_id IS NOT NULL OR added_g = accepted_g", name="first_adds_all"),
        Index(None, "lot"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reception_id: Mapped[int] = mapped_column(ForeignKey("receptions.id"), index=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), index=True)
    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredients.id"))
    product: Mapped[str] = mapped_column(String(200))
    lot: Mapped[str] = mapped_column(String(60))
    """As on the label; without one, the number and line of the order, so that it can still be traced."""
    date_kind: Mapped[ExpiryKind | None] = mapped_column(one_of(ExpiryKind))
    expires_on: Mapped[date | None]
    delivered_packs: Mapped[int]
    delivered_g: Mapped[int]
    """As weighed or as labelled: goods of variable weight are billed by it."""
    accepted_packs: Mapped[int]
    accepted_g: Mapped[int]
    category: Mapped[ProductCategory] = mapped_column(one_of(ProductCategory))
    celsius: Mapped[Celsius | None]
    limit_celsius: Mapped[Celsius | None]
    """Of the law on that day, or as stated by the producer."""
    tolerance_celsius: Mapped[Celsius]
    """Of the kitchen on that day."""
    verdict: Mapped[TemperatureVerdict] = mapped_column(one_of(TemperatureVerdict))
    permitted: Mapped[bool | None]
    """Whether a permit of its supplier covered the day of arrival; none for what is not of animals (HYG-01)."""
    decision: Mapped[Decision] = mapped_column(one_of(Decision))
    reason: Mapped[ReceptionReason | None] = mapped_column(one_of(ReceptionReason))
    comment: Mapped[str | None] = mapped_column(String(300))
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"), index=True)
    """Among the documents kept: whoever reads the line may read it."""
    added_g: Mapped[int]
    added_amount: Mapped[Amount]
    """€ excl. tax, delivery included: the sum over an order line is the amount of all that was accepted of it, rounded
    half-up to the cent once, whatever the number of lots and the order in which they were checked in."""
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("reception_lines.id"), unique=True)
    """The row this one replaces; a row is replaced once."""

    reception: Mapped[Reception] = relationship(lazy="raise", back_populates="lines")

    @property
    def refused_g(self) -> int:
        """Grams delivered and not accepted."""
        return self.delivered_g - self.accepted_g


append_only(Reception)
append_only(ReceptionLine)
