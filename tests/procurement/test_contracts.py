"""Contracts: what the law allows, prices that follow an index, what is left, what to watch."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import Database
from catering.kitchens.models import Kitchen
from catering.people.models import ChangeEvent
from catering.people.viewer import Role, Viewer
from catering.procurement import refusals
from catering.procurement.contract_standing import duties, notices
from catering.procurement.grounds import ContractTerm
from catering.procurement.index_file import IndexWish, read_index_values
from catering.procurement.models import IndexValue, PriceRevision
from catering.procurement.queries import contracts
from catering.procurement.revision import Clause, Revised, price_on
from catering.procurement.service.contracting import LineWish, LotWish, record_contract
from catering.procurement.service.revising import record_index_values
from catering.procurement.terms import contract_lines_in_force, contract_terms_of
from catering.procurement.vocabulary import Procedure, RevisionRhythm
from catering.together import read_together
from tests.api.dataset import uai
from tests.procurement.conftest import COOKS, ELSEWHERE, FARMS, SIGNS
from tests.procurement.contracting import CARROTS, CLAUSE, END, START, wish

DEPARTEMENT = Viewer("Département", Role.DEPARTEMENT)
INDEX = "RNM-FRUITS-LEGUMES"


async def terms(session: AsyncSession, delivered: tuple[date, date]) -> dict[str, list[ContractTerm]]:
    statement = contract_lines_in_force(SIGNS, Kitchen.id == 1, [4], START, delivered)
    return contract_terms_of((await read_together(session, [statement]))[0])


async def recorded(database: Database, **changed: Any) -> int:
    async with database.unit_of_work() as session:
        return (await record_contract(session, SIGNS, wish(**changed))).id


async def test_a_contract_is_recorded_with_its_trace_and_read_by_those_it_concerns(on_sqlite: Database) -> None:
    number = await recorded(on_sqlite)
    async with on_sqlite.reading() as session:
        for viewer, readable in (
            (SIGNS, 1),
            (COOKS, 1),
            (FARMS[1], 1),
            (FARMS[0], 0),
            (ELSEWHERE, 0),
            (DEPARTEMENT, 1),
        ):
            assert len((await session.scalars(contracts(viewer))).all()) == readable, viewer
        trace = (await session.scalars(select(ChangeEvent).where(ChangeEvent.subject == "contracts"))).one()
    assert (trace.key, trace.actor) == (str(number), "account 1")


FOUR_YEARS_MORE_A_DAY = {"end": date(2030, 9, 1)}
LOT = LotWish(1, "Carottes", Decimal("1000.00"), [CARROTS])
LARGE_LOT = replace(LOT, estimated=Decimal(400_000))


def lot_of(**changed: Any) -> LotWish:
    return replace(LOT, lines=[replace(CARROTS, **changed)])


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (FOUR_YEARS_MORE_A_DAY, "4 ans au plus"),
        ({"end": date(2026, 8, 31)}, "4 ans au plus"),
        ({"most": Decimal("99.99")}, "CCP-32"),
        ({"most": Decimal("NaN")}, "CCP-32"),
        ({"least": Decimal("-1.00")}, "CCP-32"),
        ({"most": Decimal("216000.00"), "start": START}, "CCP-13"),
        ({"lots": []}, "au moins un lot"),
        ({"lots": [LOT, LOT]}, "chacun avec son numéro"),
        ({"lots": [lot_of(clause=None)]}, "CCP-33"),
        ({"lots": [lot_of(clause=replace(CLAUSE, index="LUNE"))]}, "Indice inconnu"),
        ({"lots": [lot_of(clause=replace(CLAUSE, fixed_share=Decimal(1)))]}, "part fixe"),
        ({"lots": [lot_of(clause=replace(CLAUSE, fixed_share=Decimal("0.999999")))]}, "ne bougerait pas"),
        ({"lots": [lot_of(price_eur_per_kg=Decimal("1.00001"))]}, "quatre décimales"),
        ({"lots": [replace(LOT, lines=[CARROTS, replace(CARROTS, ingredient="ingredient_00")])]}, "10.10, 10.12"),
        ({"lots": [replace(LOT, small=True)]}, "20 % du marché"),
        ({"lots": [LARGE_LOT, replace(LOT, number=2, estimated=Decimal(80_000), small=True)]}, "80\u00a0000"),
        ({"number": " "}, "caractères"),
        ({"number": "2026-1\u200b"}, "invisible"),
        ({"number": "..."}, "ni lettre ni chiffre"),
        ({"lots": [replace(LOT, title="Cаrottes")]}, "lettres latines"),
        ({"start": date(2019, 1, 1), "end": date(2020, 1, 1)}, "Aucune règle d'achat"),
    ],
)  # fmt: skip
async def test_what_the_law_does_not_allow_is_refused(on_sqlite: Database, changed: dict[str, Any], says: str) -> None:
    with pytest.raises(refusals.InvalidContract, match=says):
        await recorded(on_sqlite, **changed)


async def test_exactly_four_years_and_small_lots_within_a_fifth_pass(on_sqlite: Database) -> None:
    lots = [replace(LOT, estimated=Decimal(80_000)), replace(LOT, number=2, estimated=Decimal(20_000), small=True)]
    await recorded(on_sqlite, end=date(2030, 8, 31), most=Decimal(100_000), lots=lots)


async def test_a_short_contract_may_have_fixed_prices(on_sqlite: Database) -> None:
    lots = [replace(LOT, lines=[replace(CARROTS, clause=None)])]
    await recorded(on_sqlite, end=date(2026, 11, 30), lots=lots)


async def test_a_contract_without_competition_stays_below_the_threshold(on_sqlite: Database) -> None:
    free = {"procedure": Procedure.BELOW_THRESHOLD}
    with pytest.raises(refusals.AboveThreshold):
        await recorded(on_sqlite, most=Decimal("60000.00"), **free)
    await recorded(on_sqlite, most=Decimal("59999.99"), **free)


async def test_a_number_is_taken_once(on_sqlite: Database) -> None:
    await recorded(on_sqlite)
    with pytest.raises(refusals.InvalidContract, match="déjà enregistré"):
        await recorded(on_sqlite)


async def test_who_may_record(on_sqlite: Database) -> None:
    for viewer in (COOKS, FARMS[0], Viewer("Contrôle", Role.AUDITOR)):
        with pytest.raises(refusals.NotBuyer):
            async with on_sqlite.unit_of_work() as session:
                await record_contract(session, viewer, wish())
    with pytest.raises(refusals.UnknownBuyer):
        async with on_sqlite.unit_of_work() as session:
            await record_contract(session, ELSEWHERE, wish())
    async with on_sqlite.unit_of_work() as session:
        await record_contract(session, DEPARTEMENT, wish())


async def test_an_index_value_revises_prices_from_the_next_period_and_keeps_the_history(market: Database) -> None:
    await recorded(market)
    text = f"index,day,value\n{INDEX},2026-09-15,110\n{INDEX},2026-10-20,90\n"
    async with market.unit_of_work() as session:
        await record_index_values(session, DEPARTEMENT, read_index_values(text))
    async with market.unit_of_work() as session:
        await record_index_values(session, DEPARTEMENT, [IndexWish(INDEX, date(2026, 10, 21), Decimal(95))])
    async with market.reading() as session:
        rows = (await session.scalars(select(PriceRevision).order_by(PriceRevision.id))).all()
        assert [(row.effective_from, row.price_eur_per_kg) for row in rows] == [
            (date(2026, 10, 1), Decimal("1.0800")),
            (date(2026, 11, 1), Decimal("0.9200")),
            (date(2026, 11, 1), Decimal("0.9600")),
        ]
        history = [Revised(row.effective_from, row.price_eur_per_kg) for row in rows]
        for day in (date(2026, 9, 30), date(2026, 10, 31), date(2026, 11, 1), END):
            ((term,),) = (await terms(session, (day, day))).values()
            assert term.price_on(day) == price_on(Decimal("1.00"), history, day)
        ((term,),) = (await terms(session, (date(2026, 10, 31), END))).values()
        assert [each.price for each in term.revisions] == [Decimal("1.0800"), Decimal("0.9200"), Decimal("0.9600")]
        assert len((await session.scalars(select(IndexValue))).all()) == 3


async def test_prices_do_not_depend_on_who_is_told_first(market: Database) -> None:
    """The contract of September is recorded after its index has spoken, and a forgotten value after a later one."""
    said = [
        IndexWish(INDEX, date(2026, 8, 20), Decimal(130)),
        IndexWish(INDEX, date(2026, 9, 15), Decimal(110)),
        IndexWish(INDEX, date(2026, 10, 20), Decimal(90)),
    ]
    forgotten = IndexWish(INDEX, date(2026, 10, 5), Decimal(150))
    async with market.unit_of_work() as session:
        await record_index_values(session, DEPARTEMENT, said)
    await recorded(market)
    async with market.unit_of_work() as session:
        await record_index_values(session, DEPARTEMENT, [forgotten])
        await record_index_values(session, DEPARTEMENT, [IndexWish(INDEX, date(2026, 8, 31), Decimal(140))])
    for day, price in ((START, "1.00"), (date(2026, 10, 1), "1.08"), (date(2026, 11, 1), "0.92")):
        async with market.reading() as session:
            ((term,),) = (await terms(session, (day, day))).values()
        assert term.price_on(day) == Decimal(price), day


async def test_an_index_that_had_spoken_cannot_make_a_price_that_is_none(on_sqlite: Database) -> None:
    async with on_sqlite.unit_of_work() as session:
        await record_index_values(session, DEPARTEMENT, [IndexWish(INDEX, date(2026, 9, 15), Decimal(900_000))])
    with pytest.raises(refusals.InvalidContract, match="passerait à"):
        await recorded(on_sqlite)


async def test_a_price_is_not_revised_after_the_end_of_its_contract(on_sqlite: Database) -> None:
    await recorded(on_sqlite)
    async with on_sqlite.unit_of_work() as session:
        await record_index_values(session, DEPARTEMENT, [IndexWish(INDEX, END, Decimal(120))])
        assert (await session.scalars(select(PriceRevision))).all() == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("code;jour;valeur\n", "ligne 1"),
        (f"index,day,value\n{INDEX},15/09/2026,1\n{INDEX},2026-09-16,=1+1\n", "ligne 2, colonne day.*ligne 3, col"),
        (f"index,day,value\n{INDEX},2026-09-16,NaN\n", "« NaN » n'est pas un nombre"),
        (f"index,day,value\n{INDEX},2026-09-16,1_04.3\n", "« 1_04.3 » n'est pas un nombre"),
        (f"index,day,value\n{INDEX},2026-09-16,１０４\n", "« １０４ » n'est pas un nombre"),
        (f"index,day,value\n{INDEX},2026-W38-3,104\n", "« 2026-W38-3 » n'est pas une date"),
        (f"index,day,value\n{INDEX},2026-09-16,-3\n", "-3 n'est pas"),
        (f"index,day,value\n{INDEX},2026-09-16\n", "3 colonnes attendues, 2 lues"),
        ("index,day,value\nLUNE,2026-09-16,3\n", "indice inconnu « LUNE »"),
        ("index,day,value\n", "aucune valeur"),
        ("index,day,value\n" + f"{INDEX},2026-09-16,3\n" * 1001, "1001 lignes"),
        (f"index,day,value\n{INDEX},2026-09-16,0.000001\n", "passerait à"),
    ],
)  # fmt: skip
async def test_index_values_that_cannot_be_read_are_all_named_and_none_is_kept(
    on_sqlite: Database, text: str, says: str
) -> None:
    fixed = Clause(INDEX, Decimal(100), Decimal(0), RevisionRhythm.MONTHLY)
    await recorded(on_sqlite, lots=[replace(LOT, lines=[replace(CARROTS, clause=fixed)])])
    with pytest.raises(refusals.InvalidIndexValues, match=says):
        async with on_sqlite.unit_of_work() as session:
            await record_index_values(session, DEPARTEMENT, read_index_values(text))
    async with on_sqlite.reading() as session:
        assert (await session.scalars(select(IndexValue))).all() == []


async def test_only_the_administration_enters_index_values(on_sqlite: Database) -> None:
    for viewer in (SIGNS, FARMS[0]):
        with pytest.raises(refusals.NotAdministration):
            async with on_sqlite.unit_of_work() as session:
                await record_index_values(session, viewer, [IndexWish(INDEX, START, Decimal(100))])


async def test_a_line_names_an_offer_of_its_supplier_and_ingredient_only(on_sqlite: Database) -> None:
    for offer in ("offre_003", "offre_008", "rien"):
        lots = [replace(LOT, lines=[LineWish("ingredient_03", "Carottes", Decimal(1), offer, CLAUSE)])]
        with pytest.raises(refusals.UnknownGoods):
            await recorded(on_sqlite, lots=lots, members=[uai(0)])
    lots = [replace(LOT, lines=[LineWish("ingredient_03", "Carottes", Decimal(1), "offre_009", CLAUSE)])]
    await recorded(on_sqlite, lots=lots)


@pytest.mark.parametrize(
    ("ordered", "on", "says"),
    [
        ("799.99", START, []),
        ("800.00", START, ["préparer le prochain marché"]),
        ("1000.00", START, ["est atteint"]),
        ("10.00", date(2027, 9, 1), ["À ce rythme, 19,97"]),
        ("10.00", date(2027, 8, 31), []),
        ("99.00", date(2028, 9, 1), ["restent dus"]),
        ("100.00", date(2028, 9, 1), []),
        ("0.00", date(2026, 8, 1), []),
    ],
)
def test_what_a_buyer_should_watch(ordered: str, on: date, says: list[str]) -> None:
    found = notices((Decimal(ordered), Decimal(100), Decimal(1000)), (START, END), on)
    assert len(found) == len(says)
    assert all(word in text for word, text in zip(says, found, strict=True))


@pytest.mark.parametrize(
    ("amount", "rules"), [("24999.99", []), ("25000.00", ["CCP-10"]), ("40000.00", ["CCP-10", "CCP-14"])]
)
def test_what_an_amount_obliges_to(amount: str, rules: list[str]) -> None:
    found = duties(Decimal(amount), START)
    assert len(found) == len(rules)
    assert all(rule in text for rule, text in zip(rules, found, strict=True))
