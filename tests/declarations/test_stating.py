"""What a buyer states of a contract is one more version that the database keeps, on both databases."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from catering.db import Database
from catering.declarations.essential_data import ContractFacts, said_of
from catering.declarations.essential_reading import facts_of
from catering.declarations.models import EssentialStatement
from catering.declarations.stating import state_essential_data
from catering.kitchens.models import Kitchen
from catering.people.viewer import Role, Viewer
from catering.procurement.models import Contract, ContractMember
from catering.procurement.refusals import NotBuyer, UnknownContract
from catering.procurement.vocabulary import Procedure
from tests.api.dataset import MOMENT, supplier, uai
from tests.declarations.conftest import AUDITOR, BURSAR, CHEF

DEPARTEMENT = Viewer("Département", Role.DEPARTEMENT)
ELSEWHERE = Viewer("Autre gestionnaire", Role.GESTIONNAIRE, kitchens=frozenset({uai(1)}))
TOLD = [("codeCPV", "15300000"), ("offresRecues", "3"), ("considerationsSociales", "Clause sociale")]


async def signed(database: Database, *members: str) -> int:
    """A contract of the first collège on which others may order: its number."""
    async with database.unit_of_work() as session:
        places = {each.uai: each.id for each in await session.scalars(select(Kitchen))}
        seller = supplier(0)
        session.add(seller)
        await session.flush()
        row = Contract(
            kitchen_id=places[uai(0)], number="M-1", title="Légumes", supplier_id=seller.id,
            procedure=Procedure.ADAPTED, start_day=date(2026, 9, 1), end_day=date(2027, 8, 31), min_amount=Decimal(0),
            max_amount=Decimal(90_000), ordered_amount=Decimal(0), created_at=MOMENT, created_by="Gestionnaire",
            members=[ContractMember(kitchen_id=places[each]) for each in (uai(0), *members)],
        )  # fmt: skip
        session.add(row)
        await session.flush()
        return row.id


async def stated(database: Database, number: int, told: list[tuple[str, str]], viewer: Viewer = BURSAR) -> int:
    async with database.unit_of_work() as session:
        return (await state_essential_data(session, viewer, number, told)).version


async def known(database: Database, number: int, viewer: Viewer) -> ContractFacts | None:
    async with database.reading() as session:
        return await facts_of(session, viewer, number)


async def test_each_change_is_a_version_and_the_last_one_stands(bought: Database) -> None:
    number = await signed(bought)
    versions = [await stated(bought, number, told) for told in (TOLD, TOLD, [*reversed(TOLD)], TOLD[:1], TOLD)]
    assert versions == [1, 1, 1, 2, 3]
    facts = await known(bought, number, AUDITOR)
    assert facts is not None
    assert facts.stated == {
        "codeCPV": "15300000", "offresRecues": 3, "considerationsSociales": ["Clause sociale"],
    }  # fmt: skip
    said = {each.datum.datum: each.value for each in said_of(facts)}
    assert (said["offresRecues"], said["montant"], said["lieuExecution.typeCode"]) == ("3", "90000.00", "Code commune")
    assert await known(bought, number, ELSEWHERE) is None


async def test_the_database_keeps_what_was_stated(bought: Database) -> None:
    await stated(bought, await signed(bought), TOLD)
    for change in ("UPDATE essential_statements SET version = 7", "DELETE FROM essential_statements"):
        with pytest.raises(IntegrityError):
            async with bought.unit_of_work() as session:
                await session.execute(text(change))


async def test_who_signs_for_all_its_members_states(bought: Database) -> None:
    number = await signed(bought, uai(1))
    for viewer, why in ((BURSAR, NotBuyer), (CHEF, NotBuyer), (AUDITOR, NotBuyer)):
        with pytest.raises(why):
            await stated(bought, number, TOLD, viewer)
    with pytest.raises(UnknownContract):
        await stated(bought, number + 1, TOLD, BURSAR)
    assert await stated(bought, number, TOLD, DEPARTEMENT) == 1
    async with bought.reading() as session:
        assert (await session.scalars(select(EssentialStatement.actor))).all() == [DEPARTEMENT.actor]
