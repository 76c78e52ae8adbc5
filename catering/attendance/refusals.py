"""Why the room says no: each class is one reason, its message says in French what to do."""

from collections.abc import Sequence

from catering import refusal
from catering.cells import Fault
from catering.refusal import Refusal

SHOWN = 12
"""Faults named one by one; the others are counted."""


class AttendanceRefused(Refusal):
    """A file of attendance is refused whole; every fault is named."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        shown = [f"{each.file}, {each.place}{each.message} ; {each.repair}" for each in faults[:SHOWN]]
        rest = [f"… et {len(faults) - len(shown)} autres."] if len(faults) > len(shown) else []
        super().__init__("\n".join([f"Fichier refusé : {len(faults)} faute(s).", *shown, *rest]))
        self.faults = faults


class NotAllowed(refusal.NotAllowed):
    """Only who cooks for the kitchen says who will not come."""

    def __init__(self) -> None:
        super().__init__("Seuls le chef et le gestionnaire de la cuisine annoncent ses sorties, examens et grèves.")


class TooShort(Refusal):
    """The history is shorter than the warm-up of a backtest."""

    def __init__(self, days: int) -> None:
        super().__init__(f"Historique trop court : il faut {days} jours d'historique avant le premier mois jugé.")


class EventConfirmationNeeded(Refusal):
    """Right, or a slip: announced before, more guests than usual covers, or a day whose covers are noted already."""

    def __init__(self, why: str) -> None:
        super().__init__(f"{why} Vérifier ; si c'est juste, renvoyer avec confirmed: true.")


class InvalidAttendanceEvent(Refusal):
    """An event that cannot be: days past or out of order, no difference, no such number."""
