"""What a viewer may read of the stock of the market."""

from sqlalchemy import Select, select

from catering.market.models import Offer, OfferWeek
from catering.market.queries import offers_visible_to
from catering.people.viewer import Viewer


def offer_weeks_visible_to(viewer: Viewer) -> Select[OfferWeek]:
    """Stock a viewer may read: that of the offers they may read."""
    statement = select(OfferWeek)
    if viewer.sells:
        own = offers_visible_to(viewer).with_only_columns(Offer.id)
        statement = statement.where(OfferWeek.offer_id.in_(own))
    return statement
