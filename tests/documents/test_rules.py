"""What a file is, by its bytes."""

import pytest

from catering.documents import refusals
from catering.documents.models import FileKind
from catering.documents.rules import LONGEST_NAME, kind_of, plain_name
from catering.spelling import deceit, fault_in_lines, folded, slugged, unfit


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"%PDF-1.7 ...", "certificat.pdf", FileKind.PDF),
        (b"%PDF-1.7 ...", "certificat.exe", FileKind.PDF),
        (b"\x89PNG\r\n\x1a\n...", "photo.PNG", FileKind.PNG),
        (b"\xff\xd8\xff\xe0...", "photo.jpg", FileKind.JPEG),
        (b"RIFF\x00\x00\x00\x00WEBPVP8", "photo.webp", FileKind.WEBP),
        (b"id;product\n1;Carotte\n", "offres.csv", FileKind.CSV),
        ("id;œufs\n".encode("cp1252"), "offres.CSV", FileKind.CSV),
        (b"PK\x03\x04....xl/workbook.xml", "offres.xlsx", FileKind.XLSX),
    ],
)
def test_a_file_is_known_by_its_bytes(content: bytes, name: str, kind: FileKind) -> None:
    assert kind_of(content, name) is kind


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\x00", "facture.pdf"),
        (b"<svg onload=alert(1)>", "logo.svg"),
        (b"  <html><script>", "offres.csv"),
        (b"\xef\xbb\xbf<!DOCTYPE html>", "offres.csv"),
        (b"id;\x00\x01", "offres.csv"),
        (b"PK\x03\x04....word/document.xml", "offres.xlsx"),
        (b"PK\x03\x04....xl/workbook.xml", "offres.zip"),
        (b"GIF89a", "photo.gif"),
    ],
)
def test_anything_else_is_refused_whatever_its_name_says(content: bytes, name: str) -> None:
    with pytest.raises(refusals.KindRefused, match="PDF"):
        kind_of(content, name)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(refusals.EmptyFile):
        kind_of(b"", "certificat.pdf")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\Ferme\\certificat bio.pdf", "certificat bio.pdf"),
        ("../../etc/passwd", "passwd"),
        ("", "document"),
    ],
)
def test_a_name_keeps_no_folder(given: str, kept: str) -> None:
    assert plain_name(given) == kept


def test_a_long_name_keeps_its_end() -> None:
    name = plain_name("x" * 500 + ".pdf")
    assert len(name) == LONGEST_NAME
    assert name.endswith(".pdf")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Ferme\u202egpj.exe", "invisible"),
        ("Ferme\u200b du Pré", "invisible"),
        ("Ferme\x07", "invisible"),
        ("Fеrme du Pré", "latines (U+0435, en position 2)"),
        ("Ferme Ω", "latines"),
        ("Fermε", "latines"),
        ("Z\u0351\u0328algo", "superpose"),
        ("GAEC de l'Été à Œuf-en-Ternois", None),
        ("ΦΕΡΜΑ", "latines"),
        ("Ｆerme", "U+FF26"),
        ("𝐅erme", "latines"),
        ("Lait ½ écrémé n° 3, 1ʳᵉ", "latines"),
        ("Ferme\ndu Pré", "U+000A"),
        ("Fe\u0301lix, 3ª", None),
        ("\u2800\u2800\u2800", "U+2800"),
        ("＝１＋２", "U+FF1D"),
        ("Ferme １２ du Marais", "chiffres"),
        ("Ferme ①", "chiffres"),
        ("Ferme \u0663", "chiffres"),
        ("GAEC du Pré Salé\ufffc", "U+FFFC"),
        ("ꞌꞌ", "latines"),
        ("Fᴀrme", "latines"),
        ("ﬁnes herbes", "latines"),
        ("Carotte ƄIO", "latines"),
        ("Carotteſ", "latines"),
        ("Carotte bıo", "latines"),
        ("Carotte، bio", "imite"),
        ("Porc־Plus", "imite"),
        ("Mąka, Ștefan, Ærø, Łódź", None),
        ("12∕24 œufs", "imite"),
        ("Beurre ½ sel, 2 €/kg, 15 m², n° 3… – « Le Pré »™", None),
    ],
)
def test_letters_that_deceive_the_eye_are_seen(name: str, why: str | None) -> None:
    found = deceit(name)
    assert (found is None) if why is None else (found is not None and why in found)


@pytest.mark.parametrize("text", ["...", "?!", "— —"])
def test_a_text_without_a_letter_or_a_digit_says_nothing(text: str) -> None:
    assert unfit(text, 80) == "ne contient ni lettre ni chiffre"


def test_a_text_of_several_lines_is_read_line_by_line() -> None:
    assert fault_in_lines("Livraison le matin.\r\nQuai n° 2.\nMerci") is None
    assert (
        fault_in_lines("Livraison le matin.\nQuai\u202e 2") == "contient un caractère invisible (U+202E, en position 5)"
    )
    assert fault_in_lines("Quai\x0b2") is not None


def test_spellings_of_one_word_meet() -> None:
    assert folded("Bœuf HACHÉ à l’Été") == folded("boeuf haché  a l'ete") == "boeuf hache a l'ete"
    assert slugged("GAEC du Pré-Salé n° 2") == "gaec_du_pre_sale_n_2"


def test_a_name_that_deceives_is_refused() -> None:
    with pytest.raises(refusals.NameRefused, match="Le renommer"):
        plain_name("certificat\u202efdp.exe")
