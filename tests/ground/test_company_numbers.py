"""VAT numbers of suppliers from outside the Union, and of the Union: read in one form, or refused."""

import pytest

from catering.company_numbers import elsewhere_number_of, french_vat_number, siret_of, vat_number_of

RIGHT = {
    "GB 980 7806 84": "GB980780684",
    "gb980780684": "GB980780684",
    "CHE-107.787.577 IVA": "CHE107787577",
    "CHE-107.787.577": "CHE107787577",
    "che107787577mwst": "CHE107787577",
    "CHE-107.787.577 TVA": "CHE107787577",
    "NO 995 525 828 MVA": "NO995525828MVA",
    "NO995525828": "NO995525828MVA",
    "BE 0403.019.261": "BE0403019261",
    "EL 094259216": "EL094259216",
    "IS 00621": "IS00621",
    "DE\u202f136\u00a0695\u202f976": "DE136695976",
}
WRONG = (
    "", "980780684", "GB802311781", "GB 980 7806 8", "CHE107787578", "CHE-107.787.577 VAT", "NO995525829MVA",
    "NO 995 525 828 MVB", "BE0403019262", "US123456789", "XX",
    "GB\u0669\u0668\u0660780684", "\uff27\uff22980780684", "GB980780684\x00",
    "G" * 10_000,
)  # fmt: skip


@pytest.mark.parametrize(("written", "number"), RIGHT.items())
def test_a_vat_number_has_one_form_however_it_is_written(written: str, number: str) -> None:
    assert vat_number_of(written) == number
    assert vat_number_of(number) == number, "what is stored is read again as itself"


@pytest.mark.parametrize("written", WRONG)
def test_what_is_no_vat_number_is_none(written: str) -> None:
    assert vat_number_of(written) is None


@pytest.mark.parametrize("digit", range(10))
@pytest.mark.parametrize("right", ["GB980780684", "CHE107787577", "NO995525828MVA"])
def test_a_wrong_digit_is_seen(right: str, digit: int) -> None:
    place = right.index(next(filter(str.isdigit, right))) + 6
    changed = right[:place] + str(digit) + right[place + 1 :]
    assert (vat_number_of(changed) is not None) == (changed == right)


@pytest.mark.parametrize(
    ("written", "number"),
    [("732 829 320 00074", "73282932000074"), ("73282932000075", None), ("0" * 14, None), ("\u0667" * 14, None)],
)
def test_a_siret_is_fourteen_plain_digits_with_their_key(written: str, number: str | None) -> None:
    assert siret_of(written) == number


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("MA 001234567000089", "MA001234567000089"),
        ("ca-123456789 rt0001", "CA123456789RT0001"),
        ("BE0403019262", None),
        ("CHE107787578", None),
        ("XX123456", None),
        ("MA", None),
        ("MA12\u0663456", None),
        ("M" * 10_000, None),
    ],
)
def test_a_number_of_another_country_is_kept_as_its_state_gives_it(written: str, number: str | None) -> None:
    assert elsewhere_number_of(written, {"MA", "CA", "BE", "CH"}) == number


@pytest.mark.parametrize(
    ("siret", "number"), [("40483304800022", "FR83404833048"), ("55208131766522", "FR03552081317")]
)
def test_the_vat_number_of_a_siret_has_its_key(siret: str, number: str) -> None:
    assert french_vat_number(siret) == number == vat_number_of(number)
