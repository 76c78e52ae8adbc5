"""A campaign of weighings in the first kitchen of the story, invented: what a chef of the demonstration reads."""

from collections.abc import Iterator
from datetime import date, datetime
from random import Random

from sqlalchemy.ext.asyncio import AsyncSession

from catering.demonstration.cast import Cast
from catering.kitchens.models import Kitchen
from catering.moment import paris_day
from catering.waste.queries import covers
from catering.waste.service.counting import count, plan_campaign
from catering.waste.service.weighing import Entry, record
from catering.waste.vocabulary import FoodGroup, Part, Service, Stage, WasteCause

NOTE = "Pesée fictive de démonstration"
CAMPAIGN_NOTE = "Campagne fictive de démonstration"
TARE_G = 650
BINS = (
    (Stage.PREPARATION, Part.EDIBLE, 6, None, WasteCause.TRIMMING),
    (Stage.PREPARATION, Part.INEDIBLE, 21, None, WasteCause.TRIMMING),
    (Stage.UNSERVED, Part.UNSORTED, 30, FoodGroup.SIDE, WasteCause.TOO_MUCH_COOKED),
    (Stage.UNSERVED, Part.UNSORTED, 22, FoodGroup.MEAT_FISH, WasteCause.ABSENCES),
    (Stage.PLATES, Part.UNSORTED, 42, FoodGroup.SIDE, WasteCause.DISLIKED),
    (Stage.PLATES, Part.UNSORTED, 26, FoodGroup.MEAT_FISH, WasteCause.PORTION_TOO_LARGE),
    (Stage.PLATES, Part.UNSORTED, 17, FoodGroup.STARTER, WasteCause.DISLIKED),
    (Stage.PLATES, Part.UNSORTED, 14, FoodGroup.DESSERT, WasteCause.NO_TIME_TO_EAT),
)
"""Bins of a day and grams a cover in the mean: some 135 edible grams, as the pilot collèges weighed."""


async def open_campaign(session: AsyncSession, cast: Cast, kitchen: Kitchen, first: date, last: date) -> None:
    """Plan the campaign, as its chef does."""
    await plan_campaign(session, cast.chef(kitchen.uai), kitchen.uai, first, last, CAMPAIGN_NOTE)


async def weigh(session: AsyncSession, cast: Cast, kitchen: Kitchen, chance: Random, at: datetime) -> None:
    """Count and weigh a day of the campaign; who came is as it was drawn, and stays told as simulated."""
    chef, day = cast.chef(kitchen.uai), paris_day(at)
    drawn = covers(chef, kitchen_ids=[kitchen.id], first=day, last=day, service=Service.LUNCH)
    row = await session.scalar(drawn)
    if row is None or not row.served:
        return
    came: int = row.served
    planned = came + chance.randint(5, 25)
    counted = await count(
        session, chef, kitchen.uai, day, Service.LUNCH, planned=planned, prepared=planned + 4, served=came
    )
    counted.simulated = True
    await record(session, chef, kitchen.uai, list(_bins(kitchen, day, came, chance, at)))


def _bins(kitchen: Kitchen, day: date, came: int, chance: Random, at: datetime) -> Iterator[Entry]:
    of_day = chance.uniform(0.8, 1.2)  # legal-number: drawn, no law
    for rank, (stage, part, grams, group, cause) in enumerate(BINS):
        net = round(grams * came * of_day * chance.uniform(0.85, 1.15))  # legal-number: drawn, no law
        yield Entry(
            key=f"demo-{kitchen.uai}-{day}-{rank}",
            day=day,
            service=Service.LUNCH,
            stage=stage,
            part=part,
            gross_g=net + TARE_G,
            tare_g=TARE_G,
            noted_at=at,
            food_group=group,
            cause=cause,
            note=NOTE,
        )
