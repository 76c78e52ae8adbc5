"""Tables of the accords-cadres: who may order what from whom, at which price, up to which amount."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from catering.append_only import append_only
from catering.columns import one_of
from catering.db import Amount, Base, Instant, Quantity, UnitPrice
from catering.procurement.models.drawn import DrawnAmount, drawn
from catering.procurement.vocabulary import Procedure, RevisionRhythm


class Contract(Base):
    """An accord-cadre à bons de commande with one supplier: orders are drawn on it up to its maximum."""

    __tablename__ = "contracts"
    __table_args__ = (
        UniqueConstraint("kitchen_id", "number"),
        CheckConstraint("start_day <= end_day", name="order"),
        CheckConstraint("min_amount >= 0 AND min_amount <= max_amount", name="min"),
        # What is drawn on a contract keeps its maximum beside (``drawn_amounts``).
        UniqueConstraint("id", "max_amount"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    """The buyer, or the coordinator of a groupement de commandes."""
    number: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    procedure: Mapped[Procedure] = mapped_column(one_of(Procedure))
    start_day: Mapped[date]
    end_day: Mapped[date]
    """Last day on which an order may be drawn, included; what changed it stands in ``contract_changes``."""
    min_amount: Mapped[Amount]
    """Least amount excl. tax the buyer undertook to order, over the whole duration."""
    max_amount: Mapped[Amount]
    """Most amount excl. tax that may be ordered, over the whole duration (CCP-32); changed likewise."""
    ordered_amount: Mapped[Decimal] = column_property(drawn(DrawnAmount.contract_id == id), expire_on_flush=False)  # noqa: A003
    """Ordered so far, excl. tax; kept in ``drawn_amounts``."""
    terminated_on: Mapped[date | None]
    """Its last day when it was ended early; a terminated contract never changes again."""
    created_at: Mapped[Instant]
    created_by: Mapped[str] = mapped_column(String(120))

    members: Mapped[list["ContractMember"]] = relationship(lazy="raise", passive_deletes=True)
    lots: Mapped[list["ContractLot"]] = relationship(lazy="raise", order_by="ContractLot.number", passive_deletes=True)


class ContractMember(Base):
    """A collège that may order on a contract; more than one is a groupement de commandes (CCP-25)."""

    __tablename__ = "contract_members"

    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id", ondelete="CASCADE"), primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"), primary_key=True, index=True)


class ContractLot(Base):
    """A part of a contract that is awarded by itself: products of one famille homogène (CCP-30)."""

    __tablename__ = "contract_lots"
    __table_args__ = (
        UniqueConstraint("contract_id", "number"),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("estimated_amount > 0", name="estimated"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("contracts.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    family: Mapped[str] = mapped_column(String(10))
    """Code of ``catering/rules/procurement/families.csv``."""
    estimated_amount: Mapped[Amount]
    """Value of the lot excl. tax over the whole duration."""
    small: Mapped[bool]
    """A petit lot, awarded by a lighter procedure (CCP-31)."""

    contract: Mapped[Contract] = relationship(lazy="raise", viewonly=True)
    lines: Mapped[list["ContractLine"]] = relationship(
        lazy="raise", order_by="ContractLine.position", passive_deletes=True
    )


class ContractLine(Base):
    """A product of a lot at its base price, and the clause by which that price follows an index."""

    __tablename__ = "contract_lines"
    __table_args__ = (
        UniqueConstraint("lot_id", "position"),
        CheckConstraint("base_price_eur_per_kg > 0", name="price"),
        CheckConstraint("base_index > 0", name="base_index"),
        CheckConstraint("fixed_share >= 0", name="fixed_share"),
        CheckConstraint(
            "(index_code IS NULL) = (base_index IS NULL) AND (index_code IS NULL) = (fixed_share IS NULL)"
            " AND (index_code IS NULL) = (rhythm IS NULL)",
            name="whole_clause",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("contract_lots.id", ondelete="CASCADE"))
    position: Mapped[int]
    """Rank in the lot, from 1."""
    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredients.id"), index=True)
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("offers.id"))
    """Only this product of the supplier; no value means any that is this ingredient."""
    product: Mapped[str] = mapped_column(String(200))
    base_price_eur_per_kg: Mapped[UnitPrice]
    index_code: Mapped[str | None] = mapped_column(String(40), index=True)
    """Code of ``catering/rules/procurement/indices.csv``; no value means a fixed price."""
    base_index: Mapped[Quantity | None]
    """Value of the index to which the base price belongs."""
    fixed_share: Mapped[Quantity | None]
    """Share of the price that does not follow the index, 0 to 1."""
    rhythm: Mapped[RevisionRhythm | None] = mapped_column(one_of(RevisionRhythm))

    lot: Mapped[ContractLot] = relationship(lazy="raise", viewonly=True)
    revisions: Mapped[list["PriceRevision"]] = relationship(
        lazy="raise", order_by="(PriceRevision.effective_from, PriceRevision.id)", passive_deletes=True
    )


class IndexValue(Base):
    """A published value of a price index. Rows are only ever added: a correction is a later row of the same day."""

    __tablename__ = "index_values"
    __table_args__ = (CheckConstraint("value > 0", name="value"), Index(None, "index_code", "day"))

    id: Mapped[int] = mapped_column(primary_key=True)
    index_code: Mapped[str] = mapped_column(String(40))
    day: Mapped[date]
    """Day from which the value holds."""
    value: Mapped[Quantity]
    at: Mapped[Instant]
    actor: Mapped[str] = mapped_column(String(120))


class PriceRevision(Base):
    """The price of a contract line from a day on, made by an index value or by an avenant. Rows are only ever added."""

    __tablename__ = "price_revisions"
    __table_args__ = (
        CheckConstraint("price_eur_per_kg > 0", name="price"),
        CheckConstraint("(index_value_id IS NULL) = (index_value IS NULL)", name="whole_index"),
        CheckConstraint("index_value_id IS NOT NULL OR change_id IS NOT NULL", name="has_cause"),
        Index(None, "line_id", "effective_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("contract_lines.id", ondelete="CASCADE"))
    effective_from: Mapped[date]
    index_value_id: Mapped[int | None] = mapped_column(ForeignKey("index_values.id"))
    """No value: the avenant alone made it."""
    index_value: Mapped[Quantity | None]
    change_id: Mapped[int | None] = mapped_column(ForeignKey("contract_changes.id"), index=True)
    """The avenant that made it, or from whose price it was worked out."""
    price_eur_per_kg: Mapped[UnitPrice]


append_only(IndexValue)
append_only(PriceRevision)
