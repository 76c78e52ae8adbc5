"""Names and addresses that look like what they are, or are refused with what to do."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catering.people.plain_text import email_address, plain_name
from catering.people.refusals import BadEmail, BadName

PLAIN = st.text("abcdefghijklmnopqrstuvwxyzéèêëàâäîïôöùûüÿçœæÉÀÇŒ 0123456789'’-.,&()/°", min_size=1, max_size=60)


def name(text: str) -> str:
    return plain_name(text, "le nom", 60)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ferme\u200b du Marais", "U+200B"),
        ("Ferme \u202eelur", "U+202E"),
        ("Ferme\u2066x", "U+2066"),
        ("\ufeffFerme", "U+FEFF"),
        ("Ferme\x00", "U+0000"),
        ("Ferme\nde Lens", "U+000A"),
        ("Fеrme", "U+0435"),
        ("Φερμη", "lettres latines"),
        ("𝐅erme", "U+1D405"),
        ("Ｆerme", "U+FF26"),
        ("Fe\u0338rme", "U+0338"),
        ("z\u0351a\u0352lgo", "superpose un signe"),
        ("\ue000", "U+E000"),
        ("", "1 à 60"),
        ("   ", "1 à 60"),
        ("x" * 61, "1 à 60"),
    ],
)
def test_a_name_that_is_not_what_it_looks_like_is_refused(text: str, told: str) -> None:
    with pytest.raises(BadName, match=re.escape(told)):
        name(text)


@pytest.mark.parametrize(
    "text", ["Ferme de l'Œuf", "EARL Dubois & fils (62)", "Noël Ÿ", "GAEC n° 3", "Žižek", "Lait ½"]
)
def test_an_ordinary_name_is_kept(text: str) -> None:
    assert name(text) == text


def test_a_name_is_composed_and_its_spaces_are_single() -> None:
    assert name("  Fe\u0301lix   Caron ") == "Félix Caron"


@given(PLAIN.filter(lambda text: any(each.isalnum() for each in text)))
def test_a_kept_name_is_kept_again_unchanged(text: str) -> None:
    kept = name(text)
    assert name(kept) == kept == unicodedata.normalize("NFC", kept)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_kept_or_refused_and_hides_nothing(text: str) -> None:
    try:
        kept = name(text)
    except BadName:
        return
    assert not {unicodedata.category(each) for each in kept} & {"Cc", "Cf", "Co", "Cs", "Mn"}


@pytest.mark.parametrize(("text", "kept"), [(" Chef@College.FR ", "chef@college.fr"), ("a+b@x.fr", "a+b@x.fr")])
def test_two_spellings_of_an_address_are_one(text: str, kept: str) -> None:
    assert email_address(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        "chef",
        "chef@",
        "a@b@c.fr",
        "chef@collège.fr",
        "сhef@college.fr",
        "chef@college.fr\u200b",
        "ｃhef@college.fr",
        "chef@college.fr\r\nBcc: tous@exemple.fr",
        "chef@college.fr,autre@exemple.fr",
        "x" * 300 + "@exemple.fr",
        "chef@localhost",
    ],
)
def test_what_is_no_plain_address_is_refused(text: str) -> None:
    with pytest.raises(BadEmail, match="adresse"):
        email_address(text)
