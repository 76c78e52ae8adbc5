"""Why the ledger says no, as GraphQL shows it."""

from typing import Self

import strawberry

from catering.api.mutations.market.refusals import MOST_FAULTS
from catering.api.refusals import Refusal, shows
from catering.purchases import refusals
from catering.refusal import Refusal as Reason


@strawberry.type(description="One fault of a file of purchases, and how to mend it.")
class PurchaseFault:
    line: int = strawberry.field(description="Of the file, its header being line 1.")
    column: str = strawberry.field(description="Name of the column; empty for the whole line.")
    cell: str = strawberry.field(description="What was read there.")
    rule: strawberry.ID = strawberry.field(description="What is not kept to, e.g. `ACH-12` (docs/handbook/egalim.md).")
    message: str = strawberry.field(description="What is wrong, in French.")
    repair: str = strawberry.field(description="What to write instead, in French.")


@shows(refusals.PurchasesRefused)
@strawberry.type(description="Some lines cannot be purchases; nothing of the file was kept.")
class PurchasesRefused(Refusal):
    faults_count: int = strawberry.field(description="How many faults there are in all.")
    faults: list[PurchaseFault] = strawberry.field(description="The first 200, in order of line and column.")
    faults_table: str = strawberry.field(description="Where all of them are fetched as CSV (HTTP GET, same identity).")

    @classmethod
    def told(cls, reason: Reason) -> Self:
        """With as many faults as an answer holds, and where all of them are."""
        assert isinstance(reason, refusals.PurchasesRefused)
        faults = [
            PurchaseFault(
                line=each.line,
                column=each.column,
                cell=each.value,
                rule=strawberry.ID(each.rule),
                message=each.message,
                repair=each.repair,
            )
            for each in reason.faults[:MOST_FAULTS]
        ]
        count, table = len(reason.faults), reason.table
        return cls(message=str(reason), faults_count=count, faults=faults, faults_table=table)


@shows(refusals.UnknownFile)
@strawberry.type(description="The document is no table that you sent.")
class UnknownFile(Refusal):
    pass


@shows(refusals.NotWithdrawn)
@strawberry.type(description="The import is not yours, or not only yours, or no reason is told.")
class NotWithdrawn(Refusal):
    pass


@shows(refusals.NoPurchase)
@strawberry.type(description="There is no purchase in the file.")
class NoPurchase(Refusal):
    pass


@shows(refusals.CanteenRefused)
@strawberry.type(description="The kitchen is not yours, or the SIRET or the number cannot be its own.")
class CanteenRefused(Refusal):
    pass


@shows(refusals.PatRefused)
@strawberry.type(description="The supplier cannot be told to be under the project, on those days.")
class PatRefused(Refusal):
    pass


@shows(refusals.ReasonRefused)
@strawberry.type(description="There is no such purchase of yours, or the reason says nothing.")
class ReasonRefused(Refusal):
    pass
