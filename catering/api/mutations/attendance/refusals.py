"""Why attendance says no, as GraphQL shows it."""

import strawberry

from catering.api.refusals import Refusal, shows
from catering.attendance import refusals


@shows(refusals.EventConfirmationNeeded)
@strawberry.type(
    description="Announced before, many guests, or covers noted already: send it again with `confirmed: true`."
)
class EventConfirmationNeeded(Refusal):
    pass


@shows(refusals.InvalidAttendanceEvent)
@strawberry.type(description="An event cannot be: days past or without service, no difference, no such number.")
class InvalidAttendanceEvent(Refusal):
    pass
