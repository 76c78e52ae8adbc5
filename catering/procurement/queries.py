"""What a viewer may read of contracts, prices and needs: a buyer their own, a supplier the contracts they hold."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, Select, false, select, true
from sqlalchemy.orm import InstrumentedAttribute

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.market.models import Supplier
from catering.market.queries import suppliers_visible_to
from catering.people.viewer import Viewer
from catering.procurement.models import (
    Contract,
    ContractChange,
    ContractLine,
    ContractLot,
    ContractMember,
    ContractPriceChange,
    Engagement,
    IndexValue,
    LotQuality,
    PriceRevision,
)

CONTRACT_KEY = (Contract.id,)
"""Order in which contracts are paged."""


def contracts_visible_to(viewer: Viewer) -> Select[Contract]:
    """Contracts a viewer may read: those their collège may order on, those they hold, all for who controls."""
    statement = select(Contract)
    if viewer.sees_everything:
        return statement
    if viewer.sells:
        return statement.where(of_own_supplier(viewer, Contract.supplier_id))
    mine = select(ContractMember.contract_id).where(of_own_kitchen(viewer, ContractMember.kitchen_id))
    return statement.where(Contract.id.in_(mine))


def members_visible_to(viewer: Viewer) -> Select[ContractMember]:
    """Members of the contracts a viewer may read."""
    return select(ContractMember).where(_of_visible_contract(viewer, ContractMember.contract_id))


def lots_visible_to(viewer: Viewer) -> Select[ContractLot]:
    """Lots of the contracts a viewer may read."""
    return select(ContractLot).where(_of_visible_contract(viewer, ContractLot.contract_id))


def contract_lines_visible_to(viewer: Viewer) -> Select[ContractLine]:
    """Lines of the contracts a viewer may read."""
    visible = lots_visible_to(viewer).with_only_columns(ContractLot.id)
    return select(ContractLine).where(ContractLine.lot_id.in_(visible))


def qualities_visible_to(viewer: Viewer) -> Select[LotQuality]:
    """How the lots of the contracts that a viewer may read were judged."""
    visible = lots_visible_to(viewer).with_only_columns(ContractLot.id)
    return select(LotQuality).where(LotQuality.lot_id.in_(visible))


def revisions_visible_to(viewer: Viewer) -> Select[PriceRevision]:
    """Revised prices of the lines a viewer may read."""
    visible = contract_lines_visible_to(viewer).with_only_columns(ContractLine.id)
    return select(PriceRevision).where(PriceRevision.line_id.in_(visible))


def changes_visible_to(viewer: Viewer) -> Select[ContractChange]:
    """Avenants and résiliations of the contracts a viewer may read."""
    return select(ContractChange).where(_of_visible_contract(viewer, ContractChange.contract_id))


def price_changes_visible_to(viewer: Viewer) -> Select[ContractPriceChange]:
    """Prices changed by the avenants a viewer may read."""
    visible = changes_visible_to(viewer).with_only_columns(ContractChange.id)
    return select(ContractPriceChange).where(ContractPriceChange.change_id.in_(visible))


def index_values_visible_to(viewer: Viewer) -> Select[IndexValue]:
    """Values of the price indices: published figures, the same for everybody."""
    del viewer
    return select(IndexValue)


def engagements_visible_to(viewer: Viewer) -> Select[Engagement]:
    """What was committed to, as a viewer may read it: a buyer that of their collèges, who controls all, others none."""
    return select(Engagement).where(of_own_kitchen(viewer, Engagement.kitchen_id))


def contracts(
    viewer: Viewer,
    *,
    ids: Collection[int] | None = None,
    kitchen: str | None = None,
    on: date | None = None,
) -> Select[Contract]:
    """Visible contracts that meet every condition given; ``kitchen`` is a UAI that may order, ``on`` a day in force."""
    statement = contracts_visible_to(viewer)
    if ids is not None:
        statement = statement.where(Contract.id.in_(ids))
    if kitchen is not None:
        of_kitchen = members_visible_to(viewer).where(ContractMember.kitchen_id.in_(_kitchen_ids(viewer, kitchen)))
        statement = statement.where(Contract.id.in_(of_kitchen.with_only_columns(ContractMember.contract_id)))
    if on is not None:
        statement = statement.where(Contract.start_day <= on, on <= Contract.end_day)
    return statement


def engagements(
    viewer: Viewer,
    first: date,
    last: date,
    *,
    kitchen_ids: Collection[int] | None = None,
    families: Collection[str] | None = None,
) -> Select[Engagement]:
    """Visible commitments that count in a need, from ``first`` to ``last``, both included."""
    statement = engagements_visible_to(viewer).where(Engagement.counted, Engagement.day.between(first, last))
    if kitchen_ids is not None:
        statement = statement.where(Engagement.kitchen_id.in_(kitchen_ids))
    if families is not None:
        statement = statement.where(Engagement.family.in_(families))
    return statement


def of_own_kitchen(viewer: Viewer, kitchen_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether a row belongs to a kitchen the viewer may read."""
    if viewer.sees_everything:
        return true()
    if not viewer.buys:
        return false()
    return kitchen_id.in_(kitchens_visible_to(viewer).with_only_columns(Kitchen.id))


def of_own_supplier(viewer: Viewer, supplier_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether a row belongs to a supplier as which the viewer sells."""
    if not viewer.sells:
        return false()
    return supplier_id.in_(suppliers_visible_to(viewer).with_only_columns(Supplier.id))


def _kitchen_ids(viewer: Viewer, uai: str) -> Select[int]:
    return kitchens_visible_to(viewer).where(Kitchen.uai == uai).with_only_columns(Kitchen.id)


def _of_visible_contract(viewer: Viewer, contract_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    if viewer.sees_everything:
        return true()
    return contract_id.in_(contracts_visible_to(viewer).with_only_columns(Contract.id))
