"""Problem folders: what is written is read back whole, and written whole or not at all."""

from __future__ import annotations

import string
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from optimizer.folders.schema import PROBLEM_FILES
from optimizer.problem import BUCKETS, FAMILIES, Capacity, Kitchen, Problem, Purchase, ServiceDay, SharedDrop
from optimizer.rules import PurchaseTotalRule
from tests.optimizer.examples import two_kitchens


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    two_kitchens().to_folder(tmp_path / "problem")
    return tmp_path / "problem"


# -- round trip --------------------------------------------------------------------------------------------------------


def test_a_problem_survives_its_folder(folder: Path) -> None:
    problem = two_kitchens()
    read = Problem.from_folder(folder)
    assert read == problem
    assert read.sha256 == problem.sha256


def test_equal_problems_give_equal_bytes(folder: Path, tmp_path: Path) -> None:
    problem = two_kitchens()
    shuffled = replace(
        problem,
        service_days=problem.service_days[::-1],
        offers=dict(reversed(problem.offers.items())),
        dishes=dict(reversed(problem.dishes.items())),
        kitchens={id_: replace(of, lat=of.lat + Decimal("0.00")) for id_, of in reversed(problem.kitchens.items())},
    )
    shuffled.to_folder(tmp_path / "again")
    for name in PROBLEM_FILES:
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes(), name


def test_the_hash_is_of_the_bytes_read_whoever_wrote_them(folder: Path) -> None:
    header, *rows = (folder / "dishes.csv").read_text(encoding="utf-8").splitlines()
    (folder / "dishes.csv").write_text("\n".join([header, *rows[::-1]]) + "\n", encoding="utf-8")
    read = Problem.from_folder(folder)
    assert read == two_kitchens()
    assert read.sha256 != two_kitchens().sha256
    assert replace(read, name=read.name).sha256 == two_kitchens().sha256


TEXT = st.text(string.ascii_letters + string.digits + " éèçœŒ€'\",;%\\/-«»\u00a0", min_size=1, max_size=12).filter(
    lambda text: text == text.strip()
)
PRICE = st.decimals(0, 999, places=4)


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """The example with its texts, numbers and dates drawn anew."""
    base = two_kitchens()
    names = dict(zip(base.kitchens, draw(st.lists(TEXT, min_size=2, max_size=2, unique=True)), strict=True))
    start = draw(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
    days = tuple(
        ServiceDay(kitchen, start + timedelta(days=after), draw(st.integers(1, 10**6)))
        for kitchen in names.values()
        for after in draw(st.sets(st.integers(0, 400), min_size=1, max_size=5))
    )
    return replace(
        base,
        name=draw(TEXT),
        kitchens={
            new: Kitchen(
                new,
                draw(TEXT),
                draw(st.decimals(-90, 90, places=7)),
                draw(st.decimals(-180, 180, places=7)),
                draw(PRICE),
            )
            for new in names.values()
        },
        service_days=days,
        dishes={of.id: replace(of, **draw(dish_parts(base))) for of in base.dishes.values()},
        offers={of.id: replace(of, **draw(offer_parts())) for of in base.offers.values()},
        deliveries={
            (of.supplier, names[of.kitchen]): replace(of, kitchen=names[of.kitchen], delivery_eur_per_kg=draw(PRICE))
            for of in base.deliveries.values()
        },
        capacities={offer: draw(ranges(offer)) for offer in draw(st.sets(st.sampled_from(sorted(base.offers))))},
        purchases=tuple(draw(st.lists(purchases(list(names.values())), max_size=4))),
        rules=tuple(
            replace(rule, kitchens=frozenset(names[of] for of in rule.kitchens or ()))
            if isinstance(rule, PurchaseTotalRule)
            else rule
            for rule in draw(st.permutations(base.rules))
        ),
        receptions=draw(st.dictionaries(st.sampled_from(sorted(names.values())), st.integers(1, 99))),
        shared_drops=draw(shared_drops(base, sorted(names.values()))),
    )


@st.composite
def shared_drops(draw: st.DrawFn, base: Problem, kitchens: list[str]) -> dict[tuple[str, str], SharedDrop]:
    pairs = st.tuples(st.sampled_from(sorted(base.suppliers)), st.sampled_from(kitchens))
    return {
        pair: SharedDrop(*pair, draw(TEXT), draw(st.decimals(0, base.suppliers[pair[0]].min_drop_eur, places=2)))
        for pair in draw(st.sets(pairs))
    }


def dish_parts(base: Problem) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {
            "name": TEXT,
            "months": st.frozensets(st.integers(1, 12), min_size=1),
            "ingredients": st.dictionaries(st.sampled_from(sorted(base.ingredients)), st.integers(1, 5000), min_size=1),
        }
    )


