"""Why attendance says no, as GraphQL shows it."""

import strawberry

from catering.api.refusals import Refusal, shows
from catering.attendance import refusals


@shows(refusals.InvalidAttendanceEvent)
@strawberry.type(description="An event cannot be: days past or without service, no difference, no such number.")
class InvalidAttendanceEvent(Refusal):
    pass
