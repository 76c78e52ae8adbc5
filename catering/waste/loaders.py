"""Loads of weighings, campaigns, diagnostics and what leaves apart, for one operation."""

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from catering.graph.loading import OneByKey
from catering.graph.pages_by_parent import PageByParent
from catering.graph.paging import Order
from catering.waste.models import BiowasteNote, WasteSite, Weighing, WeighingCampaign
from catering.waste.queries import (
    CAMPAIGN_KEY,
    WEIGHING_KEY,
    campaigns_visible_to,
    weighings_visible_to,
)
from catering.waste.queries_diagnostic import NOTE_KEY, biowaste, biowaste_visible_to, sites_visible_to

NEWEST_WEIGHINGS = Order(WEIGHING_KEY, newest_first=True)
NEWEST_CAMPAIGNS = Order(CAMPAIGN_KEY, newest_first=True)
NEWEST_NOTES = Order(NOTE_KEY, newest_first=True)


class WeighingById(OneByKey[int, Weighing]):
    """Weighings by their number."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its number."""
        return Weighing.id

    def statement(self) -> Select[Weighing]:
        """All visible weighings."""
        return weighings_visible_to(self.request.viewer)


class OppositeByWeighingId(OneByKey[int | None, Weighing]):
    """The row that takes a weighing back; None while it stands."""

    def column(self) -> InstrumentedAttribute[int | None]:
        """The row taken back."""
        return Weighing.reverses_id

    def statement(self) -> Select[Weighing]:
        """All visible weighings."""
        return weighings_visible_to(self.request.viewer)


class CampaignById(OneByKey[int, WeighingCampaign]):
    """Campaigns by their number."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its number."""
        return WeighingCampaign.id

    def statement(self) -> Select[WeighingCampaign]:
        """All visible campaigns."""
        return campaigns_visible_to(self.request.viewer)


class SiteByKitchenId(OneByKey[int, WasteSite]):
    """What kitchens state of themselves; None where one said nothing."""

    def column(self) -> InstrumentedAttribute[int]:
        """The kitchen."""
        return WasteSite.kitchen_id

    def statement(self) -> Select[WasteSite]:
        """All visible statements."""
        return sites_visible_to(self.request.viewer)


class NoteById(OneByKey[int, BiowasteNote]):
    """Collections by their number."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its number."""
        return BiowasteNote.id

    def statement(self) -> Select[BiowasteNote]:
        """All visible collections."""
        return biowaste_visible_to(self.request.viewer)


class NotePageByKitchen(PageByParent[int, BiowasteNote]):
    """Pages of collections that hang on a kitchen."""

    order = NEWEST_NOTES
    table = BiowasteNote

    def statement(self, parent: int) -> Select[BiowasteNote]:
        """The visible collections of the kitchen."""
        return biowaste(self.request.viewer, parent)
