"""A made-up Département of any size: random recipes, market, calendar, the real rule kinds; one seed, one problem."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal

from optimizer.blocks import ServiceDay
from optimizer.problem import (
    BudgetRule,
    Capacity,
    CountRule,
    Delivery,
    Dish,
    Ingredient,
    Kitchen,
    Offer,
    PairingRule,
    Problem,
    Rule,
    SpacingRule,
    Supplier,
    ValueRatioRule,
    WeeklyCountRule,
)

SLOTS = ("starter", "main", "side", "dairy", "dessert")
FAMILIES = {"starter": "FRUITS_ET_LEGUMES", "main": "VIANDES_VOLAILLES", "side": "FRUITS_ET_LEGUMES"}
ALL_YEAR = frozenset(range(1, 13))


def synthetic_problem(
    kitchens: int = 3, weeks: int = 5, dishes: int = 60, seed: int = 1, producers: int = 12
) -> Problem:
    """`dishes` per main slot (others two thirds of it); four service days a week from Monday 7 September 2026."""
    rng = random.Random(seed)
    ingredients = _ingredients(rng)
    suppliers = _suppliers(producers)
    places = {
        f"k{k:03d}": Kitchen(f"k{k:03d}", f"Cuisine {k}", Decimal("50.5"), Decimal("2.5"), Decimal("2.30"))
        for k in range(kitchens)
    }
    days = tuple(_days(rng, tuple(places), weeks))
    offers = _offers(rng, ingredients, suppliers)
    horizon = (date(2026, 8, 1), date(2027, 7, 31))
    return Problem(
        name=f"synthetic-{kitchens}-{weeks}-{seed}",
        slots=SLOTS,
        kitchens=places,
        service_days=days,
        dishes=_dishes(rng, dishes, ingredients),
        every_meal={"bread": 50},
        ingredients=ingredients,
        suppliers=suppliers,
        deliveries=_deliveries(rng, suppliers, tuple(places)),
        offers=offers,
        capacities={o: (_capacity(rng, offer, suppliers, horizon, kitchens),) for o, offer in offers.items()},
        purchases=(),
        rules=_rules(),
    )


def _ingredients(rng: random.Random) -> dict[str, Ingredient]:
    found = {"bread": Ingredient("bread", "Pain", "BOULANGERIE")}
    for i in range(90):
        family = rng.choice(
            (
                "VIANDES_VOLAILLES",
                "PRODUITS_DE_LA_MER",
                "FRUITS_ET_LEGUMES",
                "FRUITS_ET_LEGUMES",
                "PRODUITS_LAITIERS",
                "AUTRES",
            )
        )
        found[f"i{i:03d}"] = Ingredient(f"i{i:03d}", f"Ingrédient {i}", family)
    return found


def _suppliers(producers: int) -> dict[str, Supplier]:
    found = {"wholesale": Supplier("wholesale", "Grossiste", "wholesaler", (0, 1, 3, 4), 1, Decimal(0), False)}
    for p in range(producers):
        name = f"farm{p:03d}"
        found[name] = Supplier(name, f"Ferme {p}", "producer", (p % 5,), 2, Decimal(50), True)
    return found


def _days(rng: random.Random, kitchens: tuple[str, ...], weeks: int) -> list[ServiceDay]:
    start = date(2026, 9, 7)
    served = [start + timedelta(days=7 * w + d) for w in range(weeks) for d in (0, 1, 3, 4)]
    covers = {kitchen: rng.randint(150, 700) for kitchen in kitchens}
    return [ServiceDay(kitchen, day, covers[kitchen]) for kitchen in kitchens for day in served]


def _offers(rng: random.Random, ingredients: dict[str, Ingredient], suppliers: dict[str, Supplier]) -> dict[str, Offer]:
    found = {}
    valid = (date(2026, 1, 1), date(2027, 12, 31))
    for i in ingredients:
        price = Decimal(rng.randint(80, 900)) / 100
        for bucket, factor in (("NON_EGALIM", "1"), ("BIO", "1.45"), ("SIQO", "1.20")):
            key = f"wholesale.{i}.{bucket.lower()}"
            since, until = valid if bucket != "NON_EGALIM" else (None, None)
            label = {"NON_EGALIM": "", "BIO": "BIO", "SIQO": "LABEL_ROUGE"}[bucket]
            cost = (price * Decimal(factor)).quantize(Decimal("0.0001"))
            found[key] = Offer(key, "wholesale", i, 1000, cost, label, bucket, since, until, Decimal("1.0"))
        for farm in rng.sample(sorted(suppliers)[:-1], min(3, len(suppliers) - 1)):
            bucket = rng.choice(("NON_EGALIM", "BIO", "SIQO"))
            key = f"{farm}.{i}"
            since, until = valid if bucket != "NON_EGALIM" else (None, None)
            label = {"NON_EGALIM": "", "BIO": "BIO", "SIQO": "LABEL_ROUGE"}[bucket]
            cost = (price * Decimal(rng.randint(80, 140)) / 100).quantize(Decimal("0.0001"))
            found[key] = Offer(key, farm, i, 5000, cost, label, bucket, since, until, Decimal("0.8"))
    return found


def _capacity(
    rng: random.Random, offer: Offer, suppliers: dict[str, Supplier], horizon: tuple[date, date], kitchens: int
) -> Capacity:
    if suppliers[offer.supplier].kind == "wholesaler":
        return Capacity(offer.id, *horizon, None)
    return Capacity(offer.id, *horizon, rng.randint(2, 30) * 1000 * kitchens)


def _deliveries(
    rng: random.Random, suppliers: dict[str, Supplier], kitchens: tuple[str, ...]
) -> dict[tuple[str, str], Delivery]:
    found = {}
    for supplier, of in suppliers.items():
        for kitchen in kitchens:
            km = rng.randint(2, 90)
            if of.kind == "wholesaler":
                found[supplier, kitchen] = Delivery(supplier, kitchen, Decimal(60), Decimal(0))
            elif km < 60:
                found[supplier, kitchen] = Delivery(supplier, kitchen, Decimal(km), Decimal(km) / 1000)
    return found


def _dishes(rng: random.Random, mains: int, ingredients: dict[str, Ingredient]) -> dict[str, Dish]:
    found = {}
    pool = [i for i in sorted(ingredients) if i != "bread"]
    for slot in SLOTS:
        for n in range(mains if slot == "main" else mains * 2 // 3):
            attributes = {a for a, share in _ATTRIBUTES[slot].items() if rng.random() < share}
            if slot == "side":
                attributes.add("starch" if n % 2 else "vegetable")
            used = {i: rng.randint(5, 80) for i in rng.sample(pool, rng.randint(1, 5))}
            months = ALL_YEAR if rng.random() < 0.7 else frozenset({9, 10, 11, 12, 1, 2, 3})
            key = f"{slot}{n:03d}"
            found[key] = Dish(key, key, slot, months, used, frozenset(attributes), frozenset(), {"kcal": Decimal(200)})
    return found


_ATTRIBUTES = {
    "starter": {"raw": 0.6, "vegetarian": 0.8, "fat": 0.2},
    "main": {"vegetarian": 0.35, "fish": 0.25, "red": 0.2, "fried": 0.1, "composed": 0.2},
    "side": {"vegetarian": 0.9, "fried": 0.1},
    "dairy": {"calcium": 0.6, "vegetarian": 1.0},
    "dessert": {"fruit": 0.5, "vegetarian": 0.9, "calcium": 0.2},
}


def _rules() -> tuple[Rule, ...]:
    def count(name: str, attribute: str, slots: tuple[str, ...], minimum: int | None, maximum: int | None) -> CountRule:
        return CountRule(
            id=name, title=name, source="test", attribute=attribute, slots=slots, match="any", window=20,
            minimum=minimum, maximum=maximum,
        )  # fmt: skip

    return (
        count("RAW", "raw", ("starter",), 10, None),
        count("FRUIT", "fruit", ("dessert",), 8, None),
        count("VEGETABLE", "vegetable", ("side",), 10, 10),
        count("STARCH", "starch", ("side",), 10, 10),
        count("CALCIUM", "calcium", ("dairy", "dessert"), 14, None),
        count("RED", "red", ("main",), 4, None),
        count("FISH", "fish", ("main",), 4, None),
        count("FRIED", "fried", ("main", "side"), None, 4),
        WeeklyCountRule(
            id="VEG", title="VEG", source="test", attribute="vegetarian", slots=SLOTS, match="all",
            minimum=1, maximum=None,
        ),
        SpacingRule(id="MAIN15", title="MAIN15", source="test", slots=("main",), within=15, unit="days"),
        SpacingRule(
            id="OTHER2", title="OTHER2", source="test", slots=("starter", "side", "dairy", "dessert"),
            within=2, unit="weeks",
        ),
        PairingRule(
            id="PAIR", title="PAIR", source="test", slot_a="main", attribute_a="composed", slot_b="side",
            attribute_b="vegetable", mode="require",
        ),
        _ratio("QUALITY", ("BIO", "SIQO"), None, "0.50"),
        _ratio("BIO", ("BIO",), None, "0.20"),
        _ratio("MEATFISH", ("BIO", "SIQO"), ("VIANDES_VOLAILLES", "PRODUITS_DE_LA_MER"), "0.60"),
        BudgetRule(id="BUDGET", title="BUDGET", source="test", max_eur_per_meal=Decimal("9.00")),
    )  # fmt: skip


def _ratio(name: str, buckets: tuple[str, ...], families: tuple[str, ...] | None, share: str) -> ValueRatioRule:
    chosen = None if families is None else frozenset(families)
    return ValueRatioRule(
        id=name, title=name, source="test", buckets=frozenset(buckets), families=chosen, min_share=Decimal(share)
    )
