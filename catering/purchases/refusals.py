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
    """Some lines are at fault; nothing was kept. ``faults`` names each, with its line, column, rule and repair.

    ``table``: where all of them are fetched as a table; empty when they are not asked for over HTTP.
    """

    def __init__(self, faults: Sequence[Fault], table: str = "") -> None:
        self.faults = tuple(sorted(faults))
        self.table = table
        super().__init__(_told(self.faults, SHOWN_FAULTS))


def _told(faults: Sequence[Fault], most: int) -> str:
    lines = [f"{fault.place}{fault.message} → {fault.repair}" for fault in faults[:most]]
    more = len(faults) - len(lines)
    counted = f"{len(faults)} faute{'s' if len(faults) > 1 else ''} ; rien n'a été enregistré."
    return "\n".join([counted, *lines, *([f"… et {more} autres."] if more else [])])


class NotWithdrawn(Refusal):
    """An import is not taken back; the message says why."""


class PatRefused(Refusal):
    """What is told of a supplier and a territorial project cannot be; the message says what to do."""


class MayNotStatePat(refusal.NotAllowed):
    """Who is under a territorial project is told for all kitchens at once."""

    def __init__(self) -> None:
        super().__init__(
            "Les fournisseurs d'un projet alimentaire territorial sont dits par la responsable nutrition ou "
            "l'administration du Département, pour tous les collèges. Leur demander."
        )


class ReasonRefused(Refusal):
    """The reason to buy a product from a third country cannot be kept; the message says what to do."""


class NoPurchase(Refusal):
    """There is nothing to import or to export."""


class NotExportable(Refusal):
    """Some purchases cannot be written in the form of ma-cantine; the message names them and says what to do."""


def say_first(names: Sequence[str], *, by_siret: bool) -> str:
    """What to do, in French, before the purchases of some kitchens go to ma-cantine."""
    what, column = ("le SIRET", "siret") if by_siret else ("le numéro ma-cantine", "siret;cantine_id")
    return (
        f"Dire d'abord {what}, à la page de déclaration du collège, ou de tous à la fois par un fichier "
        f"« uai;{column} » et la commande « catering canteens FICHIER ». Manquent : {', '.join(names)}."
    )


class CanteenRefused(Refusal):
    """What is told of a kitchen for ma-cantine cannot be; the message says why."""


class CanteensRefused(Refusal):
    """Some lines of a file that tells of kitchens are at fault; nothing was kept, and every fault is named."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__(_told(self.faults, len(self.faults)))
