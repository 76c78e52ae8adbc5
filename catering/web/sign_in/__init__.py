"""Signing in and out over HTTP: small French pages and, for passkeys, JSON. Everything else is GraphQL."""

from fastapi import APIRouter

from catering.web.sign_in import accounts, demonstration, links, passkeys, provider


def router() -> APIRouter:
    """Routes of ``/connexion``, ``/inscription``, ``/compte``, ``/demonstration`` and ``/deconnexion``."""
    together = APIRouter(include_in_schema=False)
    for each in (links, passkeys, provider, demonstration, accounts):
        together.include_router(each.router)
    return together
