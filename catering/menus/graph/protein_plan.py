"""The plan by which a kitchen diversifies proteins, as GraphQL shows it (VEG-10)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import strawberry

from catering.documents.graph import PATH
from catering.graph.documented import documented
from catering.graph.loading import Loader
from catering.graph.request import Ask
from catering.kitchens.graph import Kitchen
from catering.menus.graph.check import rounded
from catering.menus.protein_plans import PlanStanding, standings
from catering.moment import today


@strawberry.type(description="Whether a kitchen owes a plan pluriannuel de diversification des protéines, and has one.")
class ProteinPlan:
    due: bool | None = strawberry.field(description="Whether the law asks for one; null while its covers are unknown.")
    present: bool = strawberry.field(description="Whether the one told last holds today.")
    covers_per_day: Decimal | None = strawberry.field(description="Mean over its days of service; null when unknown.")
    limit: int | None = strawberry.field(description="Covers above which one is due; null before the law.")
    first_day: date | None = strawberry.field(description="First day of the plan told last; null without one.")
    last_day: date | None = strawberry.field(description="Its last day; null without one.")
    document_url: str | None = strawberry.field(description="Where its document is fetched; null without one.")
    told: str = strawberry.field(description="In French: where it stands, and what to do.")


class ProteinPlanByKitchen(Loader[int, PlanStanding]):
    """Where kitchens stand today, by number."""

    async def fetch(self, keys: list[int]) -> Mapping[int, PlanStanding]:
        """One statement."""
        async with self.request.reading() as session:
            return await standings(session, self.request.viewer, today(), keys)


def show_protein_plan(of: PlanStanding) -> ProteinPlan:
    """Where a kitchen stands, as GraphQL shows it."""
    plan = of.plan
    return ProteinPlan(
        due=of.due,
        present=of.present,
        covers_per_day=None if of.covers is None else rounded(of.covers),
        limit=of.limit,
        first_day=None if plan is None else plan.first_day,
        last_day=None if plan is None else plan.last_day,
        document_url=None if plan is None or plan.document_id is None else f"{PATH}/{plan.document_id}",
        told=of.told,
    )


@documented
async def protein_plan(kitchen: strawberry.Parent[Kitchen], info: Ask) -> ProteinPlan:
    """The plan by which it diversifies proteins: due, present or missing (VEG-10)."""
    return show_protein_plan(await info.context.loader(ProteinPlanByKitchen).load(kitchen.row_id))


OF_KITCHEN = (protein_plan,)
