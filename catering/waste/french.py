"""How pictures and papers call stages, families and causes, in French."""

from collections.abc import Mapping
from enum import StrEnum

from catering.waste.vocabulary import (
    ActionKind,
    ActionStatus,
    FoodGroup,
    KitchenKind,
    Service,
    Stage,
    Treatment,
    WasteCause,
)

UNKNOWN = "Non précisé"
NAMES: Mapping[StrEnum, str] = {
    Stage.PREPARATION: "Préparation",
    Stage.UNSERVED: "Présenté, non servi",
    Stage.PLATES: "Restes d'assiette et de plateau",
    Service.BREAKFAST: "Petit déjeuner",
    Service.LUNCH: "Déjeuner",
    Service.SNACK: "Goûter",
    Service.DINNER: "Dîner",
    FoodGroup.STARTER: "Entrées",
    FoodGroup.MEAT_FISH: "Viandes et poissons",
    FoodGroup.SIDE: "Accompagnements",
    FoodGroup.DAIRY: "Fromages et laitages",
    FoodGroup.DESSERT: "Desserts et fruits",
    FoodGroup.BREAD: "Pain",
    FoodGroup.SAUCE: "Soupes, sauces, condiments",
    FoodGroup.MIXED: "Mélangé",
    WasteCause.TOO_MUCH_COOKED: "Trop cuisiné",
    WasteCause.ABSENCES: "Absences",
    WasteCause.DISLIKED: "Plat pas aimé",
    WasteCause.PORTION_TOO_LARGE: "Portion trop grande",
    WasteCause.NO_TIME_TO_EAT: "Pas le temps de manger",
    WasteCause.COOKING_FAULT: "Raté en cuisine",
    WasteCause.TRIMMING: "Parures",
    WasteCause.HYGIENE: "Jeté par hygiène",
    WasteCause.OTHER: "Autre",
    KitchenKind.COLLEGE: "Collège",
    KitchenKind.EHPAD: "EHPAD",
    KitchenKind.SOCIAL: "Établissement social ou médico-social",
    ActionKind.INSCRIPTION: "Inscription des convives",
    ActionKind.AWARENESS: "Sensibilisation",
    ActionKind.TRAINING: "Formation",
    ActionKind.DISTRIBUTION: "Distribution",
    ActionKind.PORTIONS: "Portions",
    ActionKind.REUSE: "Réutilisation",
    ActionStatus.PLANNED: "Prévue",
    ActionStatus.ONGOING: "En cours",
    ActionStatus.DONE: "Faite",
    ActionStatus.ABANDONED: "Abandonnée",
    Treatment.COMPOST_ON_SITE: "Compost sur place",
    Treatment.COMPOSTING: "Compostage",
    Treatment.METHANISATION: "Méthanisation",
    Treatment.BIOFUEL: "Biocarburant",
}


def named(word: StrEnum | None) -> str:
    """A word in French; of nothing, that it was not said."""
    return UNKNOWN if word is None else NAMES[word]
