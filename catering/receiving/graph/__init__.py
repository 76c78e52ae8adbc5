"""Receptions, stock, credits and invoices, as GraphQL shows them."""

from strawberry.tools import merge_types

from catering.receiving.graph import invoices, receptions, stock
from catering.receiving.graph.order_lines import OF_ORDER_LINE
from catering.receiving.graph.receptions import OF_ORDER, temperature_tolerances
from catering.receiving.graph.stock import stock_of_kitchen

OF_KITCHEN = (stock_of_kitchen, temperature_tolerances)
Query = merge_types("Query", (receptions.Query, stock.Query, invoices.Query))

__all__ = ["OF_KITCHEN", "OF_ORDER", "OF_ORDER_LINE", "Query"]
