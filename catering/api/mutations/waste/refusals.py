"""Why waste says no, as GraphQL shows it."""

from decimal import Decimal
from typing import Self

import strawberry

from catering import refusal
from catering.api.refusals import Refusal, shows
from catering.graph.shown import shown
from catering.waste import refusals


@shows(refusals.UnknownKitchen)
@strawberry.type(description="You act for no kitchen of this UAI.")
class UnknownKitchen(Refusal):
    pass


@shows(refusals.InvalidWeighing)
@strawberry.type(description="A weighing cannot be: masses, tare, day, or words that contradict each other.")
class InvalidWeighing(Refusal):
    pass


@shows(refusals.ConfirmationNeeded)
@strawberry.type(description="More per cover than is usual: send it again with `confirmed: true` when it is right.")
class ConfirmationNeeded(Refusal):
    grams_per_cover: Decimal = strawberry.field(description="What the day would come to.")
    limit: Decimal = strawberry.field(description="Above which is asked.")

    @classmethod
    def told(cls, reason: refusal.Refusal) -> Self:
        """With both figures."""
        assert isinstance(reason, refusals.ConfirmationNeeded), "registered for this reason"
        return cls(message=str(reason), grams_per_cover=reason.per_cover, limit=reason.limit)


@shows(refusals.UnusualCovers)
@strawberry.type(description="Far more covers than the calendar has: send them again with `confirmed: true`.")
class UnusualCovers(Refusal):
    covers: int = strawberry.field(description="As sent.")
    usual: int = strawberry.field(description="Of the calendar.")
    limit: int = strawberry.field(description="Above which is asked.")

    @classmethod
    def told(cls, reason: refusal.Refusal) -> Self:
        """With its figures."""
        assert isinstance(reason, refusals.UnusualCovers), "registered for this reason"
        return cls(message=str(reason), covers=reason.covers, usual=reason.usual, limit=reason.limit)


@shows(refusals.MoreThanServed)
@strawberry.type(
    description="More of a dish on plates than was served: send it again with `confirmed: true` when it is right."
)
class MoreThanServed(Refusal):
    pass


@shows(refusals.EntryKeyUsed)
@strawberry.type(description="The key of an entry was used for another one.")
class EntryKeyUsed(Refusal):
    pass


@shows(refusals.UnknownWeighing)
@strawberry.type(description="No weighing of this number in your kitchens.")
class UnknownWeighing(Refusal):
    pass


@shows(refusals.AlreadyTakenBack)
@strawberry.type(description="An opposite row takes the weighing back already.")
class AlreadyTakenBack(Refusal):
    pass


@shows(refusals.InvalidCovers)
@strawberry.type(description="Covers cannot be: negative, more served than prepared, or out of the calendar.")
class InvalidCovers(Refusal):
    pass


@shows(refusals.InvalidCampaign)
@strawberry.type(description="A campaign is too short for its protocol, out of the calendar, or unknown.")
class InvalidCampaign(Refusal):
    pass


@shows(refusals.CampaignOverlaps)
@strawberry.type(description="Another campaign has one of these days.")
class CampaignOverlaps(Refusal):
    pass


@shows(refusals.InvalidDiagnostic)
@strawberry.type(description="A diagnostic cannot be kept: an empty text, or a date that contradicts a status.")
class InvalidDiagnostic(Refusal):
    pass


@shows(refusals.DiagnosticMoved)
@strawberry.type(description="Somebody has written another version since.")
class DiagnosticMoved(Refusal):
    pass


@shows(refusals.InvalidStatement)
@strawberry.type(description="What a kitchen states, an agreement or a collection cannot be.")
class InvalidStatement(Refusal):
    pass


@strawberry.type(description="One field that cannot be kept, and how to mend it.")
class FieldFault:
    column: str = strawberry.field(description="Name of the field of the input.")
    message: str = strawberry.field(description="What is wrong, in French.")
    repair: str = strawberry.field(description="What to write instead, in French.")


@shows(refusals.InvalidEstablishment)
@strawberry.type(description="An establishment cannot be registered so; nothing of it was kept.")
class InvalidEstablishment(Refusal):
    faults: list[FieldFault] = strawberry.field(description="All that is wrong, one per field.")

    @classmethod
    def told(cls, reason: refusal.Refusal) -> Self:
        """Field by field."""
        assert isinstance(reason, refusals.InvalidEstablishment), "registered for this reason"
        faults = [shown(FieldFault, each) for each in reason.faults]
        return cls(message=str(reason), faults=faults)


@shows(refusals.InvalidLesson)
@strawberry.type(description="No lesson: a period that cannot be, or nothing weighed in it that teaches anything.")
class InvalidLesson(Refusal):
    pass


@shows(refusals.UnknownLesson)
@strawberry.type(description="No lesson from weighings has this number.")
class UnknownLesson(Refusal):
    pass


@shows(refusals.InvalidPortion)
@strawberry.type(description="A portion cannot be: out of its grammage, a step too far, in the past, or unknown.")
class InvalidPortion(Refusal):
    pass
