"""Declarations, the display and the origins of contracts, as GraphQL shows them."""

from catering.declarations.graph.contracts import OF_CONTRACT
from catering.declarations.graph.display import Query as DisplayQuery
from catering.declarations.graph.file import Query

__all__ = ["OF_CONTRACT", "DisplayQuery", "Query"]
