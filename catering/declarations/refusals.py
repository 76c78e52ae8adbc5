"""Why a year is not declared: each class is one reason, its message says in French what to do."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from catering import refusal
from catering.refusal import Refusal

if TYPE_CHECKING:
    from catering.declarations.checks import Check
    from catering.declarations.essential_data import Said


class MayNotDeclare(refusal.NotAllowed):
    """A year is declared by who signs for it."""

    def __init__(self) -> None:
        super().__init__(
            "Une année est déclarée par le gestionnaire du collège, la responsable nutrition ou l'administration du "
            "Département. Leur demander."
        )


class UnknownDeclarant(Refusal):
    """The kitchen is not one for which the viewer signs."""

    def __init__(self, uai: str) -> None:
        super().__init__(f"Aucun de vos collèges n'a l'UAI {uai}. Choisir l'un des vôtres.")


class NotDeclarable(Refusal):
    """The year cannot be declared as it stands; ``checks`` names each thing to do first."""

    def __init__(self, checks: "Sequence[Check]") -> None:
        self.checks = tuple(checks)
        told = "\n".join(f"{each.id} : {each.message} → {each.repair}" for each in self.checks)
        super().__init__(f"À faire avant de déclarer :\n{told}")


class NotAcknowledged(Refusal):
    """Points of the check list are open and who declares did not say that they read them."""

    def __init__(self, checks: "Sequence[Check]") -> None:
        self.checks = tuple(checks)
        told = "\n".join(f"{each.id} : {each.message} → {each.repair}" for each in self.checks)
        super().__init__(f"À corriger, ou à reconnaître par acknowledged avant de déclarer :\n{told}")


class DeclarationMoved(Refusal):
    """Somebody declared another version meanwhile."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__(
            f"La dernière version déclarée est la {version}. La relire, puis recommencer avec baseVersion {version}."
        )


class NothingChanged(Refusal):
    """The figures are those that were declared."""

    def __init__(self, version: int) -> None:
        super().__init__(f"Les chiffres sont ceux de la version {version} : il n'y a rien à corriger.")


class InvalidDeclaration(Refusal):
    """A text or a list that cannot be; the message says what to write."""


class InvalidEssentialData(Refusal):
    """A datum of a contract that its buyer cannot state so; the message says what to write."""


class IncompleteRecord(Refusal):
    """The essential data of a contract lack some that the structure requires; the message names each."""

    def __init__(self, lacking: "Sequence[Said]") -> None:
        told = "\n".join(f"{each.datum.datum} ({each.datum.french_name}) : {each.datum.why}" for each in lacking)
        super().__init__(f"À dire d'abord (chef/StateEssentialData) :\n{told}")


class NoDeclaration(Refusal):
    """There is nothing to export."""
