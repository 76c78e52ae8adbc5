"""Why planning says no, as GraphQL shows it."""

import strawberry

from catering.api.refusals import Refusal, shows
from catering.planning import refusals
from catering.refusal import Refusal as Reason


class InvalidScenarioError(Reason):
    """The scenario asked for cannot be read; the message says how to mend it, in French."""


@shows(refusals.BadAim)
@strawberry.type(description="A weight, a floor or a budget is out of its bounds.")
class BadAim(Refusal):
    pass


@shows(refusals.BadDates)
@strawberry.type(description="The days to plan are not days of the school year, or end before they begin.")
class BadDates(Refusal):
    pass


@shows(refusals.UnknownSchoolYear)
@strawberry.type(description="The database describes no such school year.")
class UnknownSchoolYear(Refusal):
    pass


@shows(refusals.UnknownKitchens)
@strawberry.type(description="Some UAI name no kitchen you may plan.")
class UnknownKitchens(Refusal):
    pass


@shows(refusals.TooMany)
@strawberry.type(description="More kitchens or weeks are asked for than there are.")
class TooMany(Refusal):
    pass


@shows(refusals.NothingToServe)
@strawberry.type(description="A kitchen serves on no day of the scenario.")
class NothingToServe(Refusal):
    pass


@shows(refusals.UnknownStaple)
@strawberry.type(description="What every meal takes (bread) is not among the ingredients: the data are not loaded.")
class UnknownStaple(Refusal):
    pass


@shows(InvalidScenarioError)
@strawberry.type(description="The scenario cannot be read: a number out of bounds, or two ways of choosing kitchens.")
class InvalidScenario(Refusal):
    pass


@shows(refusals.UnknownRun)
@strawberry.type(description="There is no such run that you may read.")
class UnknownRun(Refusal):
    pass


@shows(refusals.NotPublishable)
@strawberry.type(description="Only a run that made a plan can be published.")
class NotPublishable(Refusal):
    pass


@shows(refusals.PlanMoved)
@strawberry.type(description="Another dish, or another plan, is there by now: read the week again.")
class PlanMoved(Refusal):
    pass


@shows(refusals.WeekLocked)
@strawberry.type(description="The week has begun, or something of it is ordered.")
class WeekLocked(Refusal):
    pass


@shows(refusals.CannotSwap)
@strawberry.type(description="The dish cannot be there: component, season, or it cannot be bought.")
class CannotSwap(Refusal):
    pass


@shows(refusals.BadSupposition)
@strawberry.type(description="What is supposed names nothing that is there, or a number is out of its bounds.")
class BadSupposition(Refusal):
    pass
