"""The address of the API: queries and mutations by POST, subscriptions by websocket."""

from fastapi import APIRouter
from strawberry.fastapi import GraphQLRouter
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from catering.api.context import Caller, caller
from catering.api.schema import schema

PATH = "/graphql"
MOST_SUBSCRIPTIONS = 10
MOST_BYTES = 4 * 1024 * 1024
"""Of one operation with its variables."""


def router() -> APIRouter:
    """Routes of ``/graphql``; the application keeps its database and settings in ``app.state``.

    No GraphiQL: Strawberry's loads its scripts from another server. No queries by GET: a link must not run one.
    Browsers may open a websocket from our own pages only (Strawberry compares the Origin header with the host).
    """
    return GraphQLRouter[Caller, None](
        schema,
        path=PATH,
        graphql_ide=None,
        allow_queries_via_get=False,
        context_getter=caller,
        subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
        max_subscriptions_per_connection=MOST_SUBSCRIPTIONS,
        include_in_schema=False,
    )
