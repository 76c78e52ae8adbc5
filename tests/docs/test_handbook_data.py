"""The two faults that the handbook plants in the seed tables are told as it shows."""

import shutil
from pathlib import Path

import pytest

from catering.seeding import SeedFaultsError, fault_lines, read_seeds
from tests.docs.pages import HANDBOOK, block, section
from tests.lints.sources import ROOT

PAGE = HANDBOOK / "donnees.md"
PLANTED = (
    ("kitchens/kitchens.csv", "2.30", "2,30"),
    ("dishes/main_lines.csv", "lieu_noir", "lieu_noirr"),
)


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A copy of the seeds with both faults."""
    folder = tmp_path / "seeds"
    shutil.copytree(ROOT / "seeds", folder, ignore=shutil.ignore_patterns("__pycache__", "build", "*.py"))
    for file, before, after in PLANTED:
        header, first, rest = (folder / file).read_text(encoding="utf-8").split("\n", maxsplit=2)
        cells = [after if cell == before else cell for cell in first.split(",")]
        assert cells != first.split(",")
        (folder / file).write_text("\n".join([header, ",".join(cells), rest]), encoding="utf-8")
    return folder


def test_the_planted_faults_are_told_as_shown(faulty: Path) -> None:
    with pytest.raises(SeedFaultsError) as refused:
        read_seeds(faulty)
    assert "\n".join(fault_lines(refused.value.faults)) == block(PAGE, "text", "fautes").body.strip()


def test_the_page_says_which_faults_are_planted() -> None:
    told = section(PAGE, "Lire un message de faute")
    assert all(f"`{word}`" in told for plant in PLANTED for word in plant)
