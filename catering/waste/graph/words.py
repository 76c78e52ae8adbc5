"""The vocabularies of waste as GraphQL enums: imported from here, each is described before it is used."""

import strawberry

from catering.rules.waste_references import ReferenceKind
from catering.waste.rules.duties import DutyState
from catering.waste.vocabulary import (
    AcceptanceStanding,
    ActionKind,
    ActionStatus,
    BiowasteStream,
    FoodGroup,
    KitchenKind,
    Part,
    Service,
    Stage,
    SurplusKind,
    SurplusUse,
    Treatment,
    WasteCause,
)

strawberry.enum(Service, name="MealService", description="Which meal of the day.")
strawberry.enum(Stage, name="WasteStage", description="Where food is lost; each stage is weighed apart (GAS-11).")
strawberry.enum(Part, name="WastePart", description="What of a stage was weighed (GAS-12).")
strawberry.enum(FoodGroup, description="Family of food of a weighing.")
strawberry.enum(WasteCause, description="Why food was lost, as the kitchen sees it.")
strawberry.enum(KitchenKind, description="Kind of establishment: it decides the protocol of weighing (GAS-10).")
strawberry.enum(ActionKind, name="WasteActionKind", description="Action against waste, as ma-cantine names it.")
strawberry.enum(ActionStatus, name="WasteActionStatus", description="Where an action stands.")
strawberry.enum(BiowasteStream, description="What leaves the kitchen apart.")
strawberry.enum(Treatment, name="BiowasteTreatment", description="What becomes of it.")
strawberry.enum(AcceptanceStanding, description="Whether a dish was weighed enough to be judged.")
strawberry.enum(SurplusKind, description="What is left at the end of a service.")
strawberry.enum(SurplusUse, description="What may become of it.")
strawberry.enum(DutyState, name="WasteDutyState", description="How a duty of the law stands.")
strawberry.enum(ReferenceKind, name="WasteReferenceKind", description="What a published figure says.")

__all__ = [
    "AcceptanceStanding",
    "ActionKind",
    "ActionStatus",
    "BiowasteStream",
    "DutyState",
    "FoodGroup",
    "KitchenKind",
    "Part",
    "ReferenceKind",
    "Service",
    "Stage",
    "SurplusKind",
    "SurplusUse",
    "Treatment",
    "WasteCause",
]
