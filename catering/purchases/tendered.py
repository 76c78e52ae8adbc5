"""By which signs products of contracts count, because of how their lot was judged (EGA-17, EGA-18)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from catering.people.viewer import Viewer
from catering.procurement.models import ContractLine, LotQuality
from catering.procurement.queries import qualities_visible_to


@dataclass(frozen=True, slots=True)
class Tenders:
    """Signs of contract lines (row ids) in order, each with the document that proves it."""

    of_line: Mapping[int, Mapping[str, int]]

    def signs(self, line: int | None) -> list[str]:
        """Signs of a line; none for what no contract gave its price."""
        return sorted(self.of_line.get(line or 0, {}))

    def document(self, line: int | None) -> int | None:
        """The proof of its first sign."""
        return next((self.of_line[line or 0][sign] for sign in self.signs(line)), None)


async def proven_by_tender(session: AsyncSession, viewer: Viewer, line_ids: Collection[int | None]) -> Tenders:
    """What was told of the lots of some contract lines; no statement when none is."""
    wanted = {each for each in line_ids if each is not None}
    if not wanted:
        return Tenders({})
    asked = qualities_visible_to(viewer).join(ContractLine, ContractLine.lot_id == LotQuality.lot_id)
    told = asked.where(ContractLine.id.in_(wanted))
    found: dict[int, dict[str, int]] = {}
    for line, sign, proof in await session.execute(
        told.with_only_columns(ContractLine.id, LotQuality.sign, LotQuality.document_id)
    ):
        found.setdefault(line, {})[sign] = proof
    return Tenders(found)
