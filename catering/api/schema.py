"""The GraphQL schema: every room's types and fields put together, with the limits and the masking of faults."""

from collections.abc import Iterable
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.graphql import OperationType

import catering.api.catalogue as catalogue
import catering.api.diners as diners
import catering.api.mutations.attendance as asked_of_attendance
import catering.api.mutations.declarations as asked_of_declarations
import catering.api.mutations.market as asked_of_market
import catering.api.mutations.menus as asked_of_menus
import catering.api.mutations.orders as asked_of_orders
import catering.api.mutations.people as asked_of_people
import catering.api.mutations.planning as asked_of_planning
import catering.api.mutations.procurement as asked_of_procurement
import catering.api.mutations.purchases as asked_of_purchases
import catering.api.mutations.receiving as asked_of_receiving
import catering.api.mutations.waste as asked_of_waste
import catering.api.waste_worth as waste_worth
import catering.attendance.graph as attendance
import catering.compliance.graph as compliance
import catering.declarations.graph as declarations
import catering.explaining.graph as explaining
import catering.kitchens.graph as kitchens
import catering.market.graph as market
import catering.market.graph_prices as prices
import catering.menus.graph as menus
import catering.orders.graph as orders
import catering.people.graph as people
import catering.planning.graph as planning
import catering.procurement.graph as procurement
import catering.procurement.graph.contracts as contracts
import catering.purchases.graph as purchases
import catering.purchases.graph_abroad as abroad
import catering.purchases.graph_egalim as egalim
import catering.purchases.graph_needs as beside_needs
import catering.purchases.graph_registers as registers
import catering.receiving.graph as receiving
import catering.recipes.graph as recipes
import catering.waste.graph as waste
from catering.api.context import OneRequestPerOperation
from catering.api.extending import extend
from catering.api.limits import limits
from catering.api.masking import MaskFaults
from catering.api.progress import Subscription
from catering.api.scopes import needing
from catering.api.storable import OnlyStorable
from catering.api.stored import StoredOnly
from catering.graph.values import SCALARS
from catering.orders.graph.basket_drops import BasketDrop
from catering.orders.graph.baskets import Basket, Substitute
from catering.orders.graph.orders import Order, OrderLine
from catering.people.viewer import Scope
from catering.waste.graph.results import WasteResult

for kind, fields in (
    (kitchens.Kitchen, planning.OF_KITCHEN),
    (kitchens.Kitchen, receiving.OF_KITCHEN),
    (kitchens.Kitchen, menus.OF_KITCHEN),
    (kitchens.Kitchen, egalim.OF_KITCHEN),
    (kitchens.Kitchen, attendance.OF_KITCHEN),
    (Order, receiving.OF_ORDER),
    (OrderLine, receiving.OF_ORDER_LINE),
    (OrderLine, orders.OF_ORDERED_LINE),
    (Substitute, orders.OF_SUBSTITUTE),
    (kitchens.Kitchen, orders.OF_KITCHEN),
    (Basket, planning.OF_BASKET),
    (BasketDrop, planning.OF_BASKET_DROP),
    (market.Supplier, planning.OF_SUPPLIER),
    (market.Supplier, prices.OF_SUPPLIER),
    (market.Supplier, orders.OF_SUPPLIER),
    (market.Offer, catalogue.OF_OFFER),
    (market.Offer, prices.OF_OFFER),
    (market.Offer, orders.OF_OFFER),
    (recipes.Ingredient, catalogue.OF_INGREDIENT),
    (recipes.Dish, catalogue.OF_DISH),
    (recipes.Dish, menus.OF_DISH),
    (WasteResult, waste_worth.OF_WASTE_RESULT),
    (contracts.Contract, declarations.OF_CONTRACT),
    (kitchens.Kitchen, declarations.OF_KITCHEN),
):
    extend(kind, fields)

ROOMS = (
    people.Query,
    kitchens.Query,
    recipes.Query,
    market.Query,
    procurement.Query,
    catalogue.Query,
    orders.Query,
    planning.Query,
    purchases.Query,
    abroad.Query,
    registers.Query,
    beside_needs.Query,
    receiving.Query,
    waste.Query,
    menus.Query,
    compliance.Query,
    explaining.Query,
    diners.Query,
    declarations.Query,
    declarations.DisplayQuery,
    declarations.EssentialQuery,
)
Query = merge_types("Query", tuple(needing(Scope.READ, room) for room in ROOMS))
ASKED = (
    # What a program's token must allow; None: people in person only (accounts, and what is signed).
    (None, asked_of_people.Mutation),
    (Scope.MENUS_WRITE, asked_of_menus.Mutation),
    (Scope.OFFERS_WRITE, asked_of_market.Mutation),
    (Scope.BUYING_WRITE, asked_of_procurement.Mutation),
    (None, asked_of_procurement.Decisions),
    (Scope.ORDERS_WRITE, asked_of_orders.Mutation),
    (Scope.RECEPTIONS_WRITE, asked_of_receiving.Mutation),
    # The tablet that lies in a kitchen notes deliveries; it pays nothing.
    (Scope.INVOICES_WRITE, asked_of_receiving.Invoicing),
    (Scope.WASTE_WRITE, asked_of_waste.Mutation),
    (Scope.ATTENDANCE_WRITE, asked_of_attendance.Mutation),
    (Scope.RECEPTIONS_WRITE, asked_of_purchases.Mutation),
    # A year is signed in person.
    (None, asked_of_declarations.Mutation),
    (Scope.PLANS_WRITE, asked_of_planning.Mutation),
)
Mutation = merge_types("Mutation", tuple(needing(scope, room) for scope, room in ASKED))


class Schema(strawberry.Schema):
    """The schema; faults are logged once, with the number the client sees (see ``masking``)."""

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Nothing: Strawberry would log every refusal as a fault of the program."""

    async def execute(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        """One query or mutation. A subscription is for ``subscribe``: answered once, it would have nothing to say.

        Raises:
            InvalidOperationTypeError: it is a subscription.
        """
        allowed = set(allowed_operation_types or OperationType) - {OperationType.SUBSCRIPTION}
        return await super().execute(
            query, variable_values, context_value, root_value, operation_name, allowed, operation_extensions
        )


schema = Schema(
    query=Query,
    mutation=Mutation,
    subscription=needing(Scope.READ, Subscription),
    config=StrawberryConfig(scalar_map=SCALARS),
    extensions=[MaskFaults, *limits(), OnlyStorable, StoredOnly, OneRequestPerOperation],
)
"""The one schema of the platform. Execute it with a ``catering.api.context.Caller`` as context."""
