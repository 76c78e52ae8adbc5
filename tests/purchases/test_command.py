"""`catering egalim`: exit codes, JSON, the small table, and how many lines a second."""

import json
import time
from datetime import date
from pathlib import Path

import pytest

from catering.cli import main
from catering.purchases.counting import Count
from catering.purchases.ledger import FORMATS
from catering.purchases.ledger_reading import LINES_BETWEEN_REPORTS, LedgerFile

HEADER = ",".join(FORMATS[0].columns)
BIO = "19620004200014,Pommes,La ferme,2025-03-02,200.00,FRUITS_ET_LEGUMES,BIO,FRANCE,,,,"
OTHER = "19620014100022,Pain,Fournil,2026-03-02,800.00,BOULANGERIE,,,,,,"
BAD = "19620004200014,,La ferme,2026-03-02,12.00,BOULANGERIE,,,,,,"


def written(folder: Path, *lines: str) -> str:
    file = folder / "achats.csv"
    file.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return str(file)


def test_json_has_the_names_of_ma_cantine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["egalim", written(tmp_path, BIO, OTHER, BAD), "--year", "2025", "--json"])
    found = json.loads(capsys.readouterr().out)
    assert (found["annee"], found["valeur_totale"], found["valeur_bio"]) == (2025, 200.0, 200.0)
    assert (found["part_bio"], found["part_viandes_poissons_egalim"]) == (100.0, None)
    assert found["objectifs_atteints"] is True
    assert found["annees"] == {"2025": 200.0, "2026": 800.0}
    (refused,) = found["refus"]
    assert (refused["line"], refused["column"], refused["rule"]) == (4, "description", "ACH-03")
    assert refused["message"]
    assert found["labels"] == {"BIO": {"valeur": 200.0, "part": 100.0}}


def test_the_latest_year_and_each_establishment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["egalim", written(tmp_path, BIO.replace("2025", "2026"), OTHER), "--json"])
    found = json.loads(capsys.readouterr().out)
    assert (found["annee"], found["part_bio"], found["objectifs_atteints"]) == (2026, 20.0, False)
    assert {siret: each["part_bio"] for siret, each in found["cantines"].items()} == {
        "19620004200014": 100.0,
        "19620014100022": 0.0,
    }


def test_other_years_of_the_file_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The table is of one year, its lines are of all."""
    main(["egalim", written(tmp_path, BIO, BIO.replace("2025", "2026"))])
    assert "le fichier tient aussi 2025" in capsys.readouterr().out


def test_missed_goals_are_an_answer_and_no_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["egalim", written(tmp_path, OTHER, BAD)])
    shown = capsys.readouterr().out
    assert "non atteint" in shown
    assert "ACH-03" in shown


def test_a_rate_missed_by_a_hair_is_not_shown_as_reached(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """199.96 € of bio in 1000 €: 19.996 %."""
    lines = (
        BIO.replace("200.00", "199.96"),
        BIO.replace("200.00", "800.04").replace(",BIO,", ",,").replace("Pommes", "Poires"),
    )
    main(["egalim", written(tmp_path, *lines), "--json"])
    found = json.loads(capsys.readouterr().out)
    assert (found["valeur_totale"], found["part_bio"], found["objectifs_atteints"]) == (1000.0, 19.99, False)
    main(["egalim", written(tmp_path, *lines)])
    (row,) = (line for line in capsys.readouterr().out.splitlines() if "EGA-02" in line)
    assert "19,99" in row
    assert "non atteint" in row


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", HEADER + ",observations\n"])
def test_a_file_that_cannot_be_read_ends_with_two(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "achats.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SystemExit) as stopped:
        main(["egalim", str(file), "--json"])
    told = capsys.readouterr()
    assert stopped.value.code == 2
    assert told.out == ""
    assert "en-tête" in told.err


def test_a_file_that_is_not_there_ends_with_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["egalim", str(tmp_path / "nowhere.csv")])
    assert stopped.value.code == 2
    assert "ne s'ouvre pas" in capsys.readouterr().err


def test_twenty_thousand_lines_a_second_with_progress(tmp_path: Path) -> None:
    """Processor time, which other work on the machine does not lengthen much: it is ten times less than allowed."""
    lines = 40_000
    rows = [OTHER.replace("800.00", f"{number / 100:.2f}").replace("Pain", f"Pain {number}") for number in range(lines)]
    told: list[int] = []

    def report(phase: str, done: int, total: int, note: str = "") -> None:
        told.append(done)

    count = Count()
    with Path(written(tmp_path, *rows)).open("rb") as file:
        started = time.process_time()
        count.add_all(LedgerFile(file, date(2026, 11, 26), report=report).lines())
        seconds = time.process_time() - started
    assert sum(count.tally(2026).values()) == sum(range(lines))
    assert lines / seconds >= 20_000
    assert told == [*range(LINES_BETWEEN_REPORTS, lines + 1, LINES_BETWEEN_REPORTS), lines]


def test_a_verdict_on_part_of_a_file_is_provisional(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["egalim", written(tmp_path, OTHER, BAD)])
    assert "1 lignes sur 2, 1 refusée : provisoire" in " ".join(capsys.readouterr().out.split())
    main(["egalim", written(tmp_path, OTHER)])
    assert "provisoire" not in capsys.readouterr().out
