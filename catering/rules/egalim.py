"""EGAlim: which bucket a purchase counts in, and the ratios of a civil year (EGA-01 to EGA-24)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from catering.rules.book import RuleBook, law
from catering.rules.shapes import ValueRatio
from catering.rules.tables import NO_BUCKET, Label

FAIR_TRADE = frozenset({"COMMERCE_EQUITABLE", "BIO_COMMERCE_EQUITABLE"})
NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseLine:
    """A line bought: euros excl. tax, ma-cantine family, invoice date, signs on the invoice, and what they depend on.

    ``plant`` only of plants; ``agricultural_ingredients`` 1 when raw; ``conversion_months`` of the holding;
    ``product`` egg, cheese, poultry, beef, pork or other (for *fermier*); ``direct_sale`` small direct or local sale;
    ``proven`` labels whose proof the buyer holds (tender criteria, equivalence); ``equivalent_to`` the sign proved.
    An unknown fact (None) never lets a condition pass.
    """

    amount_excl_tax: Decimal
    family: str
    invoiced: date
    labels: frozenset[str] = frozenset()
    plant: bool | None = None
    agricultural_ingredients: int | None = None
    conversion_months: int | None = None
    product: str | None = None
    direct_sale: bool = False
    proven: frozenset[str] = frozenset()
    equivalent_to: str | None = None


@dataclass(frozen=True, slots=True)
class Ratio:
    """A value ratio over a civil year. ``share`` and ``holds`` are None when nothing was bought in the families."""

    rule: str
    numerator: Decimal
    denominator: Decimal
    min_share: Decimal

    @property
    def share(self) -> Decimal | None:
        return self.numerator / self.denominator if self.denominator else None

    @property
    def holds(self) -> bool | None:
        """Exact comparison, without division."""
        return self.numerator >= self.min_share * self.denominator if self.denominator else None


@dataclass(frozen=True, slots=True)
class YearOfPurchases:
    """Euros excl. tax of a civil year: total, per bucket, fair trade inside a bucket, and the ratios of the law."""

    year: int
    total: Decimal
    buckets: Mapping[str, Decimal]
    fair_trade: Mapping[str, Decimal]
    ratios: Mapping[str, Ratio] = field(default_factory=dict)


def counted_label(line: PurchaseLine, book: RuleBook | None = None) -> Label | None:
    """The one sign a line counts by: valid on the invoice date, condition met, first in the waterfall (EGA-20).

    Raises UnknownRuleError for a code that no row defines.
    """
    book = book or law()
    counting = [
        label
        for label in (book.label(code, line.invoiced) for code in sorted(line.labels))
        if label is not None and label.counts_as_quality and _CONDITIONS[label.condition](label, line, book)
    ]
    return min(counting, key=lambda label: _rank(label, line, book), default=None)


def bucket_of(line: PurchaseLine, book: RuleBook | None = None) -> str:
    """The bucket of a line; ``NON_EGALIM`` when no sign counts. Raises UnknownRuleError."""
    book = book or law()
    label = counted_label(line, book)
    return NO_BUCKET if label is None else _stands_for(label, line, book).bucket


def _stands_for(label: Label, line: PurchaseLine, book: RuleBook) -> Label:
    """An equivalent is declared in the category of the sign it is equivalent to (EGA-16)."""
    if label.condition != "equivalence" or line.equivalent_to is None:
        return label
    return book.label(line.equivalent_to, line.invoiced) or label


def _rank(label: Label, line: PurchaseLine, book: RuleBook) -> tuple[int, int]:
    meant = _stands_for(label, line, book)
    return book.tables.buckets[meant.bucket].rank, meant.waterfall


def _always(_: Label, __: PurchaseLine, ___: RuleBook) -> bool:
    return True


def _conversion(_: Label, line: PurchaseLine, book: RuleBook) -> bool:
    """EGA-11: plants only, raw or of one agricultural ingredient, holding long enough in conversion."""
    if line.plant is not True or line.agricultural_ingredients is None or line.conversion_months is None:
        return False
    most = book.parameter("EGA-11-INGREDIENTS", line.invoiced)
    months = book.parameter("EGA-11-MOIS", line.invoiced)
    return line.agricultural_ingredients <= most and line.conversion_months > months


def _fermier(_: Label, line: PurchaseLine, book: RuleBook) -> bool:
    """EGA-12: only where a text defines the mention."""
    defined = book.tables.fermier.get(line.product or "")
    if defined is None:
        return False
    required = frozenset(defined.with_any_of.split())
    return not required or bool(required & line.labels) or (defined.or_direct_sale and line.direct_sale)


def _tender(label: Label, line: PurchaseLine, _: RuleBook) -> bool:
    """EGA-17, EGA-18: a property of the tender lot, which the buyer must be able to prove."""
    return label.code in line.proven


def _equivalence(label: Label, line: PurchaseLine, book: RuleBook) -> bool:
    """EGA-14, EGA-16: the buyer documented the equivalence with a sign that counts on that date."""
    if label.code not in line.proven or line.equivalent_to is None:
        return False
    meant = book.label(line.equivalent_to, line.invoiced)
    return meant is not None and meant.counts_as_quality


_CONDITIONS: dict[str, Callable[[Label, PurchaseLine, RuleBook], bool]] = {
    "": _always,
    "conversion": _conversion,
    "fermier": _fermier,
    "tender": _tender,
    "equivalence": _equivalence,
}


def year_of_purchases(
    lines: Iterable[PurchaseLine],
    year: int,
    *,
    region: str | None = None,
    establishment: str | None = None,
    book: RuleBook | None = None,
) -> YearOfPurchases:
    """Buckets and ratios of the lines invoiced in a civil year (EGA-07, EGA-08); other lines are left out.

    Each line counts by the signs valid on its invoice date; the thresholds are those of the year's last day.
    ``region`` (INSEE code) and ``establishment`` (``"state"``) select other thresholds. Raises UnknownRuleError.
    """
    book = book or law()
    bought = [(line, bucket_of(line, book)) for line in lines if line.invoiced.year == year]
    buckets = dict.fromkeys(book.tables.buckets, NOTHING)
    fair = dict.fromkeys(book.tables.buckets, NOTHING)
    for line, bucket in bought:
        buckets[bucket] += line.amount_excl_tax
        if line.labels & FAIR_TRADE:
            fair[bucket] += line.amount_excl_tax
    last_day = date(year, 12, 31)
    ratios = {
        rule.id: _ratio(rule, bought, book.parameter(rule.id, last_day, region=region, establishment=establishment))
        for rule, _ in book.rules(last_day, ("egalim",))
        if isinstance(rule, ValueRatio)
    }
    return YearOfPurchases(year, sum(buckets.values(), NOTHING), buckets, fair, ratios)


def _ratio(rule: ValueRatio, bought: Iterable[tuple[PurchaseLine, str]], min_share: Decimal) -> Ratio:
    inside = [(line, bucket) for line, bucket in bought if rule.families is None or line.family in rule.families]
    counted = sum((line.amount_excl_tax for line, bucket in inside if bucket in rule.buckets), NOTHING)
    return Ratio(rule.id, counted, sum((line.amount_excl_tax for line, _ in inside), NOTHING), min_share)
