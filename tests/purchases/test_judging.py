"""A line of the ledger counts by what is proven on the day of delivery and by the law of its invoice's day."""

from datetime import date
from decimal import Decimal

import pytest

from catering.market.models import Certificate
from catering.purchases.judging import Known, judge, reasons_of
from catering.purchases.models import PurchaseLine, PurchaseSource
from catering.recipes.vocabulary import Family

CERTIFICATE = Certificate(id=5, label="BIO", valid_from=date(2026, 1, 1), valid_to=date(2026, 6, 30))
KNOWN = Known({5: CERTIFICATE}, {1: "egg", 2: "beef"})


def judged(day: date, labels: str = "BIO", **told: object) -> PurchaseLine:
    usual: dict[str, object] = {
        "source": PurchaseSource.RECEPTION,
        "bought_on": day,
        "product": "Produit",
        "family": Family.PRODUITS_LAITIERS,
        "labels": labels,
        "certificate_id": 5,
        "ingredient_id": 1,
        "local": False,
        "amount_excl_tax": Decimal(10),
    }
    row = PurchaseLine(**{**usual, **told})
    judge(row, KNOWN)
    return row


@pytest.mark.parametrize(
    ("day", "sign", "case"),
    [
        (date(2026, 1, 1), "BIO", ""),
        (date(2026, 6, 30), "BIO", ""),
        (date(2026, 7, 1), "", "BIO:certificate_expired"),
        (date(2025, 12, 31), "", "BIO:certificate_expired"),
    ],
)
def test_a_certificate_covers_the_day_of_delivery_or_the_line_does_not_count(day: date, sign: str, case: str) -> None:
    row = judged(day)
    assert (row.sign, row.not_counted) == (sign, case)


def test_an_invoice_that_comes_later_changes_the_year_and_no_proof() -> None:
    row = judged(date(2026, 6, 30), invoiced_on=date(2027, 1, 4))
    assert (row.year, row.sign) == (2027, "BIO")


@pytest.mark.parametrize(("certificate", "labels"), [(None, "BIO"), (9, "BIO"), (5, "LABEL_ROUGE")])
def test_a_label_without_its_own_certificate_says_why(certificate: int | None, labels: str) -> None:
    row = judged(date(2026, 3, 2), labels, certificate_id=certificate)
    assert row.sign == ""
    ((sign, reason),) = reasons_of(row)
    assert (sign, reason.rule) == (labels, "EGA-20")
    assert "certificat" in reason.reason
    assert reason.repair


def test_the_nature_of_the_ingredient_decides_of_fermier() -> None:
    CERTIFICATE.label = "FERMIER"
    try:
        assert judged(date(2026, 3, 2), "FERMIER").sign == "FERMIER"
        assert judged(date(2026, 3, 2), "FERMIER", ingredient_id=2).not_counted == "FERMIER:fermier"
    finally:
        CERTIFICATE.label = "BIO"


def test_in_a_file_the_buyer_answers_for_the_sign() -> None:
    row = judged(date(2026, 9, 1), source=PurchaseSource.IMPORT, certificate_id=None, ingredient_id=None)
    assert (row.sign, row.not_counted, row.year) == ("BIO", "", 2026)
