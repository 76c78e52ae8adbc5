"""Words that claim a sign of quality: the whole word, not the denied one, not that of the ingredient's own name."""

import csv
from datetime import date

import pytest

from catering.rules import law
from catering.rules.label_words import claims, label_words, phrase
from tests.lints.sources import ROOT

ON = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Carottes BIO AB certifiées", ["bio", "ab"]),
        ("Carottes 100%bio", ["bio"]),
        ("Label-Rouge : poulet", ["label rouge"]),
        ("Agriculture biologique", ["biologique"]),
        ("en conversion vers l'agriculture biologique", ["conversion vers l'agriculture biologique"]),
        ("Comté A.O.P.", ["aop"]),
        ("Pommes de Haute Valeur Environnementale (HVE)", ["haute valeur environnementale", "hve"]),
        ("Cabillaud MSC", ["msc"]),
        ("Carottes non bio", []),
        ("Abricots, chou rouge, biographie, label de la ferme", []),
        ("Betterave rouge cuite, sans additif", []),
    ],
)
def test_a_text_claims_the_signs_whose_words_it_holds(text: str, words: list[str]) -> None:
    assert [row.word for row in claims(text, ON)] == words


def test_the_words_of_the_ingredient_itself_claim_nothing() -> None:
    assert claims("Ferments bio", ON, phrase("ferments_bio")) == []
    assert [row.word for row in claims("Ferments bio IGP", ON, phrase("ferments_bio"))] == ["igp"]


def test_every_word_claims_signs_that_exist_and_is_found_by_itself() -> None:
    labels = law().tables.labels
    for word, rows in label_words().items():
        assert [row.word for row in claims(word, ON)] == [word]
        assert all(set(row.signs.split()) <= set(labels) for row in rows), word


@pytest.mark.parametrize(
    ("file", "column"), [("ingredients/ingredients.csv", "name"), ("market/offers.csv", "product")]
)
def test_no_name_of_the_seeds_is_taken_for_a_claim(file: str, column: str) -> None:
    """Chou rouge, fromage blanc fermier, betterave rouge: names of every day."""
    with (ROOT / "seeds" / file).open(encoding="utf-8", newline="") as lines:
        names = {row[column] for row in csv.DictReader(lines)}
    assert {name: found for name in names if (found := claims(name, ON))} == {}
