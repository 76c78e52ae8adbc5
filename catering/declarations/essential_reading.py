"""What the books know of a contract that the viewer may read, for its essential data."""

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from catering.declarations.contract_origin import origins_of
from catering.declarations.essential_data import ContractFacts
from catering.declarations.queries import (
    communes_of_members,
    contract_with_parties,
    last_statement,
    received_on_contracts,
)
from catering.moment import today
from catering.people.viewer import Viewer
from catering.procurement.models import ContractChange, ContractLine, ContractLot
from catering.procurement.queries import changes_visible_to, contract_lines_visible_to, lots_visible_to


async def facts_of(session: AsyncSession, viewer: Viewer, number: int) -> ContractFacts | None:
    """The facts of a contract by number; None when the viewer may read none. Six statements."""
    found = (await session.execute(contract_with_parties(viewer, number))).one_or_none()
    if found is None:
        return None
    contract, buyer, holder = found
    communes = (await session.scalars(communes_of_members(viewer, number))).all()
    mine = lots_visible_to(viewer).where(ContractLot.contract_id == number).with_only_columns(ContractLot.id)
    counted = contract_lines_visible_to(viewer).where(ContractLine.lot_id.in_(mine))
    kinds = counted.with_only_columns(func.count(), func.count(ContractLine.index_code))
    lines, revised = (await session.execute(kinds)).one()
    changes = (await session.scalars(changes_visible_to(viewer).where(ContractChange.contract_id == number))).all()
    received = (await session.execute(received_on_contracts(viewer, [number]))).all()
    stated = await session.scalar(last_statement(viewer, number))
    return ContractFacts(
        contract=contract,
        buyer_siret=buyer,
        holder_siret=holder,
        communes=communes,
        firm_lines=lines - revised,
        revised_lines=revised,
        changes=changes,
        origin=origins_of([(country, zone, amount) for _, country, zone, amount in received], today()),
        stated={} if stated is None else stated.data,
        today=today(),
    )
