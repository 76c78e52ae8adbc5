"""Business refusals as GraphQL types: one named type per reason, a French message that says what to do."""

from typing import TypeVar

import strawberry

from catering.api.once import KeyRefusedError
from catering.planning import refusals

MESSAGE = "What is wrong and what to do, in French."


@strawberry.interface(description="Why a request is not met; the type names the reason and never changes.")
class Refusal:
    message: str = strawberry.field(description=MESSAGE)


@strawberry.type(description="The database describes no such school year.")
class UnknownSchoolYear(Refusal):
    pass


@strawberry.type(description="Some UAI name no kitchen you may plan.")
class UnknownKitchens(Refusal):
    pass


@strawberry.type(description="More kitchens or weeks are asked for than there are.")
class TooMany(Refusal):
    pass


@strawberry.type(description="A kitchen serves on no day of the scenario.")
class NothingToServe(Refusal):
    pass


@strawberry.type(description="What every meal takes (bread) is not among the ingredients: the data are not loaded.")
class UnknownStaple(Refusal):
    pass


@strawberry.type(description="The scenario cannot be read: a number out of bounds, or two ways of choosing kitchens.")
class InvalidScenario(Refusal):
    pass


@strawberry.type(description="Your role may not do this.")
class NotAllowed(Refusal):
    pass


@strawberry.type(description="There is no such run that you may read.")
class UnknownRun(Refusal):
    pass


@strawberry.type(description="Only a run that made a plan can be published.")
class NotPublishable(Refusal):
    pass


@strawberry.type(description="The idempotency key was used for another request, or is too short or too long.")
class KeyRefused(Refusal):
    pass


class InvalidScenarioError(Exception):
    """The scenario asked for cannot be read; the message says how to mend it, in French."""


SHOWN: dict[type[Exception], type[Refusal]] = {
    refusals.UnknownSchoolYear: UnknownSchoolYear,
    refusals.UnknownKitchens: UnknownKitchens,
    refusals.TooMany: TooMany,
    refusals.NothingToServe: NothingToServe,
    refusals.UnknownStaple: UnknownStaple,
    refusals.NotAllowed: NotAllowed,
    refusals.UnknownRun: UnknownRun,
    refusals.NotPublishable: NotPublishable,
    InvalidScenarioError: InvalidScenario,
    KeyRefusedError: KeyRefused,
}
"""The GraphQL type of each refusal."""
REFUSALS = tuple(SHOWN)
"""What a mutation catches: anything else is a fault."""

AnyRefusal = TypeVar("AnyRefusal", bound=Refusal)


def show_refusal(refusal: Exception) -> Refusal:
    """A refusal as GraphQL shows it."""
    return SHOWN[type(refusal)](message=str(refusal))
