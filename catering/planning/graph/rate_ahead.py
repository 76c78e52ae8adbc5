"""What a rate at 31 December rests on: the orders and planned purchases of one kitchen, as GraphQL shows them."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry

from catering.graph.documented import documented
from catering.graph.errors import BadArgumentError
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.graph.values import BigInt
from catering.kitchens.queries import kitchens
from catering.market.graph import Label, Offer, show_offer
from catering.market.loaders import OfferById
from catering.moment import today
from catering.planning.rate_lines import Ahead, LineAhead, lines_ahead
from catering.purchases.graph_egalim import OfYear, year_asked
from catering.recipes.graph import Ingredient, show_ingredient
from catering.recipes.loaders import IngredientById
from catering.rules import law
from catering.rules.egalim_year import euros
from catering.rules.shapes import ValueRatio

strawberry.enum(Ahead, name="AheadSource", description="Where a purchase to come is written: an order or a plan.")


@strawberry.type(description="Grams of an offer that a kitchen will receive, in the value of a rate.")
class LineOfRate:
    line: strawberry.Private[LineAhead]
    source: Ahead = strawberry.field(description="An order sent, or a published plan.")
    week: date = strawberry.field(description="Monday of the delivery.")
    day: date | None = strawberry.field(description="Day of the delivery; null of a plan, which knows the week.")
    counts: bool = strawberry.field(description="Whether it counts for the rate.")

    @documented
    def order(self) -> strawberry.ID | None:
        """Number of the order; null of a plan."""
        return None if self.line.order_id is None else strawberry.ID(str(self.line.order_id))

    @documented
    def grams(self) -> BigInt:
        """Grams; of an order those not yet received."""
        return BigInt(self.line.grams)

    @documented
    def amount_eur(self) -> Decimal:
        """€ excl. tax, delivery included; of an order its part not yet received."""
        return euros(self.line.cents)

    @documented
    def counts_by(self) -> Label | None:
        """The one sign it would count by (EGA-20); null outside EGAlim, or when no certificate proves it then."""
        return Label(code=strawberry.ID(self.line.sign)) if self.line.sign else None

    @documented
    async def offer(self, info: Ask) -> Offer | None:
        """What is bought."""
        row = await info.context.loader(OfferById).load(self.line.offer_id)
        return None if row is None else show_offer(row)

    @documented
    async def ingredient(self, info: Ask) -> Ingredient | None:
        """Of which ingredient."""
        row = await info.context.loader(IngredientById).load(self.line.ingredient_id)
        return None if row is None else show_ingredient(row)


@strawberry.type(description="€ excl. tax that orders and the plan bring to a rate, and how much of them counts.")
class SumAhead:
    ordered_eur: Decimal = strawberry.field(description="Ordered and not yet received.")
    ordered_counted_eur: Decimal = strawberry.field(description="Of that, what counts.")
    planned_eur: Decimal = strawberry.field(description="Of published plans, in weeks nobody ordered.")
    planned_counted_eur: Decimal = strawberry.field(description="Of that, what counts.")


@strawberry.type(description="The same of one week.")
class WeekAhead:
    week: date = strawberry.field(description="Its Monday.")
    sums: SumAhead = strawberry.field(description="What it brings.")


@strawberry.type(description="What lies behind a rate of a kitchen at 31 December beside what it has bought.")
class RateAhead:
    all_year: SumAhead = strawberry.field(description="Until 31 December.")
    weeks: list[WeekAhead] = strawberry.field(description="In order; at most 53.")
    week: date | None = strawberry.field(
        description="Monday of the week whose lines are shown; null when none is left."
    )
    lines: list[LineOfRate] = strawberry.field(
        description="Of that week, every one: orders first, the largest amounts first."
    )


def _sums(lines: Iterable[LineAhead]) -> SumAhead:
    found = {(source, counts): 0 for source in Ahead for counts in (True, False)}
    for line in lines:
        found[line.source, line.counts] += line.cents
    ordered, planned = (found[source, True] + found[source, False] for source in (Ahead.ORDER, Ahead.PLAN))
    return SumAhead(
        ordered_eur=euros(ordered),
        ordered_counted_eur=euros(found[Ahead.ORDER, True]),
        planned_eur=euros(planned),
        planned_counted_eur=euros(found[Ahead.PLAN, True]),
    )


def show_ahead(lines: Sequence[LineAhead], week: date | None) -> RateAhead:
    """Lines of a kitchen as GraphQL shows them; without a week the first one is opened."""
    by_week: dict[date, list[LineAhead]] = {}
    for line in lines:
        by_week.setdefault(line.week, []).append(line)
    opened = week or next(iter(by_week), None)
    return RateAhead(
        all_year=_sums(lines),
        weeks=[WeekAhead(week=monday, sums=_sums(of)) for monday, of in by_week.items()],
        week=opened,
        lines=[shown(LineOfRate, each, line=each) for each in (by_week.get(opened, []) if opened else [])],
    )


@strawberry.type
class Query:
    @documented
    async def rate_ahead(
        self,
        info: Ask,
        uai: Annotated[strawberry.ID, strawberry.argument(description="The kitchen, one that you may read.")],
        rule: Annotated[strawberry.ID, strawberry.argument(description="Id of an EGAlim rate.")],
        year: OfYear = None,
        week: Annotated[
            date | None, strawberry.argument(description="Monday of the week to open; the first one when null.")
        ] = None,
        counts: Annotated[
            bool | None, strawberry.argument(description="Only what counts (true) or does not (false); all when null.")
        ] = None,
    ) -> RateAhead | None:
        """Orders sent and planned purchases behind a rate at 31 December; null for a kitchen you may not read."""
        viewer = info.context.viewer
        if not isinstance(law().entries.get(rule), ValueRatio):
            raise BadArgumentError(f"rule vaut « {rule} » : donner un taux EGAlim, par exemple EGA-01.")
        kitchen = await info.context.one(kitchens(viewer, uais=[uai]))
        if kitchen is None:
            return None
        async with info.context.reading() as session:
            found = await lines_ahead(session, viewer, year_asked(year), rule, today(), kitchen_id=kitchen.id)
        return show_ahead([each for each in found if counts in (None, each.counts)], week)
