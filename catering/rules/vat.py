"""The VAT rates of food, in percent, as dated data."""

from datetime import date
from decimal import Decimal

from catering.rules.book import RuleBook, law

NO_VAT = "TVA-SANS"
CHARGED = ("TVA-REDUIT", "TVA-INTERMEDIAIRE", "TVA-NORMAL")


def vat_rates(on: date, *, charges: bool, book: RuleBook | None = None) -> tuple[Decimal, ...]:
    """The rates a seller may invoice on a date, lowest first.

    ``charges`` is false for a seller who invoices no VAT (franchise, flat-rate farmer): one rate, zero.
    Raises UnknownRuleError when the law states none on that date.
    """
    book = book or law()
    names = CHARGED if charges else (NO_VAT,)
    return tuple(sorted(book.parameter(name, on) for name in names))
