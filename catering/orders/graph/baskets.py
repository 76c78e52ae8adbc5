"""A kitchen's basket: its lines, its deliveries, what it weighs in the EGAlim ratios, and what could replace a line."""

from collections import defaultdict
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import Annotated, TypeAlias

import strawberry

from catering.graph.documented import documented
from catering.graph.errors import BadArgumentError
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.market.graph import Offer, show_offer
from catering.moment import now
from catering.orders import models
from catering.orders.effects import Bought, ratios
from catering.orders.graph.basket_drops import BasketDrop, Held, show_drop
from catering.orders.graph.notices import BasketNotice, notices_of_days, notices_of_need, notices_of_shortages
from catering.orders.loaders import (
    BasketByKitchenWeek,
    IngredientWanted,
    KitchenWeek,
    LinesByBasketId,
    OfferWanted,
    OrderedByKitchenWeek,
    SoldByIngredient,
    SoldByOffer,
)
from catering.orders.loaders_of_drops import DropWanted, OrderedByDrop
from catering.orders.loaders_of_proposals import AcceptedSubstitutes, SubstituteAsked
from catering.orders.proposing import Proposal
from catering.orders.rules import added_up, grams_held, packs_for
from catering.orders.sale_terms import changes
from catering.orders.sold import Sold, in_turn, next_best
from catering.orders.vocabulary import LineReason, PriceSource, SaleCondition
from catering.recipes.graph import Ingredient, show_ingredient
from catering.recipes.loaders import IngredientById
from catering.rules import law
from catering.rules.egalim_year import Ratio
from catering.rules.shapes import ValueRatio

MOST_SUBSTITUTES = 10
SHARE_STEP = Decimal("0.000001")

strawberry.enum(LineReason, description="Why a line stands in a basket.")
strawberry.enum(SaleCondition, description="What a buyer sees of an offer, and what may change until it is sent.")

HowMany: TypeAlias = Annotated[
    int, strawberry.argument(description=f"How many, 1 to {MOST_SUBSTITUTES}; more is refused (BAD_ARGUMENT).")
]


@strawberry.type(description="A condition of sale that is no longer the one seen.")
class ChangedCondition:
    condition: SaleCondition = strawberry.field(description="Which one.")
    seen: str = strawberry.field(description="How it was when the line was last looked at, in French.")
    now: str = strawberry.field(description="How it is now, in French.")
    words: str = strawberry.field(description="All of it: `prix du colis 10,00 € → 11,00 €`.")


@strawberry.type(description="A ratio of the law over what a kitchen has ordered and is about to order for a week.")
class BasketRatio:
    rule: strawberry.ID = strawberry.field(description="Id of the rule, e.g. `EGA-01`.")
    title: str = strawberry.field(description="What it asks, in French.")
    share: Decimal | None = strawberry.field(description="0 to 1; null when nothing of its families is bought.")
    target: Decimal = strawberry.field(description="Least share of the law over a civil year, 0 to 1.")
    holds: bool | None = strawberry.field(description="Whether the week alone reaches it; null for a share of nothing.")


@strawberry.type(description="Another offer of the same ingredient, and what taking it would change.")
class Substitute:
    sold: strawberry.Private[Sold]
    replaced: strawberry.Private[Sold]
    day: date = strawberry.field(description="Delivery day it would come on.")
    packs: int = strawberry.field(description="Packs that hold as much as the line is there for.")
    packs_left: int | None = strawberry.field(description="Packs that may still be ordered; null for any number.")
    amount_eur: Decimal = strawberry.field(description="€ excl. tax, delivery included.")
    more_eur: Decimal = strawberry.field(description="€ more than the line costs now; negative is cheaper.")
    ratios: list[BasketRatio] = strawberry.field(description="The ratios of the week with it in place of the line.")

    @documented
    def offer(self) -> Offer:
        """The offer."""
        return show_offer(self.sold.offer)

    @documented
    def km(self) -> Decimal:
        """Estimated road distance: information, never a criterion."""
        return self.sold.km


