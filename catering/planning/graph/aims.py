"""What a plan was asked beside the law and the lowest cost, as GraphQL shows it."""

from decimal import Decimal

import strawberry

from catering.planning.models_aims import AimKind, ScenarioAim

strawberry.enum(
    AimKind,
    name="PlanAimKind",
    description="Weights (euros per unit of what is bought), floors (shares of the purchases of each kitchen in a "
    "civil year), ceilings (kg CO2e, or kg × km, of a meal of the whole plan), or the budget (a multiple of each "
    "kitchen's own).",
)


@strawberry.type(description="One thing that a plan was asked.")
class PlanAim:
    kind: AimKind = strawberry.field(description="Which.")
    value: Decimal = strawberry.field(description="Euros per unit, share, or multiple.")


def show_aim(row: ScenarioAim) -> PlanAim:
    """An aim as GraphQL shows it."""
    return PlanAim(kind=row.aim, value=row.value)
