"""What a token must allow for each field of the API's roots.

A person may do all that their role may; a program that brings a token may do what its scopes allow of that. Fields
about accounts themselves are for people in person: a stolen token must not be able to make another one.
"""

from collections.abc import Awaitable
from typing import Any, TypeVar

from strawberry.extensions import FieldExtension
from strawberry.extensions.field_extension import AsyncExtensionResolver, SyncExtensionResolver
from strawberry.types.base import get_object_definition

from catering.graph.errors import ExpectedError
from catering.graph.request import Ask
from catering.people.viewer import Scope

Room = TypeVar("Room", bound=type)


class ScopeRequiredError(ExpectedError):
    """The token that was brought does not allow this."""

    code = "SCOPE_REQUIRED"

    def __init__(self, needed: Scope | None) -> None:
        if needed is None:
            super().__init__("Un jeton de logiciel ne peut pas faire cela : se connecter soi-même à son compte.")
        else:
            super().__init__(f"Le jeton ne donne pas le droit {needed.name}. Créer un jeton qui le donne.")


class Needs(FieldExtension):
    """Refuses a token that does not allow a scope, before the field is resolved; None refuses every token."""

    def __init__(self, scope: Scope | None) -> None:
        self.scope = scope

    def check(self, info: Ask) -> None:
        """Refuse, or not.

        Raises:
            ScopeRequiredError: a token was brought, and does not allow it.
        """
        viewer = info.context.signed_in
        if viewer is not None and not (viewer.present if self.scope is None else viewer.may(self.scope)):
            raise ScopeRequiredError(self.scope)

    def resolve(self, next_: SyncExtensionResolver, source: Any, info: Any, **kwargs: Any) -> Any:
        """The field, once the token is checked."""
        self.check(info)
        return next_(source, info, **kwargs)

    async def resolve_async(self, next_: AsyncExtensionResolver, source: Any, info: Any, **kwargs: Any) -> Any:
        """The field, once the token is checked."""
        self.check(info)
        found = next_(source, info, **kwargs)
        return await found if isinstance(found, Awaitable) else found


def needing(scope: Scope | None, room: Room) -> Room:
    """The fields that a room adds to a root, each of which now asks a token for this scope."""
    for field in get_object_definition(room, strict=True).fields:
        field.extensions.append(Needs(scope))
    return room