@strawberry.type(description="So many packs of an offer, to be delivered on a day.")
class BasketLine:
    held: strawberry.Private[Held]
    basket: strawberry.Private["Basket"]
    day: date = strawberry.field(description="Delivery day.")
    packs: int = strawberry.field(description="Whole packs.")
    planned_g: int = strawberry.field(description="Grams the plan needs of it; 0 for what the plan does not know.")
    left_over_g: int = strawberry.field(description="Grams bought beyond the plan, because packs are whole.")
    reason: LineReason = strawberry.field(description="Why it is there.")

    @documented
    def price_seen_eur(self) -> Decimal:
        """€ per pack excl. tax when the line was last looked at."""
        return self.held.line.price_seen

    @documented
    def price_eur_per_pack(self) -> Decimal:
        """€ per pack excl. tax now."""
        return self.held.paid.price_eur_per_pack

    @documented
    def fingerprint(self) -> strawberry.ID:
        """Names the conditions of sale of now: give it back in `acceptedTerms` to accept them."""
        return strawberry.ID(self.held.terms.fingerprint)

    @documented
    async def changes(self, info: Ask) -> list[ChangedCondition]:
        """Conditions of sale that are no longer those seen (one of each kind at most): sending asks to accept them."""
        line, terms = self.held.line, self.held.terms
        rows = await info.context.loader(IngredientById).load_many([line.ingredient_id, terms.ingredient_id])
        names = {row.id: row.name for row in rows if row is not None}
        return [shown(ChangedCondition, each) for each in changes(line.seen, terms, names)]

    @documented
    def price_source(self) -> PriceSource:
        """Where that price comes from."""
        return self.held.paid.agreement.source

    @documented
    def price_words(self) -> str:
        """The same in French, with the contract or the price list: `Prix du marché n° 2026-07, ligne 3, …`."""
        return self.held.paid.agreement.words

    @documented
    def amount_eur(self) -> Decimal:
        """€ excl. tax, delivery included, at the prices of now."""
        return self.held.amount

    @documented
    def packs_left(self) -> int | None:
        """Packs of the offer that may still be ordered for the week; null for any number."""
        return self.held.sold.packs_left()

    @documented
    def label_proven(self) -> bool:
        """Whether a certificate covers its label on the delivery day; true without label."""
        return self.held.sold.proven_on(self.day)

    @documented
    def offer(self) -> Offer:
        """What is bought."""
        return show_offer(self.held.sold.offer)

    @documented
    async def ingredient(self, info: Ask) -> Ingredient | None:
        """The ingredient it is bought as."""
        row = await info.context.loader(IngredientById).load(self.held.line.ingredient_id)
        return None if row is None else show_ingredient(row)

    @documented
    async def substitutes(self, info: Ask, first: HowMany = 3) -> list[Substitute]:
        """Other offers of the ingredient that sending would accept in its place, the cheapest first."""
        if not 1 <= first <= MOST_SUBSTITUTES:
            raise BadArgumentError(f"first vaut {first} : demander de 1 à {MOST_SUBSTITUTES} offres.")
        place = IngredientWanted(self.basket.place, self.held.line.ingredient_id)
        offers = await info.context.loader(SoldByIngredient).load(place)
        others = (each for each in offers if each.offer.id != self.held.line.offer_id)
        proposals = [self._in_its_place(sold) for sold in next_best(others, now())]
        there = [Proposal(each.sold, each.line.day, each.line.packs) for each in await self.basket.held(info)]
        asked = [SubstituteAsked(each, there, self.held.key) for each in proposals]
        answers = await info.context.loader(AcceptedSubstitutes).load_many(asked)
        accepted = [each for each, fits in zip(proposals, answers, strict=True) if fits]
        return [await self._substitute(info, each) for each in accepted[:first]]

    def _in_its_place(self, sold: Sold) -> Proposal:
        """As many packs of another offer as what the line holds takes, on its best day."""
        line, day = self.held.line, sold.day_for(now())
        assert day is not None, "only offers that can be delivered are ranked"
        grams = grams_held(line.packs, self.held.sold.offer.pack_g, line.planned_g)
        return Proposal(sold, day, packs_for(grams, sold.offer.pack_g))

    async def _substitute(self, info: Ask, proposal: Proposal) -> Substitute:
        line, sold, day, packs = self.held.line, proposal.sold, proposal.day, proposal.packs
        amount = proposal.amount
        return Substitute(
            sold=sold,
            replaced=self.held.sold,
            day=day,
            packs=packs,
            packs_left=sold.packs_left(),
            amount_eur=amount,
            more_eur=amount - self.held.amount,
            ratios=await self.basket.ratios_with(info, without=line, sold=sold, amount=amount, day=day),
        )


