"""The tables of goals in the documentation are those of the code."""

from tests.docs.indicator_table import HEADING, NEXT, PAGE, written


def test_the_tables_of_goals_are_those_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text[text.index(HEADING) : text.index(NEXT)] == written(), "run `python -m tests.docs.indicator_table`"
