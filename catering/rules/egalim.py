"""EGAlim, one line: by which sign a purchase counts, in which bucket, and why not (EGA-11 to EGA-22)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catering.rules.book import RuleBook, law
from catering.rules.egalim_tables import Reason, reason_why
from catering.rules.tables import NO_BUCKET, Label

TENDER = "tender"
MARKS = frozenset({"FRANCE", "EUROPE", "CIRCUIT_COURT", "LOCAL", "PAT"})
"""Labels that inform and never count, so that nothing has to be said of them (EGA-23)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseLine:
    """A line bought: euros excl. tax, ma-cantine family, invoice date, signs on the invoice, and what they depend on.

    ``plant`` only of plants; ``agricultural_ingredients`` 1 when raw; ``conversion_months`` of the holding;
    ``product`` egg, cheese, poultry, beef, pork or other (for *fermier*); ``direct_sale`` small direct or local sale;
    ``proven`` labels whose proof the buyer holds (tender criteria, equivalence, a *fermier* product whose nature is not
    told); ``equivalent_to`` the sign proved. ``origin`` FRANCE, EUROPE (EU and EEA), TIERS or nothing known.
    With ``needs_certificate`` a sign counts only when ``certified``, the days its certificate covers, holds the day of
    delivery (of the invoice when that is not told); without, the buyer answers for it, as on ma-cantine.
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
    origin: str = ""
    delivered: date | None = None
    needs_certificate: bool = False
    certified: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """How a line counts: the sign that gives its bucket (None outside EGAlim), and why its other signs give none."""

    label: Label | None
    reasons: tuple[tuple[str, Reason], ...]
    """(sign, reason) of each sign that does not count, in alphabetical order."""

    @property
    def sign(self) -> str:
        """Code of the sign; empty outside EGAlim."""
        return "" if self.label is None else self.label.code

    @property
    def bucket(self) -> str:
        """The one bucket of the line (EGA-20)."""
        return NO_BUCKET if self.label is None else self.label.bucket


def count_line(line: PurchaseLine, book: RuleBook | None = None) -> Counted:
    """The one sign a line counts by: valid on the invoice date, condition met, first in the waterfall (EGA-20).

    An equivalent counts by the sign it is equivalent to. Raises UnknownRuleError for a code that no row defines.
    """
    book = book or law()
    counting: list[Label] = []
    reasons: list[tuple[str, Reason]] = []
    for code in sorted(line.labels - MARKS):
        label = book.label(code, line.invoiced)
        case = _why_not(label, line, book)
        if case:
            reasons.append((code, reason_why(case, code, line.invoiced, book.folder)))
        else:
            assert label is not None
            counting.append(_stands_for(label, line, book))
    return Counted(min(counting, key=lambda label: _rank(label, book), default=None), tuple(reasons))


def bucket_of(line: PurchaseLine, book: RuleBook | None = None) -> str:
    """The bucket of a line; ``NON_EGALIM`` when no sign counts. Raises UnknownRuleError."""
    return count_line(line, book).bucket


def _why_not(label: Label | None, line: PurchaseLine, book: RuleBook) -> str:
    """The case of ``egalim/reasons.csv`` in which a sign does not count; empty when it does."""
    if label is None:
        return "not_in_force"
    if not label.counts_as_quality:
        return "not_counting"
    if not _CONDITIONS[label.condition](label, line, book):
        return label.condition
    # What a tender was judged by is proven by its file, which the buyer keeps.
    return "" if label.condition == TENDER else _certificate(line)


def _certificate(line: PurchaseLine) -> str:
    """EGA-20: what is claimed at delivery is proven on the day of delivery."""
    if not line.needs_certificate:
        return ""
    if line.certified is None:
        return "certificate_missing"
    first, last = line.certified
    return "" if first <= (line.delivered or line.invoiced) <= last else "certificate_expired"


def _stands_for(label: Label, line: PurchaseLine, book: RuleBook) -> Label:
    """An equivalent is declared in the category of the sign it is equivalent to (EGA-16)."""
    if label.condition != "equivalence" or line.equivalent_to is None:
        return label
    return book.label(line.equivalent_to, line.invoiced) or label


def _rank(label: Label, book: RuleBook) -> tuple[int, int]:
    return book.tables.buckets[label.bucket].rank, label.waterfall


def _always(_: Label, __: PurchaseLine, ___: RuleBook) -> bool:
    return True


def _conversion(_: Label, line: PurchaseLine, book: RuleBook) -> bool:
    """EGA-11: plants only, raw or of one agricultural ingredient, holding long enough in conversion."""
    if line.plant is not True or line.agricultural_ingredients is None or line.conversion_months is None:
        return False
    most = book.parameter("EGA-11-INGREDIENTS", line.invoiced)
    months = book.parameter("EGA-11-MOIS", line.invoiced)
    return line.agricultural_ingredients <= most and line.conversion_months > months


def _fermier(label: Label, line: PurchaseLine, book: RuleBook) -> bool:
    """EGA-12: only where a text defines the mention; of a product nobody tells, the buyer answers for it."""
    if line.product is None:
        return label.code in line.proven
    defined = book.tables.fermier.get(line.product)
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
    TENDER: _tender,
    "equivalence": _equivalence,
}
