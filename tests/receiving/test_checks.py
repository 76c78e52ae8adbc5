"""What a line that was let through still tells the kitchen; whatever is noted, a rule answers."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catering.receiving import refusals
from catering.receiving.models import ReceptionLine
from catering.receiving.refusals import InvalidReception
from catering.receiving.rules.checks import Found, ReceptionWarning, check, warnings_of
from catering.receiving.vocabulary import Decision, ExpiryKind, ReceptionReason
from catering.refusal import Refusal
from catering.rules.hygiene import ProductCategory
from catering.rules.temperatures import TemperatureVerdict, degrees

ON = date(2026, 11, 25)
COLD_BY_LAW = {
    ProductCategory.MINCED_MEAT, ProductCategory.MEAT_PREPARATION, ProductCategory.OFFAL, ProductCategory.POULTRY,
    ProductCategory.MEAT_CUT, ProductCategory.FRESH_FISH, ProductCategory.EGG_PRODUCT, ProductCategory.RAW_MILK,
    ProductCategory.VERY_PERISHABLE, ProductCategory.COLD_DISH,
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "days", "verdict", "warnings"),
    [
        (None, 0, TemperatureVerdict.WITHIN, []),
        (None, 0, TemperatureVerdict.TOLERATED, [ReceptionWarning.TEMPERATURE]),
        (ExpiryKind.USE_BY, 0, TemperatureVerdict.WITHIN, [ReceptionWarning.SHORT_DATED]),
        (ExpiryKind.USE_BY, 1, TemperatureVerdict.WITHIN, [ReceptionWarning.SHORT_DATED]),
        (ExpiryKind.USE_BY, 2, TemperatureVerdict.WITHIN, []),
        (ExpiryKind.BEST_BEFORE, -1, TemperatureVerdict.NO_LIMIT, [ReceptionWarning.PAST_BEST_BEFORE]),
        (ExpiryKind.USE_BY, -1, TemperatureVerdict.WITHIN, []),
    ],
)
def test_what_to_know_of_a_line(
    kind: ExpiryKind | None, days: int, verdict: TemperatureVerdict, warnings: list[ReceptionWarning]
) -> None:
    line = ReceptionLine(date_kind=kind, expires_on=ON + timedelta(days=days) if kind else None, verdict=verdict)
    assert list(warnings_of(line, ON)) == warnings


@pytest.mark.parametrize(("limit", "told"), [(None, [ReceptionWarning.LIMIT_NOT_TOLD]), (Decimal(6), [])])
def test_a_limit_of_the_producer_that_nobody_read_is_told(limit: Decimal | None, told: list[ReceptionWarning]) -> None:
    line = ReceptionLine(
        category=ProductCategory.PRODUCER_DEFINED, limit_celsius=limit, verdict=TemperatureVerdict.NO_LIMIT
    )
    assert list(warnings_of(line, ON)) == told


@given(
    st.builds(
        Found,
        product=st.just("Produit"),
        category=st.sampled_from(ProductCategory),
        pack_g=st.just(1_000),
        variable_weight=st.booleans(),
        delivered_packs=st.integers(-1, 4),
        delivered_g=st.integers(-1, 4).map(lambda packs: packs * 1_000) | st.integers(-1, 5_000),
        accepted_packs=st.integers(-1, 4),
        accepted_g=st.integers(-1, 4).map(lambda packs: packs * 1_000) | st.integers(-1, 5_000),
        decision=st.sampled_from(Decision),
        reason=st.none() | st.sampled_from(ReceptionReason),
        comment=st.none() | st.just("vu"),
        date_kind=st.none() | st.sampled_from(ExpiryKind),
        expires_on=st.none() | st.dates(ON - timedelta(days=2), ON + timedelta(days=2)),
        celsius=st.none() | st.decimals("-30", "80", places=1),
    ),
    st.sampled_from([Decimal(0), Decimal(2)]),
)
def test_nothing_unlawful_is_ever_let_through(found: Found, tolerance: Decimal) -> None:
    try:
        finding = check(found, ON, tolerance)
    except Refusal:
        return
    assert 0 <= found.accepted_g <= found.delivered_g
    said = 1_000 * found.delivered_packs
    assert abs(found.delivered_g - said) <= (said // 5 if found.variable_weight else 0)
    assert (found.decision is Decision.ACCEPTED) == (found.reason is None)
    if found.accepted_g:
        assert finding.verdict not in (TemperatureVerdict.EXCEEDED, TemperatureVerdict.UNMEASURED)
        assert not (found.date_kind is ExpiryKind.USE_BY and found.expires_on is not None and found.expires_on < ON)
        assert found.date_kind is ExpiryKind.USE_BY or found.category not in COLD_BY_LAW
    if found.decision is Decision.ACCEPTED:
        assert not finding.alert
        assert found.accepted_g == found.delivered_g


@pytest.mark.parametrize(
    ("kind", "days", "readable"),
    [
        (ExpiryKind.USE_BY, 300, True),
        (ExpiryKind.USE_BY, 365, False),
        (ExpiryKind.BEST_BEFORE, 3_650, True),
        (ExpiryKind.BEST_BEFORE, 36_500, False),
    ],
)
def test_a_date_too_far_away_is_a_slip_of_the_year(kind: ExpiryKind, days: int, readable: bool) -> None:
    found = Found(
        product="Lait", category=ProductCategory.AMBIENT, pack_g=1_000, variable_weight=False, delivered_packs=1,
        delivered_g=1_000, accepted_packs=1, accepted_g=1_000, decision=Decision.ACCEPTED, reason=None,
        date_kind=kind, expires_on=ON + timedelta(days=days),
    )  # fmt: skip
    if readable:
        assert check(found, ON, Decimal(0)).verdict is TemperatureVerdict.NO_LIMIT
    else:
        with pytest.raises(InvalidReception, match="Relire l'année sur l'étiquette"):
            check(found, ON, Decimal(0))


def test_temperatures_are_written_as_french_does() -> None:
    told = str(refusals.TemperatureExceeded("Lait", Decimal("8.50"), Decimal(4), Decimal("0.5"), "HYG-T-08"))
    assert "est à 8,5 °C pour une limite de 4 °C" in told
    assert "tolérance du site 0,5 °C" in told
    assert (degrees(Decimal("-18.0")), degrees(Decimal("100"))) == ("-18 °C", "100 °C")
