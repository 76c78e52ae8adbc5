"""What an explanation stands on, read from the plan in use; and which figures are not told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from catering.explaining.queries import bought, first_day, named, places, sold
from catering.kitchens.calendar import week_of
from catering.market.models import Offer
from catering.people.viewer import Viewer
from catering.planning.facts import PLANNER
from catering.recipes.models import Ingredient
from optimizer.explaining import Entry, Ground, kitchens_looked_into
from optimizer.plan import SourcingLine
from optimizer.problem import Problem

FEWEST_RIVALS = 3  # legal-number: sellers among whom a price tells of none of them
"""Others that sell the ingredient to the kitchen in the week; with fewer, the terms of entry would tell their price."""


def tells_of_somebody(entry: Entry) -> bool:
    """Whether so few others compete that the terms of entry would tell what one of them asks."""
    return entry.rivals < FEWEST_RIVALS


def planned(problem: Problem, weeks: Iterable[date]) -> list[date]:
    """Those of the Mondays in whose week the plan serves."""
    served = set(problem.weeks)
    return [week for week in weeks if week in served]


async def ground_of(
    session: AsyncSession, viewer: Viewer, run_id: int, problem: Problem, supplier: str, weeks: Sequence[date]
) -> Ground:
    """What an explanation of a supplier over some weeks stands on. Seven statements.

    Of the kitchens in reach the weeks are read, and of those that are looked into all weeks of the plan: rates are
    those of a civil year.
    """
    reached = sorted(kitchen for seller, kitchen in problem.deliveries if seller == supplier)
    uais = dict((await session.execute(places(PLANNER, reached))).tuples().all())
    if not uais:
        return Ground(problem, (), {})
    read = _Read(
        session, run_id, uais, *[dict((await session.execute(named(PLANNER, of))).tuples().all()) for of in KINDS]
    )
    near = Ground(problem, await read.lines(list(uais), weeks=weeks), await read.sold(weeks))
    looked_into = kitchens_looked_into(near, supplier, weeks)
    since = week_of((await session.execute(first_day(viewer, run_id))).scalar_one())
    whole = await read.lines([of for of, uai in uais.items() if uai in looked_into], since=since)
    others = (line for line in near.lines if line.kitchen not in looked_into)
    return Ground(problem, (*others, *whole), near.sold)


KINDS = (Ingredient, Offer)


@dataclass(frozen=True, slots=True)
class _Read:
    """Reads a run's purchases; names by row id."""

    session: AsyncSession
    run_id: int
    kitchens: Mapping[int, str]
    ingredients: Mapping[int, str]
    offers: Mapping[int, str]

    async def lines(
        self, kitchen_ids: Sequence[int], *, since: date | None = None, weeks: Sequence[date] | None = None
    ) -> tuple[SourcingLine, ...]:
        """What some kitchens buy from a Monday on, or in some weeks."""
        rows = await self.session.execute(bought(PLANNER, self.run_id, kitchen_ids, since=since, weeks=weeks))
        return tuple(
            SourcingLine(self.kitchens[kitchen], week, self.ingredients[ingredient], self.offers[offer], grams, amount)
            for kitchen, week, ingredient, offer, grams, amount in rows
        )

    async def sold(self, weeks: Sequence[date]) -> dict[tuple[str, date], int]:
        """Grams that all kitchens buy, by offer and week."""
        rows = await self.session.execute(sold(PLANNER, self.run_id, weeks))
        return {(self.offers[offer], week): int(grams) for offer, week, grams in rows}
