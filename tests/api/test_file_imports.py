"""Files of purchases and of menus are judged by a read, before the writer is held; all their faults are a table."""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.market.refusals import MOST_FAULTS
from catering.documents.models import Document
from catering.kitchens.models import Kitchen
from catering.menus import importing as of_menus
from catering.menus.models import MenuDish, MenuSource
from catering.people.viewer import Role, Viewer
from catering.purchases import importing as of_purchases
from catering.purchases.models import Canteen, PurchaseImport
from catering.recipes.models import Dish
from tests.api.conftest import CHEF, GESTIONNAIRE, PRODUCER, Client
from tests.api.dataset_menus import MENU_FILES
from tests.api.dataset_people import NUMBERS
from tests.api.dataset_purchases import FIRST_FILE, SIRETS, purchases_file
from tests.api.operations import VARIABLES, operations
from tests.api.test_papers import opened

OPERATIONS = operations()
MANY = MOST_FAULTS + 50


@dataclass(frozen=True)
class Import:
    """A kind of file: who imports it by which operation, from which document, and what spoils it meanwhile."""

    operation: str
    viewer: Viewer
    document: int
    room: Any
    header: str
    bad: str
    good: bytes
    refused: str
    kept: Callable[[], Any]
    spoil: Callable[[AsyncSession], Any]

    async def put(self, client: Client, content: bytes) -> None:
        """Have the document hold something else."""
        async with client.database.unit_of_work() as session:
            (await session.get_one(Document, self.document)).content = content

    async def ask(self, client: Client, key: str) -> Mapping[str, Any]:
        """What the import answers."""
        variables = VARIABLES[self.operation] | {"document": str(self.document), "idempotencyKey": key}
        answer = await client.data(OPERATIONS[self.operation], self.viewer, **variables)
        (told,) = answer.values()
        return dict(told)

    async def count(self, client: Client) -> int:
        """Rows that imports have kept."""
        async with client.database.reading() as session:
            return (await session.scalar(self.kept())) or 0


async def without_siren(session: AsyncSession) -> None:
    await session.execute(update(Canteen).where(Canteen.siret == SIRETS[0]).values(siret="19629999900018"))
    await session.execute(update(Kitchen).values(siren=None))


async def renamed(session: AsyncSession) -> None:
    await session.execute(update(Dish).where(Dish.slug.like("main_%")).values(name="Autre chose"))


IMPORTS = {
    "purchases": Import(
        "nutrition/ImportPurchases", GESTIONNAIRE, FIRST_FILE + NUMBERS[GESTIONNAIRE.role], of_purchases,
        purchases_file(SIRETS[0]).decode().splitlines()[0], "x,,,,,,,,,,,", purchases_file(SIRETS[0]),
        "PurchasesRefused", lambda: select(func.count()).select_from(PurchaseImport), without_siren,
    ),
    "menus": Import(
        "chef/ImportMenus", CHEF, MENU_FILES + NUMBERS[Role.CHEF], of_menus, "date;composante;plat;couverts",
        "2026-09-14;plat;Rien de tel;9", b"date;composante;plat;couverts\n2026-09-14;plat;Main 1;9\n", "MenusRefused",
        lambda: select(func.count()).where(MenuDish.source == MenuSource.KITCHEN), renamed,
    ),
}  # fmt: skip


@pytest.fixture(params=IMPORTS)
def of(request: pytest.FixtureRequest) -> Import:
    """Each kind of file."""
    return IMPORTS[request.param]


async def test_all_faults_are_counted_the_first_told_and_all_are_a_table(
    of: Import, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await of.put(client, "\n".join([of.header, *[of.bad] * MANY, ""]).encode())
    before = await of.count(client)
    told = await of.ask(client, "a-file-of-faults")
    assert (told["__typename"], len(told["faults"])) == (of.refused, MOST_FAULTS)
    assert str(told["faultsCount"]) in told["message"]
    async with opened(Path(str(client.database.engine.url.database)), monkeypatch) as house:
        fetched = await house.get(told["faultsTable"], of.viewer)
        others = [await house.get(told["faultsTable"], viewer) for viewer in (PRODUCER, None)]
    found = list(csv.DictReader(io.StringIO(fetched.content.decode("utf-8-sig")), delimiter=";"))
    assert len(found) == told["faultsCount"] >= MANY
    assert {int(row["ligne"]) for row in found} == set(range(2, MANY + 2))
    assert [each.status_code for each in others] == [404, 401]
    assert await of.count(client) == before


async def test_nothing_holds_the_writer_while_a_file_is_judged(
    of: Import, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody writes in the middle of the judging: on SQLite it would wait for ever if the import held the writer."""
    judge_file = of.room.judge_file

    async def interrupted(session: AsyncSession, *given: Any, **named: Any) -> Any:
        found = await judge_file(session, *given, **named)
        async with client.database.unit_of_work() as other:
            await other.execute(update(Dish).where(Dish.slug == "main_00").values(name="Main 0"))
        return found

    await of.put(client, of.good)
    monkeypatch.setattr(of.room, "judge_file", interrupted)
    assert "message" not in await of.ask(client, "judged-by-a-read")


async def test_what_changed_between_judging_and_writing_is_judged_again(
    of: Import, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge_file = of.room.judge_file

    async def spoilt(session: AsyncSession, *given: Any, **named: Any) -> Any:
        found = await judge_file(session, *given, **named)
        async with client.database.unit_of_work() as other:
            await of.spoil(other)
        return found

    await of.put(client, of.good)
    before = await of.count(client)
    monkeypatch.setattr(of.room, "judge_file", spoilt)
    told = await of.ask(client, "changed-in-between")

    assert (told["__typename"], told["faultsCount"]) == (of.refused, 1)
    assert await of.count(client) == before


async def test_the_same_import_sent_again_is_answered_without_judging(
    of: Import, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await of.put(client, of.good)
    done = await of.ask(client, "import-sent-twice")

    async def never(*_: object, **__: object) -> Any:
        raise AssertionError("what was done is not judged again")

    monkeypatch.setattr(of.room, "judge_file", never)
    assert await of.ask(client, "import-sent-twice") == done
