"""Tables of what a kitchen has on its shelves: lots, and the moves that made them what they are."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catering.append_only import append_only
from catering.columns import one_of
from catering.db import Base, Instant
from catering.receiving.vocabulary import ExpiryKind, MoveKind


class StockLot(Base):
    """One lot of an ingredient in one kitchen.

    ``on_hand_g`` is the sum of its moves: both change in one statement each, in one transaction, and the CHECK refuses
    whoever would take more than there is, on every database and at any number of tablets.
    """

    __tablename__ = "stock_lots"
    __table_args__ = (
        UniqueConstraint("kitchen_id", "ingredient_id", "mark"),
        CheckConstraint("on_hand_g >= 0", name="never_negative"),
        CheckConstraint("(date_kind IS NULL) = (expires_on IS NULL)", name="date"),
        Index(None, "lot"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredients.id"), index=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    product: Mapped[str] = mapped_column(String(200))
    lot: Mapped[str] = mapped_column(String(60))
    date_kind: Mapped[ExpiryKind | None] = mapped_column(one_of(ExpiryKind))
    expires_on: Mapped[date | None]
    mark: Mapped[str] = mapped_column(String(200))
    """Supplier, lot, date in one text: what makes two deliveries the same lot (see ``rules.shelf.mark_of``)."""
    on_hand_g: Mapped[int] = mapped_column(default=0)

    moves: Mapped[list["StockMove"]] = relationship(lazy="raise", order_by="StockMove.id", back_populates="lot")


class StockMove(Base):
    """Grams that came into a lot or left it. Rows are only ever added."""

    __tablename__ = "stock_moves"
    __table_args__ = (
        CheckConstraint("grams <> 0", name="grams"),
        CheckConstraint("(kind = 'use') = (menu_day IS NOT NULL)", name="menu_day"),
        CheckConstraint("(kind IN ('transfer_out', 'transfer_in')) = (transfer IS NOT NULL)", name="transfer"),
        CheckConstraint("kind NOT IN ('use', 'loss', 'transfer_out') OR grams < 0", name="leaves"),
        CheckConstraint("kind NOT IN ('reception', 'transfer_in') OR grams > 0", name="comes"),
        Index(None, "lot_id", "menu_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("stock_lots.id"))
    kind: Mapped[MoveKind] = mapped_column(one_of(MoveKind))
    grams: Mapped[int]
    """Positive comes, negative leaves."""
    day: Mapped[date]
    """On which it happened in the kitchen."""
    menu_day: Mapped[date | None]
    """The lunch it was used for."""
    reception_line_id: Mapped[int | None] = mapped_column(ForeignKey("reception_lines.id"), index=True)
    transfer: Mapped[str | None] = mapped_column(String(40), index=True)
    """Of a transfer: the same text on the move out of one kitchen and on the move into the other."""
    why: Mapped[str | None] = mapped_column(String(300))
    at: Mapped[Instant]
    actor: Mapped[str] = mapped_column(String(120))

    lot: Mapped[StockLot] = relationship(lazy="raise", back_populates="moves")


append_only(StockMove)
