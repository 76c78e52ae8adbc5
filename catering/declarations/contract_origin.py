"""DECP of a food contract: the shares of products of the European Union and of France in what was received (CCP-06).

Only the part that our ledger knows is written; what a profil d'acheteur holds already (CPV, offers received, advances)
stays there. Field names are those of the schema « marchés », version 2.
"""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from catering.declarations.queries import contracts_with_parties, received_on_contracts
from catering.declarations.refusals import InvalidDeclaration
from catering.moment import today
from catering.people.viewer import Viewer
from catering.procurement.models import Contract
from catering.rules.zones import in_union, zone_of

STEP = Decimal("0.01")
ZERO = Decimal("0.00")
NATURE = "Accord-cadre"
MONTHS_A_YEAR = 12
ID_LETTERS = 16
"""Letters of an id of the schema."""
FRANCE, EUROPE = "FRANCE", "EUROPE"


@dataclass(frozen=True, slots=True)
class FoodOrigin:
    """€ excl. tax received on a contract: all, of the Union (France among it), of France, of a country nobody told."""

    received: Decimal = ZERO
    union: Decimal = ZERO
    france: Decimal = ZERO
    unknown: Decimal = ZERO

    @property
    def union_share(self) -> Decimal | None:
        """Of 1, two decimals rounded half-up; None when nothing was received."""
        return self._share(self.union)

    @property
    def france_share(self) -> Decimal | None:
        """Likewise; never more than that of the Union."""
        return self._share(self.france)

    def _share(self, part: Decimal) -> Decimal | None:
        return (part / self.received).quantize(STEP, ROUND_HALF_UP) if self.received > 0 else None


def origins_of(rows: Iterable[tuple[str | None, str | None, Decimal]], on: date) -> FoodOrigin:
    """The origins of what was received, by country of the offer, zone of the purchase and amount.

    Args:
        rows: country (ISO 3166) as the offer says it today, zone as it was written at reception, € excl. tax.
        on: day on which countries are looked at.
    """
    received = union = france = unknown = ZERO
    for country, zone, amount in rows:
        received += amount
        if zone is None:
            unknown += amount
        elif zone == FRANCE:
            union, france = union + amount, france + amount
        elif zone == EUROPE and not _eea_only(country, on):
            union += amount
    return FoodOrigin(received, union, france, unknown)


def _eea_only(country: str | None, on: date) -> bool:
    """Whether the zone « Europe » of a purchase means a country that is not of the Union.

    An offer that says another zone today has changed country since: then the zone of the reception stands.
    """
    return zone_of(country, on) == EUROPE and in_union(country, on) is False


def record_of(contract: Contract, buyer_siret: str, holder_siret: str, origin: FoodOrigin) -> dict[str, Any]:
    """The fields of a contract that the ledger knows, as the schema names and nests them; shares as numbers of 0 to 1.

    Amounts and shares become plain numbers of JSON: two decimals survive the way.
    """
    return {
        "id": contract_id(contract),
        "acheteur": {"id": buyer_siret},
        "nature": NATURE,
        "objet": contract.title,
        "dureeMois": months(contract.start_day, contract.end_day),
        "dateNotification": contract.start_day.isoformat(),
        "montant": float(contract.max_amount),
        "origineUE": _number(origin.union_share),
        "origineFrance": _number(origin.france_share),
        "titulaires": [{"titulaire": {"typeIdentifiant": "SIRET", "id": holder_siret}}],
    }


async def records_of(session: AsyncSession, viewer: Viewer, numbers: Collection[int]) -> list[dict[str, Any]]:
    """Records of the contracts of these numbers that the viewer may read, in order; three statements.

    Raises:
        InvalidDeclaration: the buyer or the holder of one has no SIRET: both are named by it.
    """
    asked = contracts_with_parties(viewer, numbers)
    received: dict[int, list[Any]] = defaultdict(list)
    for contract, country, zone, amount in await session.execute(received_on_contracts(viewer, numbers)):
        received[contract].append((country, zone, amount))
    found = []
    for contract, buyer, holder, holder_name in await session.execute(asked):
        if buyer is None or holder is None:
            who = "de l'acheteur (registerCanteen)" if buyer is None else f"de {holder_name}"
            raise InvalidDeclaration(f"Marché {contract.number} : dire d'abord le SIRET {who}.")
        found.append(record_of(contract, buyer, holder, origins_of(received[contract.id], today())))
    return found


def contract_id(contract: Contract) -> str:
    """Its id in the schema, of 16 letters at most: the year it starts, then its number with us."""
    return f"{contract.start_day:%Y}{contract.id:06d}"[:ID_LETTERS]


def months(first: date, last: date) -> int:
    """Whole months that a contract lasts, rounded up; one at least."""
    whole = (last.year - first.year) * MONTHS_A_YEAR + last.month - first.month
    return max(1, whole + (last.day >= first.day))


def as_json(records: Sequence[Mapping[str, Any]]) -> bytes:
    """Records as the schema wraps them."""
    return json.dumps({"marches": {"marche": list(records)}}, ensure_ascii=False, indent=1).encode()


def as_csv(records: Sequence[Mapping[str, Any]]) -> bytes:
    """The same, one row per contract, nested fields by their path."""
    rows = [_flat(record) for record in records]
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def _flat(record: Mapping[str, Any]) -> dict[str, str]:
    holder = record["titulaires"][0]["titulaire"]
    plain = {name: value for name, value in record.items() if name not in {"acheteur", "titulaires"}}
    told = {
        "id": plain.pop("id"),
        "acheteur.id": record["acheteur"]["id"],
        **plain,
        "titulaire.typeIdentifiant": holder["typeIdentifiant"],
        "titulaire.id": holder["id"],
    }
    return {name: "" if value is None else f"{value}" for name, value in told.items()}


def _number(share: Decimal | None) -> float | None:
    return None if share is None else float(share)
