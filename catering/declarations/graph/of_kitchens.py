"""What kitchens declared of a year, as a field of ``Kitchen``."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import strawberry

from catering.declarations import models
from catering.declarations.graph.file import Declaration, show_declaration
from catering.declarations.queries import declarations
from catering.graph.documented import documented
from catering.graph.loading import Loader
from catering.graph.request import Ask
from catering.kitchens.graph import Kitchen
from catering.purchases.graph_egalim import year_asked


@dataclass(frozen=True, slots=True)
class DeclaredWanted:
    """One civil year of one kitchen."""

    kitchen_id: int
    year: int


class LastDeclarationOfYear(Loader[DeclaredWanted, models.Declaration | None]):
    """The last version that kitchens declared of years: one statement per distinct year."""

    async def fetch(self, keys: list[DeclaredWanted]) -> Mapping[DeclaredWanted, models.Declaration | None]:
        """By kitchen and year; what was never declared is left out."""
        found: dict[DeclaredWanted, models.Declaration | None] = {}
        for year in {key.year for key in keys}:
            numbers = {key.kitchen_id for key in keys if key.year == year}
            for row in await self.request.objects(declarations(self.request.viewer, year=year, kitchen_ids=numbers)):
                found.setdefault(DeclaredWanted(row.kitchen_id, year), row)
        return found

    def missing(self, key: DeclaredWanted) -> None:
        """Not declared."""
        del key


@documented
async def declared(
    kitchen: strawberry.Parent[Kitchen],
    info: Ask,
    year: Annotated[int, strawberry.argument(description="Civil year of the purchases, since 2022.")],
) -> Declaration | None:
    """The last version declared of a civil year; null before the first."""
    wanted = DeclaredWanted(kitchen.row_id, year_asked(year))
    row = await info.context.loader(LastDeclarationOfYear).load(wanted)
    return None if row is None else show_declaration(row)


OF_KITCHEN = (declared,)
