"""The menus page of a collège for its diners: open to everybody, without an account and without a figure."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated

import strawberry

from catering.graph.arguments import Monday, a_monday
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.menus.diners import DinersDay, DinersDish, DinersPlace, place_of, places, week_of
from catering.receiving.origins import goods_told
from catering.recipes.vocabulary import Allergen, Slot
from catering.rules import Truth

SIX_DAYS = timedelta(days=6)


@strawberry.type(description="Where a meat of a dish comes from (ORI-01 to ORI-04).")
class MeatOrigin:
    name: str = strawberry.field(description="The meat, in French.")
    wording: str | None = strawberry.field(
        description="Words of the law, e.g. « origine : France »; null when nobody told all the countries it asks for."
    )


@strawberry.type(description="A dish of a menu, as diners read it.")
class DinersChoice:
    dish: strawberry.Private[DinersDish]
    slot: Slot = strawberry.field(description="Component of the meal.")
    name: str = strawberry.field(description="French name.")
    vegetarian: Truth = strawberry.field(description="Without meat, fish or seafood; unknown is not vegetarian.")
    in_season: bool = strawberry.field(description="Whether it is of the season of that day (NUT-S5).")

    @documented
    def allergens(self) -> list[Allergen] | None:
        """Allergens it holds (ALL-01): those of its fiche technique, and those that sellers state of the products used,
        or from today on of those on the shelves or on order; null when its fiche is not known: ask the kitchen."""
        return None if self.dish.allergens is None else sorted(self.dish.allergens)

    @documented
    def meats(self) -> list[MeatOrigin]:
        """Meats whose origin must be told, with that of the lots used for that day."""
        return [MeatOrigin(name=meat.name, wording=meat.wording) for meat in self.dish.meats]


@strawberry.type(description="A day's menu, as diners read it.")
class DinersMenu:
    day: date = strawberry.field(name="date", description="The day.")
    vegetarian: Truth = strawberry.field(description="Whether a whole menu without meat or fish can be taken.")
    choices: list[DinersChoice] = strawberry.field(description="In the order of the tray.")


@strawberry.type(description="A week of menus of a collège, open to everybody.")
class DinersWeek:
    uai: strawberry.ID = strawberry.field(description="National id of the collège.")
    name: str = strawberry.field(description="Its name.")
    commune: str = strawberry.field(description="Its commune.")
    monday: date = strawberry.field(description="Names the week.")
    days: list[DinersMenu] = strawberry.field(description="Days of service, in order; empty without a menu.")


@strawberry.type(description="A collège whose menus are open to everybody.")
class DinersCollege:
    uai: strawberry.ID = strawberry.field(description="National id of the collège.")
    name: str = strawberry.field(description="Its name.")
    commune: str = strawberry.field(description="Its commune.")


@strawberry.type(description="A month of menus of a collège, open to everybody.")
class DinersMonth:
    uai: strawberry.ID = strawberry.field(description="National id of the collège.")
    name: str = strawberry.field(description="Its name.")
    commune: str = strawberry.field(description="Its commune.")
    first_day: date = strawberry.field(description="The first day of the month.")
    days: list[DinersMenu] = strawberry.field(description="Days of service, in order; empty without a menu.")


def _menus(days: Sequence[DinersDay]) -> list[DinersMenu]:
    return [
        DinersMenu(
            day=each.day,
            vegetarian=each.vegetarian,
            choices=[
                DinersChoice(
                    dish=dish,
                    slot=dish.slot,
                    name=dish.name,
                    vegetarian=dish.vegetarian,
                    in_season=dish.in_season,
                )
                for dish in each.dishes
            ],
        )
        for each in days
    ]


async def _read(info: Ask, uai: str, first: date, last: date) -> tuple[DinersPlace, list[DinersMenu]] | None:
    """A collège and its menus between two days, both included; None for an unknown one."""
    async with info.context.of_everybody() as session:
        place = await place_of(session, info.context.signed_in, uai)
        if place is None:
            return None
        told = await goods_told(session, info.context.signed_in, place.id, first, last)
        return place, _menus(await week_of(session, info.context.signed_in, place, first, last, told))


OfCollege = Annotated[strawberry.ID, strawberry.argument(description="National id of the collège, 8 characters.")]


@strawberry.type
class Query:
    @documented
    async def diners_colleges(self, info: Ask) -> list[DinersCollege]:
        """Every collège, by commune then name, for who looks for the menus of theirs, without an account."""
        async with info.context.of_everybody() as session:
            found = await places(session, info.context.signed_in)
        return [DinersCollege(uai=strawberry.ID(each.uai), name=each.name, commune=each.commune) for each in found]

    @documented
    async def diners_week(self, info: Ask, uai: OfCollege, monday: Monday) -> DinersWeek | None:
        """Menus of a collège for its diners, without an account: allergens, meat, season. Null for an unknown one."""
        first = a_monday(monday)
        found = await _read(info, str(uai), first, first + SIX_DAYS)
        if found is None:
            return None
        place, days = found
        return DinersWeek(uai=strawberry.ID(place.uai), name=place.name, commune=place.commune, monday=first, days=days)

    @documented
    async def diners_month(
        self,
        info: Ask,
        uai: OfCollege,
        day: Annotated[date, strawberry.argument(description="Any day of the month.")],
    ) -> DinersMonth | None:
        """The same over the month of a day."""
        first = day.replace(day=1)
        found = await _read(info, str(uai), first, day.replace(day=monthrange(day.year, day.month)[1]))
        if found is None:
            return None
        place, days = found
        return DinersMonth(
            uai=strawberry.ID(place.uai), name=place.name, commune=place.commune, first_day=first, days=days
        )
