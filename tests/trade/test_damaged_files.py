"""Some hundred damaged files of every importer: ``python -m benchmarks.fuzz_files`` in small."""

from pathlib import Path

import pytest

from benchmarks.fuzz_files import Importer, damaged_file, fuzz, importers, outcome

SEED, MANY = 7, 1_500


def test_good_files_are_read(tmp_path: Path) -> None:
    for name, importer in importers(tmp_path).items():
        assert outcome(importer, importer.sample) == "read", name


def test_damaged_files_are_read_or_refused_by_name() -> None:
    taken, wrong = fuzz(SEED, MANY, seconds=600)
    assert wrong == []
    assert taken.total() == MANY
    assert {how for _, how in taken} == {"read", "refused"}


@pytest.mark.parametrize("fault", [ValueError("x"), KeyError("x"), RecursionError()])
def test_a_reader_that_fails_is_noticed(fault: Exception) -> None:
    def read(_name: str, _content: bytes) -> object:
        raise fault

    assert type(fault).__name__ in outcome(Importer(read, "a.csv", b""), b"")


@pytest.mark.parametrize("number", [30_020, 42_176], ids=["a price of 400 digits", "a column of 140,000 letters"])
def test_files_that_were_faults_of_ours_are_none_any_more(number: int, tmp_path: Path) -> None:
    known = importers(tmp_path)
    name, content = damaged_file(known, 0, number)
    assert outcome(known[name], content) in {"read", "refused"}, "offers keep the fault of a cell with its line"
