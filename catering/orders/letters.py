"""What a farm and a kitchen are told by mail of their orders: French, plain, one letter for all that is new."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from catering.figures import euros
from catering.moment import PARIS
from catering.orders.models import Order, OrderEvent
from catering.orders.vocabulary import KITCHEN, OrderState
from catering.orders.vocabulary import OrderEventKind as Kind
from catering.outbox.service import Letter

TOPIC = "orders"
"""Of these letters; ``about`` is the number of the last `OrderTelling` in it."""


class Side(StrEnum):
    """Who is told."""

    FARM = "farm"
    KITCHEN = "kitchen"


TOLD: Mapping[Kind, tuple[Side, ...]] = {
    Kind.SENT: (Side.FARM,),
    Kind.ACCEPTED: (Side.KITCHEN,),
    Kind.REFUSED: (Side.KITCHEN,),
    Kind.CHANGE_PROPOSED: (Side.KITCHEN,),
    Kind.CHANGE_AGREED: (Side.FARM,),
    Kind.CHANGE_DECLINED: (Side.FARM,),
    Kind.FAILED: (Side.KITCHEN,),
    Kind.CANCEL_ASKED: (Side.FARM,),
    Kind.CANCEL_DECLINED: (Side.KITCHEN,),
    # Either side may have decided it: both must stop working on it.
    Kind.CANCELLED: (Side.FARM, Side.KITCHEN),
    Kind.REINSTATED: (Side.FARM,),
    Kind.PERMIT_ENDED: (Side.FARM, Side.KITCHEN),
}
"""Which events are told, and to whom; what happens on the day itself is seen on the pages."""


def told_to(event: OrderEvent) -> tuple[Side, ...]:
    """Who is told of an event; that nothing came is told to the farm when the kitchen has said so."""
    return (Side.FARM,) if _missed(event) else TOLD[event.kind]


def _missed(event: OrderEvent) -> bool:
    return event.kind is Kind.FAILED and event.data.get("by") == KITCHEN


REPLACED = "un remplacement, s'il y en a, attend dans le panier : l'envoyer avant l'heure limite."


@dataclass(frozen=True, slots=True)
class News:
    """One event to tell, with the order as it stands now and the names of both sides."""

    number: int
    """Of its `OrderTelling`."""
    event: OrderEvent
    order: Order
    farm: str
    farm_slug: str
    kitchen: str
    uai: str


def letter(side: Side, news: Sequence[News]) -> Letter:
    """One letter to everybody of a farm or of a kitchen.

    Args:
        side: whom it goes to.
        news: all of the same farm, or of the same kitchen, in the order in which they happened; at least one.
    """
    first, last = news[0], news[-1]
    numbers = {each.order.id for each in news}
    what = f"{len(numbers)} commandes" if len(numbers) > 1 else f"Commande {first.order.number}"
    lines = "\n".join(f"- {sentence(side, each)}" for each in news)
    return Letter(
        topic=TOPIC,
        about=last.number,
        party=first.farm_slug if side is Side.FARM else first.uai,
        subject=f"{what} : {_headline(side, news)}",
        body=f"Bonjour,\n\n{lines}\n\n{_todo(side)}",
        path=_path(side, first, alone=len(numbers) == 1),
    )


def sentence(side: Side, news: News) -> str:
    """What happened to one order, with what to do."""
    order = news.order
    other = news.kitchen if side is Side.FARM else news.farm
    head = f"{order.number}, {other}, livraison du {order.day:%d/%m/%Y} : "
    if news.event.kind is Kind.PERMIT_ENDED:
        return head + _permit_ended(news) + _WITHOUT_PERMIT[side]
    return head + _SAID[news.event.kind](news)


def _sent(news: News) -> str:
    until = f"{news.order.cut_off.astimezone(PARIS):%d/%m/%Y à %H h %M}"
    return (
        f"nouvelle commande, {euros(news.order.amount)} HT. À accepter, changer ou refuser ; la cuisine peut l'annuler "
        f"librement jusqu'au {until}."
    )


def _accepted(news: News) -> str:
    part = news.order.state is OrderState.PARTLY_ACCEPTED
    return f"acceptée en partie ; {REPLACED}" if part else "acceptée."


def _because(news: News) -> str:
    reason = news.event.data.get("reason")
    return f" (« {reason} »)" if reason else ""


def _failed(news: News) -> str:
    if _missed(news.event):
        return f"la cuisine dit que rien n'est arrivé{_because(news)}. L'appeler si ce n'est pas le cas."
    return f"ne sera pas livrée{_because(news)} ; {REPLACED}"


def _permit_ended(news: News) -> str:
    number, last = news.event.data["permit"], date.fromisoformat(news.event.data["last_day"])
    return (
        f"l'agrément ou la dérogation {number} du fournisseur prend fin le {last:%d/%m/%Y}{_because(news)}, et rien "
        "d'autre ne permet de livrer ses produits d'origine animale ce jour-là (HYG-01). "
    )


_WITHOUT_PERMIT = {
    Side.FARM: "Déposer celui qui le remplace, ou refuser ces produits.",
    Side.KITCHEN: "Le fournisseur ne peut plus les accepter ni les expédier : chercher un remplacement, et les refuser "
    "s'ils arrivent.",
}
"""What each side does about a permit that ended."""

_SAID: Mapping[Kind, Callable[[News], str]] = {
    Kind.SENT: _sent,
    Kind.ACCEPTED: _accepted,
    Kind.REFUSED: lambda news: f"refusée{_because(news)} ; {REPLACED}",
    Kind.CHANGE_PROPOSED: lambda news: f"le fournisseur propose un changement{_because(news)} : répondre oui ou non.",
    Kind.CHANGE_AGREED: lambda _news: "la cuisine accepte votre changement.",
    Kind.CHANGE_DECLINED: lambda _news: "la cuisine refuse votre changement : la commande reste comme avant.",
    Kind.FAILED: _failed,
    Kind.CANCEL_ASKED: lambda news: f"la cuisine demande à l'annuler{_because(news)} : répondre oui ou non.",
    Kind.CANCEL_DECLINED: lambda _news: "le fournisseur ne peut plus l'annuler : elle sera livrée.",
    Kind.CANCELLED: lambda news: f"annulée{_because(news)}.",
    Kind.REINSTATED: lambda _news: "elle tient : la cuisine l'avait reçue avant qu'elle soit déclarée non livrée.",
}  # fmt: skip
_HEADLINES = {
    Kind.SENT: "à répondre",
    Kind.FAILED: "pas livrée",
    Kind.REFUSED: "refusée",
    Kind.CHANGE_PROPOSED: "changement à accepter ou refuser",
    Kind.CANCEL_ASKED: "annulation demandée",
    Kind.PERMIT_ENDED: "agrément terminé",
}
"""The kinds that ask for something, the most pressing of a letter first."""
_PRESSING = (Kind.FAILED, Kind.PERMIT_ENDED, Kind.REFUSED, Kind.CHANGE_PROPOSED, Kind.CANCEL_ASKED, Kind.SENT)


def _headline(side: Side, news: Sequence[News]) -> str:
    kinds = {each.event.kind for each in news}
    pressing = next((_HEADLINES[kind] for kind in _PRESSING if kind in kinds), None)
    return pressing or ("nouvelles des collèges" if side is Side.FARM else "nouvelles des fournisseurs")


def _todo(side: Side) -> str:
    return "Répondre, préparer :" if side is Side.FARM else "Voir les commandes, compléter le panier :"


def _path(side: Side, news: News, *, alone: bool) -> str:
    if side is Side.FARM:
        at = f"/fournisseur/{news.farm_slug}"
        return f"{at}/commandes/{news.order.id}" if alone else f"{at}/preparer"
    at = f"/cuisine/{news.uai}"
    return f"{at}/commandes/{news.order.id}" if alone else f"{at}/semaine?semaine={news.order.week}"
