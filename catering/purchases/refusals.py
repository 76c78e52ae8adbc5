"""Why purchases are not imported or exported: each class is one reason, its message says in French what to do."""

from collections.abc import Sequence

from catering import refusal
from catering.cells import Fault
from catering.refusal import Refusal

SHOWN_FAULTS = 5


class MayNotImport(refusal.NotAllowed):
    """Purchases are imported by who signs them."""

    def __init__(self) -> None:
        super().__init__(
            "Les achats sont importés par le gestionnaire du collège, la responsable nutrition ou l'administration du "
            "Département. Leur envoyer le fichier."
        )


class UnknownFile(Refusal):
    """The document is no table that the viewer sent."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Le document {number} n'est pas un tableau (CSV ou XLSX) envoyé par vous. L'envoyer d'abord.")


class PurchasesRefused(Refusal):
    """Some lines are at fault; nothing was kept. ``faults`` names each, with its line, column, rule and repair;
    ``table`` is where they are fetched as a file."""

    def __init__(self, faults: Sequence[Fault], table: str) -> None:
        self.table = table
        self.faults = tuple(sorted(faults))
        lines = [f"{fault.place}{fault.message} → {fault.repair}" for fault in self.faults[:SHOWN_FAULTS]]
        more = len(self.faults) - len(lines)
        counted = f"{len(self.faults)} faute{'s' if len(self.faults) > 1 else ''} ; rien n'a été enregistré."
        super().__init__("\n".join([counted, *lines, *([f"… et {more} autres."] if more else [])]))


class NoPurchase(Refusal):
    """There is nothing to import or to export."""


class NotExportable(Refusal):
    """Some purchases cannot be written in the form of ma-cantine; the message names them and says what to do."""


class CanteenRefused(Refusal):
    """What is told of a kitchen for ma-cantine cannot be; the message says why."""
