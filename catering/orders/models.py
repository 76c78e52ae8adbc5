"""Tables of the baskets, of the orders made from them and of all that happens to an order."""

from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from catering.append_only import append_only
from catering.columns import WEEKDAYS, one_of
from catering.db import Amount, Base, Celsius, Instant, Quantity, UnitPrice
from catering.market.models_hygiene import PermitKind
from catering.market.models_sheet import DateKind
from catering.orders.rules import Agreement
from catering.orders.sale_terms import SaleTerms
from catering.orders.vocabulary import LineReason, OrderEventKind, OrderState, PriceSource, StandingOutcome
from catering.rules.hygiene import AnimalProduct, ProductCategory

CLUSTERED = {"sqlite_with_rowid": False}
MOST_PACKS = 100_000
"""Packs of one line: more is a slip of the finger."""
PACKS = f"packs BETWEEN 1 AND {MOST_PACKS}"
SEEN = {
    "ingredient_id": "ingredient_id",
    "product": "product_seen",
    "origin": "origin_seen",
    "label": "label_seen",
    "certificate": "certificate_seen",
    "pack_g": "pack_g_seen",
    "pack_label": "pack_label_seen",
    "variable_weight": "variable_weight_seen",
    "price_eur_per_pack": "price_seen",
    "delivery_eur_per_kg": "delivery_seen",
    "price_words": "price_words_seen",
    "vat_pct": "vat_pct_seen",
    "allergens": "allergens_seen",
}
"""Column of a line of the basket that holds each condition as it was seen."""
SOLD_AS = (
    "product", "pack_g", "pack_label", "variable_weight", "category", "limit_celsius", "animal_product", "date_kind",
    "origin_country", "born_in", "reared_in", "slaughtered_in", "label", "certificate_id", "allergens_on",
    "allergen_document_id",
)  # fmt: skip
"""Columns of an offer that a line of an order keeps under the same name, as they were when it was sent."""


