"""Words of weighings, diagnostics, bio-waste and surpluses."""

from enum import StrEnum


class KitchenKind(StrEnum):
    """What kind of establishment eats there: it decides the protocol of weighing."""

    COLLEGE = "college"
    EHPAD = "ehpad"
    """Nursing home: seven days, every service."""
    SOCIAL = "social"
    """Other social or medico-social establishment: as an EHPAD."""


class Service(StrEnum):
    """Which meal of the day."""

    BREAKFAST = "breakfast"
    LUNCH = "lunch"
    SNACK = "snack"
    DINNER = "dinner"


class Stage(StrEnum):
    """Where food is lost; each is weighed apart (GAS-11)."""

    PREPARATION = "preparation"
    """Peelings, trimmings, burnt."""
    UNSERVED = "unserved"
    """Presented, not served."""
    PLATES = "plates"
    """Left on plates and trays."""


class Part(StrEnum):
    """What of a stage was weighed (GAS-12)."""

    EDIBLE = "edible"
    INEDIBLE = "inedible"
    """Bones, peel, stones."""
    UNSORTED = "unsorted"
    """Both together: the law says which share is not edible."""


class FoodGroup(StrEnum):
    """Family of food of a weighing, as the studies of ADEME split it."""

    STARTER = "starter"
    MEAT_FISH = "meat_fish"
    SIDE = "side"
    DAIRY = "dairy"
    DESSERT = "dessert"
    """Desserts and fruit."""
    BREAD = "bread"
    SAUCE = "sauce"
    """Soups, sauces, condiments: they count (GAS-13)."""
    MIXED = "mixed"


class WasteCause(StrEnum):
    """Why it was lost, as the kitchen sees it."""

    TOO_MUCH_COOKED = "too_much_cooked"
    ABSENCES = "absences"
    DISLIKED = "disliked"
    PORTION_TOO_LARGE = "portion_too_large"
    NO_TIME_TO_EAT = "no_time_to_eat"
    COOKING_FAULT = "cooking_fault"
    TRIMMING = "trimming"
    HYGIENE = "hygiene"
    """Discarded because a rule of hygiene says so."""
    OTHER = "other"


class ActionKind(StrEnum):
    """Actions against waste, as ma-cantine declares them."""

    INSCRIPTION = "inscription"
    """Diners register beforehand."""
    AWARENESS = "awareness"
    TRAINING = "training"
    DISTRIBUTION = "distribution"
    """How dishes are served: self-service, hunger sizes, salad bar."""
    PORTIONS = "portions"
    REUSE = "reuse"


class ActionStatus(StrEnum):
    """Where an action stands."""

    PLANNED = "planned"
    ONGOING = "ongoing"
    DONE = "done"
    ABANDONED = "abandoned"


class BiowasteStream(StrEnum):
    """What leaves the kitchen apart."""

    BIOWASTE = "biowaste"
    USED_OIL = "used_oil"


class Treatment(StrEnum):
    """What becomes of it."""

    COMPOST_ON_SITE = "compost_on_site"
    COMPOSTING = "composting"
    METHANISATION = "methanisation"
    BIOFUEL = "biofuel"


class SurplusKind(StrEnum):
    """What is left at the end of a service, as the rules of hygiene tell it apart."""

    HOT_DISH = "hot_dish"
    COOKED_COLD = "cooked_cold"
    """Cooked, then eaten cold: roast, salad of rice, pasta or lentils. It cooled, so it is judged as what cools."""
    COLD_DISH = "cold_dish"
    """Nothing of it was cooked here: raw vegetables, cheese, cold cuts."""
    SEALED = "sealed"
    """Unopened pack that bears a date."""
    STABLE = "stable"
    """Keeps without cold: bread, whole fruit."""


class SurplusUse(StrEnum):
    """What may become of a surplus."""

    COOL_NOW = "cool_now"
    """Not noted yet, and it may still be done: then it may be served again, or given."""
    SERVE_AGAIN = "serve_again"
    GIVE = "give"
    DISCARD = "discard"


class AcceptanceStanding(StrEnum):
    """Whether a dish was weighed enough to be judged."""

    KNOWN = "known"
    NOT_ENOUGH = "not_enough"
    """Too few weighings of its own, or they settle too little: it is taken for a dish of its family."""
