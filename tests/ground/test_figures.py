"""Figures are written as the French read them, whatever their size and sign."""

from decimal import Decimal

import pytest

from catering import figures

SPACE = "\u00a0"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (figures.number(Decimal("12345.60")), "12 345,60"),
        (figures.number(Decimal("-1234567")), "-1 234 567"),
        (figures.short(Decimal("12.500")), "12,5"),
        (figures.short(Decimal("1E+3")), "1 000"),
        (figures.euros(Decimal("-1234.50")), "-1 234,50 €"),
        (figures.round_euros(Decimal(60_000)), "60 000 €"),
        (figures.round_euros(Decimal("1234.5")), "1 234,50 €"),
        (figures.unit_price(Decimal("12.3400")), "12,34 €"),
        (figures.unit_price(Decimal("0.1234")), "0,1234 €"),
        (figures.percent(Decimal("5.50")), "5,5 %"),
        (figures.rate(Decimal("50.00")), "50,00 %"),
        (figures.rate(None), "–"),
        (figures.kilograms(1_234_500), "1 234,5 kg"),
        (figures.kilograms(7), "0,007 kg"),
        (figures.counted(1, "commande"), "1 commande"),
        (figures.counted(1200, "commande"), "1 200 commandes"),
        (figures.counted(2, "colis"), "2 colis"),
    ],
)  # fmt: skip
def test_a_figure_is_written_in_french(told: str, expected: str) -> None:
    assert told == expected.replace(" ", SPACE)
