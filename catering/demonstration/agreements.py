"""The accords-cadres on which the kitchens of the plan buy: lots per famille homogène, alone or together.

``contracts.csv`` says with whom each family is bought (all the collèges, or those of a group of communes) and by which
index its prices move. A family gets a contract when those who buy it together reach the first threshold over a year;
below it they buy freely (CCP-10).
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cache
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from catering.demonstration.cast import ADMINISTRATION, Cast
from catering.demonstration.stage import Stage
from catering.kitchens.models import Kitchen
from catering.market.delivered import eur_per_kg
from catering.market.models import Offer, Supplier
from catering.moment import today
from catering.people.viewer import Viewer
from catering.procurement.index_file import IndexWish, read_index_values
from catering.procurement.models import Contract, ContractLine, ContractLot, IndexValue
from catering.procurement.need import Duty, months_after, thresholds_on
from catering.procurement.queries import contract_lines_visible_to, index_values_visible_to
from catering.procurement.revision import Clause
from catering.procurement.service.contracting import (
    MOST_LINES,
    ContractWish,
    LineWish,
    LotWish,
    record_contract,
)
from catering.procurement.service.revising import record_index_values
from catering.procurement.vocabulary import Procedure, RevisionRhythm
from catering.rules.procurement import procurement_law

TABLE = Path(__file__).parent / "contracts.csv"
INDICES = Path(__file__).parent / "indices.csv"
"""Invented values of the indices that the prices of some contracts follow."""
MARK = "DEMO"
"""How the number of every contract of the story begins."""
ALL = "departement"
BEFORE_CLASS = timedelta(days=30)
"""The first orders of a school year are sent before its first day."""
LEAST_SHARE, MOST_SHARE = Decimal("0.5"), Decimal("1.5")  # legal-number: margins of an invented contract
"""Minimum and maximum of a contract, in shares of what the plan buys in a year."""
ROUND = Decimal(100)
FIXED_SHARE = Decimal("0.2")  # legal-number: clause of an invented contract
BASE_INDEX = Decimal(100)


@dataclass(frozen=True, slots=True)
class Terms:
    """With whom a family is bought, and the index of its prices; empty for a fixed price."""

    together: str
    index: str


@dataclass(slots=True)
class Group:
    """Collèges that buy some families together. ``spent`` in a year, €, by supplier (row id) and family."""

    code: str
    kitchens: dict[int, Kitchen] = field(default_factory=dict)
    spent: dict[tuple[int, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    by_kitchen: dict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    @property
    def coordinator(self) -> Kitchen:
        """The collège that signs for all: the one that buys most."""
        return self.kitchens[max(self.by_kitchen, key=lambda each: (self.by_kitchen[each], -each))]

    def of_family(self, family: str) -> Decimal:
        """What the group buys of a family in a year, whoever sells it."""
        return sum((amount for (_, other), amount in self.spent.items() if other == family), Decimal(0))


@cache
def terms_by_family() -> dict[str, Terms]:
    """The rows of ``contracts.csv``."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["family"]: Terms(row["together"], row["index"]) for row in csv.DictReader(file)}


def groups(stage: Stage) -> list[Group]:
    """Who buys what together, in order of their code: what the plan buys, brought to a whole school year."""
    found: dict[str, Group] = {}
    places = {kitchen.id: kitchen for kitchen in stage.kitchens}
    epcis = {epci: rank for rank, epci in enumerate(sorted({each.epci for each in stage.kitchens}), start=1)}
    weeks = Decimal(stage.class_weeks) / len(stage.planned_weeks)
    for (kitchen_id, offer_id), amount in stage.bought.items():
        offer, kitchen = stage.offers[offer_id], places[kitchen_id]
        family = stage.family(offer)
        code = "D62" if terms_by_family()[family].together == ALL else f"E{epcis[kitchen.epci]:02d}"
        group = found.setdefault(code, Group(code))
        group.kitchens[kitchen.id] = kitchen
        group.spent[offer.supplier_id, family] += amount * weeks
        group.by_kitchen[kitchen.id] += amount
    return [found[code] for code in sorted(found)]


async def record_agreements(session: AsyncSession, stage: Stage, cast: Cast) -> int:
    """Record the contracts that the plan calls for and that are not there yet; how many were recorded.

    Called again for another plan, it adds contracts for the products of the market that no contract has.
    """
    covered = await _covered(session)
    made = 0
    for group in groups(stage):
        start = stage.school_year.first_day - BEFORE_CLASS
        families = _above_threshold(group, start)
        for supplier_id in sorted({supplier for supplier, family in group.spent if family in families}):
            supplier = stage.suppliers[supplier_id]
            lots = list(_lots(stage, group, supplier, families, covered))
            if lots:
                number = f"{MARK} {stage.school_year.label} {group.code}/{supplier_id:04d}-{stage.run_id}"
                wish = _wish(stage, group, supplier, families, lots, number)
                await record_contract(session, _signs(group, cast), wish)
                session.expunge_all()
                made += 1
    return made


