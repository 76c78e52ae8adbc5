"""Business refusals as GraphQL types: one named type per reason, a French message that says what to do.

What every mutation may answer is here; the reasons of one room are in ``mutations/<room>/refusals.py``.
"""

from collections.abc import Callable
from typing import Self, TypeVar

import strawberry

from catering import refusal
from catering.api.once import KeyRefusedError

MESSAGE = "What is wrong and what to do, in French."


@strawberry.interface(description="Why a request is not met; the type names the reason and never changes.")
class Refusal:
    message: str = strawberry.field(description=MESSAGE)

    @classmethod
    def told(cls, reason: refusal.Refusal) -> Self:
        """A reason as this type tells it; a type that tells more than the message says so itself."""
        return cls(message=str(reason))


AnyRefusal = TypeVar("AnyRefusal", bound=Refusal)
SHOWN: dict[type[refusal.Refusal], type[Refusal]] = {}
"""The GraphQL type of each reason."""


def shows(reason: type[refusal.Refusal]) -> Callable[[type[AnyRefusal]], type[AnyRefusal]]:
    """Marks the GraphQL type that shows a reason and the reasons derived from it."""

    def mark(shown: type[AnyRefusal]) -> type[AnyRefusal]:
        SHOWN[reason] = shown
        return shown

    return mark


def show_refusal(reason: refusal.Refusal) -> Refusal:
    """A refusal as GraphQL shows it: by the type of the nearest class that has one."""
    nearest = next(kind for kind in type(reason).__mro__ if kind in SHOWN)
    return SHOWN[nearest].told(reason)


@shows(refusal.NotAllowed)
@strawberry.type(description="Your role may not do this.")
class NotAllowed(Refusal):
    pass


@shows(KeyRefusedError)
@strawberry.type(description="The idempotency key was used for another request, or is too short or too long.")
class KeyRefused(Refusal):
    pass
