"""Tables of weighings, of the diagnostic of an establishment and of what leaves its kitchen apart."""

from catering.waste.models.diagnostic import DonationAgreement, WasteAction, WasteDiagnostic, WasteFinding
from catering.waste.models.learning import DishInKitchenLesson, DishLesson, KitchenLesson, WasteLesson
from catering.waste.models.streams import BiowasteNote, WasteSite
from catering.waste.models.weighing import ServiceCovers, Weighing, WeighingCampaign

__all__ = [
    "BiowasteNote",
    "DishInKitchenLesson",
    "DishLesson",
    "DonationAgreement",
    "KitchenLesson",
    "ServiceCovers",
    "WasteAction",
    "WasteDiagnostic",
    "WasteFinding",
    "WasteLesson",
    "WasteSite",
    "Weighing",
    "WeighingCampaign",
]
