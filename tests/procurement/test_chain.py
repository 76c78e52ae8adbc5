"""The log of a consultation: whatever is changed, removed, added or moved in it shows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from catering.procurement.chain import START, Line, first_break, link

AT = datetime(2026, 9, 1, 8, 0, 0, 123456, tzinfo=UTC)
TOLD = st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=8) | st.integers(), max_size=3), max_size=8)


def log(told: list[dict[str, object]]) -> list[Line]:
    lines, before = [], START
    for seq, data in enumerate(told, start=1):
        at = AT + timedelta(minutes=seq)
        before = link(before, seq, at, "account 7", "described", data)
        lines.append(Line(seq, at, "account 7", "described", data, before))
    return lines


def head(lines: list[Line]) -> str:
    return lines[-1].hash if lines else START


@given(TOLD)
def test_a_log_that_nobody_touched_is_whole(told: list[dict[str, object]]) -> None:
    lines = log(told)
    assert first_break(lines, len(lines), head(lines)) is None


@given(TOLD.filter(bool), st.data())
def test_a_changed_line_is_found_where_it_stands(told: list[dict[str, object]], data: st.DataObject) -> None:
    lines = log(told)
    rank = data.draw(st.integers(0, len(lines) - 1))
    changes = [{"data": {"amount": "1"}}, {"actor": "account 8"}, {"kind": "awarded"}, {"at": AT}]
    forged = replace(lines[rank], **data.draw(st.sampled_from(changes)))
    assert first_break([*lines[:rank], forged, *lines[rank + 1 :]], len(lines), head(lines)) == rank + 1


@given(TOLD.filter(lambda told: len(told) > 1), st.data())
def test_a_removed_line_is_found(told: list[dict[str, object]], data: st.DataObject) -> None:
    lines = log(told)
    rank = data.draw(st.integers(0, len(lines) - 1))
    assert first_break([*lines[:rank], *lines[rank + 1 :]], len(lines), head(lines)) == rank + 1


def test_a_line_whose_hash_was_made_again_breaks_the_next_one() -> None:
    lines = log([{"n": 1}, {"n": 2}, {"n": 3}])
    forged = link(lines[0].hash, 2, lines[1].at, "account 7", "described", {"n": 99})
    assert first_break([lines[0], replace(lines[1], data={"n": 99}, hash=forged), lines[2]], 3, lines[2].hash) == 3


def test_a_log_written_again_from_some_line_on_does_not_end_where_the_consultation_says() -> None:
    lines, other = log([{"n": 1}, {"n": 2}]), log([{"n": 1}, {"n": 3}])
    assert first_break(other, 2, head(lines)) == 3
