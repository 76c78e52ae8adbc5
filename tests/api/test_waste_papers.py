"""The diagnostic and the record for ma-cantine over HTTP: who may print them, and what they say."""

import csv
import io
import shutil
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from catering.moment import Clock
from catering.waste.service.counting import plan_campaign
from catering.waste.service.diagnosing import Action, Draft, Finding, write
from catering.waste.vocabulary import ActionKind, ActionStatus, WasteCause
from tests.api.conftest import ADMINISTRATOR, AUDITOR, CHEF, PRODUCER
from tests.api.dataset import MOMENT, uai
from tests.api.dataset_orders import buyer
from tests.api.test_papers import OTHER_CHEF, House, opened
from tests.papers.made import LONG, pages

DIAGNOSTIC, RECORD = f"/papers/kitchens/{uai(0)}/waste-diagnostic.pdf", f"/papers/kitchens/{uai(0)}/waste-2026.csv"


@pytest.fixture
async def house(small_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    monkeypatch.setattr(Clock, "fixed", MOMENT)
    async with opened(Path(shutil.copy(small_file, tmp_path / "waste.db")), monkeypatch) as house:
        yield house


@pytest.mark.parametrize("path", [DIAGNOSTIC, RECORD])
async def test_the_papers_of_a_kitchen_are_its_own_and_of_who_controls(house: House, path: str) -> None:
    assert (await house.get(path, None)).status_code == 401
    for viewer in (CHEF, ADMINISTRATOR, AUDITOR):
        assert (await house.get(path, viewer)).status_code == 200, viewer
    for viewer in (OTHER_CHEF, PRODUCER):
        assert (await house.get(path, viewer)).status_code == 404, viewer


async def test_a_version_is_printed_with_its_plan_and_boxes_to_sign(house: House) -> None:
    response = await house.get(DIAGNOSTIC, CHEF)
    text = "\n".join(pages(response.content))
    for said in (
        "Diagnostic du gaspillage alimentaire", "version 1", "Collège 0", uai(0), "Gestionnaire", "lundi 1er juin 2026",
        "On jette des légumes.", "Restes d'assiette et de plateau", "Plat pas aimé", "Petite et grande faim",
        "01/10/2026", "En cours", "GAS-02", "GAS-04", "Chef d'établissement", "Date et signature",
    ):  # fmt: skip
        assert said in text
    plain = " ".join(text.split())
    for said in (
        "contre 135,0 g en 2019 : non mesurée.", "Préparation non pesé non pesé non mesuré",
        "Protocole (GAS-10) pas tenu : 0 jours complets et comptés sur 5 demandés.",
        "Pas encore connu : il manque des pesées complètes.", "Aucune collecte notée.",
    ):  # fmt: skip
        assert said in plain
    assert (await house.get(f"{DIAGNOSTIC}?version=2", CHEF)).status_code == 404
    assert (await house.get(DIAGNOSTIC, CHEF)).content == response.content, "the same data, the same bytes"


async def test_a_long_plan_is_printed_whole_with_what_was_weighed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = date(2026, 9, 1)
    draft = Draft(
        1, day, "Chef", "Tous", LONG, [Finding(WasteCause.OTHER, f"{LONG} c{n}c") for n in range(40)],
        [Action(ActionKind.REUSE, f"{LONG} a{n}a", "Chef", day, ActionStatus.DONE, day) for n in range(40)],
        (date(2026, 9, 7), date(2026, 9, 11)),
    )  # fmt: skip
    async with house.database.unit_of_work() as session:
        await write(session, buyer(0), uai(0), draft)
    text = "\n".join(pages((await house.get(DIAGNOSTIC, CHEF)).content))
    assert [each for n in range(40) for each in (f"c{n}c", f"a{n}a") if each not in text] == []
    assert "580 couverts servis" in text
    assert "80,5 g" in text
    plain = " ".join(text.replace("\u00a0", " ").split())
    # 42,000 meals at 80.5 g; each ingredient costs 2 to 2.20 € a kilogram, 120 g are bought for 120 g served.
    assert "3 381 kg comestibles par an" in plain
    assert "Denrées jetées : 6 762 à 7 438 € HT par an." in plain
    assert "Huile usagée, biocarburant : 20 l." in plain
    monkeypatch.setattr(Clock, "fixed", MOMENT + timedelta(days=14))
    plain = " ".join("\n".join(pages((await house.get(DIAGNOSTIC, CHEF)).content)).split())
    assert "Jours de service où rien n'a été pesé : 10/09, 11/09." in plain, "those to come do not lack"
    assert "approvisionnement durable" in plain or "tant que les achats de l'année ne sont pas notés" in plain
    for said in ("Causes notées aux pesées", "Collèges pilotes du Pas-de-Calais 135 g", "Cible (GAS-01) : 67,5 g"):
        assert said in text


async def test_the_record_of_a_year_has_a_row_per_campaign_that_was_weighed(house: House) -> None:
    async with house.database.unit_of_work() as session:
        await plan_campaign(session, buyer(0), uai(0), date(2026, 9, 7), date(2026, 9, 14))
    response = await house.get(RECORD, CHEF)
    (row,) = csv.DictReader(io.StringIO(response.text))
    assert (row["uai"], row["period_start_date"], row["period_end_date"]) == (uai(0), "2026-09-07", "2026-09-14")
    assert (row["meal_count"], row["total_mass"], row["leftovers_edible_mass"]) == ("580", "53.00", "")
    assert row["protocole"] == "Protocole (GAS-10) en cours : 2 jours complets et comptés sur 5 demandés."
    assert (await house.get(RECORD.replace("2026.csv", "2025.csv"), CHEF)).text == ""
