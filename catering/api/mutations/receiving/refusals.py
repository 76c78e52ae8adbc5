"""Why receiving says no, as GraphQL shows it."""

from typing import Self

import strawberry

from catering.api.refusals import Refusal, shows
from catering.receiving import refusals
from catering.refusal import Refusal as Reason


@shows(refusals.NotReceivable)
@strawberry.type(description="The order is cancelled, refused, or waits for an answer: there is nothing to receive.")
class NotReceivable(Refusal):
    pass


@shows(refusals.InvalidReception)
@strawberry.type(description="A line cannot be read: a quantity out of bounds, or a decision that contradicts it.")
class InvalidReception(Refusal):
    pass


@shows(refusals.AlreadyReceived)
@strawberry.type(description="Somebody has checked in packs of the line that this tablet did not know of.")
class AlreadyReceived(Refusal):
    pass


@shows(refusals.MoreThanOrdered)
@strawberry.type(description="More packs are accepted than were ordered.")
class MoreThanOrdered(Refusal):
    pass


@shows(refusals.BeyondContract)
@strawberry.type(description="What is accepted weighs more than the contract or award has left.")
class BeyondContract(Refusal):
    pass


@shows(refusals.MustBeRefused)
@strawberry.type(description="Too warm beyond what the site tolerates, or past its DLC: only a refusal is possible.")
class MustBeRefused(Refusal):
    pass


@shows(refusals.ReserveNeeded)
@strawberry.type(description="The line may only be accepted with a reserve, or be refused.")
class ReserveNeeded(Refusal):
    pass


@shows(refusals.TemperatureNotMeasured)
@strawberry.type(description="The product has a temperature limit and nobody measured.")
class TemperatureNotMeasured(Refusal):
    pass


@shows(refusals.UseByNotRead)
@strawberry.type(description="The product is sold with a use-by date and nobody noted it as one.")
class UseByNotRead(Refusal):
    pass


@shows(refusals.UnknownReceptionLine)
@strawberry.type(description="There is no such line that you may correct; it may still wait on a tablet.")
class UnknownReceptionLine(Refusal):
    pass


@shows(refusals.AlreadyCorrected)
@strawberry.type(description="The line was replaced by another one since.")
class AlreadyCorrected(Refusal):
    pass


@shows(refusals.NotEnoughStock)
@strawberry.type(description="A lot or an ingredient has less than is asked for.")
class NotEnoughStock(Refusal):
    pass


@shows(refusals.UnknownLot)
@strawberry.type(description="There is no such lot in a kitchen of yours.")
class UnknownLot(Refusal):
    pass


@shows(refusals.ExpiredLot)
@strawberry.type(description="The lot is past its DLC on that day: it is never served.")
class ExpiredLot(Refusal):
    pass


@shows(refusals.InvalidMove)
@strawberry.type(description="A quantity, a date or a reason that cannot be.")
class InvalidMove(Refusal):
    pass


@shows(refusals.UnknownPlace)
@strawberry.type(description="There is no such kitchen that you act for.")
class UnknownPlace(Refusal):
    pass


@shows(refusals.UnknownCredit)
@strawberry.type(description="There is no such request for a credit that you may read.")
class UnknownCredit(Refusal):
    pass


@shows(refusals.CreditAnswered)
@strawberry.type(description="The request has its answer already.")
class CreditAnswered(Refusal):
    pass


@shows(refusals.NothingToInvoice)
@strawberry.type(description="Everything accepted of these orders is invoiced, or nothing was accepted yet.")
class NothingToInvoice(Refusal):
    pass


@shows(refusals.InvoiceNumberTaken)
@strawberry.type(description="The supplier has used this number already.")
class InvoiceNumberTaken(Refusal):
    pass


@shows(refusals.InvoiceAlreadyEntered)
@strawberry.type(description="The same goods are billed by an invoice that stands under another number.")
class InvoiceAlreadyEntered(Refusal):
    number: str = strawberry.field(description="Of the invoice that stands.")

    @classmethod
    def told(cls, reason: Reason) -> Self:
        """The refusal with the invoice that stands."""
        assert isinstance(reason, refusals.InvoiceAlreadyEntered)
        return cls(message=str(reason), number=reason.number)


@shows(refusals.InvalidInvoice)
@strawberry.type(description="An invoice that cannot be read: no line, a date to come, orders of several kitchens.")
class InvalidInvoice(Refusal):
    pass


@shows(refusals.UnknownInvoice)
@strawberry.type(description="There is no such invoice that you may read.")
class UnknownInvoice(Refusal):
    pass


@shows(refusals.NotApprovable)
@strawberry.type(description="Only an invoice that agrees with orders and receptions is good for payment.")
class NotApprovable(Refusal):
    pass


@shows(refusals.NotRejectable)
@strawberry.type(description="An invoice that is approved, or rejected already, stays as it is.")
class NotRejectable(Refusal):
    pass
