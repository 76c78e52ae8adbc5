"""What conversion, equivalence and fermier depend on is told, and follows the reception (T02–T04, T07)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catering.market.certifying import CertificateWish
from catering.market.conditions import check_condition
from catering.market.models import Certificate
from catering.market.refusals import InvalidCertificate
from catering.purchases.judging import Known, judge
from catering.purchases.models import PurchaseLine, PurchaseSource
from catering.recipes.vocabulary import Family
from catering.rules import law
from catering.rules.egalim_proofs import Proof, counts_from, months_begun

FROM, TO = date(2025, 4, 1), date(2027, 12, 31)
GREENS, OTHER, FISH, MEAT = Family.FRUITS_ET_LEGUMES, Family.AUTRES, Family.PRODUITS_DE_LA_MER, Family.VIANDES_VOLAILLES


def verdict(label: str, family: Family, kind: str, day: date, *, short: bool | None = True, **told: object) -> str:
    """The sign by which a reception counts, or why it does not."""
    certificate = Certificate(
        **({"id": 1, "label": label, "valid_from": FROM, "valid_to": TO, "document_id": 7} | told)
    )
    row = PurchaseLine(
        source=PurchaseSource.RECEPTION,
        bought_on=day,
        product="Produit",
        family=family,
        labels=label,
        certificate_id=1,
        ingredient_id=1,
        circuit_court=short,
        local=False,
        amount_excl_tax=Decimal(10),
    )
    judge(row, Known({1: certificate}, {1: kind}))
    return row.sign or row.not_counted


def test_conversion_counts_once_the_holding_is_old_enough() -> None:
    """Thirteen months begun: 12 months to the day are not more than 12 months."""
    assert verdict("CONVERSION_BIO", GREENS, "vegetable_raw", date(2026, 4, 2)) == "CONVERSION_BIO"
    assert verdict("CONVERSION_BIO", GREENS, "vegetable_raw", date(2026, 4, 1)) == "CONVERSION_BIO:conversion"
    since = {"conversion_since": date(2024, 10, 1)}
    assert verdict("CONVERSION_BIO", GREENS, "vegetable_raw", date(2025, 10, 2), **since) == "CONVERSION_BIO"


def test_conversion_is_of_plants_of_one_agricultural_ingredient() -> None:
    day = date(2026, 10, 5)
    apart = [
        (GREENS, "vegetable_cooked", None, False),
        (GREENS, "vegetable_cooked", 1, True),
        (Family.BOISSONS, "drink", 1, True),
        (OTHER, "compote", 2, False),
        (MEAT, "beef", 1, False),
        (Family.PRODUITS_LAITIERS, "milk", 1, False),
    ]
    for family, kind, ingredients, counts in apart:
        told = verdict("CONVERSION_BIO", family, kind, day, agricultural_ingredients=ingredients)
        assert (told == "CONVERSION_BIO") is counts, (kind, ingredients)


def test_an_equivalent_counts_as_the_sign_that_its_file_proves() -> None:
    day = date(2026, 10, 5)
    assert verdict("EQUIVALENTS", FISH, "fish", day, equivalent_to="PECHE_DURABLE") == "PECHE_DURABLE"
    unproven = {"equivalent_to": "PECHE_DURABLE", "document_id": None}
    assert verdict("EQUIVALENTS", FISH, "fish", day, **unproven) == "EQUIVALENTS:equivalence"
    assert verdict("MSC", FISH, "fish", day, equivalent_to="PECHE_DURABLE") == "MSC:not_counting"
    late = date(2028, 1, 1)
    assert (
        verdict("EQUIVALENTS", FISH, "fish", late, equivalent_to="PECHE_DURABLE") == "EQUIVALENTS:certificate_expired"
    )


def test_farm_poultry_counts_when_it_is_sold_directly() -> None:
    day = date(2026, 10, 5)
    assert verdict("FERMIER", MEAT, "poultry", day) == "FERMIER"
    assert verdict("FERMIER", MEAT, "poultry", day, short=None) == "FERMIER:fermier", "from a wholesaler nobody knows"


@given(st.dates(date(2023, 1, 1), date(2026, 12, 31)))
def test_the_first_day_of_a_conversion_that_counts_is_the_day_after_a_year(since: date) -> None:
    first = counts_from(Proof(label="CONVERSION_BIO", valid_from=since, valid_to=TO), law())
    assert months_begun(since, first) == 13
    assert 365 <= (first - since).days <= 367


@pytest.mark.parametrize(
    ("label", "told", "says"),
    [
        ("EQUIVALENTS", {}, "à quel signe"),
        ("EQUIVALENTS", {"equivalent_to": "MSC"}, "à quel signe"),
        ("HVE", {"equivalent_to": "BIO"}, "laisser ce champ vide"),
        ("HVE", {"conversion_since": date(2025, 1, 1)}, "laisser les deux vides"),
        ("CONVERSION_BIO", {"conversion_since": date(1990, 1, 1)}, "invraisemblable"),
        ("CONVERSION_BIO", {"agricultural_ingredients": 0}, "ingrédients agricoles"),
        ("EXTERNALITES", {}, "lot de marché"),
    ],
)
def test_a_certificate_tells_what_its_label_depends_on(label: str, told: dict[str, object], says: str) -> None:
    wish = CertificateWish(label, "Organisme", "N1", FROM, TO, 1, **told)  # type: ignore[arg-type]
    with pytest.raises(InvalidCertificate, match=says):
        check_condition(wish)


def test_what_is_told_well_is_taken() -> None:
    check_condition(CertificateWish("EQUIVALENTS", "O", "N", FROM, TO, 1, equivalent_to="PECHE_DURABLE"))
    check_condition(CertificateWish("CONVERSION_BIO", "O", "N", FROM, TO, 1, date(2025, 1, 1), 1))
