"""Long work tells where it stands: plain lines in a log, a bar on a terminal."""

import io

import pytest
from rich.console import Console

from catering import progress as module
from catering.progress import progress


def written(*, terminal: bool, width: int = 120) -> tuple[Console, io.StringIO]:
    text = io.StringIO()
    return Console(file=text, force_terminal=terminal, width=width), text


def test_a_log_gets_one_line_at_the_start_and_one_at_the_end_of_a_phase() -> None:
    console, text = written(terminal=False)
    with progress(console) as report:
        for done in range(101):
            report("Menus", done, 100)
    assert text.getvalue().splitlines() == ["Menus : 0/100", "Menus : 100/100"]


def test_an_end_told_twice_is_written_once() -> None:
    console, text = written(terminal=False)
    with progress(console) as report:
        for phase in ("Menus", "Achats"):
            report(phase, 1, 1)
            report(phase, 1, 1)
    assert text.getvalue().splitlines() == ["Menus : 1/1", "Achats : 1/1"]


def test_a_slow_phase_is_told_every_few_seconds_with_its_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 1.0, 6.0])
    monkeypatch.setattr(module.time, "monotonic", lambda: next(clock))
    console, text = written(terminal=False)
    with progress(console) as report:
        report("Menus", 1, 9)
        report("Menus", 2, 9)
        report("Menus", 3, 9, "coût 12 €")
    assert text.getvalue().splitlines() == ["Menus : 1/9", "Menus : 3/9 · coût 12 €"]


def test_an_unknown_total_is_not_invented() -> None:
    console, text = written(terminal=False)
    with progress(console) as report:
        report("Lecture", 7, 0)
    assert text.getvalue() == "Lecture : 7\n"


def test_a_terminal_gets_a_bar_per_phase() -> None:
    console, text = written(terminal=True)
    with progress(console) as report:
        report("Menus", 3, 4, "coût 12 €")
        report("Achats", 1, 2)
    shown = text.getvalue()
    assert "3/4" in shown
    assert "coût 12 €" in shown
    assert "Achats" in shown
    assert "━" in shown
