"""Pages in French: each executes one stored operation and renders one template. Signing in has its own doors."""

from fastapi import APIRouter, FastAPI

from catering.web import answering, assets, departement, sign_in
from catering.web.faults import add_handlers

__all__ = ["add_pages"]


def add_pages(app: FastAPI) -> None:
    """Give an application its pages, what they load, and the doors of signing in."""
    together = APIRouter(include_in_schema=False)
    for each in (assets, sign_in, answering, departement):
        together.include_router(each.router())
    app.include_router(together)
    add_handlers(app)
