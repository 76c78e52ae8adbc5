"""Wherever a rate is shown beside its verdict, it is on the side of the verdict."""

from datetime import date
from decimal import Decimal

from catering.compliance.cells import CellKind, CellStatus
from catering.compliance.egalim import YearAsked, _cell
from catering.orders.graph.baskets import show_ratio as show_of_basket
from catering.purchases.figures import shares
from catering.purchases.graph_egalim import show_ratio
from catering.rules.egalim_year import Cell, Ratio, year_of
from catering.web import wording

MISSED = Ratio("EGA-02", Decimal("199999.96"), Decimal(1_000_000), Decimal("0.20"))
REACHED = Ratio("EGA-02", Decimal(200_000), Decimal(1_000_000), Decimal("0.20"))


def test_the_answer_of_a_year() -> None:
    missed, reached = show_ratio(MISSED), show_ratio(REACHED)
    assert (missed.share_pct, missed.holds, missed.missing_eur) == (Decimal("19.99"), False, Decimal("0.04"))
    assert (reached.share_pct, reached.holds, reached.missing_eur) == (Decimal(20), True, 0)


def test_less_than_a_cent_is_not_nothing() -> None:
    hair = Ratio("EGA-02", Decimal("0.00"), Decimal("0.02"), Decimal("0.20"))
    assert (hair.holds, show_ratio(hair).missing_eur) == (False, Decimal("0.01"))


def test_a_basket() -> None:
    missed = show_of_basket(MISSED)
    assert missed.share is not None
    assert missed.share < missed.target
    assert (wording.percent(missed.share), wording.percent(show_of_basket(REACHED).share)) == (
        "19,9\u00a0%",
        "20\u00a0%",
    )


def test_a_cell_of_the_grid() -> None:
    asked = YearAsked(2025, date(2026, 3, 1), date(2025, 12, 19))
    cell = _cell(1, CellKind.EGALIM, MISSED, asked, [])
    assert (cell.status, cell.value) == (CellStatus.MISSED, Decimal("19.99"))


def test_what_is_declared_printed_and_put_up() -> None:
    """The declaration, its papers, the poster and the display write these figures as they are."""
    kinds = [("BIO", 19_999_996), ("", 80_000_004)]
    tally = {Cell("AUTRES", sign, False, "", False, False, False): cents for sign, cents in kinds}
    assert shares(year_of(tally, 2025)).bio == Decimal("19.99")
