"""Procurement, as GraphQL shows it: contracts, consultations and their offers, the live counter of needs, the law."""

from strawberry.tools import merge_types

from catering.procurement.graph.consultations import Query as OfConsultations
from catering.procurement.graph.contracts import Query as OfContracts
from catering.procurement.graph.law import Query as OfLaw
from catering.procurement.graph.needs import Query as OfNeeds

Query = merge_types("ProcurementQuery", (OfContracts, OfConsultations, OfNeeds, OfLaw))

__all__ = ["Query"]
