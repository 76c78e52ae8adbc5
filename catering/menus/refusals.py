"""Why the menus say no: each class is one reason, its message says in French what to do."""

from datetime import date

from catering import refusal
from catering.refusal import Refusal


class NotAllowed(refusal.NotAllowed):
    """Only who cooks for the kitchen changes its menus."""

    def __init__(self) -> None:
        super().__init__("Seuls le chef et le gestionnaire de la cuisine changent ses menus.")


class NotAllowedToSign(refusal.NotAllowed):
    """Only who signs for the kitchen tells of its plan to diversify proteins."""

    def __init__(self) -> None:
        super().__init__(
            "Le plan est enregistré par le gestionnaire du collège, le service nutrition ou l'administration du "
            "Département."
        )


class InvalidProteinPlan(Refusal):
    """Days that cannot be those of a plan."""

    def __init__(self) -> None:
        super().__init__(
            "Dates du plan invraisemblables : donner le jour de son adoption, puis son dernier jour, dix ans après au "
            "plus."
        )


class UnknownKitchen(Refusal):
    """There is no such kitchen that the viewer may read."""

    def __init__(self, uai: str) -> None:
        super().__init__(f"Aucune cuisine {uai} ne vous est lisible : reprendre l'UAI de la liste des cuisines.")


class NoMenu(Refusal):
    """The kitchen serves nothing on that day."""

    def __init__(self, uai: str, day: date) -> None:
        super().__init__(
            f"La cuisine {uai} n'a pas de menu le {day:%d/%m/%Y} : choisir un jour de service du plan publié."
        )


class InvalidMenu(Refusal):
    """A choice that cannot be: a dish of another component, twice the same, too many, covers below zero."""


class RegisterClosed(Refusal):
    """The menu is older than the register is kept: it is not changed any more."""

    def __init__(self, day: date, months: int) -> None:
        super().__init__(
            f"Le menu du {day:%d/%m/%Y} a plus de {months} mois : le registre des menus servis ne change plus."
        )
