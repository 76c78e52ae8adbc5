"""Pourquoi pas moi ? What GraphQL tells a seller of each of their offers in the plan in use."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated

import strawberry

from catering.explaining.grounds import FEWEST_RIVALS, ground_of, planned, tells_of_somebody
from catering.explaining.queries import explained_visible_to, offer_ids
from catering.graph.arguments import Monday, a_monday
from catering.graph.documented import documented
from catering.graph.errors import BadArgumentError
from catering.graph.request import Ask
from catering.graph.values import BigInt
from catering.market.graph import Offer, Supplier, show_offer, show_supplier
from catering.market.loaders import OfferById
from catering.market.models import Supplier as SupplierRow
from catering.planning.graph.run_loads import RunInUse, RunWanted
from catering.planning.queries_of_demand import FEWEST
from catering.planning.warm import problem_at_hand
from optimizer.explaining import Entry, OfferMonth, Standing, why

MOST_WEEKS = 26  # legal-number: half a year explained at once
ONE_WEEK = timedelta(days=7)

strawberry.enum(
    Standing,
    name="OfferStanding",
    description="Where an offer stands in a month of the plan: SOLD_OUT (all that is on sale is bought), RETAINED, "
    "NOT_RETAINED, NOT_ON_SALE (no quantity stated for any week), NOT_NEEDED (no menu in reach takes it).",
)


@strawberry.type(
    description="At which terms an offer would enter, in the kitchen and week where it is nearest to: each figure is "
    "confirmed by buying that week again, everything else of the plan as it is; null when none is confirmed."
)
class OfferEntry:
    row: strawberry.Private[Entry]
    week: date = strawberry.field(description="Monday of the week.")
    price_eur_per_kg: Decimal = strawberry.field(description="The offer's price now, excl. tax, without delivery.")
    delivery_eur_per_kg: Decimal = strawberry.field(description="What its supplier's delivery costs there.")
    withheld: bool = strawberry.field(
        description=f"Whether fewer than {FEWEST_RIVALS} others compete there: all figures are then null, as they "
        "would tell what one of them asks."
    )

    @documented
    def enters_now(self) -> bool | None:
        """Whether it would enter at its present terms if that week were bought again: the plan is near the best one,
        not at it."""
        return None if self.withheld else self.row.enters_now

    @documented
    def enters_at_eur_per_kg(self) -> Decimal | None:
        """The highest price at which it enters, in steps of 0.05 € per kg, excl. tax, without delivery."""
        return None if self.withheld else self.row.enters_at

    @documented
    def enters_unbound_at_eur_per_kg(self) -> Decimal | None:
        """The same without a minimum per delivery, told where no price is enough with it."""
        return None if self.withheld else self.row.enters_unbound_at

    @documented
    def minimum_eur(self) -> Decimal | None:
        """The highest minimum per delivery at which it enters at its present price, in steps of 5 €."""
        return None if self.withheld else self.row.minimum

    @documented
    def quantity_g(self) -> BigInt | None:
        """The least quantity on sale for that kitchen and week at which it enters at its present price."""
        kg = self.row.quantity_kg
        return None if self.withheld or kg is None else BigInt(kg * 1000)

    @documented
    def grams(self) -> BigInt | None:
        """What that kitchen would buy of it in the week: at its present terms if it enters, else at the price told."""
        return None if self.withheld or not self.row.grams else BigInt(self.row.grams)

    @documented
    def minimum_effect_eur_per_kg(self) -> Decimal | None:
        """How much higher the price of entry would be without the minimum per delivery."""
        return None if self.withheld else self.row.effects.minimum

    @documented
    def label_effect_eur_per_kg(self) -> Decimal | None:
        """How much higher the price of entry is because the label counts for the EGAlim rates."""
        return None if self.withheld else self.row.effects.label

    @documented
    def certificate_effect_eur_per_kg(self) -> Decimal | None:
        """How much higher it would be if the certificate covered the week."""
        return None if self.withheld else self.row.effects.certificate

    @documented
    def scarcity_effect_eur_per_kg(self) -> Decimal | None:
        """How much higher it is because what others have on sale is limited."""
        return None if self.withheld else self.row.effects.scarcity


@strawberry.type(description="One offer in one month of the plan in use.")
class OfferMonthStanding:
    row: strawberry.Private[OfferMonth]
    offer_id: strawberry.Private[int | None]
    month: date = strawberry.field(description="Its first day; the weeks are those whose Monday it holds.")
    standing: Standing = strawberry.field(description="Where the offer stands.")
    retained_g: BigInt = strawberry.field(description="What the plan buys of it.")
    weeks: int = strawberry.field(description="Weeks of the month that were looked at.")
    weeks_on_sale: int = strawberry.field(description="Weeks for which a quantity is stated.")
    weeks_uncertified: int = strawberry.field(description="Weeks on sale that its certificate does not cover.")

    @documented
    async def offer(self, info: Ask) -> Offer | None:
        """The offer; null when it is not for sale any more."""
        row = None if self.offer_id is None else await info.context.loader(OfferById).load(self.offer_id)
        return None if row is None else show_offer(row)

    @documented
    def on_sale_g(self) -> BigInt | None:
        """What is on sale over these weeks; null for any quantity."""
        return None if self.row.on_sale_g is None else BigInt(self.row.on_sale_g)

    @documented
    def needed_g(self) -> BigInt | None:
        """What the kitchens in reach buy of the ingredient, of whomever; null when fewer than three do."""
        return BigInt(self.row.needed_g) if self.row.kitchens >= FEWEST or not self.row.kitchens else None

    @documented
    def entry(self) -> OfferEntry | None:
        """At which terms it would enter; null when it is retained, not on sale, not needed, or nobody could receive
        it."""
        entry = self.row.entry
        if entry is None:
            return None
        return OfferEntry(
            row=entry,
            week=entry.place[1],
            price_eur_per_kg=entry.price,
            delivery_eur_per_kg=entry.delivery,
            withheld=tells_of_somebody(entry),
        )


@strawberry.type(description="Why a supplier's offers are in the plan in use as they are.")
class SupplierExplanation:
    of: strawberry.Private[SupplierRow]
    rows: strawberry.Private[Sequence[OfferMonth]]
    offer_ids: strawberry.Private[Mapping[str, int]]
    run_id: strawberry.ID = strawberry.field(description="Number of the plan.")
    weeks: list[date] = strawberry.field(description="The weeks of the plan that were looked at, by their Mondays.")

    @documented
    def supplier(self) -> Supplier:
        """Who sells."""
        return show_supplier(self.of)

    @documented
    def months(self) -> list[OfferMonthStanding]:
        """Every offer (a dozen or so), month by month."""
        return [
            OfferMonthStanding(
                row=each,
                offer_id=self.offer_ids.get(each.offer),
                month=each.month,
                standing=each.standing,
                retained_g=BigInt(each.retained_g),
                weeks=each.weeks,
                weeks_on_sale=each.weeks_on_sale,
                weeks_uncertified=each.weeks_uncertified,
            )
            for each in self.rows
        ]


@strawberry.type
class Query:
    @documented
    async def why_not(
        self,
        info: Ask,
        supplier: Annotated[strawberry.ID, strawberry.argument(description="Who sells: yours, or any for controls.")],
        first_week: Monday,
        weeks: Annotated[int, strawberry.argument(description=f"How many, 1 to {MOST_WEEKS}; more is refused.")] = 9,
    ) -> SupplierExplanation | None:
        """Why the offers of a supplier are in the plan in use or not, and at which price, minimum or quantity each
        would enter; null when it is not yours to know, or no plan you may read covers these weeks. The first question
        about a plan takes seconds, the others a second or two."""
        if not 1 <= weeks <= MOST_WEEKS:
            raise BadArgumentError(f"weeks : écrire de 1 à {MOST_WEEKS} semaines.")
        request = info.context
        first = a_monday(first_week)
        row = await request.one(explained_visible_to(request.viewer).where(SupplierRow.slug == str(supplier)))
        wanted = RunWanted(first=first, last=first + weeks * ONE_WEEK)
        run = None if row is None else await request.loader(RunInUse).load(wanted)
        if row is None or run is None:
            return None
        problem = await problem_at_hand(request.database, run.id, run.scenario_id)
        mondays = planned(problem, (first + n * ONE_WEEK for n in range(weeks)))
        async with request.reading() as session:
            ground = await ground_of(session, request.viewer, run.id, problem, row.slug, mondays)
        found = await asyncio.to_thread(why, ground, row.slug, mondays)
        ids = dict(await request.rows(offer_ids(request.viewer, row.slug)))
        return SupplierExplanation(of=row, rows=found, offer_ids=ids, run_id=strawberry.ID(str(run.id)), weeks=mondays)
