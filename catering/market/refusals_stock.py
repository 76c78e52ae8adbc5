"""Why the stock of the market says no: each class is one reason, its message says in French what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from catering.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Shortage:
    """An offer of which less is left than is asked for. ``week`` is a Monday."""

    offer_id: int
    offer: str
    """Slug."""
    product: str
    supplier: str
    week: date
    pack_g: int
    asked_g: int
    left_g: int

    @property
    def asked_packs(self) -> int:
        """Whole packs asked for."""
        return self.asked_g // self.pack_g

    @property
    def left_packs(self) -> int:
        """Whole packs that may still be ordered."""
        return self.left_g // self.pack_g


class NotEnough(Refusal):
    """Somebody else was faster, or the offer never had so much; nothing of the order is kept."""

    def __init__(self, shortages: Sequence[Shortage]) -> None:
        self.shortages = tuple(shortages)
        lines = " ; ".join(
            f"« {each.product} » ({each.supplier}), {each.asked_packs} colis demandés, il en reste {each.left_packs}"
            for each in self.shortages
        )
        super().__init__(f"Stock insuffisant : {lines}. Réduire ces lignes ou choisir une autre offre.")


@dataclass(frozen=True, slots=True)
class Held:
    """Quantity of a week that is ordered already. ``by`` names the orders, when the caller can tell."""

    week: date
    available_g: int
    reserved_g: int
    by: tuple[str, ...] = ()


class BelowReservations(Refusal):
    """The capacity would fall below what is ordered already."""

    def __init__(self, offer: str, held: Sequence[Held]) -> None:
        self.offer, self.held = offer, tuple(held)
        weeks = " ; ".join(_held(each) for each in self.held)
        super().__init__(
            f"La capacité de « {offer} » ne peut pas descendre sous ce qui est déjà commandé : {weeks}. "
            "Garder au moins cette quantité, ou proposer d'abord un changement aux commandes concernées."
        )


def _held(week: Held) -> str:
    orders = f" ({', '.join(week.by)})" if week.by else ""
    return f"semaine du {week.week:%d/%m/%Y}, {week.reserved_g} g commandés{orders} pour {week.available_g} g"
