"""Names of dishes: found among ours, or read from their words, or left open. ``names.csv`` can be corrected by hand."""

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catering.menus.dishes import Book, Known
from catering.menus.names.attributes import Named, attributes_of_name
from catering.menus.names.slots import slot_of_name
from catering.menus.names.words import FLESH, Reading, lexicon, read_kinds, words_of
from catering.recipes.attributes import ATTRIBUTES
from catering.recipes.vocabulary import Slot
from catering.rules.truth import Truth

ON = date(2026, 9, 1)
ROWS = list(csv.DictReader(Path(__file__).with_name("names.csv").read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['name']} {row['vegetarian_mark']}")
def test_a_name_says_what_it_makes_sure_and_no_more(row: Mapping[str, str], book: Book) -> None:
    dish = book.identify(row["name"], row["slot"], vegetarian=bool(row["vegetarian_mark"]))
    assert (dish.match.dish if dish.match else "") == row["dish"]
    served = book.served(dish, ON)
    for truth in Truth:
        wanted = row[truth.value].split()
        assert {name: served.truth(name) for name in wanted} == dict.fromkeys(wanted, truth)


def test_each_of_our_dishes_is_found_by_its_own_name(book: Book) -> None:
    for dish in book.catalogue.dishes.values():
        found = book.identify(dish.name, dish.slot.value).match
        assert found is not None
        assert (found.dish, found.confidence) == (dish.id, 1.0)


def test_a_name_that_two_of_our_dishes_may_bear_is_neither(book: Book) -> None:
    assert book.identify("Compotes : pommes", "dessert").match is None


@pytest.mark.parametrize(
    ("name", "slot"),
    [
        ("Rôti de bœuf", "main"),
        ("Camembert", "dairy"),
        ("Pomme", "dessert"),
        ("Potage de légumes", "starter"),
        ("Coquillettes", "side"),
        ("Pâté de campagne", "starter"),
        ("Salade de pâtes au thon", None),
        ("Lasagnes", "main"),
        ("Zorglub", None),
    ],
)
def test_a_component_is_told_by_the_words_or_by_nothing(name: str, slot: str | None) -> None:
    assert slot_of_name(read_kinds(words_of(name).every)) == slot


def test_one_unknown_word_leaves_open_what_it_could_bring(book: Book) -> None:
    known, open_ = (book.identify(name, "side") for name in ("Haricots verts", "Haricots verts zorglub"))
    assert (known.known, open_.known) == (Known.WORDS, Known.PART)
    assert book.served(open_, ON).truth("vegetarian") is Truth.UNKNOWN


FLESHLESS_PHRASES = {
    ("julienne", "legume"): "vegetables, not the fish of that name",
    ("petit", "moule"): "a cheese",
}


def test_a_phrase_keeps_the_flesh_of_its_words() -> None:
    """A phrase stands for its words: « cuisse de poulet » that no longer says poultry would be perhaps vegetarian."""
    known = lexicon()
    fleshy = [words for words in known if len(words) > 1 and any(known.get((word,), set()) & FLESH for word in words)]
    lost = {words for words in fleshy if not known[words] & FLESH and "plant" not in known[words]}
    assert lost == FLESHLESS_PHRASES.keys()


@pytest.mark.parametrize(
    "name",
    [
        "Blanc de poulet",
        "Cuisse de poulet rôtie",
        "Pavé de bœuf",
        "Galette saucisse",
        "Lentilles saucisse",
        "Fish and chips",
        "Poisson pané",
        "Filet de poisson pané",
        "Dés de poisson panés",
    ],
)
def test_the_commonest_names_of_flesh_are_not_perhaps_vegetarian(name: str, book: Book) -> None:
    served = book.served(book.identify(name, "main"), ON)
    assert served.truth("vegetarian") is Truth.FALSE
    assert served.truth("veg_dish_egg") is Truth.FALSE
    assert served.truth("red_meat_unground_or_offal") is Truth.of(name == "Pavé de bœuf")


def test_every_attribute_that_a_name_decides_is_one_of_ours() -> None:
    for slot in Slot:
        for kinds in lexicon().values():
            decided = attributes_of_name(slot.value, Named(Reading(kinds, ())))
            assert set(decided) <= set(ATTRIBUTES)


@given(st.text(max_size=60), st.sampled_from([slot.value for slot in Slot]))
def test_no_name_breaks_the_reading(name: str, slot: str) -> None:
    reading = read_kinds(words_of(name).every)
    assert set(attributes_of_name(slot, Named(reading))) <= set(ATTRIBUTES)
