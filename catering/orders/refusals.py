"""Why a basket or an order says no: each class is one reason, its message says in French what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from catering import refusal
from catering.figures import euros, short
from catering.orders.sale_terms import ChangedCondition
from catering.orders.vocabulary import OrderState
from catering.refusal import Refusal

FRENCH_STATES = {
    OrderState.SENT: "envoyée",
    OrderState.CHANGE_PROPOSED: "en attente d'accord sur un changement",
    OrderState.ACCEPTED: "acceptée",
    OrderState.PARTLY_ACCEPTED: "acceptée en partie",
    OrderState.PREPARED: "préparée",
    OrderState.SHIPPED: "en cours de livraison",
    OrderState.PARTLY_RECEIVED: "en cours de réception",
    OrderState.RECEIVED: "reçue",
    OrderState.REFUSED: "refusée",
    OrderState.FAILED: "non livrée",
    OrderState.CANCELLED: "annulée",
}


def french(day: date) -> str:
    """A day as people write it."""
    return f"{day:%d/%m/%Y}"


class NotYourKitchen(refusal.NotAllowed):
    """Only who buys for a kitchen changes its basket and its orders."""

    def __init__(self, uai: str) -> None:
        super().__init__(
            f"Seuls le chef ou le gestionnaire de la cuisine {uai} gèrent son panier et ses commandes. "
            "Demander cet accès à l'administration du Département."
        )


class NotYourOrder(refusal.NotAllowed):
    """The other side of the order decides this."""

    def __init__(self, by: str) -> None:
        super().__init__(f"C'est {by} qui en décide. Lui demander de répondre.")


class UnknownOrder(Refusal):
    """No order of this number that the viewer may read."""

    def __init__(self, asked: str) -> None:
        super().__init__(f"Aucune commande ne porte le numéro {asked}. Vérifier ce numéro dans la liste des commandes.")


class NoSuchOffer(Refusal):
    """An offer that is not on the market."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"Aucune offre ne porte l'identifiant « {slug} ». La choisir dans la liste des offres.")


class UnknownLine(Refusal):
    """The basket, order or standing order has no such line."""

    def __init__(self, what: str) -> None:
        super().__init__(f"Cette ligne n'existe pas ({what}). Relire le panier ou la commande, puis recommencer.")


class BadQuantity(Refusal):
    """A number of packs that cannot be ordered."""

    def __init__(self, packs: int, least: int, most: int) -> None:
        super().__init__(f"{packs} colis : donner un nombre de colis de {least} à {most}.")


class BasketChanged(Refusal):
    """Somebody else changed the basket meanwhile."""

    def __init__(self, seen: int, version: int) -> None:
        self.version = version
        super().__init__(
            f"Le panier a changé entre-temps (version {version}, vous aviez la version {seen}). "
            "Relire le panier, puis refaire le changement."
        )


class EmptyBasket(Refusal):
    """There is nothing to send."""

    def __init__(self, uai: str, week: date) -> None:
        super().__init__(
            f"Le panier de la cuisine {uai} pour la semaine du {french(week)} est vide. "
            "Le remplir depuis le plan ou y ajouter des lignes, puis envoyer."
        )


class NotADeliveryDay(Refusal):
    """The supplier does not come on that day, that day does not serve the week, or the collège is ``closed`` then."""

    def __init__(self, supplier: str, day: date, next_day: date | None, *, closed: bool = False) -> None:
        choose = f"Choisir par exemple le {french(next_day)}." if next_day else "Choisir une autre offre."
        why = f"{supplier} ne livre pas le {french(day)} pour cette semaine."
        if closed:
            why = f"{supplier} : le collège est fermé le {french(day)}, personne n'y reçoit de livraison."
        super().__init__(f"{why} {choose}")


class TooFar(Refusal):
    """The supplier does not deliver at this kitchen."""

    def __init__(self, supplier: str, km: Decimal, most: int) -> None:
        super().__init__(
            f"{supplier} ne livre pas au-delà de {most} km par la route, et la cuisine est à {short(km)} km. "
            "Choisir une autre offre."
        )


@dataclass(frozen=True, slots=True)
class Late:
    """A delivery that is asked for too late; ``next_day`` the first one that can be met."""

    supplier: str
    day: date
    cut_off: datetime
    next_day: date | None