@strawberry.type(description="What a kitchen is about to order for one week. Nothing is ordered before it is sent.")
class Basket:
    place: strawberry.Private[KitchenWeek]
    row: strawberry.Private[models.Basket | None]
    week: date = strawberry.field(description="Monday of the week whose meals it is for.")
    version: int = strawberry.field(description="State it with every change; 0 before the first one.")

    @documented
    async def lines(self, info: Ask) -> list[BasketLine]:
        """What is in it, delivery by delivery (a few dozen lines)."""
        return [shown(BasketLine, each.line, held=each, basket=self) for each in await self.held(info)]

    @documented
    async def line(
        self,
        info: Ask,
        offer: Annotated[strawberry.ID, strawberry.argument(description="Id of the offer.")],
        day: Annotated[date, strawberry.argument(description="Delivery day.")],
    ) -> BasketLine | None:
        """One line; null when the basket has none of this offer on this day."""
        for each in await self.held(info):
            if (each.sold.offer.slug, each.line.day) == (offer, day):
                return shown(BasketLine, each.line, held=each, basket=self)
        return None

    @documented
    async def drops(self, info: Ask) -> list[BasketDrop]:
        """The orders that sending it would make, by supplier and day."""
        by_drop: dict[tuple[date, int], list[Held]] = defaultdict(list)
        for each in await self.held(info):
            by_drop[each.line.day, each.sold.supplier.id].append(each)
        keys = [DropWanted(self.place.kitchen_id, supplier, day) for day, supplier in sorted(by_drop)]
        ordered = await info.context.loader(OrderedByDrop).load_many(keys)
        return [
            show_drop(key.day, by_drop[key.day, key.supplier_id], of) for key, of in zip(keys, ordered, strict=True)
        ]

    @documented
    async def amount_eur(self, info: Ask) -> Decimal:
        """€ excl. tax, delivery included: the sum of the rounded lines."""
        return added_up(each.amount for each in await self.held(info))

    @documented
    async def ordered_eur(self, info: Ask) -> Decimal:
        """€ excl. tax of what is ordered for the week already."""
        return added_up(line.amount for line in await info.context.loader(OrderedByKitchenWeek).load(self.place))

    @documented
    async def ratios(self, info: Ask) -> list[BasketRatio]:
        """The ratios of the law over what is ordered for the week and what is in the basket."""
        return await self.ratios_with(info)

    @documented
    async def notices(self, info: Ask) -> list[BasketNotice]:
        """What to know before sending it: goods that fell out and nobody has, thresholds that the needs come near with
        it, one supplier that always wins, lines that will be refused for their day."""
        held = await self.held(info)
        rows = await info.context.loader(IngredientById).load_many([each.line.ingredient_id for each in held])
        purchases = [each.purchase_of(row) for each, row in zip(held, rows, strict=True) if row is not None]
        days = await notices_of_days(
            info, [(each.sold, each.line.day, row) for each, row in zip(held, rows, strict=True)]
        )
        there = [(each.line.ingredient_id, each.line.packs * each.sold.offer.pack_g) for each in held]
        ordered = await info.context.loader(OrderedByKitchenWeek).load(self.place)
        lost = await notices_of_shortages(info, self.place, there, ordered)
        return [*lost, *days, *await notices_of_need(info, self.place.kitchen_id, purchases, committed=False)]

    async def held(self, info: Ask) -> list[Held]:
        """Lines whose offer the viewer may read, in order."""
        if self.row is None:
            return []
        lines = await info.context.loader(LinesByBasketId).load(self.row.id)
        wanted = [OfferWanted(self.place, line.offer_id) for line in lines]
        found = await info.context.loader(SoldByOffer).load_many(wanted)
        known = [(line, sold) for line, sold in zip(lines, found, strict=True) if sold is not None]
        turns = in_turn((sold, line.day, line.packs) for line, sold in known)
        return [Held(line, sold) for (line, _), sold in zip(known, turns, strict=True)]

    async def ratios_with(
        self,
        info: Ask,
        *,
        without: models.BasketLine | None = None,
        sold: Sold | None = None,
        amount: Decimal = Decimal(0),
        day: date | None = None,
    ) -> list[BasketRatio]:
        """The ratios of the week, with another offer in the place of a line when one is given."""
        bought = [
            (each.line.ingredient_id, each.amount, _label(each.sold, each.line.day))
            for each in await self.held(info)
            if each.line is not without
        ]
        if sold is not None and day is not None:
            bought.append((sold.offer.ingredient_id, amount, _label(sold, day)))
        ordered = await info.context.loader(OrderedByKitchenWeek).load(self.place)
        bought += [(line.ingredient_id, line.amount, line.label) for line in ordered]
        rows = await info.context.loader(IngredientById).load_many([each[0] for each in bought])
        purchases = (
            Bought(amount, ingredient, label)
            for (_, amount, label), ingredient in zip(bought, rows, strict=True)
            if ingredient is not None
        )
        return [show_ratio(each) for each in ratios(purchases, self.week)]


async def basket_of(info: Ask, kitchen_id: int, week: date) -> Basket:
    """The basket of a kitchen (row id) for a week; an empty one when nobody has touched it."""
    place = KitchenWeek(kitchen_id, week)
    row = await info.context.loader(BasketByKitchenWeek).load(place)
    return Basket(place=place, row=row, week=week, version=0 if row is None else row.version)


def show_ratio(ratio: Ratio) -> BasketRatio:
    """A ratio as GraphQL shows it."""
    share = None if ratio.share is None else ratio.share.quantize(SHARE_STEP, ROUND_FLOOR)
    rule = law().entry(ratio.rule)
    title = rule.title if isinstance(rule, ValueRatio) else ratio.rule
    return BasketRatio(
        rule=strawberry.ID(ratio.rule), title=title, share=share, target=ratio.min_share, holds=ratio.holds
    )


def _label(sold: Sold, day: date) -> str | None:
    return sold.offer.label if sold.proven_on(day) else None
