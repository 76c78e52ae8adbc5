"""The address of the API: queries and mutations by POST, subscriptions by websocket."""

import json

from fastapi import APIRouter
from strawberry.fastapi import GraphQLRouter
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

from catering.api.context import Caller, caller
from catering.api.schema import schema

PATH = "/graphql"
MOST_SUBSCRIPTIONS = 10
MOST_BYTES = 4 * 1024 * 1024
"""Of one operation with its variables."""


class Door(GraphQLRouter[Caller, None]):
    """Reads bodies that are no operation as what they are: a mistake of the client, not a fault of ours."""

    def decode_json(self, data: str | bytes) -> object:
        """The operation, or several.

        Raises:
            json.JSONDecodeError: no JSON, too deep, or no object: answered by 400.
        """
        try:
            found: object = super().decode_json(data)
        except json.JSONDecodeError:
            raise
        except (ValueError, RecursionError) as fault:
            # Bytes that are no text, numbers of thousands of digits, brackets within brackets.
            raise json.JSONDecodeError(type(fault).__name__, "", 0) from fault
        if not isinstance(found, dict | list):
            raise json.JSONDecodeError("no operation", "", 0)
        return found


def router() -> APIRouter:
    """Routes of ``/graphql``; the application keeps its database and settings in ``app.state``.

    No GraphiQL: Strawberry's loads its scripts from another server. No queries by GET: a link must not run one.
    Browsers may open a websocket from our own pages only (Strawberry compares the Origin header with the host).
    """
    return Door(
        schema,
        path=PATH,
        graphql_ide=None,
        allow_queries_via_get=False,
        context_getter=caller,
        subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
        max_subscriptions_per_connection=MOST_SUBSCRIPTIONS,
        include_in_schema=False,
    )