class TooLate(Refusal):
    """The supplier's cut-off for the delivery day has passed."""

    def __init__(self, late: Sequence[Late]) -> None:
        self.late = tuple(late)
        lines = " ; ".join(
            f"{each.supplier}, livraison du {french(each.day)} : commander avant le {each.cut_off:%d/%m/%Y à %H h}"
            + (f", prochaine livraison possible le {french(each.next_day)}" if each.next_day else "")
            for each in self.late
        )
        super().__init__(f"Trop tard : {lines}. Changer le jour de livraison ou l'offre.")


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line of the basket whose offer (slug) is no longer sold as it was seen; ``fingerprint`` names how it is now."""

    offer: str
    product: str
    day: date
    fingerprint: str
    changes: Sequence[ChangedCondition]

    @property
    def words(self) -> str:
        """What changed, in French."""
        told = ", ".join(each.words for each in self.changes)
        return f"« {self.product} », livraison du {french(self.day)} : {told}"


class TermsChanged(Refusal):
    """Conditions of sale moved between the basket and its sending."""

    def __init__(self, lines: Sequence[ChangedLine]) -> None:
        self.lines = tuple(lines)
        super().__init__(
            f"Des conditions de vente ont changé : {' ; '.join(each.words for each in self.lines)}. "
            "Renvoyer le panier en acceptant ces conditions, ou le modifier."
        )


class BelowMinimum(Refusal):
    """A delivery is worth less than the least its supplier brings."""

    def __init__(self, drops: Sequence[tuple[str, date, Decimal, Decimal]]) -> None:
        self.drops = tuple(drops)
        lines = " ; ".join(
            f"{supplier} le {french(day)} : {euros(amount)} pour un minimum de {euros(least)}"
            for supplier, day, amount, least in drops
        )
        super().__init__(
            f"Livraison trop petite : {lines}. Ajouter des lignes, regrouper les jours ou choisir une autre offre."
        )


class NotProven(Refusal):
    """A label whose certificate does not cover the delivery day."""

    def __init__(self, lines: Sequence[tuple[str, str, date]]) -> None:
        named = " ; ".join(f"« {product} » ({label}), livraison du {french(day)}" for product, label, day in lines)
        super().__init__(
            f"Certificat absent ou périmé au jour de la livraison : {named}. "
            "Demander le nouveau certificat au fournisseur, changer de jour ou choisir une autre offre."
        )


class NotForSale(Refusal):
    """An offer that is not sold on the delivery day."""

    def __init__(self, lines: Sequence[tuple[str, date]]) -> None:
        named = " ; ".join(f"« {product} », livraison du {french(day)}" for product, day in lines)
        super().__init__(f"Offre hors de sa période de vente : {named}. Changer de jour ou choisir une autre offre.")


class SupplierAway(Refusal):
    """A supplier that delivers nothing on that day."""

    def __init__(self, drops: Sequence[tuple[str, date]]) -> None:
        named = " ; ".join(f"{supplier} le {french(day)}" for supplier, day in drops)
        super().__init__(f"Fournisseur en pause : {named}. Changer de jour ou choisir une autre offre.")


@dataclass(frozen=True, slots=True)
class HygieneFault:
    """Why one line may not be delivered to a canteen. ``offer`` is a slug, ``message`` in French says what to do."""

    offer: str
    product: str
    day: date
    message: str


class NotHygienic(Refusal):
    """Products of animals that the supplier may not deliver to this kitchen (HYG-01 to HYG-04)."""

    def __init__(self, faults: Sequence[HygieneFault], cure: str = "") -> None:
        self.faults = tuple(faults)
        named = [f"« {each.product} », livraison du {french(each.day)} : {each.message}" for each in self.faults]
        super().__init__(" ".join([*named, cure] if cure else named))


class DayOver(Refusal):
    """A failure that is reported for a day which is over."""

    def __init__(self, day: date) -> None:
        self.day = day
        super().__init__(
            f"Le {french(day)} est passé : plus rien ne s'y déclare. Refuser une commande à laquelle vous n'aviez pas "
            "répondu ; pour les autres, la cuisine note ce qui est arrivé, ou qu'il n'est rien venu."
        )


class WrongState(Refusal):
    """The order has moved on, or its day is past or still far: what is asked does not fit now."""

    def __init__(
        self,
        number: str,
        state: OrderState,
        cure: str = "Relire la commande avant de continuer.",
        *,
        early: bool = False,
    ) -> None:
        self.state = state
        still = "n'est pas encore possible" if early else "n'est plus possible"
        super().__init__(f"La commande {number} est {FRENCH_STATES[state]} : cette action {still}. {cure}")


class ProposalReplaced(Refusal):
    """The supplier has proposed something else than what is answered."""

    def __init__(self, number: str) -> None:
        super().__init__(
            f"Commande {number} : le fournisseur a changé sa proposition depuis que vous l'avez lue. La relire, puis y "
            "répondre."
        )


class NothingAccepted(Refusal):
    """An answer that leaves nothing of the order, or says nothing new."""

    def __init__(self) -> None:
        super().__init__(
            "Cette réponse ne garde aucun colis ou ne change rien. "
            "Garder au moins un colis, ou bien refuser la commande."
        )


class BadPeriod(Refusal):
    """A standing order without a day, over before it starts or by now, too long, or for days another one covers."""

    def __init__(self, why: str) -> None:
        super().__init__(f"Commande permanente impossible : {why}. Corriger les jours ou les dates.")


class InvalidReason(Refusal):
    """A reason that says nothing, deceives the eye, or is too long: the other side has to read it."""

    def __init__(self, fault: str) -> None:
        super().__init__(f"Le motif {fault} : dire pourquoi en quelques mots, l'autre partie le lit.")