@st.composite
def offer_parts(draw: st.DrawFn) -> dict[str, object]:
    bucket = draw(st.sampled_from(BUCKETS))
    dates = sorted(draw(st.lists(st.dates(), min_size=2, max_size=2)))
    labelled = bucket != "NON_EGALIM"
    return {
        "price_eur_per_kg": draw(PRICE),
        "label": draw(st.just("") | TEXT),
        "bucket": bucket,
        "label_from": dates[0] if labelled else None,
        "label_to": dates[1] if labelled else None,
        "co2e_kg_per_kg": draw(st.none() | st.decimals(-5, 99, places=6)),
    }


@st.composite
def ranges(draw: st.DrawFn, offer: str) -> tuple[Capacity, ...]:
    limits = sorted(draw(st.sets(st.dates(), min_size=2, max_size=6)))
    pairs = zip(limits[::2], limits[1::2], strict=False)
    return tuple(Capacity(offer, first, last, draw(st.none() | st.integers(0, 10**9))) for first, last in pairs)


def purchases(kitchens: list[str]) -> st.SearchStrategy[Purchase]:
    return st.builds(
        Purchase,
        st.sampled_from(kitchens),
        st.dates(),
        st.sampled_from(FAMILIES),
        st.sampled_from(BUCKETS),
        st.decimals(0, 10**6, places=2),
    )


@settings(max_examples=25, deadline=None)
@given(problems())
def test_a_round_trip_loses_nothing(problem: Problem) -> None:
    with TemporaryDirectory() as place:
        problem.to_folder(Path(place) / "p")
        read = Problem.from_folder(Path(place) / "p")
    assert read == problem
    assert read.sha256 == problem.sha256


# -- writing -----------------------------------------------------------------------------------------------------------


def test_a_folder_is_written_whole_or_not_at_all(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    write = Path.write_bytes

    def full_disk(self: Path, data: bytes) -> int:
        if self.name == "offers.csv":
            raise OSError("disque plein")
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    with pytest.raises(OSError, match="disque plein"):
        replace(two_kitchens(), name="Autre").to_folder(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert list(folder.parent.iterdir()) == [folder]


def test_a_folder_replaces_an_older_one_of_its_kind(folder: Path) -> None:
    replace(two_kitchens(), name="Autre").to_folder(folder)
    assert Problem.from_folder(folder).name == "Autre"
    assert list(folder.parent.iterdir()) == [folder]


def test_nothing_else_is_ever_replaced(folder: Path) -> None:
    (folder / "notes.txt").write_text("à garder", encoding="utf-8")
    with pytest.raises(FileExistsError, match=r"notes\.txt"):
        two_kitchens().to_folder(folder)
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "à garder"


def test_a_price_the_format_cannot_hold_is_not_cut_short(tmp_path: Path) -> None:
    problem = two_kitchens()
    fine = replace(problem.offers["pain_gros"], price_eur_per_kg=Decimal("1.23456"))
    with pytest.raises(ValueError, match="4 decimals"):
        replace(problem, offers=problem.offers | {"pain_gros": fine}).to_folder(tmp_path / "p")
    assert not (tmp_path / "p").exists()
