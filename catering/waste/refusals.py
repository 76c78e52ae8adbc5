"""Why the room says no: each class is one reason, its message says in French what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from catering import refusal
from catering.figures import number
from catering.refusal import Refusal
from catering.waste.rules.figures import DishDoubt, Doubt, TooMany


class NotAllowed(refusal.NotAllowed):
    """Only who cooks for the kitchen weighs, counts and writes its diagnostic."""

    def __init__(self) -> None:
        super().__init__("Seuls le chef et le gestionnaire de la cuisine notent ses pesées et écrivent son diagnostic.")


class MayNotRegister(refusal.NotAllowed):
    """Only the administration of the Département registers establishments."""

    def __init__(self) -> None:
        super().__init__("Seule l'administration du Département inscrit un établissement. Le lui demander.")


class UnknownKitchen(Refusal):
    """No kitchen of this UAI that the viewer may act for."""

    def __init__(self, uai: str) -> None:
        super().__init__(
            f"Vous n'agissez pour aucune cuisine connue par {uai}. Vérifier son UAI (ex. 0620004T) ou son FINESS."
        )


class InvalidWeighing(Refusal):
    """A weighing that cannot be: masses, tare, day, words that contradict each other."""


class ConfirmationNeeded(Refusal):
    """More per cover than is usual: right, or a slip. Both figures are kept once it is confirmed."""

    def __init__(self, what: str, doubt: Doubt) -> None:
        super().__init__(
            f"{what} : la journée passerait à {number(doubt.per_cover)} g comestibles par couvert "
            f"({doubt.covers} couverts), au-delà de {doubt.limit} g. Vérifier poids, tare et couverts ; "
            "si c'est juste, renvoyer avec confirmed: true."
        )
        self.per_cover = doubt.per_cover
        self.limit = doubt.limit


class MoreThanServed(InvalidWeighing):
    """More of a dish on plates than was served of it: a slip, or another dish among it."""

    def __init__(self, key: str, dish: str, doubt: DishDoubt) -> None:
        super().__init__(
            f"Pesée « {key} » : {doubt.edible_g} g comestibles de « {dish} » dans les assiettes, alors que "
            f"{doubt.covers} couverts en ont reçu {doubt.served_g} g en tout. Vérifier poids, tare, plat et couverts ; "
            "si c'est juste (autre chose dans le bac), renvoyer avec confirmed: true : la pesée compte, le plat n'en "
            "apprend rien."
        )


class UnusualCovers(Refusal):
    """Far more covers than the calendar has for the day: right, or a slip. Both figures are kept once confirmed."""

    def __init__(self, day: date, found: TooMany) -> None:
        super().__init__(
            f"Le {day:%d/%m/%Y} : {found.covers} couverts, alors que le calendrier en a {found.usual} (au-delà de "
            f"{found.limit}, une faute de frappe est plus probable). Vérifier ; si c'est juste, renvoyer avec "
            "confirmed: true."
        )
        self.covers, self.usual, self.limit = found.covers, found.usual, found.limit


class EntryKeyUsed(Refusal):
    """The same key was sent before with something else on the scale."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"La clé de pesée « {key} » a déjà servi à une autre pesée de cette cuisine. "
            "Corriger l'ancienne (correctWeighing), ou donner une nouvelle clé."
        )


class UnknownWeighing(Refusal):
    """No weighing of this number in a kitchen of the viewer."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Aucune pesée n'a le numéro {number} dans vos cuisines. Reprendre celui de la liste.")


class AlreadyTakenBack(Refusal):
    """An opposite row takes the weighing back already."""

    def __init__(self, number: int) -> None:
        super().__init__(f"La pesée {number} est déjà annulée : relire la liste et corriger celle qui la remplace.")


class InvalidCovers(Refusal):
    """Covers that cannot be: negative, more served than prepared, out of the calendar."""


class InvalidCampaign(Refusal):
    """Too short for its protocol, or out of the calendar."""


class CampaignOverlaps(Refusal):
    """Another campaign of the kitchen has one of these days."""

    def __init__(self, first: date, last: date) -> None:
        super().__init__(
            f"La campagne du {first:%d/%m/%Y} au {last:%d/%m/%Y} couvre déjà une partie de ces jours. "
            "Choisir d'autres dates : ma-cantine refuse deux périodes qui se recouvrent."
        )


class InvalidDiagnostic(Refusal):
    """A diagnostic that cannot be read: an empty text, a date that contradicts a status."""


class DiagnosticMoved(Refusal):
    """Somebody has written another version since."""

    def __init__(self, version: int) -> None:
        super().__init__(f"La version {version} a été écrite entre-temps : la relire, puis renvoyer depuis elle.")


class InvalidStatement(Refusal):
    """What a kitchen states of itself, of an agreement or of a collection cannot be."""


@dataclass(frozen=True, slots=True)
class FieldFault:
    """What is wrong with one field, named as the API names it, and how to mend it."""

    column: str
    message: str
    repair: str

    def __str__(self) -> str:
        return f"{self.message} : {self.repair}."


class InvalidEstablishment(InvalidStatement):
    """An establishment of care cannot be registered so: ``faults`` are all that is wrong, one per field at most."""

    def __init__(self, faults: Sequence[FieldFault]) -> None:
        super().__init__(" ".join(map(str, faults)))
        self.faults = tuple(faults)


class NotForAllKitchens(refusal.NotAllowed):
    """Lessons and portions are for all kitchens: nutrition and the Département decide them."""

    def __init__(self) -> None:
        super().__init__("Seuls la nutrition et l'administration du Département apprennent et décident pour tous.")


class InvalidLesson(Refusal):
    """A period that cannot be, or in which nothing was weighed that teaches anything."""


class UnknownLesson(Refusal):
    """No lesson of this number."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Aucun bilan de pesées n'a le numéro {number}. Reprendre celui de la liste.")


class InvalidPortion(Refusal):
    """A portion that cannot be decided: out of its grammage, in the past, or of a dish not weighed enough."""
