"""A price book that a French spreadsheet has saved comes back as it was; what could mean two things does not."""

import pytest

from catering.market.sheet import COLUMNS, Line, read_line, written

PLAIN = {
    "ingredient": "lait_entier", "product": "Lait entier UHT", "unit": "litre", "unit_g": "1030", "pack_g": "12360",
    "pack_label": "carton", "variable_weight": "true", "price_eur_per_pack": "1234.5", "vat_pct": "5.5",
    "origin": "France", "category": "producer_defined", "limit_celsius": "-1.5",
    "animal_product": "heated_milk", "date_kind": "ddm",
    "allergens": "milk nuts", "traces": "soy", "valid_from": "2026-12-01", "valid_to": "2027-06-30",
}  # fmt: skip
TYPED = {
    "unit": "Litre", "unit_g": "1 030", "pack_g": "12\u202f360", "variable_weight": "VRAI",
    "price_eur_per_pack": "1\u00a0234,5", "vat_pct": "5,50 %", "animal_product": "Lait traité thermiquement",
    "date_kind": "DDM", "limit_celsius": "-1,5", "allergens": "lait, fruits à coque", "traces": "soja",
    "valid_from": "01/12/2026", "valid_to": "30/6/2027",
}  # fmt: skip


@pytest.mark.parametrize("column", TYPED)
def test_a_cell_that_a_french_spreadsheet_wrote_is_read_as_what_it_was(column: str) -> None:
    faults: list[object] = []
    was = read_line(Line("plain", 2, PLAIN), faults).sheet
    now = read_line(Line("typed", 2, PLAIN | {column: TYPED[column]}), faults).sheet
    assert faults == []
    assert was is not None
    assert now == was
    again = read_line(Line("again", 2, written(was)), faults).sheet
    assert again == was


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("valid_from", "31/02/2026"), ("valid_from", "1/12/26"), ("pack_g", "12 36"), ("pack_g", "1 2360"),
        ("pack_g", "12,360"),
        ("limit_celsius", "4 °C"), ("limit_celsius", "-41"), ("limit_celsius", "4,25"),
        ("price_eur_per_pack", "1,234"), ("variable_weight", "peut-être"), ("vat_pct", "5,5 €"),
        ("allergens", "lait, cailloux"), ("unit", "seau"),
    ],
)  # fmt: skip
def test_what_could_mean_something_else_is_a_fault(column: str, cell: str) -> None:
    faults: list[object] = []
    assert column in {each.name for each in COLUMNS}
    assert read_line(Line("typed", 2, PLAIN | {column: cell}), faults).sheet is None
    assert len(faults) == 1
