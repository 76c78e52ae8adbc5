"""Files of purchases in every format, encoding and separator; whatever is wrong is told, all of it, with a repair."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from catering.documents.refusals import TableRefused
from catering.purchases.counting import product_told
from catering.purchases.ledger import FORMATS, LedgerLine, file_rules
from catering.purchases.ledger_cells import Wrong, signs
from catering.purchases.ledger_reading import HeaderRefused, LedgerFile

TODAY = date(2026, 11, 26)
TWELVE, BY_ID, OLD, OLD_BY_ID = (each.columns for each in FORMATS)
GOOD = (
    "19620004200014", "Crème fraîche d'Isigny", "Laiterie du Ré", "2026-03-02", "1234.50", "PRODUITS_LAITIERS",
    "AOCAOP,BIO", "FRANCE", "OUI", "OUI", "KM", "50",
)  # fmt: skip
GOOD_OLD = (*GOOD[:6], "BIO,LOCAL,CIRCUIT_COURT,FRANCE", "AUTOUR_SERVICE")
READ = LedgerLine(
    2, "19620004200014", "Crème fraîche d'Isigny", "Laiterie du Ré", date(2026, 3, 2), 123450, "PRODUITS_LAITIERS",
    frozenset({"AOCAOP", "BIO"}), "FRANCE", True, True, "KM", Decimal(50),
)  # fmt: skip


def text(header: Sequence[str], *rows: Sequence[str], separator: str = ",") -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator)
    writer.writerows([header, *rows])
    return stream.getvalue()


def ledger(content: bytes | str) -> LedgerFile:
    raw = content.encode() if isinstance(content, str) else content
    return LedgerFile(io.BytesIO(raw), TODAY, name="achats.csv")


def told(content: bytes | str) -> list[tuple[int, str, str]]:
    """(line, column, rule) of every fault of a file; each has a message and a repair."""
    file = ledger(content)
    list(file.lines())
    assert all(fault.message and fault.repair for fault in file.faults)
    assert {fault.rule for fault in (*file.faults, *file.warnings)} <= set(file_rules())
    return [(fault.line, fault.column, fault.rule) for fault in file.faults]


def changed(**cells: str) -> tuple[str, ...]:
    return tuple(cells.get(name, cell) for name, cell in zip(TWELVE, GOOD, strict=True))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_separator_and_encoding_are_found_by_content(separator: str, encoding: str) -> None:
    file = ledger(text(TWELVE, GOOD, separator=separator).encode(encoding))
    assert list(file.lines()) == [READ]
    assert file.faults == []
    assert file.format.name == "achats_siret"


def test_a_workbook_is_known_by_its_bytes() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(TWELVE)
    # As spreadsheets store them: a number, a date, a sum with its binary tail.
    sheet.append([19620004200014, *GOOD[1:3], date(2026, 3, 2), 1234.4999999999998 + 0.0000000000002, *GOOD[5:11], 50])
    stream = io.BytesIO()
    book.save(stream)
    file = ledger(stream.getvalue())
    assert list(file.lines()) == [READ]
    assert file.faults == []


@pytest.mark.parametrize(
    ("header", "row", "name"),
    [
        (TWELVE, GOOD, "achats_siret"),
        (BY_ID, ("949", *GOOD[1:]), "achats_id"),
        (OLD, GOOD_OLD, "achats_siret_old"),
        (OLD_BY_ID, ("949", *GOOD_OLD[1:]), "achats_id_old"),
    ],
)
def test_every_format_is_known_by_its_header(header: Sequence[str], row: Sequence[str], name: str) -> None:
    file = ledger(text(header, row))
    (line,) = file.lines()
    assert (file.format.name, line.canteen, line.cents) == (name, row[0], 123450)
    assert (line.circuit_court, line.local, line.origin) == (True, True, "FRANCE")
    assert "BIO" in line.labels
    assert not line.labels & {"LOCAL", "FRANCE", "CIRCUIT_COURT"}


@pytest.mark.parametrize(
    ("cells", "column", "rule"),
    [
        ({"siret": "1962000420001"}, "siret", "ACH-05"),
        ({"siret": "1,96200042E+13"}, "siret", "ACH-05"),
        ({"description": ""}, "description", "ACH-03"),
        ({"description": '=HYPERLINK("x")'}, "description", "ACH-04"),
        ({"description": "lait\u200bcru"}, "description", "ACH-06"),
        ({"description": "x" * 501}, "description", "ACH-06"),
        ({"date": "02/03/2026"}, "date", "ACH-07"),
        ({"date": "2026-02-30"}, "date", "ACH-07"),
        ({"date": "2026-11-27"}, "date", "ACH-08"),
        ({"date": "1926-03-02"}, "date", "ACH-08"),
        ({"prix_ht": "douze"}, "prix_ht", "ACH-09"),
        ({"prix_ht": "12.345"}, "prix_ht", "ACH-09"),
        ({"prix_ht": "1,234"}, "prix_ht", "ACH-09"),
        ({"prix_ht": "1 234,50 €"}, "prix_ht", "ACH-09"),
        ({"prix_ht": "-12.00"}, "prix_ht", "ACH-10"),
        ({"prix_ht": "1000000.01"}, "prix_ht", "ACH-11"),
        ({"famille_produits": "VIANDE"}, "famille_produits", "ACH-12"),
        ({"categories_egalim": "BIO,AOP"}, "categories_egalim", "ACH-13"),
        ({"categories_egalim": "BIO,"}, "categories_egalim", "ACH-13"),
        ({"origine": "FRANCE,EUROPE"}, "origine", "ACH-14"),
        ({"origine": "ESPAGNE"}, "origine", "ACH-14"),
        ({"est_circuit_court": "peut-être"}, "est_circuit_court", "ACH-15"),
        ({"est_local": "", "definition_local": "PAT", "definition_local_km": ""}, "definition_local", "ACH-16"),
        ({"definition_local": "ICI", "definition_local_km": ""}, "definition_local", "ACH-16"),
        ({"definition_local": "PAT"}, "definition_local_km", "ACH-17"),
        ({"definition_local_km": "près"}, "definition_local_km", "ACH-17"),
    ],
)
def test_what_is_wrong_is_named_by_its_rule(cells: dict[str, str], column: str, rule: str) -> None:
    assert told(text(TWELVE, GOOD, changed(**cells))) == [(3, column, rule)]


def test_every_bad_line_and_every_bad_cell_is_named() -> None:
    bad = changed(date="hier", prix_ht="", famille_produits="X")
    rules = [("date", "ACH-07"), ("prix_ht", "ACH-03"), ("famille_produits", "ACH-12")]
    assert told(text(TWELVE, *[bad] * 500)) == [(line, *each) for line in range(2, 502) for each in rules]


@pytest.mark.parametrize(
    ("amount", "cents"), [("0", 0), ("12", 1200), ("12,5", 1250), ("12.50", 1250), ("0.07", 7), ("1000000", 100000000)]
)
def test_amounts_are_whole_cents(amount: str, cents: int) -> None:
    (line,) = ledger(text(TWELVE, changed(prix_ht=amount))).lines()
    assert line.cents == cents


@pytest.mark.parametrize("cell", ["BIO;LABEL_ROUGE", "BIO / LABEL_ROUGE", "BIO LABEL_ROUGE"])
def test_labels_parted_by_something_else_are_written_with_commas(cell: str) -> None:
    found = signs(cell)
    assert isinstance(found, Wrong)
    assert (found.rule, found.repair) == ("ACH-13", "séparer les codes par des virgules : BIO,LABEL_ROUGE")


def test_labels_without_quotes_are_explained() -> None:
    assert told(",".join(TWELVE) + "\n" + ",".join(GOOD)) == [(2, "", "ACH-02")]


def test_the_older_form_says_what_local_means() -> None:
    row = (*GOOD[:6], "BIO,LOCAL", "")
    assert told(text(OLD, row)) == [(2, "definition_local", "ACH-16")]
    assert told(text(OLD, (*GOOD[:6], "FRANCE,EUROPE", ""))) == [(2, "caracteristiques", "ACH-14")]


def test_what_deserves_a_look_is_kept_and_told() -> None:
    twice = changed(categories_egalim="LABEL_ROUGE,AOCAOP", siret="12345678901234")
    file = ledger(text(TWELVE, twice, twice))
    assert len(list(file.lines())) == 2
    assert file.faults == []
    assert [(each.line, each.rule) for each in file.warnings] == [
        (2, "ACH-19"),
        (2, "ACH-20"),
        (3, "ACH-18"),
        (3, "ACH-19"),
    ]


def moved(header: Sequence[str]) -> list[str]:
    return [*header[1:], header[0]]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ([*TWELVE, "observations"], ["observations", "colonne 13 de trop", "la supprimer"]),
        (TWELVE[:-1], ["definition_local_km", "colonne absente", "l'ajouter en position 12"]),
        (moved(TWELVE), ["dans un autre ordre", ",".join(TWELVE)]),
        (["SIRET", *TWELVE[1:]], ["SIRET", "la renommer siret"]),
        ([*TWELVE, "siret"], ["siret", "colonne 13 écrite deux fois"]),
        (["Prix", "Produit"], ["aucune colonne connue", ",".join(TWELVE)]),
        ([*TWELVE[:5], "famille", *TWELVE[6:]], ["famille", "la renommer famille_produits"]),
    ],
)
def test_a_header_is_explained(header: Sequence[str], said: Sequence[str]) -> None:
    with pytest.raises(HeaderRefused) as refused:
        ledger(text(header, GOOD))
    assert all(words in str(refused.value) for words in said), refused.value
    assert {fault.rule for fault in refused.value.faults} == {"ACH-01"}


def test_empty_cells_behind_the_header_and_the_lines_are_nothing() -> None:
    file = ledger(text([*TWELVE, "", ""], [*GOOD, "", ""], ["", *GOOD[:0]]))
    assert list(file.lines()) == [READ]


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfea\x00", b"PK\x03\x04 no workbook", text(TWELVE, GOOD).encode() + b"\x81"]
)
def test_what_is_no_table_is_refused_and_says_what_to_do(content: bytes) -> None:
    with pytest.raises((TableRefused, HeaderRefused)):
        list(ledger(content).lines())


safe = st.text(st.characters(codec="cp1252", exclude_categories=("C", "Z")), min_size=1, max_size=20).filter(
    lambda word: word[0].isalnum()
)


@given(st.lists(st.tuples(safe, st.integers(0, 100_000_000)), min_size=1, max_size=20))
def test_any_text_and_amount_is_read_back(rows: list[tuple[str, int]]) -> None:
    written = [changed(description=name, prix_ht=f"{cents // 100}.{cents % 100:02}") for name, cents in rows]
    readings: list[Callable[[], bytes]] = [
        lambda: text(TWELVE, *written, separator=";").encode("utf-8-sig"),
        lambda: text(TWELVE, *written, separator="\t").encode("utf-8"),
    ]
    found = []
    for content in readings:
        file = ledger(content())
        found.append([(line.product, line.cents) for line in file.lines()])
        refused = {fault.rule for fault in file.faults}
        assert refused <= {"ACH-06"}
    assert found[0] == found[1]
    assert {cents for _, cents in found[0]} <= {cents for _, cents in rows}


def test_a_doubtful_fermier_is_told_and_kept() -> None:
    """EGA-12: nobody tells that a Rollot is a cheese; that a camembert is one, the name does."""
    rows = [changed(description=name, categories_egalim="FERMIER") for name in ("Rollot fermier", "Camembert fermier")]
    file = ledger(text(TWELVE, *rows))
    assert len(list(file.lines())) == 2
    assert [(each.line, each.column, each.rule) for each in file.warnings] == [(2, "categories_egalim", "ACH-23")]


@pytest.mark.parametrize(
    ("name", "family", "product"),
    [
        ("Brioche aux oeufs fermiers", "AUTRES", "other"),
        ("Pain de mie à l'œuf fermier", "AUTRES", "other"),
        ("Préparation avec œufs fermiers", "AUTRES", "other"),
        ("Crêpes fermières aux œufs", "AUTRES", "other"),
        ("Kéfir fermier", "PRODUITS_LAITIERS", "other"),
        ("Œufs fermiers plein air", "AUTRES", "egg"),
        ("Boîte de 6 gros œufs fermiers", "PRODUITS_LAITIERS", "egg"),
    ],
)
def test_what_is_made_with_eggs_is_no_egg(name: str, family: str, product: str) -> None:
    """EGA-12: the mention fermier is defined for eggs, not for what contains some."""
    assert product_told(name, family) == product


@pytest.mark.parametrize(
    ("cells", "column", "repair"),
    [
        ({"categories_egalim": "bio"}, "categories_egalim", "écrire BIO"),
        ({"famille_produits": "autres"}, "famille_produits", "écrire AUTRES"),
        ({"date": "31/02/2026"}, "date", "écrire une date du calendrier comme 2026-09-01"),
        ({"date": "02/03/2026"}, "date", "écrire 2026-03-02"),
    ],
)
def test_a_repair_can_be_followed(cells: dict[str, str], column: str, repair: str) -> None:
    file = ledger(text(TWELVE, changed(**cells)))
    list(file.lines())
    assert [(each.column, each.repair) for each in file.faults] == [(column, repair)]


@pytest.mark.parametrize(("cell", "short"), [("Oui", True), ("TRUE", True), ("1", True), ("Non", False), ("0", False)])
def test_yes_and_no_are_read_as_people_and_spreadsheets_write_them(cell: str, short: bool) -> None:
    file = ledger(text(TWELVE, changed(est_circuit_court=cell)))
    (line,) = file.lines()
    assert line.circuit_court is short
