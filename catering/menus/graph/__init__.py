"""Menus and the nutrition check as GraphQL shows them."""

from catering.menus.graph import check, days, grid, portions, protein_plan
from catering.menus.graph.grid import Query

OF_KITCHEN = (*days.OF_KITCHEN, *check.OF_KITCHEN, *grid.OF_KITCHEN, *protein_plan.OF_KITCHEN)
"""Fields that menus add to kitchens."""
OF_DISH = portions.OF_DISH
"""Fields that menus add to dishes."""

__all__ = ["OF_DISH", "OF_KITCHEN", "Query"]
