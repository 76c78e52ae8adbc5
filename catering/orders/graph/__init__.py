"""Baskets and orders, as GraphQL shows them."""

from strawberry.tools import merge_types

from catering.orders.graph import lists, orders
from catering.orders.graph.allergens import OF_ORDERED_LINE, OF_SUBSTITUTE
from catering.orders.graph.of_kitchens import OF_KITCHEN
from catering.orders.graph.of_offers import OF_OFFER
from catering.orders.graph.of_suppliers import OF_SUPPLIER

Query = merge_types("Query", (orders.Query, lists.Query))

__all__ = ["OF_KITCHEN", "OF_OFFER", "OF_ORDERED_LINE", "OF_SUBSTITUTE", "OF_SUPPLIER", "Query"]
