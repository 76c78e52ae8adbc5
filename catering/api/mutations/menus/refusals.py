"""Why menus say no, as GraphQL shows it."""

from typing import Self

import strawberry

from catering.api.mutations.market.refusals import LineFault
from catering.api.refusals import Refusal, shows
from catering.menus import refusals
from catering.menus.files.lines import MenusRefused as Reason
from catering.refusal import Refusal as AnyReason


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


@shows(Reason)
@strawberry.type(description="Some lines of the file cannot be menus; nothing of it was kept.")
class MenusRefused(Refusal):
    faults: list[LineFault] = strawberry.field(description="Every fault of every line, in order.")

    @classmethod
    def told(cls, reason: AnyReason) -> Self:
        """With every line at fault."""
        assert isinstance(reason, Reason)
        faults = [
            LineFault(line=each.line, column=each.column, cell=each.value, message=each.message, repair=each.repair)
            for each in reason.faults
        ]
        return cls(message=str(reason), faults=faults)
