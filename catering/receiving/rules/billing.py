"""The one rounding rule of what is bought: each line half-up to the cent, then add; and the three-way match."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol

from catering.market.delivered import delivered_amount, vat_of
from catering.receiving.vocabulary import DifferenceKind

NOTHING = Decimal("0.00")


class Sold(Protocol):
    """What was agreed of an order line."""

    @property
    def pack_g(self) -> int:
        """Grams of a pack."""

    @property
    def price_eur_per_pack(self) -> Decimal:
        """€ excl. tax."""

    @property
    def delivery_eur_per_kg(self) -> Decimal:
        """€ excl. tax per kg delivered."""

    @property
    def vat_pct(self) -> Decimal:
        """Percent."""


def amount_of(sold: Sold, grams: int) -> Decimal:
    """€ excl. tax of so many grams of an order line, delivery included, rounded half-up to the cent once."""
    return delivered_amount(grams, sold.price_eur_per_pack, sold.pack_g, sold.delivery_eur_per_kg)


@dataclass(frozen=True, slots=True)
class Billed:
    """One line of an invoice. ``order_line_id`` None: nobody ordered it. Negative on a credit note."""

    order_line_id: int | None
    product: str
    grams: int
    amount: Decimal
    vat_pct: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class RateTotal:
    """What an invoice bills at one rate: sums of rounded lines."""

    vat_pct: Decimal
    amount: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class Books:
    """What the books say of one order line: as sold, accepted so far, invoiced so far by everything but this."""

    sold: Sold
    accepted_g: int
    invoiced_g: int = 0
    invoiced_amount: Decimal = NOTHING

    @property
    def left_g(self) -> int:
        """Grams accepted that nobody has invoiced; negative when too much is invoiced."""
        return self.accepted_g - self.invoiced_g

    @property
    def left_amount(self) -> Decimal:
        """€ excl. tax accepted that nobody has invoiced; what was accepted is rounded once, over the order line."""
        return amount_of(self.sold, self.accepted_g) - self.invoiced_amount

    def after(self, line: Billed) -> Books:
        """The books once a line is billed."""
        return replace(
            self, invoiced_g=self.invoiced_g + line.grams, invoiced_amount=self.invoiced_amount + line.amount
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """One way in which an invoice is not what was ordered and accepted. ``position`` from 1; None is the whole."""

    kind: DifferenceKind
    position: int | None
    product: str
    expected: Decimal
    stated: Decimal


def totals_by_rate(lines: Iterable[Billed]) -> Sequence[RateTotal]:
    """Sums per VAT rate, lowest rate first."""
    found: dict[Decimal, tuple[Decimal, Decimal]] = {}
    for line in lines:
        amount, vat = found.get(line.vat_pct, (NOTHING, NOTHING))
        found[line.vat_pct] = amount + line.amount, vat + line.vat
    return [RateTotal(rate, *found[rate]) for rate in sorted(found)]


def to_bill(lines: Mapping[int, tuple[str, Books]]) -> Sequence[Billed]:
    """What is accepted and not invoiced yet, a line per order line; what is to be given back waits for its own paper.

    A paper has one sign, as one that comes on paper (``_require_signs``): a request for a credit is answered by a
    credit note that can be named, approved and rejected as such.
    """
    return [line for line in _left(lines) if not gives_back(line.amount, line.grams)]


def to_give_back(lines: Mapping[int, tuple[str, Books]]) -> Sequence[Billed]:
    """What is invoiced and not accepted, negative, a line per order line."""
    return [line for line in _left(lines) if gives_back(line.amount, line.grams)]


def gives_back(amount: Decimal, grams: int) -> bool:
    """Whether figures are those of a credit."""
    return (amount, grams) < (0, 0)


def _left(lines: Mapping[int, tuple[str, Books]]) -> Sequence[Billed]:
    return [
        Billed(
            line_id, product, books.left_g, books.left_amount, books.sold.vat_pct,
            vat_of(books.left_amount, books.sold.vat_pct),
        )
        for line_id, (product, books) in lines.items()
        if books.left_g or books.left_amount
    ]  # fmt: skip


def differences(
    lines: Sequence[Billed], books: Mapping[int, Books], stated_total: Decimal | None = None
) -> Sequence[Difference]:
    """The three-way match: ordered, accepted, invoiced; empty when they agree.

    Args:
        lines: of the invoice, in order.
        books: of each order line it names.
        stated_total: incl. tax, as printed; None when the platform made the invoice.
    """
    found: list[Difference] = []
    so_far = dict(books)
    for position, line in enumerate(lines, start=1):
        said = so_far.get(line.order_line_id) if line.order_line_id is not None else None
        found += _of_line(position, line, said)
        if said is not None and line.order_line_id is not None:
            so_far[line.order_line_id] = said.after(line)
    total = sum((line.amount + line.vat for line in lines), NOTHING)
    if stated_total is not None and stated_total != total:
        found.append(Difference(DifferenceKind.TOTAL, None, "Total TTC", total, stated_total))
    return found


def _of_line(position: int, line: Billed, said: Books | None) -> Iterable[Difference]:
    def named(kind: DifferenceKind, expected: Decimal, stated: Decimal) -> Difference:
        return Difference(kind, position, line.product, expected, stated)

    if said is None:
        yield named(DifferenceKind.NOT_ORDERED, NOTHING, line.amount)
        return
    if line.vat != vat_of(line.amount, line.vat_pct):
        yield named(DifferenceKind.VAT_AMOUNT, vat_of(line.amount, line.vat_pct), line.vat)
    if line.vat_pct != said.sold.vat_pct:
        yield named(DifferenceKind.VAT_RATE, said.sold.vat_pct, line.vat_pct)
    if line.grams < 0 and said.invoiced_g + line.grams < 0:
        # A credit note for what nobody has billed: the supplier's next invoice would bill it twice.
        yield named(DifferenceKind.QUANTITY, Decimal(-said.invoiced_g), Decimal(line.grams))
    if line.grams > said.left_g:
        kind = DifferenceKind.QUANTITY if said.accepted_g else DifferenceKind.NOT_RECEIVED
        yield named(kind, Decimal(said.left_g), Decimal(line.grams))
    price = said.left_amount if line.grams == said.left_g else amount_of(said.sold, line.grams)
    if line.amount != price:
        yield named(DifferenceKind.PRICE, price, line.amount)
