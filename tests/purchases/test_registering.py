"""Many kitchens told to ma-cantine by one file: all or none, each fault named, each change traced."""

from pathlib import Path

import pytest
from sqlalchemy import select

from catering.cli import main
from catering.db import Database
from catering.demonstration.history import invented_siret
from catering.kitchens.models import Kitchen
from catering.people.models import ChangeEvent
from catering.people.viewer import Role, Viewer
from catering.purchases.canteens_file import read_wishes
from catering.purchases.models import Canteen
from catering.purchases.refusals import CanteensRefused, MayNotImport
from catering.purchases.registering import Wish, register_all
from catering.settings import settings
from tests.purchases.conftest import MANAGER

SIRENS = ("196200042", "196200141", "196200166")


async def uais_of(database: Database) -> list[str]:
    """UAI of the three collèges, which get SIRENs whose keys are right."""
    async with database.unit_of_work() as session:
        found = list(await session.scalars(select(Kitchen).order_by(Kitchen.uai)))
        for kitchen, siren in zip(found, SIRENS, strict=True):
            kitchen.siren = siren
        return [each.uai for each in found]


async def canteens_of(database: Database) -> dict[str, tuple[str, int | None]]:
    """SIRET and number by UAI."""
    async with database.reading() as session:
        found = await session.execute(
            select(Kitchen.uai, Canteen.siret, Canteen.cantine_id).join(Canteen, Canteen.kitchen_id == Kitchen.id)
        )
        return {uai: (siret, number) for uai, siret, number in found}


def siret_of(number: int) -> str:
    return invented_siret(SIRENS[number])


async def written(database: Database, text: str, viewer: Viewer = MANAGER) -> int:
    wishes = read_wishes("colleges.csv", text.encode("utf-8-sig"))
    async with database.unit_of_work() as session:
        return await register_all(session, viewer, wishes, "colleges.csv")


async def test_a_file_tells_all_its_kitchens_once_and_leaves_a_trace_of_each(world: Database) -> None:
    first, second, third = await uais_of(world)
    text = f"UAI;siret;cantine_id\n{first};{siret_of(0)};949\n{second};{siret_of(1)};\n"
    assert await written(world, text) == 2
    assert await written(world, text) == 0
    # A file without numbers leaves those that are known.
    assert await written(world, f"uai;siret\n{first};{siret_of(0)}\n{third};{siret_of(2)}\n") == 1
    assert await canteens_of(world) == {
        first: (siret_of(0), 949),
        second: (siret_of(1), None),
        third: (siret_of(2), None),
    }
    async with world.reading() as session:
        events = (await session.scalars(select(ChangeEvent).where(ChangeEvent.subject == "canteens"))).all()
    assert {each.key: each.actor for each in events} == dict.fromkeys((first, second, third), MANAGER.actor)
    assert len(events) == 3


async def test_one_fault_keeps_all_out_and_every_fault_is_named(world: Database) -> None:
    first, second, third = await uais_of(world)
    lines = [
        f"{first};{siret_of(0)};949",
        f"{second};{siret_of(2)};",
        f"{third};123;",
        f"0000000X;{siret_of(2)};",
        f"{first};{siret_of(0)};12",
    ]
    with pytest.raises(CanteensRefused, match="6 fautes ; rien") as refused:
        await written(world, "\n".join(["uai;siret;cantine_id", *lines]))
    told = [(each.line, each.column) for each in refused.value.faults]
    assert told == [(3, "siret"), (4, "siret"), (5, "siret"), (5, "uai"), (6, "siret"), (6, "uai")]
    assert all(each.repair for each in refused.value.faults)
    assert await canteens_of(world) == {}


async def test_a_siret_of_another_kitchen_is_refused_although_it_is_not_the_viewers(world: Database) -> None:
    first, second, _ = await uais_of(world)
    assert await written(world, f"uai;siret;cantine_id\n{first};{siret_of(0)};949\n") == 1
    bursar = Viewer("Gestionnaire", Role.GESTIONNAIRE, frozenset({second}))
    with pytest.raises(CanteensRefused, match="un autre collège a déjà ce numéro"):
        await written(world, f"uai;siret;cantine_id\n{second};{siret_of(1)};949\n", bursar)
    with pytest.raises(CanteensRefused, match="aucun de vos collèges"):
        await written(world, f"uai;siret\n{first};{siret_of(0)}\n", bursar)
    with pytest.raises(MayNotImport):
        await written(world, f"uai;siret\n{second};{siret_of(1)}\n", Viewer("Chef", Role.CHEF, frozenset({second})))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("siret;uai\n1;2", "en-tête inconnu"),
        ("uai;siret\n0620004T;1;2", "3 cellules au lieu de 2"),
        ("uai;siret;cantine_id\n0620004T;1;neuf", "pas un numéro d'établissement"),
        ("uai;siret\n=A1;1", "formule"),
    ],
)
def test_a_file_of_another_shape_is_refused_cell_by_cell(text: str, told: str) -> None:
    with pytest.raises(CanteensRefused, match=told):
        read_wishes("colleges.csv", text.encode())


def test_spaces_and_an_empty_number_tell_nothing() -> None:
    assert read_wishes("a.csv", b"uai,siret,cantine_id\n 0620004T , 1 ,\n") == {2: Wish("0620004T", "1")}


def test_the_command_says_what_it_wrote(
    demo: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CATERING_DATABASE_URL", demo.url)
    settings.cache_clear()
    file = tmp_path / "colleges.csv"
    file.write_text(f"uai;siret\n0620004T;{invented_siret('196200042')}\n")
    main(["canteens", str(file)])
    assert "Collèges : 1, dont 1 écrits" in capsys.readouterr().out
    file.write_text("uai;siret\n0620004T;19620004200099\n")
    with pytest.raises(SystemExit) as ended:
        main(["canteens", str(file)])
    assert ended.value.code == 2
    assert "ligne 2, colonne siret" in " ".join(capsys.readouterr().err.split())