class Basket(Base):
    """What a kitchen is about to order for one week. Sending it empties it."""

    __tablename__ = "baskets"
    __table_args__ = (UniqueConstraint("kitchen_id", "week"), CheckConstraint("version >= 0", name="version"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    week: Mapped[date] = mapped_column(index=True)
    """Monday of the week whose meals it is for."""
    version: Mapped[int] = mapped_column(default=0)
    """Grows with every change: who edits states the version they saw, so that two tablets never undo each other.

    0 is a basket that nobody has touched yet, like one that does not exist.
    """
    filling: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often it was sent. Sending begins another filling: lines of an earlier one are in it no more."""
    created_at: Mapped[Instant]
    created_by: Mapped[str] = mapped_column(String(120))

    lines: Mapped[list["BasketLine"]] = relationship(
        lazy="raise",
        order_by="BasketLine.day, BasketLine.offer_id",
        primaryjoin="(BasketLine.basket_id == Basket.id) & (BasketLine.filling == Basket.filling)",
        viewonly=True,
    )


class BasketLine(Base):
    """So many packs of an offer, to be delivered on a day."""

    __tablename__ = "basket_lines"
    __table_args__ = (
        CheckConstraint(PACKS, name="packs"),
        CheckConstraint("planned_g >= 0", name="planned"),
        CheckConstraint("left_over_g >= 0", name="left_over"),
        CLUSTERED,
    )

    basket_id: Mapped[int] = mapped_column(ForeignKey("baskets.id", ondelete="CASCADE"), primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    """Of the delivery."""
    filling: Mapped[int] = mapped_column(primary_key=True, default=0, server_default="0")
    """Of the basket when the line was put in it; lines of an earlier one were sent, and are in no basket any more."""
    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredients.id"))
    packs: Mapped[int]
    planned_g: Mapped[int] = mapped_column(default=0)
    """Grams the plan needs of it; 0 for what the plan does not know."""
    left_over_g: Mapped[int] = mapped_column(default=0)
    """Grams bought beyond what is planned, because packs are whole."""
    price_seen: Mapped[UnitPrice]
    """€ per pack excl. tax when the line was last looked at; likewise all that is ``_seen``."""
    delivery_seen: Mapped[UnitPrice]
    """€ per kg of delivery."""
    price_words_seen: Mapped[str] = mapped_column(String(200))
    """Which price it was, in French."""
    product_seen: Mapped[str] = mapped_column(String(200))
    origin_seen: Mapped[str] = mapped_column(String(200))
    label_seen: Mapped[str | None] = mapped_column(String(40))
    certificate_seen: Mapped[str | None] = mapped_column(String(210))
    """Its number and who certifies."""
    pack_g_seen: Mapped[int]
    pack_label_seen: Mapped[str] = mapped_column(String(200))
    variable_weight_seen: Mapped[bool]
    vat_pct_seen: Mapped[Quantity]
    allergens_seen: Mapped[str | None] = mapped_column(String(400))
    reason: Mapped[LineReason] = mapped_column(one_of(LineReason))

    @property
    def seen(self) -> SaleTerms:
        """The conditions of sale when the line was last looked at."""
        return SaleTerms(**{field: getattr(self, column) for field, column in SEEN.items()})

    @seen.setter
    def seen(self, terms: SaleTerms) -> None:
        for field, column in SEEN.items():
            setattr(self, column, getattr(terms, field))


class Order(Base):
    """What one kitchen asks of one supplier for one delivery day.

    The row is the sum of its events: ``rules.replay`` makes it again from them.
    """

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("last_seq >= 1", name="last_seq"),
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("vat >= 0", name="vat"),
        Index(None, "kitchen_id", "week"),
        Index(None, "supplier_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"))
    week: Mapped[date]
    """Monday of the week whose meals it is for; the stock of that week is taken."""
    day: Mapped[date]
    """Of the delivery."""
    state: Mapped[OrderState] = mapped_column(one_of(OrderState))
    last_seq: Mapped[int]
    """Number of its last event."""
    sending: Mapped[int]
    """Version of the basket it was sent from: the orders sent together share it."""
    sent_at: Mapped[Instant]
    sent_by: Mapped[str] = mapped_column(String(120))
    cut_off: Mapped[Instant]
    """Until then the kitchen cancels freely; it moves with the delivery day."""
    cancel_asked_at: Mapped[Instant | None]
    """The kitchen asked to cancel after the cut-off and has no answer yet."""
    amount: Mapped[Amount]
    """Sum of its rounded lines, excl. tax, delivery included."""
    vat: Mapped[Amount]
    """Sum of the VAT of its lines, each rounded."""

    lines: Mapped[list["OrderLine"]] = relationship(
        lazy="raise", order_by="OrderLine.position", back_populates="order", passive_deletes=True
    )
    events: Mapped[list["OrderEvent"]] = relationship(
        lazy="raise", order_by="OrderEvent.seq", back_populates="order", passive_deletes=True
    )

    @property
    def number(self) -> str:
        """As written on the order form: it never changes and no other order has it."""
        return f"BC{self.sent_at:%y}-{self.id:06d}"


class OrderLine(Base):
    """One offer of an order, as it was sold on the day it was sent: later changes of the offer do not reach it."""

    __tablename__ = "order_lines"
    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        CheckConstraint("packs >= 0", name="packs"),
        CheckConstraint("packs <= packs_ordered", name="no_more_than_ordered"),
        CheckConstraint(f"packs_ordered BETWEEN 1 AND {MOST_PACKS}", name="packs_ordered"),
        CheckConstraint("pack_g > 0", name="pack"),
        CheckConstraint("price_eur_per_pack > 0", name="price"),
        CheckConstraint("delivery_eur_per_kg >= 0", name="delivery"),
        CheckConstraint("(price_source = 'offer') = (price_name IS NULL)", name="price_name"),
        CheckConstraint("(price_source IN ('award', 'contract')) = (price_line IS NOT NULL)", name="price_line"),
        CheckConstraint("vat_pct >= 0", name="vat_pct"),
        CheckConstraint("amount >= 0 AND vat >= 0", name="amount"),
        CheckConstraint("received_g IS NULL OR received_g >= 0", name="received"),
        Index(None, "offer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    position: Mapped[int]
    """From 1, in order of offer."""
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"))
    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredients.id"), index=True)
    reason: Mapped[LineReason] = mapped_column(one_of(LineReason))
    packs_ordered: Mapped[int]
    """As sent."""
    packs: Mapped[int]
    """As agreed now: fewer than ordered when the supplier has not enough, 0 when the order does not stand."""
    planned_g: Mapped[int]
    """Grams the plan needs of it."""
    received_g: Mapped[int | None]
    """Grams the kitchen has accepted at reception; none yet when empty."""

    product: Mapped[str] = mapped_column(String(200))
    pack_g: Mapped[int]
    pack_label: Mapped[str] = mapped_column(String(120))
    variable_weight: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Billed by the weight delivered: the weight of a pack is what it weighs by and large."""
    category: Mapped[ProductCategory | None] = mapped_column(one_of(ProductCategory))
    """For the temperature on arrival; none when its seller stated none."""
    limit_celsius: Mapped[Celsius | None]
    animal_product: Mapped[AnimalProduct | None] = mapped_column(one_of(AnimalProduct))
    """What the weekly caps of a dérogation count it as."""
    date_kind: Mapped[DateKind | None] = mapped_column(one_of(DateKind))
    """Which date it bears; none when its seller stated none."""
    origin_country: Mapped[str | None] = mapped_column(String(2))
    """ISO 3166, like the three countries of an animal's life."""
    born_in: Mapped[str | None] = mapped_column(String(2))
    reared_in: Mapped[str | None] = mapped_column(String(2))
    slaughtered_in: Mapped[str | None] = mapped_column(String(2))
    allergens_on: Mapped[date | None]
    """When its seller had stated its allergens; none when those of the ingredient stood."""
    allergens: Mapped[str | None] = mapped_column(String(200))
    """What its seller stated then, as ``market.allergens_told`` writes it."""
    allergen_document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id"), index=True)
    """The sheet that says so."""
    permit_kind: Mapped[PermitKind | None] = mapped_column(one_of(PermitKind))
    """By which right the supplier may deliver it to a canteen; none for what is not of animals. With its number and the
    kilometres that the prefect granted, as they were when the delivery was last judged (HYG-01 to HYG-04)."""
    permit_number: Mapped[str | None] = mapped_column(String(40))
    permit_max_km: Mapped[int | None]
    price_eur_per_pack: Mapped[UnitPrice]
    delivery_eur_per_kg: Mapped[UnitPrice]
    """Nothing when the price is delivered free."""
    price_source: Mapped[PriceSource] = mapped_column(
        one_of(PriceSource), default=PriceSource.OFFER, server_default=PriceSource.OFFER.value
    )
    price_name: Mapped[str | None] = mapped_column(String(80))
    """Slug of the price list, consultation and lot of the award, or number of the contract; none for the offer's."""
    price_line: Mapped[int | None]
    """Of the contract or of the consultation, its row id: a number, like all that a line remembers of that day."""
    price_since: Mapped[date | None]
    """Day from which an index has given the contract its price; none when it was never revised."""
    vat_pct: Mapped[Quantity]
    label: Mapped[str | None] = mapped_column(String(40))
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id", ondelete="SET NULL"))
    certificate_number: Mapped[str | None] = mapped_column(String(80))
    """With who certifies, as it stood: the certificate itself may be replaced later."""
    certifier: Mapped[str | None] = mapped_column(String(120))
    origin: Mapped[str] = mapped_column(String(120))
    ground: Mapped[str | None] = mapped_column(String(200))
    """By which contract, award or threshold the purchase is lawful; empty when nobody asked."""
    amount: Mapped[Amount]
    """Excl. tax, delivery included, of the packs agreed; rounded half-up to the cent."""
    vat: Mapped[Amount]
    """Rounded half-up to the cent."""

    order: Mapped[Order] = relationship(lazy="raise", back_populates="lines")

    @property
    def agreement(self) -> Agreement:
        """Which price it was sold at."""
        return Agreement(self.price_source, self.price_name, self.price_line, self.price_since)

    @property
    def grams(self) -> int:
        """Weight of the packs agreed."""
        return self.packs * self.pack_g


class OrderEvent(Base):
    """One thing that happened to an order. Rows are only ever added; in order of ``seq`` they make the order."""

    __tablename__ = "order_events"
    __table_args__ = (CheckConstraint("seq >= 1", name="seq"), Index(None, "at"), CLUSTERED)

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Instant]
    actor: Mapped[str] = mapped_column(String(120))
    kind: Mapped[OrderEventKind] = mapped_column(one_of(OrderEventKind))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What the kind needs to be replayed; amounts and grams as text or whole numbers, days as ISO dates."""

    order: Mapped[Order] = relationship(lazy="raise", back_populates="events")


class Shortage(Base):
    """Goods that a supplier will not bring and that nobody else could be proposed for: told until they are found."""

    __tablename__ = "shortages"
    __table_args__ = (
        CheckConstraint("grams > 0", name="grams"),
        CheckConstraint("needed_g >= grams", name="needed"),
        Index(None, "kitchen_id", "week"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    week: Mapped[date]
    """Monday of the week whose meals it was for."""
    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredients.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id", ondelete="CASCADE"))
    """Of which order it falls out."""
    grams: Mapped[int]
    """What nobody could be proposed for, on that day."""
    needed_g: Mapped[int]
    """With what the kitchen then had of the ingredient for the week, in its basket and on order: whoever has as much
    misses nothing any more."""
    at: Mapped[Instant]


class OrderTelling(Base):
    """An event of an order that both sides were told of by mail, as far as it concerns them."""

    __tablename__ = "order_tellings"
    __table_args__ = (
        UniqueConstraint("order_id", "seq"),
        ForeignKeyConstraint(["order_id", "seq"], [OrderEvent.order_id, OrderEvent.seq], ondelete="CASCADE"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int]
    seq: Mapped[int]
    told_at: Mapped[Instant]


class StandingOrder(Base):
    """So many packs of an offer on the same weekdays, without asking again; not in school holidays."""

    __tablename__ = "standing_orders"
    __table_args__ = (
        CheckConstraint(PACKS, name="packs"),
        CheckConstraint("weekdays BETWEEN 1 AND 127", name="weekdays"),
        CheckConstraint("first_day <= last_day", name="order"),
        Index(None, "kitchen_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kitchen_id: Mapped[int] = mapped_column(ForeignKey("kitchens.id"))
    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"))
    packs: Mapped[int]
    weekdays: Mapped[frozenset[int]] = mapped_column(WEEKDAYS)
    """Days of delivery; Monday is 0."""
    first_day: Mapped[date]
    last_day: Mapped[date]
    """Both ends are included."""
    created_at: Mapped[Instant]
    created_by: Mapped[str] = mapped_column(String(120))
    ended_at: Mapped[Instant | None]
    """When somebody stopped it; what it had filled stays."""


class StandingFill(Base):
    """What became of a day of a standing order: filled once, even when the line was then removed; else tried again."""

    __tablename__ = "standing_fills"
    __table_args__ = (CLUSTERED,)

    standing_order_id: Mapped[int] = mapped_column(
        ForeignKey("standing_orders.id", ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[Instant]
    outcome: Mapped[StandingOutcome] = mapped_column(
        one_of(StandingOutcome), default=StandingOutcome.FILLED, server_default=StandingOutcome.FILLED.value
    )
    message: Mapped[str | None] = mapped_column(Text)
    """Why it was not put into the basket and what to do, in French; none when it was."""


append_only(OrderEvent)
