"""The seed tables of waste: campaigns, covers of services and weighings of the demonstration."""

from catering import cells
from catering.cells import text, whole
from catering.seeding.shapes import Column, Table, optional, reference
from catering.waste.models import ServiceCovers, Weighing, WeighingCampaign
from catering.waste.models.weighing import LONGEST_KEY
from catering.waste.vocabulary import FoodGroup, Part, Service, Stage, WasteCause

_KITCHEN = reference("uai", "kitchens", "kitchen_id")
_DAY = Column("date", cells.day, attribute="day")
_SERVICE = Column("service", cells.word(Service))
_NOTE = Column("note", text(300))

WEIGHING_CAMPAIGNS = Table(
    "weighing_campaigns",
    "campagnes de pesée",
    ("waste/campaigns.csv",),
    WeighingCampaign,
    ("uai", "first_day"),
    (_KITCHEN, Column("first_day", cells.day), Column("last_day", cells.day), _NOTE),
)
SERVICE_COVERS = Table(
    "service_covers",
    "couverts d'un service",
    ("waste/covers.csv",),
    ServiceCovers,
    ("uai", "date", "service"),
    (_KITCHEN, _DAY, _SERVICE, *(optional(name, whole(0)) for name in ("planned", "prepared", "served"))),
    # seeds/README.md: all of it is fictional.
    derived={"simulated": ("served", lambda _: True)},
)
WEIGHINGS = Table(
    "weighings",
    "pesées",
    ("waste/weighings.csv",),
    Weighing,
    ("uai", "entry_key"),
    (
        _KITCHEN,
        Column("entry_key", text(LONGEST_KEY)),
        _DAY,
        _SERVICE,
        Column("stage", cells.word(Stage)),
        Column("part", cells.word(Part)),
        Column("gross_g", whole(1)),
        Column("tare_g", whole(0)),
        Column("net_g", whole(0)),
        reference("dish", "dishes", "dish_id", empty=None),
        optional("food_group", cells.word(FoodGroup)),
        optional("cause", cells.word(WasteCause)),
        _NOTE,
    ),
)
