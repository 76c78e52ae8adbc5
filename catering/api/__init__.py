"""The one door to the data: the GraphQL schema, its context, its limits and the address that serves it."""

from catering.api.body_limit import LimitBodies
from catering.api.context import Caller
from catering.api.declarations import declaration_router
from catering.api.documents import document_router
from catering.api.grid import grid_router
from catering.api.ledger import ledger_router
from catering.api.menu_files import menu_router
from catering.api.papers import paper_router
from catering.api.router import MOST_BYTES, PATH, router
from catering.api.schema import schema

__all__ = [
    "MOST_BYTES",
    "PATH",
    "Caller",
    "LimitBodies",
    "declaration_router",
    "document_router",
    "grid_router",
    "ledger_router",
    "menu_router",
    "paper_router",
    "router",
    "schema",
]
