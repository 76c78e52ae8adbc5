"""Why menus say no, as GraphQL shows it."""

from typing import Self

import strawberry

from catering.api.mutations.market.refusals import MOST_FAULTS, LineFault
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


@shows(refusals.InvalidProteinPlan)
@strawberry.type(description="A first day after the last one, or a plan of more than ten years.")
class InvalidProteinPlan(Refusal):
    pass


@shows(Reason)
@strawberry.type(description="Some lines of the file cannot be menus; nothing of it was kept.")
class MenusRefused(Refusal):
    faults_count: int = strawberry.field(description="How many faults there are in all.")
    faults: list[LineFault] = strawberry.field(description="The first 200, in order.")
    faults_table: str | None = strawberry.field(
        description="Where all its faults are fetched as CSV (HTTP GET, same identity)."
    )

    @classmethod
    def told(cls, reason: AnyReason) -> Self:
        """With as many lines at fault as an answer holds, how many there are, and where the others are."""
        assert isinstance(reason, Reason)
        faults = [
            LineFault(line=each.line, column=each.column, cell=each.value, message=each.message, repair=each.repair)
            for each in reason.faults[:MOST_FAULTS]
        ]
        return cls(message=str(reason), faults_count=len(reason.faults), faults=faults, faults_table=reason.table)
