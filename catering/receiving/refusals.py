"""Why receiving says no: each class is one reason, its message says in French what to do."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from catering import refusal
from catering.figures import euros
from catering.refusal import Refusal
from catering.rules.temperatures import degrees


class NotAllowed(refusal.NotAllowed):
    """Only who buys for the kitchen checks in its deliveries and moves its stock."""

    def __init__(self, what: str = "recevoir ses livraisons et tenir son stock") -> None:
        super().__init__(f"Seuls le chef et le gestionnaire de la cuisine peuvent {what}.")


class OnlyTheSupplier(refusal.NotAllowed):
    """Only the supplier answers a request for a credit and issues its own invoices."""

    def __init__(self) -> None:
        super().__init__("Seul le fournisseur peut répondre à cette demande d'avoir ou émettre sa facture.")


class OnlyTheBursar(refusal.NotAllowed):
    """Only the gestionnaire enters and approves invoices."""

    def __init__(self) -> None:
        super().__init__("Seul le gestionnaire de la cuisine peut saisir, rapprocher et approuver ses factures.")


class NotReceivable(Refusal):
    """The order is cancelled, refused, or its supplier cannot deliver it."""

    def __init__(self, number: str, state: str) -> None:
        super().__init__(
            f"La commande {number} est {state} : il n'y a rien à recevoir. "
            "Ne pas décharger ; appeler le fournisseur si la marchandise est là."
        )


class SoldSince(NotReceivable):
    """The order was given up after its goods were noted, and what it held was sold to others meanwhile."""

    def __init__(self, number: str) -> None:
        Refusal.__init__(
            self,
            f"La commande {number} avait été déclarée non livrée, et sa quantité de la semaine a été vendue depuis à "
            "d'autres cuisines. Ce qui est noté reste ici : demander au fournisseur d'augmenter sa quantité de la "
            "semaine de ce qu'il a livré, puis envoyer de nouveau.",
        )


class InvalidReception(Refusal):
    """A line cannot be read: a quantity out of bounds, a decision that contradicts it, the same lot twice."""


class AlreadyReceived(Refusal):
    """The packs checked in so far are not those that this tablet knew of: somebody else has looked at the line."""

    def __init__(self, product: str, packs: int, at: datetime | None) -> None:
        when = f" (dernière note le {at:%d/%m/%Y à %H:%M})" if at else ""
        super().__init__(
            f"« {product} » : {packs} colis ont déjà été contrôlés{when}. "
            "Relire ce qui est déjà noté ; si d'autres colis sont arrivés, ne noter qu'eux ; sinon ôter la ligne."
        )


class MoreThanOrdered(Refusal):
    """More packs are accepted than were ordered: they would be bought without an order."""

    def __init__(self, product: str, left: int) -> None:
        super().__init__(
            f"« {product} » : il reste {left} colis à recevoir. Refuser les colis en trop (motif : non commandé), "
            "ou passer une commande pour eux."
        )


class BeyondContract(Refusal):
    """The goods weigh more than ordered, by more than the contract or award they are bought by has left (CCP-32)."""

    def __init__(self, left: Decimal, asked: Decimal) -> None:
        super().__init__(
            f"Ce qui est accepté coûte {euros(asked)} de plus que ce qui est engagé, et il ne reste que {euros(left)} "
            "avant le maximum du marché ou de l'attribution (CCP-32). Accepter avec réserve (motif : poids) ce qui y "
            "tient et refuser le reste, ou faire modifier le marché."
        )


class MustBeRefused(Refusal):
    """The law, or the sanitary plan of the site, forbids to accept the line."""


class TemperatureExceeded(MustBeRefused):
    """Too warm, or a hot dish too cold, beyond what the site tolerates."""

    def __init__(self, product: str, celsius: Decimal, limit: Decimal, tolerance: Decimal, rule: str) -> None:
        super().__init__(
            f"« {product} » est à {degrees(celsius)} pour une limite de {degrees(limit)} ({rule}), "
            f"tolérance du site {degrees(tolerance)} : refuser la ligne (motif : température)."
        )


class Expired(MustBeRefused):
    """Past its use-by date."""

    def __init__(self, product: str, expires_on: date) -> None:
        super().__init__(
            f"« {product} » : la DLC du {expires_on:%d/%m/%Y} est dépassée. Refuser la ligne (motif : date dépassée)."
        )


class ReserveNeeded(Refusal):
    """The line may only be accepted with a reserve, or be refused."""


class TemperatureNotMeasured(Refusal):
    """The product has a limit and nobody measured."""

    def __init__(self, product: str, limit: Decimal) -> None:
        super().__init__(
            f"« {product} » doit arriver à {degrees(limit)} : relever sa température (celsius) avant de l'accepter."
        )


class UseByNotRead(Refusal):
    """The product bears a use-by date by what it is or by how it is sold, and nobody noted one (HYG-DLC)."""

    def __init__(self, product: str) -> None:
        super().__init__(
            f"« {product} » porte une DLC (HYG-DLC) : relever celle de l'étiquette (dateKind: USE_BY, expiresOn) avant "
            "de l'accepter. En vrac, noter la date que votre plan de maîtrise sanitaire fixe d'après le document de "
            "livraison ; si rien ne la donne, refuser la ligne (motif : étiquetage)."
        )


class UnknownReceptionLine(Refusal):
    """No line of this number that the viewer may correct."""

    def __init__(self, line_id: int) -> None:
        super().__init__(
            f"Aucune ligne de réception n'a le numéro {line_id}. "
            "Si elle attend encore sur la tablette, envoyer d'abord la réception."
        )


class AlreadyCorrected(Refusal):
    """The line was replaced by another one since."""

    def __init__(self, line_id: int) -> None:
        super().__init__(
            f"La ligne de réception {line_id} a déjà été corrigée : relire la réception et corriger la nouvelle."
        )


class NotEnoughStock(Refusal):
    """More would leave a lot or an ingredient than there is."""

    def __init__(self, shortages: Sequence[tuple[str, int, int]]) -> None:
        named = " ; ".join(f"« {what} » : {asked} g demandés, {left} g en stock" for what, asked, left in shortages)
        super().__init__(f"{named}. Sortir moins, ou compter le rayon d'abord (comptage).")


class UnknownLot(Refusal):
    """No lot of this number in a kitchen of the viewer."""

    def __init__(self, lot_id: int) -> None:
        super().__init__(f"Aucun lot n'a le numéro {lot_id} dans vos cuisines. Reprendre celui du stock.")


class ExpiredLot(Refusal):
    """A product past its use-by date is never served."""

    def __init__(self, product: str, lot: str, expires_on: date) -> None:
        super().__init__(
            f"« {product} », lot {lot} : DLC du {expires_on:%d/%m/%Y} dépassée, ne pas servir. "
            "Le jeter et noter la perte."
        )


class InvalidMove(Refusal):
    """A quantity, a date or a reason that cannot be; a transfer to the same kitchen."""


class UnknownPlace(Refusal):
    """No kitchen of this UAI that the viewer may act for."""

    def __init__(self, uai: str) -> None:
        super().__init__(f"Vous n'agissez pour aucune cuisine d'UAI {uai}. Vérifier l'identifiant (ex. 0620004T).")


class UnknownCredit(Refusal):
    """No request for a credit of this number that the viewer may read."""

    def __init__(self, credit_id: int) -> None:
        super().__init__(f"Aucune demande d'avoir n'a le numéro {credit_id}. Reprendre celui de la liste des avoirs.")


class CreditAnswered(Refusal):
    """The request has its answer already."""

    def __init__(self, credit_id: int) -> None:
        super().__init__(f"La demande d'avoir {credit_id} a déjà reçu sa réponse : relire la liste des avoirs.")


class NothingToInvoice(Refusal):
    """Everything accepted of these orders is invoiced already, or nothing was accepted yet."""

    def __init__(self) -> None:
        super().__init__("Rien à facturer : tout ce qui a été accepté l'est déjà. Attendre la prochaine réception.")


class InvoiceNumberTaken(Refusal):
    """A supplier uses a number once. ``known``: day and € incl. tax of the one that has it, if the reader may know."""

    def __init__(self, number: str, known: tuple[date, Decimal] | None = None) -> None:
        which = f", du {known[0]:%d/%m/%Y}, de {euros(known[1])} TTC" if known else ""
        super().__init__(
            f"Ce fournisseur a déjà une facture ou un avoir n° {number}{which}. Vérifier le numéro ; si l'autre a été "
            "mal saisie, son gestionnaire la rejette, et le numéro est libre."
        )


class InvoiceAlreadyEntered(Refusal):
    """The same grams of the same lines are billed, or given back, by an invoice that stands under another number."""

    def __init__(self, number: str, issued_on: date, total: Decimal) -> None:
        self.number = number
        super().__init__(
            f"Cette facture est déjà là : la n° {number} du {issued_on:%d/%m/%Y}, de {euros(total)} TTC, porte sur les "
            "mêmes quantités des mêmes lignes. Ne rien saisir ; si c'est l'autre qui a été mal saisie, la rejeter "
            "d'abord."
        )


class InvalidInvoice(Refusal):
    """An invoice that cannot be read: no line, a date to come, orders of several kitchens."""


class UnknownInvoice(Refusal):
    """No invoice of this number that the viewer may read."""

    def __init__(self, invoice_id: int) -> None:
        super().__init__(f"Aucune facture n'a l'identifiant {invoice_id}. Reprendre celui de la liste des factures.")


class NotApprovable(Refusal):
    """Only an invoice that agrees with orders and receptions is good for payment."""

    def __init__(self, number: str, state: str) -> None:
        super().__init__(
            f"La facture {number} est {state} : demander un avoir, corriger la réception ou rejeter la facture, "
            "puis rapprocher de nouveau avant d'approuver."
        )


class NotRejectable(Refusal):
    """An invoice good for payment is mended by a credit note; one that is rejected is so once."""

    def __init__(self, number: str, why: str) -> None:
        super().__init__(f"La facture {number} ne peut plus être rejetée : {why}. Demander un avoir au fournisseur.")
