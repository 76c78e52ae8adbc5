"""Menus and the nutrition check as GraphQL shows them."""

from catering.menus.graph import check, days, grid
from catering.menus.graph.grid import Query

OF_KITCHEN = (*days.OF_KITCHEN, *check.OF_KITCHEN, *grid.OF_KITCHEN)
"""Fields that menus add to kitchens."""

__all__ = ["OF_KITCHEN", "Query"]
