"""What a basket weighs in the EGAlim ratios, and what a change of it would do to them (EGA-01 to EGA-08)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catering.recipes.models import Ingredient
from catering.rules import RuleBook, law
from catering.rules.egalim import PurchaseLine
from catering.rules.egalim_year import Ratio, year_of_purchases


@dataclass(frozen=True, slots=True)
class Bought:
    """A purchase made or about to be made: € excl. tax, and the label whose proof covers the delivery, if any."""

    amount: Decimal
    ingredient: Ingredient
    label: str | None


def ratios(bought: Iterable[Bought], week: date, book: RuleBook | None = None) -> Sequence[Ratio]:
    """The ratios of the law over some purchases of one week, in order of rule.

    All count on the Monday that names the week, thus in one civil year and by the labels valid on that day.

    Raises:
        catering.rules.UnknownRuleError: a label that the law does not know.
    """
    book = book or law()
    lines = [
        PurchaseLine(
            amount_excl_tax=each.amount,
            family=each.ingredient.family.value,
            invoiced=week,
            labels=frozenset({each.label} if each.label else ()),
            product=each.ingredient.kind.value,
        )
        for each in bought
    ]
    found = year_of_purchases(lines, week.year, book=book).ratios
    return [found[rule] for rule in sorted(found)]
