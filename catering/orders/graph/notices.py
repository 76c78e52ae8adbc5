"""What a buyer should know of a basket, before it is sent and after: thresholds, rotation, pauses."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry

from catering.figures import kilograms, round_euros
from catering.graph.request import Ask
from catering.kitchens.models import Kitchen
from catering.market.rules import for_sale
from catering.moment import today
from catering.orders import refusals
from catering.orders.as_named import Made, refusal_of_name
from catering.orders.loaders import AwayByDropDay, DropDay, KitchenWeek
from catering.orders.loaders_of_shortages import Lost, LostByKitchenWeek
from catering.orders.models import OrderLine
from catering.orders.rules import NOTHING
from catering.orders.shortages import still_missing
from catering.orders.sold import Sold
from catering.procurement.estimate import Estimate
from catering.procurement.graph.law import HomogeneousFamily, show_family
from catering.procurement.graph.needs import (
    EstimateByNeed,
    NeedKey,
    RotationWarning,
    SameSupplierByNeed,
    ThresholdStanding,
    against,
    show_standing,
)
from catering.procurement.grounds import PricedBy, Wish, grounds_of_order, in_need_already
from catering.procurement.need import Duty, Level, Standing
from catering.procurement.terms import award_lines_open, award_terms_of, contract_lines_in_force, contract_terms_of
from catering.recipes.models import Ingredient
from catering.refusal import Refusal
from catering.rules.procurement import procurement_law
from catering.together import read_together

PERCENT = 100


@strawberry.interface(description="Something to know; it does not prevent sending by itself.")
class Notice:
    message: str = strawberry.field(description="In French, with what to do.")


@strawberry.type(description="The need of a family comes near a threshold of public procurement, or reaches it.")
class ThresholdNotice(Notice):
    family: HomogeneousFamily = strawberry.field(description="Of which family.")
    standing: ThresholdStanding = strawberry.field(description="The need against the threshold, this basket included.")
    percent: int = strawberry.field(description="Of the threshold, rounded down.")


@strawberry.type(description="One supplier won all the last purchases of a family, and is bought from again.")
class SameSupplierNotice(Notice):
    family: HomogeneousFamily = strawberry.field(description="Of which family.")
    rotation: RotationWarning = strawberry.field(description="Who, and how many times.")


@strawberry.type(description="A line that is refused when the basket is sent: its supplier is away, or it is not sold.")
class NotDeliveredNotice(Notice):
    offer: strawberry.ID = strawberry.field(description="Id of the offer.")
    day: date = strawberry.field(description="Delivery day of the line.")


@strawberry.type(description="Goods that a supplier will not bring and that nobody else could be proposed for.")
class ShortageNotice(Notice):
    ingredient: strawberry.ID = strawberry.field(description="Id of the ingredient.")
    grams: int = strawberry.field(description="Still missing, beside what the basket and the orders hold.")


BasketNotice: TypeAlias = Annotated[
    ThresholdNotice | SameSupplierNotice | NotDeliveredNotice | ShortageNotice,
    strawberry.union("BasketNotice", description="What to know of a basket."),
]


@dataclass(frozen=True, slots=True)
class Purchase:
    """A line bought, or about to be, and its amount excl. tax; numbers are row ids.

    ``priced_by`` tells whose price makes the amount, ``delivered_on`` the day of that price.
    """

    supplier_id: int
    ingredient: Ingredient
    offer_id: int
    amount: Decimal
    priced_by: PricedBy | None = None
    delivered_on: date | None = None


async def notices_of_need(
    info: Ask, kitchen_id: int, purchases: Sequence[Purchase], *, committed: bool
) -> list[ThresholdNotice | SameSupplierNotice]:
    """Thresholds that the needs of a kitchen come near, and suppliers that always win: by family of the purchases.

    Four statements at most, whatever the lines. What is ``committed`` is in the needs already.
    """
    day = today()
    wishes = [_wish(kitchen_id, each, day) for each in purchases]
    keys = [NeedKey(kitchen_id, family, day) for family in sorted({wish.family for wish in wishes})]
    found = await info.context.loader(EstimateByNeed).load_many(keys)
    worth = dict(zip((key.family for key in keys), found, strict=True))
    more = dict.fromkeys(worth, NOTHING)
    if not committed:
        more |= await _in_basket(info, kitchen_id, wishes, worth, day)
    near = [
        show_threshold_notice(family, standing)
        for family, estimates in worth.items()
        for standing in against(estimates, more[family], day)
        if standing.level is not Level.FAR
    ]
    return [*near, *await _always_the_same(info, wishes, keys)]


def _wish(kitchen_id: int, each: Purchase, day: date) -> Wish:
    bought = each.ingredient
    family = procurement_law().family_of(bought.slug, bought.kind.value, day)
    return Wish(
        kitchen_id, each.supplier_id, bought.id, each.offer_id, family, each.amount, each.priced_by,
        each.delivered_on,
    )  # fmt: skip


async def _in_basket(
    info: Ask, kitchen_id: int, wishes: Sequence[Wish], worth: Mapping[str, Mapping[Duty, Estimate]], day: date
) -> Mapping[str, Decimal]:
    """What sending the basket adds to the needs, by family: what awards and small contracts cover counts already."""
    viewer, ingredients = info.context.viewer, {wish.ingredient for wish in wishes}
    delivered = [wish.delivered_on or day for wish in wishes] or [day]
    period = min(delivered), max(delivered)
    asked = [
        contract_lines_in_force(viewer, Kitchen.id == kitchen_id, ingredients, day, period),
        award_lines_open(viewer, Kitchen.id == kitchen_id, ingredients, day),
    ]
    async with info.context.reading() as session:
        lines, awards = await read_together(session, asked)
    contracts = [term for terms in contract_terms_of(lines).values() for term in terms]
    won = [term for terms in award_terms_of(awards).values() for term in terms]
    by_need = {(kitchen_id, family): of[Duty.COMPETITION].total for family, of in worth.items()}
    try:
        grounds = grounds_of_order(wishes, day, contracts, won, by_need)
        counted = [wish for wish, ground in zip(wishes, grounds, strict=True) if not in_need_already(ground)]
    except Refusal:  # Sending would say so; until then all of the basket counts.
        counted = list(wishes)
    found: dict[str, Decimal] = defaultdict(Decimal)
    for wish in counted:
        found[wish.family] += wish.amount
    return found


def show_threshold_notice(family: str, standing: Standing) -> ThresholdNotice:
    """How near a need is to a threshold, in words."""
    shown, percent = show_family(family), int(PERCENT * standing.need / standing.threshold.amount)
    message = (
        f"Vous arrivez à {percent} % du seuil de {round_euros(standing.threshold.amount)} pour la famille "
        f"« {shown.french_name} ». {standing.message}"
    )
    return ThresholdNotice(message=message, family=shown, standing=show_standing(standing), percent=percent)


async def _always_the_same(info: Ask, wishes: Iterable[Wish], keys: Sequence[NeedKey]) -> list[SameSupplierNotice]:
    bought: dict[str, set[int]] = defaultdict(set)
    for wish in wishes:
        bought[wish.family].add(wish.supplier)
    found = []
    for key, same in zip(keys, await info.context.loader(SameSupplierByNeed).load_many(keys), strict=True):
        if same is not None and same.supplier in bought[key.family]:
            shown, rotation = show_family(key.family), RotationWarning(row=same, times=same.times)
            message = (
                f"Famille « {shown.french_name} » : les {same.times} derniers achats sont allés au même fournisseur, "
                "servi ici encore, alors que d'autres vendent ces produits : consulter aussi les autres (CCP-45)."
            )
            found.append(SameSupplierNotice(message=message, family=shown, rotation=rotation))
    return found


async def notices_of_days(info: Ask, lines: Sequence[tuple[Sold, date, Ingredient | None]]) -> list[NotDeliveredNotice]:
    """Lines that sending would refuse for their day or for what is wrong with their sheet: one statement."""
    drops = [DropDay(sold.supplier.id, day) for sold, day, _ in lines]
    away = await info.context.loader(AwayByDropDay).load_many(drops)
    found = []
    for (sold, day, made_of), absent in zip(lines, away, strict=True):
        offer = sold.offer
        reason: Refusal | None = None
        if absent:
            reason = refusals.SupplierAway([(sold.supplier.name, day)])
        elif not for_sale(offer.valid_from, offer.valid_to, day):
            reason = refusals.NotForSale([(offer.product, day)])
        elif made_of is not None:
            reason = refusal_of_name(offer, day, Made(made_of.slug, made_of.kind.value), today())
        if reason is not None:
            found.append(NotDeliveredNotice(message=str(reason), offer=strawberry.ID(offer.slug), day=day))
    return found


async def notices_of_shortages(
    info: Ask, place: KitchenWeek, basket: Iterable[tuple[int, int]], ordered: Iterable[OrderLine]
) -> list[ShortageNotice]:
    """What the kitchen still misses for a week, ingredient by ingredient: one statement.

    Args:
        info: of the resolver.
        place: the kitchen and the week.
        basket: ingredient (row id) and grams of each line of the basket.
        ordered: lines of the orders of the week that stand.
    """
    has: Counter[int] = Counter()
    for ingredient_id, grams in (*basket, *((line.ingredient_id, line.grams) for line in ordered)):
        has[ingredient_id] += grams
    lost: dict[int, list[Lost]] = defaultdict(list)
    for each in await info.context.loader(LostByKitchenWeek).load(place):
        lost[each.shortage.ingredient_id].append(each)
    found = []
    for ingredient_id, several in lost.items():
        grams = still_missing((each.shortage for each in several), has[ingredient_id])
        if grams:
            why = ", ".join(f"{each.supplier} ne livre pas (commande {each.order.number})" for each in several)
            message = (
                f"Il manque {kilograms(grams)} de « {several[0].name} » pour cette semaine : {why}, et aucune "
                "autre offre n'en avait assez. Commander ailleurs, ou changer le plat."
            )
            found.append(ShortageNotice(message=message, ingredient=strawberry.ID(several[0].slug), grams=grams))
    return found
