"""The contracts of the story are such as a buyer may record."""

from decimal import Decimal

import pytest

from catering.demonstration.agreements import lot_value
from catering.procurement.figures import amount_fits


@pytest.mark.parametrize("spent", ["0", "0.004", "0.01", "99.99", "123456.78"])
def test_a_lot_is_worth_what_is_bought_and_more_and_never_nothing(spent: str) -> None:
    """A year of all kitchens has suppliers of whom one kitchen buys a gram."""
    value = lot_value(Decimal(spent))
    assert value > Decimal(spent)
    assert amount_fits(value)
