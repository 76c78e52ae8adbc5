"""What the buyer of a contract states of its essential data: read strictly, kept as one more version."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from catering.declarations.models import EssentialStatement
from catering.declarations.queries import last_statement
from catering.declarations.refusals import InvalidEssentialData
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.moment import now, today
from catering.people.viewer import Role, Viewer
from catering.procurement import refusals
from catering.procurement.models import Contract, ContractMember
from catering.procurement.queries import contracts, members_visible_to
from catering.procurement.service.access import require_signatory
from catering.procurement.vocabulary import Procedure
from catering.rules.essential_data import Datum, essential_data, essential_words

CPV = re.compile(r"[0-9]{8}(-[0-9])?")
COUNT = re.compile(r"[1-9][0-9]{0,4}")
SHARE = re.compile(r"0(\.[0-9]{1,4})?|1(\.0{1,4})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
YES_NO = {"oui": True, "non": False}


async def state_essential_data(
    session: AsyncSession, viewer: Viewer, number: int, told: Sequence[tuple[str, str]]
) -> EssentialStatement:
    """State what the books do not know of a contract, in place of what was stated before; what stands.

    Args:
        session: of the caller's transaction.
        viewer: who signs for all members of the contract; the Département does for a groupement.
        number: of the contract, ended or not: its data are published until its end and after.
        told: data and values, a datum of several words once for each.

    Raises:
        catering.refusal.Refusal: the viewer does not sign, there is no such contract, or a value cannot be.
    """
    contract = await _signed(session, viewer, number)
    data = read_statement(told, contract.procedure, today())
    before = await session.scalar(last_statement(viewer, number))
    if before is not None and before.data == data:
        return before
    version = 1 if before is None else before.version + 1
    made = EssentialStatement(contract_id=contract.id, version=version, data=data, at=now(), actor=viewer.actor)
    session.add(made)
    await session.flush()
    return made


async def _signed(session: AsyncSession, viewer: Viewer, number: int) -> Contract:
    """A contract that the viewer signs for, its row locked: who states the same one queues."""
    if viewer.role is not Role.DEPARTEMENT:
        require_signatory(viewer)
    contract = await session.scalar(contracts(viewer, ids=[number]).with_for_update(key_share=True, of=Contract))
    if contract is None:
        raise refusals.UnknownContract(number)
    members = members_visible_to(viewer).where(ContractMember.contract_id == number)
    together = {contract.kitchen_id, *(each.kitchen_id for each in await session.scalars(members))}
    own = await session.scalars(kitchens(viewer).where(Kitchen.id.in_(together)))
    if len(own.all()) < len(together):
        raise refusals.NotBuyer
    return contract


def read_statement(told: Sequence[tuple[str, str]], procedure: Procedure, on: date) -> dict[str, Any]:
    """Data as they are kept, by name.

    Raises:
        InvalidEssentialData: a datum is unknown or said by the books, or a value or two together cannot be.
    """
    known = {row.datum: row for row in essential_data(on)}
    given: dict[str, list[str]] = {}
    for name, value in told:
        given.setdefault(name, []).append(value.strip())
    data = {name: _read(_statable(known, name, procedure), values, on) for name, values in given.items()}
    _check_together(data)
    return {name: data[name] for name in known if name in data}


def _statable(known: Mapping[str, Datum], name: str, procedure: Procedure) -> Datum:
    row = known.get(name)
    if row is None or row.said_by in {"books", "nobody"}:
        may = ", ".join(each.datum for each in known.values() if each.said_by in {"buyer", "either"})
        raise InvalidEssentialData(f"« {name} » ne se dit pas ici. L'acheteur dit : {may}.")
    if name == "procedure" and procedure is not Procedure.FORMAL:
        raise InvalidEssentialData(
            "La procédure de ce marché est au registre : ne dire que celle d'un marché formalisé."
        )
    return row


def _read(row: Datum, values: Sequence[str], on: date) -> Any:
    if row.kind == "words":
        return _words(row, values, on)
    if len(values) > 1:
        raise InvalidEssentialData(f"{row.datum} est donné {len(values)} fois : une seule valeur.")
    return READERS[row.kind](row, values[0], on)


def _words(row: Datum, values: Sequence[str], on: date) -> list[str]:
    found = [_word(row, value, on) for value in dict.fromkeys(values)]
    alone = [each.word for each in essential_words(row.datum, on) if each.alone and each.word in found]
    if alone and len(found) > 1:
        raise InvalidEssentialData(f"{row.datum} : « {alone[0]} » se dit seul.")
    return found


def _word(row: Datum, value: str, on: date) -> str:
    words = [each.word for each in essential_words(row.datum, on)]
    if value not in words:
        raise InvalidEssentialData(f"{row.datum} : « {value} » n'est pas un mot admis. Écrire {' ou '.join(words)}.")
    return value


def _bool(row: Datum, value: str, _on: date) -> bool:
    if value not in YES_NO:
        raise InvalidEssentialData(f"{row.datum} : écrire oui ou non, pas « {value} ».")
    return YES_NO[value]


def _day(row: Datum, value: str, on: date) -> str:
    try:
        found = date.fromisoformat(value) if DAY.fullmatch(value) else None
    except ValueError:
        found = None
    if found is None:
        raise InvalidEssentialData(f"{row.datum} : « {value} » n'est pas un jour. Écrire AAAA-MM-JJ.")
    if found > on:
        raise InvalidEssentialData(f"{row.datum} : le {found:%d/%m/%Y} n'est pas encore venu. Dire ce qui a eu lieu.")
    return value


def _matching(pattern: re.Pattern[str], example: str, made: Callable[[str], Any]) -> Callable[[Datum, str, date], Any]:
    def read(row: Datum, value: str, _on: date) -> Any:
        if not pattern.fullmatch(value):
            raise InvalidEssentialData(f"{row.datum} : « {value} » ne se lit pas. Écrire par exemple {example}.")
        return made(value)

    return read


READERS: Mapping[str, Callable[[Datum, str, date], Any]] = {
    "word": _word,
    "bool": _bool,
    "date": _day,
    "cpv": _matching(CPV, "15000000", str),
    "count": _matching(COUNT, "3", int),
    "share": _matching(SHARE, "0.05", float),
}


def _check_together(data: Mapping[str, Any]) -> None:
    if "tauxAvance" in data and data.get("attributionAvance") is not True:
        raise InvalidEssentialData("tauxAvance se dit quand attributionAvance est oui.")
    notified, published = data.get("dateNotification"), data.get("datePublicationDonnees")
    if notified and published and published < notified:
        raise InvalidEssentialData(
            "datePublicationDonnees ne peut précéder dateNotification : un marché se publie notifié."
        )
