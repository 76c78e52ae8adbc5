"""The market as the optimizer reads it: suppliers, deliveries, offers and capacities of one scenario."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

import optimizer.problem as engine
from catering.geography import road_km
from catering.kitchens.calendar import days_between, takes_deliveries, week_of
from catering.kitchens.models import Kitchen
from catering.market.delivered import delivery_eur_per_kg, eur_per_kg
from catering.market.models import Offer, Supplier, SupplierKind
from catering.market.proving import proof_of
from catering.market.rules import Away, sold_ranges
from catering.planning.facts import Facts
from catering.planning.nearby import Place, near_groups
from catering.planning.rules import overlap
from catering.purchases.service import circuit_court
from catering.recipes.models import Ingredient
from catering.rules import RuleBook
from catering.rules.egalim import PurchaseLine, bucket_of
from catering.rules.egalim_proofs import Proof, counts_from, with_proof

MONDAY, WEDNESDAY = 0, 2
FOUR_DAYS, SIX_DAYS = timedelta(days=4), timedelta(days=6)
COMMUNE_DEPARTEMENT = 2
"""Length of the département in an INSEE code."""


class Round(NamedTuple):
    """A week in which a supplier comes too late, Monday to Friday, as a pause is stated."""

    first_day: date
    last_day: date


def suppliers_of(facts: Facts, deliveries: Iterable[engine.Delivery]) -> dict[str, engine.Supplier]:
    """The suppliers that reach at least one kitchen, by id.

    Local is a producer or hub of the same département as a kitchen: its goods come from there. A wholesaler is local
    nowhere: whatever its address, it sells what comes from anywhere.
    """
    reaching = {delivery.supplier for delivery in deliveries}
    local = {kitchen.insee[:COMMUNE_DEPARTEMENT] for kitchen in facts.kitchens}
    return {
        each.slug: engine.Supplier(
            id=each.slug,
            name=each.name,
            kind=each.kind.value,
            delivery_weekdays=tuple(sorted(each.delivery_weekdays)),
            lead_days=each.lead_days,
            min_drop_eur=each.min_drop_eur,
            local=each.kind is not SupplierKind.WHOLESALER and each.insee[:COMMUNE_DEPARTEMENT] in local,
        )
        for each in facts.suppliers
        if each.slug in reaching
    }


def deliveries_of(facts: Facts) -> dict[tuple[str, str], engine.Delivery]:
    """Which supplier delivers to which kitchen, how far and at what price, by (supplier, kitchen)."""
    found = (_delivery(supplier, kitchen) for supplier in facts.suppliers for kitchen in facts.kitchens)
    return {(each.supplier, each.kitchen): each for each in found if each is not None}


def _delivery(supplier: Supplier, kitchen: Kitchen) -> engine.Delivery | None:
    distance = road_km(supplier.lat, supplier.lon, kitchen.lat, kitchen.lon)
    if supplier.max_km is not None and distance > supplier.max_km:
        return None
    price = delivery_eur_per_kg(supplier.delivery_eur_per_kg_base, supplier.delivery_eur_per_kg_per_100km, distance)
    return engine.Delivery(supplier.slug, kitchen.uai, distance, price)


def shared_drops_of(facts: Facts, deliveries: Container[tuple[str, str]]) -> dict[tuple[str, str], engine.SharedDrop]:
    """Kitchens near each other that a supplier who shares drops reaches, by (supplier, kitchen).

    The groups are of geography alone (`nearby`); one kitchen is no group.
    """
    sharing = {each.slug: each.shared_door_eur for each in facts.suppliers if each.shared_door_eur is not None}
    if not sharing:
        return {}
    groups = near_groups(Place(each.uai, each.lat, each.lon) for each in facts.kitchens)
    reached = [(supplier, uai) for supplier in sharing for uai in groups if (supplier, uai) in deliveries]
    many = Counter((supplier, groups[uai]) for supplier, uai in reached)
    return {
        (supplier, uai): engine.SharedDrop(supplier, uai, groups[uai], sharing[supplier])
        for supplier, uai in reached
        if many[supplier, groups[uai]] > 1
    }


def capacities_of(facts: Facts, reaching: Mapping[str, engine.Supplier]) -> dict[str, tuple[engine.Capacity, ...]]:
    """Weekly capacities inside the horizon, by offer; an offer that cannot be bought then is left out."""
    slugs = {supplier.id: supplier.slug for supplier in facts.suppliers}
    missed = rounds_missed(facts)
    away: dict[int, list[Away]] = {each.id: [*each.pauses, *missed[each.delivery_weekdays]] for each in facts.suppliers}
    # A range counts for a week when it holds its Monday, which may lie before the first day of class.
    first = week_of(facts.first_day)
    ranges = {
        offer.slug: tuple(
            engine.Capacity(offer.slug, each.valid_from, each.valid_to, each.grams_per_week)
            for each in sold_ranges(offer.capacities, offer.valid_from, offer.valid_to, away[offer.supplier_id])
            if each.valid_from <= facts.last_day and first <= each.valid_to
        )
        for offer in facts.offers
        if slugs[offer.supplier_id] in reaching
    }
    return {offer: found for offer, found in ranges.items() if found}


def rounds_missed(facts: Facts) -> Mapping[frozenset[int], Sequence[Round]]:
    """Weeks for which nothing can come before the first meal, by the weekdays on which a supplier delivers.

    Its round of the seven days that end on the Monday falls on days without class: after holidays it comes later in the
    week, for meals of which the plan knows no more than their week. In a week whose Monday is closed too, everybody
    comes later: it is planned as any other (decision 0157).
    """
    served = {each.day for days in facts.service_days.values() for each in days}
    weeks = sorted({week_of(day) for day in served})
    open_weekdays = {
        monday: frozenset(
            day.weekday() for day in days_between(monday - SIX_DAYS, monday) if _takes_deliveries(day, served, weeks[0])
        )
        for monday in weeks
    }
    rounds = {each.delivery_weekdays for each in facts.suppliers}
    return {
        weekdays: [
            Round(monday, monday + FOUR_DAYS)
            for monday, open_then in open_weekdays.items()
            if MONDAY in open_then and weekdays.isdisjoint(open_then)
        ]
        for weekdays in rounds
    }


def _takes_deliveries(day: date, served: Container[date], first: date) -> bool:
    """Whether kitchens are open: no lunch is served on Wednesdays, nor known before the horizon; a bridge shows by its
    lunches."""
    return takes_deliveries(day, ()) and (day in served or day.weekday() == WEDNESDAY or day < first)


def offers_of(facts: Facts, sold: Iterable[str], book: RuleBook) -> dict[str, engine.Offer]:
    """The offers named in ``sold``, by id, each with the EGAlim bucket its label gives it and for how long.

    Raises:
        catering.rules.UnknownRuleError: an offer bears a label the law does not know.
    """
    wanted = set(sold)
    suppliers = {supplier.id: supplier for supplier in facts.suppliers}
    ingredients = {ingredient.id: ingredient for ingredient in facts.ingredients}
    return {
        offer.slug: _offer(offer, suppliers[offer.supplier_id], ingredients[offer.ingredient_id], facts, book)
        for offer in facts.offers
        if offer.slug in wanted
    }


def _offer(offer: Offer, supplier: Supplier, ingredient: Ingredient, facts: Facts, book: RuleBook) -> engine.Offer:
    bucket, span = _counted_as(offer, supplier, ingredient, facts, book)
    return engine.Offer(
        id=offer.slug,
        supplier=supplier.slug,
        ingredient=ingredient.slug,
        pack_grams=offer.pack_g,
        price_eur_per_kg=eur_per_kg(offer.price_eur_per_pack, offer.pack_g),
        label=offer.label or "",
        bucket=bucket,
        label_from=span[0] if span else None,
        label_to=span[1] if span else None,
        co2e_kg_per_kg=_co2e(ingredient, supplier),
    )


class _Sold(NamedTuple):
    label: str
    ingredient: Ingredient
    supplier: Supplier
    proof: Proof


def _counted_as(
    offer: Offer, supplier: Supplier, ingredient: Ingredient, facts: Facts, book: RuleBook
) -> tuple[str, tuple[date, date] | None]:
    """Bucket of the offer and the days its certificate and the law both hold; the longest such span of the horizon."""
    if offer.label is None or offer.certificate is None:
        return engine.NON_EGALIM, None
    book.label(offer.label, facts.first_day)
    proof = proof_of(offer.certificate)
    certified = (counts_from(proof, book), proof.valid_to)
    in_law = ((label.valid_from, label.valid_to) for label in book.tables.labels[offer.label])
    spans = [span for each in in_law if (span := overlap(certified, each)) and _inside(span, facts)]
    sold = _Sold(offer.label, ingredient, supplier, proof)
    counted = [(_bucket(sold, max(span[0], facts.first_day), book), span) for span in spans]
    counting = [each for each in counted if each[0] != engine.NON_EGALIM]
    return max(counting, key=lambda found: found[1][1] - found[1][0], default=(engine.NON_EGALIM, None))


def _inside(span: tuple[date, date], facts: Facts) -> bool:
    return span[0] <= facts.last_day and facts.first_day <= span[1]


def _bucket(sold: _Sold, on: date, book: RuleBook) -> str:
    """What a purchase would count as on a day; what nobody has proven counts for nothing."""
    line = PurchaseLine(
        amount_excl_tax=Decimal(0),
        family=sold.ingredient.family.value,
        invoiced=on,
        labels=frozenset({sold.label}),
        direct_sale=bool(circuit_court(sold.supplier.kind)),
    )
    return bucket_of(with_proof(line, sold.ingredient.kind.value, sold.proof), book)


def _co2e(ingredient: Ingredient, supplier: Supplier) -> Decimal | None:
    """kg CO2e per kg: production, plus the average transport for what a wholesaler brings from anywhere.

    The kilometres of a nearby producer depend on the kitchen: they are counted from the deliveries, not here.
    """
    if ingredient.co2e_kg_per_kg is None or supplier.kind is not SupplierKind.WHOLESALER:
        return ingredient.co2e_kg_per_kg
    if ingredient.co2e_transport_kg_per_kg is None:
        return None
    return ingredient.co2e_kg_per_kg + ingredient.co2e_transport_kg_per_kg
