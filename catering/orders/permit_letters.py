"""What kitchens are told when a permit ends on which orders to come rest (HYG-01): one letter for each kitchen."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.market.models import HygienePermit, Supplier
from catering.orders.models import Order
from catering.orders.permitted import without_permit
from catering.orders.refusals import french
from catering.orders.sold import BUYER
from catering.outbox.service import Letter, queue
from catering.people.viewer import Viewer

TOPIC = "permit_ended"
"""Of these letters; ``about`` is the number of the trace of the end."""


async def tell_kitchens(
    session: AsyncSession, viewer: Viewer, supplier: Supplier, permit: HygienePermit, about: int, now: datetime
) -> list[Order]:
    """Tell the kitchens whose orders to come rest on no permit any more, and say which orders these are.

    Args:
        session: of the transaction that ends the permit.
        viewer: who ends it.
        supplier: whose it is.
        permit: as it stands now.
        about: number of the row that traces its end.
        now: with its zone.
    """
    assert permit.valid_to is not None, "it was just ended"
    concerned = await without_permit(session, viewer, supplier.id, permit.valid_to + timedelta(days=1))
    if not concerned:
        return []
    places = kitchens_visible_to(BUYER).where(Kitchen.id.in_({order.kitchen_id for order in concerned}))
    uais = dict((await session.execute(places.with_only_columns(Kitchen.id, Kitchen.uai))).tuples().all())
    await queue(session, list(_letters(concerned, uais, supplier, permit, about)), now)
    return concerned


def _letters(
    concerned: Sequence[Order], uais: Mapping[int, str], supplier: Supplier, permit: HygienePermit, about: int
) -> Iterable[Letter]:
    ends = "" if permit.valid_to is None else french(permit.valid_to)
    for kitchen_id, found in groupby(sorted(concerned, key=_of_kitchen), key=lambda order: order.kitchen_id):
        rows = list(found)
        named = "\n".join(f"- {order.number}, livraison du {french(order.day)}" for order in rows)
        why = f" (« {permit.withdrawn_reason} »)" if permit.withdrawn_reason else ""
        body = (
            f"Bonjour,\n\nL'agrément ou la dérogation {permit.number} de {supplier.name} prend fin le "
            f"{ends}{why}. Ensuite, rien ne permet plus de livrer ses produits d'origine animale (HYG-01) :\n\n{named}"
            "\n\nLe fournisseur ne peut plus les accepter ni les expédier. Chercher un remplacement, et refuser ces "
            "produits s'ils arrivent."
        )
        yield Letter(
            topic=TOPIC,
            about=about,
            party=uais[kitchen_id],
            subject=f"{supplier.name} : des produits ne pourront pas être livrés",
            body=body,
            path=f"/cuisine/{uais[kitchen_id]}/commandes/{rows[0].id}",
        )


def _of_kitchen(order: Order) -> tuple[int, int]:
    return order.kitchen_id, order.id
