"""Weighings, their results, the diagnostic and what may become of a surplus, as GraphQL shows them."""

from strawberry.tools import merge_types

from catering.waste.graph import diagnostic, establishments, learning, results, surplus, views, weighings

Query = merge_types(
    "Query",
    (
        weighings.Query,
        results.Query,
        diagnostic.Query,
        establishments.Query,
        surplus.Query,
        views.Query,
        learning.Query,
    ),
)

__all__ = ["Query"]
