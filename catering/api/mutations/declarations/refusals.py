"""Why a year is not declared, as GraphQL shows it."""

from typing import Self

import strawberry

from catering.api.refusals import Refusal, shows
from catering.declarations import refusals
from catering.declarations.graph.file import DeclarationCheck, show_checks
from catering.refusal import Refusal as Reason


@shows(refusals.UnknownDeclarant)
@strawberry.type(description="The kitchen is not one for which you sign.")
class UnknownDeclarant(Refusal):
    pass


@shows(refusals.NotDeclarable)
@strawberry.type(description="The year cannot be declared as it stands.")
class NotDeclarable(Refusal):
    checks: list[DeclarationCheck] = strawberry.field(description="Each thing to do first.")

    @classmethod
    def told(cls, reason: Reason) -> Self:
        """With every point that blocks."""
        assert isinstance(reason, refusals.NotDeclarable)
        return cls(message=str(reason), checks=show_checks(reason.checks))


@shows(refusals.NotAcknowledged)
@strawberry.type(description="Points of the check list are open; cure them, or give their ids as `acknowledged`.")
class NotAcknowledged(Refusal):
    checks: list[DeclarationCheck] = strawberry.field(description="Each point that was not acknowledged.")

    @classmethod
    def told(cls, reason: Reason) -> Self:
        """With every point that was not acknowledged."""
        assert isinstance(reason, refusals.NotAcknowledged)
        return cls(message=str(reason), checks=show_checks(reason.checks))


@shows(refusals.DeclarationMoved)
@strawberry.type(description="Somebody declared another version meanwhile.")
class DeclarationMoved(Refusal):
    version: int = strawberry.field(description="The last version declared.")

    @classmethod
    def told(cls, reason: Reason) -> Self:
        """With the version to read."""
        assert isinstance(reason, refusals.DeclarationMoved)
        return cls(message=str(reason), version=reason.version)


@shows(refusals.NothingChanged)
@strawberry.type(description="The figures are those that were declared: there is nothing to correct.")
class NothingChanged(Refusal):
    pass


@shows(refusals.InvalidDeclaration)
@strawberry.type(description="A text, a SIRET or a list cannot be; the message says what to write.")
class InvalidDeclaration(Refusal):
    pass


@shows(refusals.InvalidEssentialData)
@strawberry.type(description="A datum cannot be stated so; the message says what to write.")
class InvalidEssentialData(Refusal):
    pass
