"""What contracts oblige a plan to buy and allow it to: a rule ``purchase_total`` per accord-cadre in force (0166)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

import optimizer.problem as engine
from catering.people.viewer import Viewer
from catering.planning.facts import Facts
from catering.procurement.models import Contract, ContractLot, ContractMember
from catering.procurement.queries import contracts_visible_to

CENT = Decimal("0.01")
SOURCE = "marché"


@dataclass(frozen=True, slots=True)
class Undertaking:
    """What is left of a contract within the horizon: € excl. tax still owed at least, still allowed at most."""

    contract: int
    number: str
    title: str
    offers: Sequence[str]
    kitchens: Sequence[str]
    first_day: date
    last_day: date
    least: Decimal
    most: Decimal


async def contracts_of(
    session: AsyncSession, viewer: Viewer, facts: Facts, recorded_until: datetime | None = None
) -> Sequence[Contract]:
    """The contracts on which a kitchen of the plan may order within its days, in order of their numbers.

    ``recorded_until`` leaves out those that nobody knew at that moment.
    """
    planned = [kitchen.id for kitchen in facts.kitchens]
    statement = (
        contracts_visible_to(viewer)
        .where(
            Contract.start_day <= facts.last_day,
            Contract.end_day >= facts.first_day,
            Contract.terminated_on.is_(None),
            Contract.members.any(ContractMember.kitchen_id.in_(planned)),
        )
        .options(joinedload(Contract.members), joinedload(Contract.lots).joinedload(ContractLot.lines))
        .order_by(Contract.id)
    )
    if recorded_until is not None:
        statement = statement.where(Contract.created_at <= recorded_until)
    return (await session.scalars(statement)).unique().all()


def rules_of(contracts: Sequence[Contract], facts: Facts, tables: engine.Problem) -> list[dict[str, Any]]:
    """One rule per contract whose goods are on sale in the plan, in euros, stated like those of the law."""
    return [_stated(of) for of in _undertakings(contracts, facts, tables)]


def _undertakings(contracts: Sequence[Contract], facts: Facts, tables: engine.Problem) -> Iterator[Undertaking]:
    uais = {kitchen.id: kitchen.uai for kitchen in facts.kitchens}
    for contract in contracts:
        offers = sorted(_drawn(contract, facts, tables))
        members = [member.kitchen_id for member in contract.members]
        kitchens = sorted(uais[member] for member in members if member in uais)
        if offers and kitchens:
            owed = max(contract.min_amount - contract.ordered_amount, Decimal(0))
            # What others may order too cannot be asked of these kitchens alone.
            alone = len(kitchens) == len(members)
            yield Undertaking(
                contract.id,
                contract.number,
                contract.title,
                offers,
                kitchens,
                contract.start_day,
                contract.end_day,
                _within(owed, contract, facts) if alone else Decimal(0),
                contract.max_amount - contract.ordered_amount,
            )


def _drawn(contract: Contract, facts: Facts, tables: engine.Problem) -> Iterator[str]:
    """The offers on sale that orders draw on the contract with: a line's own, else any of its ingredient."""
    lines = [line for lot in contract.lots for line in lot.lines]
    products = {line.offer_id for line in lines if line.offer_id is not None}
    anything = {line.ingredient_id for line in lines if line.offer_id is None}
    for offer in facts.offers:
        mine = offer.id in products or offer.ingredient_id in anything
        if offer.supplier_id == contract.supplier_id and mine and offer.slug in tables.offers:
            yield offer.slug


def _within(owed: Decimal, contract: Contract, facts: Facts) -> Decimal:
    """The part of what is owed that falls on the days of the plan, of those the contract still has; to the cent."""
    first = max(contract.start_day, facts.first_day)
    left = (contract.end_day - first).days + 1
    planned = (min(contract.end_day, facts.last_day) - first).days + 1
    return (owed * planned / left).quantize(CENT, ROUND_DOWN)


def _stated(of: Undertaking) -> dict[str, Any]:
    said: Mapping[str, Any] = {
        "id": f"MARCHE-{of.contract}",
        "kind": "purchase_total",
        "title": f"Marché {of.number} ({of.title}) : ce qui en reste dû et permis",
        "source": SOURCE,
        "soft_price": None,
        "measure": "eur",
        "offers": list(of.offers),
        "suppliers": None,
        "kitchens": list(of.kitchens),
        "valid_from": of.first_day.isoformat(),
        "valid_to": of.last_day.isoformat(),
        "per": "period",
    }
    return {**said, "min": f"{of.least:f}" if of.least else None, "max": f"{of.most:f}"}
