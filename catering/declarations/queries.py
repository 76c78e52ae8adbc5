"""What a viewer may read of declarations: a buyer those of their kitchens, who controls all; diners their shares."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, extract, func, select

from catering.declarations.models import Declaration, DeclaredLine, EssentialStatement, Satellite
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.market.models import Supplier
from catering.orders.models import OrderLine
from catering.orders.vocabulary import PriceSource
from catering.people.viewer import Viewer
from catering.procurement.models import Contract, ContractLine, ContractLot, ContractMember
from catering.procurement.queries import contracts_visible_to, members_visible_to
from catering.purchases.models import Canteen, PurchaseLine, PurchaseSource, PurchaseSum
from catering.purchases.queries import purchases_visible_to
from catering.receiving.models import Invoice, ReceptionLine
from catering.receiving.queries_invoices import invoices_visible_to

CHANGED_KEY = (PurchaseLine.id,)
"""Order in which the lines that made a difference are paged."""


def _own(viewer: Viewer) -> Select[int]:
    return kitchens_visible_to(viewer).with_only_columns(Kitchen.id)


def declarations_visible_to(viewer: Viewer) -> Select[Declaration]:
    """Declarations of the kitchens a viewer may read."""
    return select(Declaration).where(Declaration.kitchen_id.in_(_own(viewer)))


def declared_lines_visible_to(viewer: Viewer) -> Select[DeclaredLine]:
    """Lines that the declarations a viewer may read counted."""
    own = declarations_visible_to(viewer).with_only_columns(Declaration.id)
    return select(DeclaredLine).where(DeclaredLine.declaration_id.in_(own))


def satellites_visible_to(viewer: Viewer) -> Select[Satellite]:
    """Restaurants that the kitchens a viewer may read serve."""
    return select(Satellite).where(Satellite.kitchen_id.in_(_own(viewer)))


def displayed_sums_visible_to(viewer: Viewer | None) -> Select[PurchaseSum]:
    """Sums of every kitchen, of which the law has shares displayed (EGA-30); no amount of them is shown."""
    del viewer
    return select(PurchaseSum)


def displayed_declarations_visible_to(viewer: Viewer | None) -> Select[Declaration]:
    """Declarations of every kitchen, of which the law has shares displayed (EGA-30); no amount of them is shown."""
    del viewer
    return select(Declaration)


def declarations(
    viewer: Viewer,
    *,
    year: int | None = None,
    kitchen_ids: Collection[int] | None = None,
    ids: Collection[int] | None = None,
) -> Select[Declaration]:
    """Visible declarations that meet every condition given, the latest version of each kitchen first."""
    statement = declarations_visible_to(viewer)
    if year is not None:
        statement = statement.where(Declaration.year == year)
    if kitchen_ids is not None:
        statement = statement.where(Declaration.kitchen_id.in_(kitchen_ids))
    if ids is not None:
        statement = statement.where(Declaration.id.in_(ids))
    return statement.order_by(Declaration.kitchen_id, Declaration.year, Declaration.version.desc())


def satellites(viewer: Viewer, year: int, kitchen_ids: Collection[int] | None = None) -> Select[Satellite]:
    """Visible restaurants of a year, by kitchen and SIRET."""
    statement = satellites_visible_to(viewer).where(Satellite.year == year)
    if kitchen_ids is not None:
        statement = statement.where(Satellite.kitchen_id.in_(kitchen_ids))
    return statement.order_by(Satellite.kitchen_id, Satellite.siret)


def counted_in(viewer: Viewer, kitchen_id: int, year: int) -> Select[PurchaseLine]:
    """Visible purchases of a kitchen that count in a year, in order of entry."""
    statement = purchases_visible_to(viewer).where(PurchaseLine.kitchen_id == kitchen_id, PurchaseLine.year == year)
    return statement.order_by(PurchaseLine.id)


def changed_since(viewer: Viewer, declaration: Declaration) -> Select[*tuple[Any, ...]]:
    """Purchases that count otherwise than they were declared: ``PurchaseLine``, the sign declared or nothing."""
    declared = and_(DeclaredLine.purchase_line_id == PurchaseLine.id, DeclaredLine.declaration_id == declaration.id)
    counts_now, counted = PurchaseLine.year == declaration.year, DeclaredLine.sign.is_not(None)
    otherwise = (counts_now & (~counted | (DeclaredLine.sign != PurchaseLine.sign))) | (~counts_now & counted)
    return (
        purchases_visible_to(viewer)
        .outerjoin(DeclaredLine, declared)
        .where(PurchaseLine.kitchen_id == declaration.kitchen_id, otherwise)
        .add_columns(DeclaredLine.sign)
        .order_by(PurchaseLine.id)
    )


def doubts(viewer: Viewer, kitchen_id: int, year: int) -> Select[*tuple[Any, ...]]:
    """Purchases of a year by what may be doubted of them.

    Columns: month in which it counts, labels that do not count and why, whether an invoice is missing, whether the
    origin is; then how many lines, and their amount.
    """
    mine = counted_in(viewer, kitchen_id, year).order_by(None)
    key: list[ColumnElement[Any]] = [
        extract("month", func.coalesce(PurchaseLine.invoiced_on, PurchaseLine.bought_on)),
        PurchaseLine.not_counted.expression,
        and_(PurchaseLine.source != PurchaseSource.IMPORT, PurchaseLine.invoice_number.is_(None)),
        PurchaseLine.origin_zone.is_(None),
    ]
    return mine.with_only_columns(*key, func.count(), func.sum(PurchaseLine.amount_excl_tax)).group_by(*key)


def invoices_by_state(viewer: Viewer, kitchen_id: int, year: int) -> Select[*tuple[Any, ...]]:
    """How many invoices of a kitchen issued in a year stand in each state: state, number."""
    mine = invoices_visible_to(viewer).where(
        Invoice.kitchen_id == kitchen_id, extract("year", Invoice.issued_on) == year
    )
    return mine.with_only_columns(Invoice.state, func.count()).group_by(Invoice.state)


def received_on_contracts(viewer: Viewer, contract_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """Amounts received on visible contracts by country of what was sold and zone: contract, country, zone, amount.

    What a kitchen received on a groupement counts whoever reads the contract: shares are of the whole contract.
    """
    visible = contracts_visible_to(viewer).where(Contract.id.in_(contract_ids)).with_only_columns(Contract.id)
    key = (ContractLot.contract_id, OrderLine.origin_country, PurchaseLine.origin_zone)
    return (
        received_visible_to(viewer, visible)
        .with_only_columns(*key, func.sum(PurchaseLine.amount_excl_tax))
        .group_by(*key)
    )


def contract_with_parties(viewer: Viewer, number: int) -> Select[*tuple[Any, ...]]:
    """A visible contract with the SIRET of its buyer and that of who holds it."""
    statement = contracts_visible_to(viewer).where(Contract.id == number)
    # The SIRET of a public establishment is published: who reads its contract may read it.
    of_buyer, of_holder = Canteen.kitchen_id == Contract.kitchen_id, Supplier.id == Contract.supplier_id
    joined = statement.outerjoin(Canteen, of_buyer).join(Supplier, of_holder)
    return joined.add_columns(Canteen.siret, Supplier.siret)


def essential_statements_visible_to(viewer: Viewer) -> Select[EssentialStatement]:
    """What buyers stated of the contracts a viewer may read."""
    visible = contracts_visible_to(viewer).with_only_columns(Contract.id)
    return select(EssentialStatement).where(EssentialStatement.contract_id.in_(visible))


def last_statement(viewer: Viewer, number: int) -> Select[EssentialStatement]:
    """What stands of a visible contract: the last version stated."""
    mine = essential_statements_visible_to(viewer).where(EssentialStatement.contract_id == number)
    return mine.order_by(EssentialStatement.version.desc()).limit(1)


def communes_of_members(viewer: Viewer, number: int) -> Select[str]:
    """INSEE codes of the kitchens that order on a visible contract: where it is carried out."""
    mine = members_visible_to(viewer).join(Kitchen, Kitchen.id == ContractMember.kitchen_id)
    return mine.where(ContractMember.contract_id == number).with_only_columns(Kitchen.insee).order_by(Kitchen.insee)


def received_visible_to(viewer: Viewer, contracts: Select[int]) -> Select[PurchaseLine]:
    """Purchase lines received on contracts a viewer may read, for their shares by origin (CCP-06)."""
    del viewer
    return (
        select(PurchaseLine)
        .join(ReceptionLine, ReceptionLine.id == PurchaseLine.reception_line_id)
        .join(OrderLine, OrderLine.id == ReceptionLine.order_line_id)
        .join(ContractLine, ContractLine.id == OrderLine.price_line)
        .join(ContractLot, ContractLot.id == ContractLine.lot_id)
        .where(OrderLine.price_source == PriceSource.CONTRACT, ContractLot.contract_id.in_(contracts))
    )