async def _covered(session: AsyncSession) -> set[tuple[str, int | None]]:
    """What contracts of the story sell already: code of the group and offer (row id)."""
    statement = (
        contract_lines_visible_to(ADMINISTRATION)
        .join(ContractLot, ContractLot.id == ContractLine.lot_id)
        .join(Contract, Contract.id == ContractLot.contract_id)
        .where(Contract.number.startswith(f"{MARK} "))
        .with_only_columns(Contract.number, ContractLine.offer_id)
    )
    return {(number.split()[2].split("/")[0], offer) for number, offer in await session.execute(statement)}


def _signs(group: Group, cast: Cast) -> Viewer:
    """A collège that buys alone signs itself; for a groupement the Département records."""
    return cast.bursar(group.coordinator.uai) if len(group.kitchens) == 1 else ADMINISTRATION


def _above_threshold(group: Group, start: date) -> set[str]:
    """Families for which the group must hold a competition."""
    first = thresholds_on(start)[0].amount
    return {family for _, family in group.spent if group.of_family(family) * MOST_SHARE >= first}


def _lots(
    stage: Stage, group: Group, supplier: Supplier, families: set[str], covered: set[tuple[str, int | None]]
) -> Iterator[LotWish]:
    """A lot per family that the group buys of a supplier, with all its products of it: what is planned comes first."""
    planned = {offer_id for kitchen, offer_id in stage.bought if kitchen in group.kitchens}
    room = MOST_LINES
    for family in sorted(family for seller, family in group.spent if seller == supplier.id and family in families):
        sold = [
            offer
            for offer in stage.offers.values()
            if offer.supplier_id == supplier.id and stage.family(offer) == family and offer.made_by is None
        ]
        if not any(offer.id in planned and (group.code, offer.id) not in covered for offer in sold):
            continue
        new = [offer for offer in sold if (group.code, offer.id) not in covered]
        chosen = sorted(new, key=lambda offer: (offer.id not in planned, offer.id))[:room]
        room -= len(chosen)
        value, lines = lot_value(group.spent[supplier.id, family]), [_line(stage, each) for each in chosen]
        yield LotWish(int(family.split(".")[1]), _title(family, stage), value, lines)


def lot_value(spent: Decimal) -> Decimal:
    """What a lot is estimated at, € by the hundred. A plan may buy a few grams for no cent: never nothing."""
    return max(_rounded(spent * MOST_SHARE, ROUND_CEILING), ROUND)


def _title(family: str, stage: Stage) -> str:
    row = procurement_law().family(family, stage.school_year.first_day)
    return row.french_name if row else family


def _line(stage: Stage, offer: Offer) -> LineWish:
    family = stage.family(offer)
    index = terms_by_family()[family].index
    row = procurement_law().family(family, stage.school_year.first_day)
    rhythm = RevisionRhythm(row.rhythm) if row else RevisionRhythm.QUARTERLY
    return LineWish(
        ingredient=stage.ingredients[offer.ingredient_id].slug,
        product=offer.product,
        price_eur_per_kg=eur_per_kg(offer.price_eur_per_pack, offer.pack_g),
        offer=offer.slug,
        clause=Clause(index, BASE_INDEX, FIXED_SHARE, rhythm) if index else None,
    )


def _wish(
    stage: Stage, group: Group, supplier: Supplier, families: set[str], lots: Sequence[LotWish], number: str
) -> ContractWish:
    start = stage.school_year.first_day - BEFORE_CLASS
    members = sorted(kitchen.uai for kitchen in group.kitchens.values())
    together = f"groupement de {len(members)} collèges" if len(members) > 1 else "collège seul"
    most = sum((lot.estimated for lot in lots), Decimal(0))
    return ContractWish(
        kitchen=group.coordinator.uai,
        members=members,
        number=number,
        title=f"Denrées {stage.school_year.label}, {together} (démonstration)",
        supplier=supplier.slug,
        procedure=_procedure(group, families, start),
        start=start,
        end=months_after(start, 12) - timedelta(days=1),
        least=_rounded(most / MOST_SHARE * LEAST_SHARE, ROUND_FLOOR),
        most=most,
        lots=lots,
    )


def _procedure(group: Group, families: set[str], start: date) -> Procedure:
    """The procedure that the whole operation calls for: all lots of the group count together (CCP-13)."""
    total = sum((group.of_family(family) for family in families), Decimal(0)) * MOST_SHARE
    formal = [each.amount for each in thresholds_on(start) if each.duty is Duty.FORMAL_PROCEDURE]
    return Procedure.FORMAL if formal and total >= formal[0] else Procedure.ADAPTED


def _rounded(amount: Decimal, rounding: str) -> Decimal:
    return ((amount / ROUND).to_integral_value(rounding) * ROUND).quantize(Decimal("0.01"))


async def publish_indices(session: AsyncSession, stage: Stage) -> None:
    """Record the invented values of indices up to today, unless somebody keeps these indices already."""
    known = set(await session.scalars(index_values_visible_to(ADMINISTRATION).with_only_columns(IndexValue.index_code)))
    values: list[IndexWish] = [
        each
        for each in read_index_values(INDICES.read_text(encoding="utf-8"))
        if each.index not in known and stage.school_year.first_day <= each.day <= today()
    ]
    if values:
        await record_index_values(session, ADMINISTRATION, values)
