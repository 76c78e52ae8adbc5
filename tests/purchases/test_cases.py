"""Readable cases of purchases files (regulations.md §7): each file under cases/ states lines and what they must give.

``lines`` is a CSV whose missing columns are filled in: a SIRET, a day of the year, empty cells. ``expected`` are fields
of ``catering egalim --json``, ``detailed`` those of its detailed form, ``absent`` fields that this form must not have,
``refused`` and ``not_counted`` what must be said line by line; ``restaurants`` are those of a central kitchen with
their meals of the year, ``each_declares`` the fields and shares of each. A nutrition manager can correct and add a file
without touching any Python.
"""

import csv
import io
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from catering.commands_files import egalim
from catering.declarations.figures import figures_of
from catering.purchases.ledger import FORMATS
from catering.purchases.satellites import shared
from catering.purchases.summary import as_json
from catering.rules.egalim_year import Tally
from catering.rules.marks import read_yaml

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
HEADER = FORMATS[0].columns
Case = Mapping[str, Any]


@pytest.fixture(params=CASES, ids=lambda path: path.stem)
def case(request: pytest.FixtureRequest) -> Case:
    return read_yaml(request.param).content


def written(case: Case) -> str:
    """The lines of a case as a whole file of 12 columns."""
    usual = {"siret": "19620004200014", "date": f"{case['year']}-03-02"}
    stream = io.StringIO()
    writer = csv.DictWriter(stream, HEADER, restval="")
    writer.writeheader()
    for row in csv.DictReader(io.StringIO(case["lines"])):
        writer.writerow({**usual, **row})
    return stream.getvalue()


def test_case(case: Case, tmp_path: Path) -> None:
    file = tmp_path / "achats.csv"
    file.write_text(written(case), encoding="utf-8")
    filed = egalim(file, case["year"], case.get("region"), case.get("establishment"))
    found = as_json(filed)
    assert {name: exact(found[name]) for name in case["expected"]} == case["expected"]
    detailed = found["bilan_detaille"]
    assert {name: exact(detailed[name]) for name in case.get("detailed", {})} == case.get("detailed", {})
    assert not set(case.get("absent", [])) & set(detailed)
    told(found["refus"], case.get("refused", []))
    told(found["non_comptees"], case.get("not_counted", []))
    assert of_restaurants(filed.year.tally, case) == case.get("each_declares", {})


def of_restaurants(tally: Tally, case: Case) -> dict[str, dict[str, object]]:
    """What each restaurant of a central kitchen declares: the fields that the case names."""
    meals = {row["siret"]: int(row["repas_an"]) for row in csv.DictReader(io.StringIO(case.get("restaurants", "")))}
    parts = shared(tally, meals, case["year"]) if meals else {}
    forms = {siret: figures_of(part, case["year"]) for siret, part in parts.items()}
    return {
        siret: {name: forms[siret].every.get(name, forms[siret].shares.get(name)) for name in named}
        for siret, named in case.get("each_declares", {}).items()
    }


def told(found: list[dict[str, Any]], wanted: list[Case]) -> None:
    """Every line that is told is wanted, in order, with a message and a repair."""
    assert [{name: each[name] for name in want} for each, want in zip(found, wanted, strict=True)] == wanted
    assert all(each["message"] and each["repair"] for each in found)


def exact(value: object) -> object:
    """A figure of JSON as a nutrition manager writes it."""
    return Decimal(str(value)) if isinstance(value, float) else value


def test_every_egalim_vector_has_a_case() -> None:
    stems = " ".join(path.stem for path in CASES)
    assert [f"T{number:02}" for number in range(1, 9) if f"T{number:02}" not in stems] == []
