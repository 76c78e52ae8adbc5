"""The essential data of one contract, datum by datum, as GraphQL shows them."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from catering.declarations.essential_data import SAID_BY, Said, said_of
from catering.declarations.essential_reading import facts_of
from catering.graph.arguments import row_number
from catering.graph.documented import documented
from catering.graph.request import Ask, Request


@strawberry.type(description="One datum of the State's structure « marchés ».")
class EssentialDatum:
    datum: strawberry.ID = strawberry.field(description="Its path in the structure.")
    name: str = strawberry.field(description="In French.")
    said: str | None = strawberry.field(description="As it is published, a list by semicolons; null when missing.")
    said_by: str = strawberry.field(description="Who can say it, in French: the books, the buyer, nobody here.")
    required: bool = strawberry.field(description="Whether the structure refuses a contract without it.")
    missing: str | None = strawberry.field(description="What it takes, or why it is not kept; null when it is said.")


@strawberry.type(description="The essential data of a contract: all data of the structure, known or not.")
class EssentialData:
    complete: bool = strawberry.field(description="Whether the file `essential-data.json` can be made.")
    data: list[EssentialDatum] = strawberry.field(description="Every datum, in the order of the structure.")


def show_essential_data(found: Sequence[Said]) -> EssentialData:
    """Essential data as GraphQL shows them."""
    return EssentialData(
        complete=not any(each.lacks for each in found),
        data=[
            EssentialDatum(
                datum=strawberry.ID(each.datum.datum),
                name=each.datum.french_name,
                said=each.value,
                said_by=SAID_BY[each.datum.said_by],
                required=each.datum.required,
                missing=each.datum.why if each.value is None else None,
            )
            for each in found
        ],
    )


async def essential_data_shown(request: Request, number: int) -> EssentialData | None:
    """Those of a contract that the viewer may read; null otherwise."""
    async with request.reading() as session:
        facts = await facts_of(session, request.viewer, number)
    return None if facts is None else show_essential_data(said_of(facts))


@strawberry.type
class Query:
    @documented
    async def essential_data(
        self, info: Ask, contract: Annotated[strawberry.ID, strawberry.argument(description="Number of its row.")]
    ) -> EssentialData | None:
        """The essential data of a contract, with what is missing and who says it (CCP-14); null for a hidden one."""
        return await essential_data_shown(info.context, row_number(contract, "contracts"))
