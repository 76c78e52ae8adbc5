"""Why people are told no, as GraphQL shows it."""

import strawberry

from catering.api.refusals import Refusal, shows
from catering.people import refusals


@shows(refusals.BadName)
@strawberry.type(description="A name holds what cannot be seen or imitates other letters, or is too long or too short.")
class BadName(Refusal):
    pass


@shows(refusals.BadEmail)
@strawberry.type(description="This is no e-mail address, or it imitates another.")
class BadEmail(Refusal):
    pass


@shows(refusals.EmailTaken)
@strawberry.type(description="There is an account of this address already.")
class EmailTaken(Refusal):
    pass


@shows(refusals.UnknownAccount)
@strawberry.type(description="There is no account of this number that you may read.")
class UnknownAccount(Refusal):
    pass


@shows(refusals.OwnAccount)
@strawberry.type(description="Nobody locks their own account.")
class OwnAccountRefused(Refusal):
    pass


@shows(refusals.WrongRole)
@strawberry.type(description="Kitchens go to accounts that buy, suppliers to accounts that sell.")
class WrongRole(Refusal):
    pass


@shows(refusals.UnknownPlaces)
@strawberry.type(description="Some UAI name no kitchen, or some ids name no supplier.")
class UnknownPlaces(Refusal):
    pass


@shows(refusals.BadToken)
@strawberry.type(description="A token must allow something and end within a year.")
class BadToken(Refusal):
    pass


@shows(refusals.UnknownCredential)
@strawberry.type(description="You have no token or passkey of this number.")
class UnknownCredential(Refusal):
    pass


@shows(refusals.UnknownNotice)
@strawberry.type(description="No page names a notice so.")
class UnknownNotice(Refusal):
    pass
