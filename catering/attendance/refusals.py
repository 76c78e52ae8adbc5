"""Why the room says no: each class is one reason, its message says in French what to do."""

from collections.abc import Sequence

from catering import refusal
from catering.cells import Fault
from catering.refusal import Refusal


class AttendanceRefused(Refusal):
    """A file of attendance is refused whole; every fault is named."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        shown = [f"{each.file}, {each.place}{each.message} ; {each.repair}" for each in faults[:20]]
        rest = [f"… et {len(faults) - len(shown)} autres."] if len(faults) > len(shown) else []
        super().__init__("\n".join([f"Fichier refusé : {len(faults)} faute(s).", *shown, *rest]))
        self.faults = faults


class TooShort(Refusal):
    """The history is shorter than the warm-up of a backtest."""

    def __init__(self, days: int) -> None:
        super().__init__(f"Historique trop court : il faut {days} jours d'historique avant le premier mois jugé.")


class NotAllowed(refusal.NotAllowed):
    """Only who cooks for the kitchen enters its events; only the Département sets costs and forecasts."""

    def __init__(self, who: str = "le chef et le gestionnaire de la cuisine annoncent ses événements") -> None:
        super().__init__(f"Seuls {who}.")


class UnknownKitchen(Refusal):
    """No kitchen of this UAI that the viewer may act for."""

    def __init__(self, uai: str) -> None:
        super().__init__(f"Vous n'agissez pour aucune cuisine d'UAI {uai}. Vérifier l'identifiant (ex. 0620004T).")


class InvalidEvent(Refusal):
    """An event that cannot be: its dates, its effect, or the one asked for does not exist."""


class InvalidCosts(Refusal):
    """Costs that cannot be: not above zero, or from a day that is past."""
