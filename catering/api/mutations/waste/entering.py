"""What a tablet notes of one bin, as GraphQL takes it."""

from datetime import date, datetime
from typing import Annotated, TypeAlias

import strawberry

from catering.waste import refusals
from catering.waste.graph.words import FoodGroup, Part, Service, Stage, WasteCause
from catering.waste.service.weighing import Entry

ActingFor: TypeAlias = Annotated[
    strawberry.ID, strawberry.argument(description="UAI of a kitchen that you cook or buy for.")
]
Why: TypeAlias = Annotated[str, strawberry.argument(description="In a few words, at most 300 characters.")]


@strawberry.input(description="One bin on the scale. Drinks, plats témoins and packaging are never weighed (GAS-13).")
class WeighingInput:
    key: str = strawberry.field(description="Made by the tablet (a UUID), 8 to 64 characters; sent again, kept once.")
    day: date = strawberry.field(description="Of the service, today or before.")
    stage: Stage = strawberry.field(description="Where it was lost.")
    part: Part = strawberry.field(description="Edible, not, or unsorted; preparation is always sorted.")
    gross_g: int = strawberry.field(description="Grams with the bin.")
    noted_at: datetime = strawberry.field(description="When it was noted, with its zone; it may be sent much later.")
    tare_g: int = strawberry.field(default=0, description="Grams of the empty bin.")
    service: Service = strawberry.field(default=Service.LUNCH, description="Which meal.")
    dish: strawberry.ID | None = strawberry.field(default=None, description="The dish (id), if it is one alone.")
    food_group: FoodGroup | None = strawberry.field(default=None, description="Its family, if it is one alone.")
    cause: WasteCause | None = strawberry.field(default=None, description="Why.")
    note: str | None = strawberry.field(default=None, description="At most 300 characters.")
    confirmed: bool = strawberry.field(default=False, description="The weight is unusual, and right.")


def plain(given: WeighingInput) -> Entry:
    """The entry as the use case takes it.

    Raises:
        refusals.InvalidWeighing: its instant has no zone.
    """
    if given.noted_at.tzinfo is None:
        raise refusals.InvalidWeighing("notedAt est une heure avec son fuseau, par exemple 2026-11-25T13:30:00+01:00.")
    return Entry(
        key=given.key,
        day=given.day,
        service=given.service,
        stage=given.stage,
        part=given.part,
        gross_g=given.gross_g,
        tare_g=given.tare_g,
        noted_at=given.noted_at,
        dish=None if given.dish is None else str(given.dish),
        food_group=given.food_group,
        cause=given.cause,
        note=given.note,
        confirmed=given.confirmed,
    )
