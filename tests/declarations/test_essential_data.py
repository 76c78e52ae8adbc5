"""The essential data of a contract keep to the structure of the State, and say what they lack (CCP-14)."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catering.declarations.contract_origin import FoodOrigin
from catering.declarations.essential_data import (
    ContractFacts,
    as_csv,
    as_json,
    months,
    record_of,
    said_of,
)
from catering.declarations.refusals import InvalidEssentialData
from catering.declarations.stating import read_statement
from catering.procurement.models import Contract, ContractChange
from catering.procurement.vocabulary import ContractChangeKind, Procedure
from catering.rules.essential_data import essential_data, essential_words
from tests.declarations.market_structure import PROPERTIES, STRUCTURE

TODAY = date(2026, 11, 26)
STATED = [
    ("codeCPV", "15300000"), ("marcheInnovant", "non"), ("ccag", "Fournitures courantes et services"),
    ("offresRecues", "4"), ("attributionAvance", "oui"), ("tauxAvance", "0.05"),
    ("typeGroupementOperateurs", "Pas de groupement"), ("sousTraitanceDeclaree", "non"),
    ("dateNotification", "2026-06-20"), ("datePublicationDonnees", "2026-07-15"),
    ("considerationsSociales", "Clause sociale"), ("considerationsSociales", "Critère social"),
    ("considerationsEnvironnementales", "Critère environnemental"),
]  # fmt: skip


def facts(**changed: Any) -> ContractFacts:
    contract = Contract(
        id=12, kitchen_id=1, number="2026-07", title="Légumes frais", supplier_id=3, start_day=date(2026, 9, 1),
        end_day=date(2030, 8, 31), min_amount=Decimal(0), max_amount=Decimal("84000.00"), procedure=Procedure.ADAPTED,
    )  # fmt: skip
    whole = ContractFacts(
        contract=contract, buyer_siret="19620004200014", holder_siret="73282932000074", communes=["62041"],
        firm_lines=1, revised_lines=3, changes=[], origin=FoodOrigin(Decimal(100), Decimal(80), Decimal(60)),
        stated=read_statement(STATED, Procedure.ADAPTED, TODAY), today=TODAY,
    )  # fmt: skip
    return replace(whole, **changed)


def change(rank: int, end: date, most: str, before: tuple[date, str]) -> ContractChange:
    return ContractChange(
        rank=rank, kind=ContractChangeKind.AMENDMENT, day=date(2027, 1, 1), end_day=end, max_amount=Decimal(most),
        before_end_day=before[0], before_max_amount=Decimal(before[1]), at=datetime(2026, 10, 1, 23, 30, tzinfo=UTC),
    )  # fmt: skip


def lacking(found: ContractFacts) -> list[str]:
    return [each.datum.datum for each in said_of(found) if each.lacks]


def test_a_contract_that_is_wholly_told_keeps_to_the_structure() -> None:
    told = json.loads(as_json(record_of(facts())))
    jsonschema.validate(told, STRUCTURE)
    assert lacking(facts()) == []
    (market,) = told["marches"]["marche"]
    assert (market["nature"], market["techniques"]) == ("Marché", {"technique": ["Accord-cadre"]})
    assert market["typesPrix"] == {"typePrix": ["Définitif ferme", "Définitif révisable"]}
    assert (market["origineUE"], market["origineFrance"], market["marcheInnovant"]) == (0.8, 0.6, False)
    assert market["considerationsSociales"] == {"considerationSociale": ["Clause sociale", "Critère social"]}
    assert list(market) == [name for name in PROPERTIES if name in market], "in the order of the structure"


def test_the_tables_of_law_are_those_of_the_structure() -> None:
    names = {row.datum.partition(".")[0] for row in essential_data(TODAY)}
    assert names == set(PROPERTIES)
    required = {row.datum.partition(".")[0] for row in essential_data(TODAY) if row.required}
    assert required == set(STRUCTURE["properties"]["marches"]["properties"]["marche"]["items"]["required"])
    for row in essential_data(TODAY):
        if row.kind in {"word", "words"} and row.said_by != "nobody":
            assert [each.word for each in essential_words(row.datum, TODAY)] == _admitted(row.datum)
    assert essential_data(date(2023, 12, 31)) == []


def _admitted(datum: str) -> list[str]:
    """The words that the restated structure admits for a datum that is one."""
    level: Any = PROPERTIES[datum.partition(".")[0]]
    if datum == "titulaires.typeIdentifiant":
        return list(level["items"]["properties"]["titulaire"]["properties"]["typeIdentifiant"]["enum"])
    if datum == "lieuExecution.typeCode":
        level = level["properties"]["typeCode"]
    elif "properties" in level:
        level = next(iter(level["properties"].values()))["items"]
    return list(level["enum"])


def test_what_the_buyer_did_not_say_is_named_and_never_guessed() -> None:
    bare = facts(stated={}, buyer_siret=None, origin=FoodOrigin())
    assert lacking(bare) == [
        "acheteur.id", "codeCPV", "marcheInnovant", "ccag", "offresRecues", "attributionAvance",
        "typeGroupementOperateurs", "sousTraitanceDeclaree", "dateNotification", "considerationsSociales",
        "considerationsEnvironnementales",
    ]  # fmt: skip
    assert not {"dateNotification", "origineUE", "origineFrance", "acheteur"} & set(record_of(bare))
    assert all(each.datum.why for each in said_of(bare) if each.value is None)


def test_every_datum_is_listed_with_its_value_or_why_it_has_none() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(said_of(facts())).decode())))
    assert len(rows) == len(essential_data(TODAY)) == 50
    assert all(bool(row["valeur"]) is not bool(row["si_elle_manque"]) for row in rows)
    told = {row["donnee"]: row["valeur"] for row in rows}
    assert told["considerationsSociales"] == "Clause sociale ; Critère social"
    assert (told["marcheInnovant"], told["attributionAvance"], told["titulaires.id"]) == (
        "non",
        "oui",
        "73282932000074",
    )


def test_the_first_figures_stay_and_avenants_are_modifications() -> None:
    """An avenant of prices alone is no datum; the day is that of Paris."""
    first, end = date(2028, 8, 31), date(2030, 8, 31)
    changes = [
        change(3, end, "84000.00", (end, "70000.00")),
        change(2, end, "70000.00", (first, "70000.00")),
        change(1, first, "70000.00", (first, "70000.00")),
    ]
    told = json.loads(as_json(record_of(facts(changes=changes))))
    jsonschema.validate(told, STRUCTURE)
    (market,) = told["marches"]["marche"]
    assert (market["dureeMois"], market["montant"]) == (24, 70000.0)
    days = {"dateNotificationModification": "2026-10-02", "datePublicationDonneesModification": "2026-11-26"}
    assert market["modifications"] == [
        {"modification": {"id": 2, **days, "dureeMois": 48}},
        {"modification": {"id": 3, **days, "montant": 84000.0}},
    ]


def test_a_groupement_is_carried_out_in_its_departement_and_nowhere_across_two() -> None:
    assert record_of(facts(communes=["62041", "62041"]))["lieuExecution"]["code"] == "62041"
    assert record_of(facts(communes=["62041", "62160"]))["lieuExecution"] == {
        "code": "62", "typeCode": "Code département",
    }  # fmt: skip
    assert lacking(facts(communes=["62041", "59350"])) == ["lieuExecution.code", "lieuExecution.typeCode"]


def test_which_formal_procedure_it_was_only_the_buyer_says() -> None:
    formal = facts().contract
    formal.procedure = Procedure.FORMAL
    assert lacking(facts(contract=formal)) == ["procedure"]
    stated = read_statement([*STATED, ("procedure", "Appel d'offres ouvert")], Procedure.FORMAL, TODAY)
    assert record_of(facts(contract=formal, stated=stated))["procedure"] == "Appel d'offres ouvert"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ([("montant", "12")], "ne se dit pas ici"),
        ([("idAccordCadre", "X")], "ne se dit pas ici"),
        ([("inconnue", "X")], "ne se dit pas ici"),
        ([("procedure", "Procédure adaptée")], "au registre"),
        ([("codeCPV", "légumes")], "15000000"),
        ([("ccag", "CCAG-FCS")], "Fournitures courantes et services"),
        ([("ccag", "Travaux"), ("ccag", "Pas de CCAG")], "2 fois"),
        ([("marcheInnovant", "true")], "oui ou non"),
        ([("offresRecues", "0")], "par exemple 3"),
        ([("offresRecues", "٣")], "par exemple 3"),
        ([("attributionAvance", "oui"), ("tauxAvance", "5")], "0.05"),
        ([("tauxAvance", "0.05")], "attributionAvance"),
        ([("dateNotification", "2026-02-30")], "AAAA-MM-JJ"),
        ([("dateNotification", "20260201")], "AAAA-MM-JJ"),
        ([("dateNotification", "2026-11-27")], "pas encore venu"),
        ([("dateNotification", "2026-09-02"), ("datePublicationDonnees", "2026-09-01")], "précéder"),
        (
            [("considerationsSociales", "Pas de considération sociale"), ("considerationsSociales", "Clause sociale")],
            "se dit seul",
        ),
    ],
)
def test_a_datum_that_cannot_be_is_refused_with_what_to_write(told: list[tuple[str, str]], said: str) -> None:
    with pytest.raises(InvalidEssentialData, match=said):
        read_statement(told, Procedure.ADAPTED, TODAY)


@pytest.mark.parametrize(
    ("first", "last", "lasts"),
    [
        (date(2026, 9, 1), date(2030, 8, 31), 48),
        (date(2026, 1, 1), date(2026, 1, 31), 1),
        (date(2026, 1, 15), date(2026, 3, 14), 2),
        (date(2026, 1, 15), date(2026, 3, 15), 3),
    ],
)
def test_a_duration_is_whole_months_rounded_up(first: date, last: date, lasts: int) -> None:
    assert months(first, last) == lasts


@given(
    st.integers(1, 10**11), st.integers(0, 40), st.integers(0, 40), st.sets(st.sampled_from(range(len(STATED)))),
    st.lists(st.sampled_from(["62041", "62160", "59350"]), min_size=1, max_size=3),
)  # fmt: skip
def test_whatever_is_known_the_file_breaks_the_structure_by_absence_only(
    cents: int, firm: int, revised: int, kept: set[int], communes: list[str]
) -> None:
    told = [STATED[rank] for rank in sorted(kept) if STATED[rank][0] not in {"tauxAvance", "datePublicationDonnees"}]
    found = facts(
        stated=read_statement(told, Procedure.ADAPTED, TODAY), communes=communes, firm_lines=firm, revised_lines=revised
    )
    found.contract.max_amount = Decimal(cents) / 100
    faults = list(jsonschema.Draft7Validator(STRUCTURE).iter_errors(json.loads(as_json(record_of(found)))))
    assert {each.validator for each in faults} <= {"required"}
    assert bool(faults) is bool(lacking(found))
