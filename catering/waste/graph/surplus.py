"""What may become of a surplus, as GraphQL shows it."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry

from catering.graph.arguments import known_law
from catering.graph.documented import documented
from catering.graph.errors import BadArgumentError
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.kitchens.models import Kitchen as KitchenRow
from catering.kitchens.queries import kitchens
from catering.moment import today
from catering.rules.hygiene import ProductCategory
from catering.waste.graph.weighings import KitchenUai
from catering.waste.graph.words import SurplusKind, SurplusUse
from catering.waste.queries_diagnostic import agreements
from catering.waste.rules import surplus as rules


@strawberry.input(description="What is known of a surplus; what nobody noted is left out, and counts against it.")
class SurplusInput:
    kind: SurplusKind = strawberry.field(description="What it is.")
    made_on: date = strawberry.field(description="Day it was cooked; of a sealed product, day it was opened for sale.")
    served_on: date = strawberry.field(description="Day of the service it is left from.")
    exposed: bool = strawberry.field(description="Whether diners could reach it: self-service, buffet, table.")
    traced: bool = strawberry.field(description="Whether it bears its name and date.")
    satellite: bool = strawberry.field(default=False, description="Whether it was opened in a satellite restaurant.")
    cooled_minutes: int | None = strawberry.field(default=None, description="Minutes that quick cooling took.")
    cooled_to_c: Decimal | None = strawberry.field(default=None, description="°C at heart at its end.")
    stored_at_c: Decimal | None = strawberry.field(default=None, description="°C at which it is kept.")
    held_hot_c: Decimal | None = strawberry.field(default=None, description="Lowest °C, if kept hot to be given.")
    use_by: date | None = strawberry.field(default=None, description="Date it bears, whatever it is: it binds.")
    reheated: bool | None = strawberry.field(
        default=None, description="Whether a hot dish was warmed up for its service; made before it, it is taken to be."
    )
    category: ProductCategory | None = strawberry.field(
        default=None, description="What a sealed pack holds; left out, the lowest temperature of chilled food binds."
    )
    label_c: Decimal | None = strawberry.field(default=None, description="°C that the label states, where it decides.")
    prepacked: bool = strawberry.field(default=False, description="Keeps without cold: packed in single portions.")


@strawberry.type(description="One rule as it applies.")
class SurplusReason:
    rule: strawberry.ID = strawberry.field(description="Id of the rule, e.g. `HYG-REFROIDIR-HEURES`.")
    holds: bool = strawberry.field(description="False forbids.")
    stated: Decimal | None = strawberry.field(description="What was noted; null when it is no figure, or unknown.")
    limit: Decimal | None = strawberry.field(description="The figure of the law.")
    unit: str | None = strawberry.field(description="Unit of both.")
    told: str = strawberry.field(description="In French.")
    due: bool = strawberry.field(description="Not noted yet and still to be done: the rule holds if it is.")


@strawberry.type(description="What may be done with a surplus, until when, and why.")
class SurplusAdvice:
    uses: list[SurplusUse] = strawberry.field(
        description="DISCARD alone when nothing else may; COOL_NOW first needs what `due` says."
    )
    serve_by: date | None = strawberry.field(description="Last day to serve it again; null when not, or undated.")
    give_by: date | None = strawberry.field(
        description="Last day to have it eaten as a gift; null when not, or undated."
    )
    reasons: list[SurplusReason] = strawberry.field(description="Each rule, what was noted and its figure.")


@strawberry.type
class Query:
    @documented
    async def surplus_advice(
        self,
        info: Ask,
        kitchen: KitchenUai,
        surplus: Annotated[SurplusInput, strawberry.argument(description="What is known of it.")],
        on: Annotated[date, strawberry.argument(description="Day on which it would be served or fetched.")],
    ) -> SurplusAdvice | None:
        """What may become of a surplus by the rules of hygiene in force; null when you may not read the kitchen."""
        viewer = info.context.viewer
        place: KitchenRow | None = await info.context.one(kitchens(viewer, uais=[str(kitchen)]))
        if place is None:
            return None
        held = await info.context.objects(agreements(viewer, place.id))
        known = rules.Surplus(**{each.name: getattr(surplus, each.name) for each in fields(rules.Surplus)})
        if (fault := rules.impossible(known, on)) is not None:
            raise BadArgumentError(f"surplus : {fault}")
        holding = [each for each in held if each.holds(on)]
        unchecked = (
            None if any(each.authority for each in holding) else next((each.association for each in holding), None)
        )
        with known_law(on):
            found = rules.advise(known, on, agreement=bool(holding), unchecked=unchecked, seen_on=today())
        reasons = [shown(SurplusReason, each, rule=strawberry.ID(each.rule)) for each in found.reasons]
        return SurplusAdvice(uses=list(found.uses), serve_by=found.serve_by, give_by=found.give_by, reasons=reasons)
