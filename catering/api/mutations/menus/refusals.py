"""Why menus say no, as GraphQL shows it."""

import strawberry

from catering.api.refusals import Refusal, shows
from catering.menus import refusals


@shows(refusals.UnknownKitchen)
@strawberry.type(description="There is no such kitchen that you cook for.")
class UnknownMenuKitchen(Refusal):
    pass


@shows(refusals.NoMenu)
@strawberry.type(description="The kitchen serves nothing on that day.")
class NoMenu(Refusal):
    pass


@shows(refusals.InvalidMenu)
@strawberry.type(description="A dish of another component, twice the same, too many, or covers that cannot be.")
class InvalidMenu(Refusal):
    pass


@shows(refusals.RegisterClosed)
@strawberry.type(description="The menu is older than the register is kept.")
class RegisterClosed(Refusal):
    pass
