"""The shares of products of the Union and of France in what a contract brought, as GraphQL shows them."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import strawberry

from catering.declarations import contract_origin
from catering.declarations.contract_origin import origins_of
from catering.declarations.queries import received_on_contracts
from catering.graph.documented import documented
from catering.graph.loading import Loader
from catering.graph.request import Ask
from catering.moment import today
from catering.procurement.graph.contracts import Contract


@strawberry.type(description="Where what was received on a contract comes from: essential data of food contracts.")
class FoodOrigin:
    received_eur: Decimal = strawberry.field(description="Received so far, € excl. tax.")
    union_share: Decimal | None = strawberry.field(
        description="Products of the European Union, France among them, 0 to 1 (`origineUE`); null before a reception."
    )
    france_share: Decimal | None = strawberry.field(description="Products of France, 0 to 1 (`origineFrance`).")
    unknown_eur: Decimal = strawberry.field(
        description="Of a country nobody told, € excl. tax: counted in neither share, so ask the supplier."
    )


class FoodOriginByContractId(Loader[int, contract_origin.FoodOrigin]):
    """Origins of what was received on contracts: one statement."""

    async def fetch(self, keys: list[int]) -> Mapping[int, contract_origin.FoodOrigin]:
        """The origins by number of contract."""
        found: dict[int, list[Any]] = defaultdict(list)
        for contract, country, zone, amount in await self.request.rows(
            received_on_contracts(self.request.viewer, keys)
        ):
            found[contract].append((country, zone, amount))
        return {contract: origins_of(received, today()) for contract, received in found.items()}

    def missing(self, key: int) -> contract_origin.FoodOrigin:
        """Nothing was received."""
        del key
        return contract_origin.FoodOrigin()


@documented
async def food_origin(contract: strawberry.Parent[Contract], info: Ask) -> FoodOrigin:
    """Shares of products of the Union and of France in what was received, for the essential data (CCP-06)."""
    found = await info.context.loader(FoodOriginByContractId).load(contract.row.id)
    return FoodOrigin(
        received_eur=found.received,
        union_share=found.union_share,
        france_share=found.france_share,
        unknown_eur=found.unknown,
    )


OF_CONTRACT = (food_origin,)
