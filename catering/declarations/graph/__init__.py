"""Declarations, the display, the essential data and the origins of contracts, as GraphQL shows them."""

from catering.declarations.graph.contracts import OF_CONTRACT
from catering.declarations.graph.display import Query as DisplayQuery
from catering.declarations.graph.essential import Query as EssentialQuery
from catering.declarations.graph.file import Query
from catering.declarations.graph.of_kitchens import OF_KITCHEN

__all__ = ["OF_CONTRACT", "OF_KITCHEN", "DisplayQuery", "EssentialQuery", "Query"]
