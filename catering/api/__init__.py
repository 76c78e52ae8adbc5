"""The one door to the data: the GraphQL schema, its context, its limits and the address that serves it."""

from catering.api.context import Caller
from catering.api.documents import document_router
from catering.api.router import PATH, router
from catering.api.schema import schema

__all__ = ["PATH", "Caller", "document_router", "router", "schema"]
