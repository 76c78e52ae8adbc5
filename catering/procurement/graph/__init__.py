"""Procurement, as GraphQL shows it: contracts, consultations and their offers, the live counter of needs, the law."""

from strawberry.tools import merge_types

from catering.procurement.graph import consultations, contracts, law, needs

Query = merge_types("ProcurementQuery", (contracts.Query, consultations.Query, needs.Query, law.Query))

__all__ = ["Query"]
