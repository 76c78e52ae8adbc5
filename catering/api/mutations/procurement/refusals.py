"""Why procurement says no, as GraphQL shows it."""

import strawberry

from catering.api.refusals import Refusal, shows
from catering.procurement import refusals


@shows(refusals.UnknownBuyer)
@strawberry.type(description="Some UAI name no collège you buy for.")
class UnknownBuyer(Refusal):
    pass


@shows(refusals.UnknownGoods)
@strawberry.type(description="An ingredient, an offer or a supplier that is not on the market.")
class UnknownGoods(Refusal):
    pass


@shows(refusals.UnknownConsultation)
@strawberry.type(description="There is no such consultation that you may read.")
class UnknownConsultation(Refusal):
    pass


@shows(refusals.UnknownTender)
@strawberry.type(description="No offer of this number is compared in the consultation.")
class UnknownTender(Refusal):
    pass


@shows(refusals.UnknownConsultationLot)
@strawberry.type(description="The consultation has no lot of this number.")
class UnknownConsultationLot(Refusal):
    pass


@shows(refusals.UnknownQuestion)
@strawberry.type(description="No question of this number waits for an answer.")
class UnknownQuestion(Refusal):
    pass


@shows(refusals.InvalidConsultation)
@strawberry.type(description="The need cannot be put that way; the message says what to change.")
class InvalidConsultation(Refusal):
    pass


@shows(refusals.InvalidTender)
@strawberry.type(description="The offer does not answer the consultation; the message says what to change.")
class InvalidTender(Refusal):
    pass


@shows(refusals.InvalidContract)
@strawberry.type(description="The law does not allow the contract, or it contradicts itself.")
class InvalidContract(Refusal):
    pass


@shows(refusals.UnknownContract)
@strawberry.type(description="There is no such contract that you may read.")
class UnknownContract(Refusal):
    pass


@shows(refusals.ContractOver)
@strawberry.type(description="The contract has ended or was terminated: nothing of it changes any more.")
class ContractOver(Refusal):
    pass


@shows(refusals.InvalidChange)
@strawberry.type(description="The contract cannot be changed that way; the message says what to change.")
class InvalidChange(Refusal):
    pass


@shows(refusals.BelowOrdered)
@strawberry.type(description="More is ordered already than the new maximum.")
class BelowOrdered(Refusal):
    pass


@shows(refusals.InvalidIndexValues)
@strawberry.type(description="Some values cannot be read: all are named, nothing is written.")
class InvalidIndexValues(Refusal):
    pass


@shows(refusals.GeographicCondition)
@strawberry.type(description="A place or a distance is stated as a criterion or a condition (CCP-01).")
class GeographicCondition(Refusal):
    pass


@shows(refusals.CriterionNotAllowed)
@strawberry.type(description="A criterion outside the list of those that may be used (CCP-03).")
class CriterionNotAllowed(Refusal):
    pass


@shows(refusals.AboveThreshold)
@strawberry.type(description="With this the need reaches a threshold from which competition is due.")
class AboveThreshold(Refusal):
    pass


@shows(refusals.BeyondMaximum)
@strawberry.type(description="The contract has less left than is ordered.")
class BeyondMaximum(Refusal):
    pass


@shows(refusals.BeyondAward)
@strawberry.type(description="The award has less left than is ordered.")
class BeyondAward(Refusal):
    pass


@shows(refusals.WrongStage)
@strawberry.type(description="The consultation is not at the stage at which this can be done.")
class WrongStage(Refusal):
    pass


@shows(refusals.DeadlinePassed)
@strawberry.type(description="The deadline has passed by the clock of the database.")
class DeadlinePassed(Refusal):
    pass


@shows(refusals.StillSealed)
@strawberry.type(description="Offers stay sealed until the deadline.")
class StillSealed(Refusal):
    pass


@shows(refusals.AlreadyDecided)
@strawberry.type(description="The consultation has been awarded or closed.")
class AlreadyDecided(Refusal):
    pass


@shows(refusals.NotTheBest)
@strawberry.type(description="The published criteria rank another offer first.")
class NotTheBest(Refusal):
    pass


@shows(refusals.PlaceNotDenied)
@strawberry.type(description="The question states a place, and the answer lets it stand as a condition (CCP-01).")
class PlaceNotDenied(Refusal):
    pass


@shows(refusals.NobodyWithin)
@strawberry.type(description="The perimeter of the sending reaches no supplier, although others sell what is wanted.")
class NobodyWithin(Refusal):
    pass


@shows(refusals.UnfoundedGround)
@strawberry.type(description="The ground for leaving an offer out does not hold for this one.")
class UnfoundedGround(Refusal):
    pass


@shows(refusals.ReasonMissing)
@strawberry.type(description="A decision needs a written reason.")
class ReasonMissing(Refusal):
    pass
