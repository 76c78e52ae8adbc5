"""Small problems and plans made by hand, for tests.

``two_kitchens()`` has one rule of every kind, a soft rule, an unknown attribute, an unknown nutrient, a label that
ends, an offer that only one kitchen can buy, a scarce one, and a horizon over two civil years (weeks of 14 December
2026 and of 4 January 2027). ``plan_of(two_kitchens())`` is a plan of it in which every hard rule holds.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TypedDict

from optimizer.plan import Drop, MenuLine, Plan, Price, SourcingLine, Summary
from optimizer.problem import (
    Capacity,
    Delivery,
    Dish,
    Ingredient,
    Kitchen,
    Offer,
    Problem,
    Purchase,
    ServiceDay,
    Supplier,
)
from optimizer.rules import (
    BudgetRule,
    CountRule,
    DropCountRule,
    NutrientTotalRule,
    PairingRule,
    PurchaseTotalRule,
    Rule,
    SpacingRule,
    ValueRatioRule,
    WeeklyCountRule,
)
from optimizer.verification import lower_bound, measure

D = Decimal
YEAR = frozenset(range(1, 13))
DECEMBER, JANUARY = date(2026, 12, 14), date(2027, 1, 4)
SERVED_WEEKDAYS = (0, 1, 3, 4)

MENUS = {
    "arras": [
        ("soupe", "boeuf_carottes", "pomme"),
        ("carottes_rapees", "dahl", "yaourt"),
        ("lentilles", "cabillaud", "pomme"),
        ("endives", "hachis", "yaourt"),
        ("soupe", "dahl", "yaourt"),
        ("carottes_rapees", "boeuf_carottes", "pomme"),
        ("soupe", "cabillaud", "yaourt"),
        ("endives", "hachis", "pomme"),
    ],
    "lens": [
        ("soupe", "cabillaud", "pomme"),
        ("carottes_rapees", "dahl", "yaourt"),
        ("lentilles", "boeuf_carottes", "pomme"),
        ("endives", "hachis", "yaourt"),
        ("soupe", "dahl", "yaourt"),
        ("carottes_rapees", "boeuf_carottes", "pomme"),
        ("lentilles", "cabillaud", "yaourt"),
    ],
}
"""Starter, main and dessert of each service day; arras repeats the soup in January, which the soft rule prices."""

CHOSEN = {
    ("arras", "pommes"): "pommes_ferme",
    ("lens", "pommes"): "pommes_gros",
    "boeuf": "boeuf_label",
    "lentilles": "lentilles_bio",
    "cabillaud": "cabillaud_peche",
    "yaourt": "yaourt_bio",
    "carottes": "carottes_gros",
    "endives": "endives_gros",
    "pommes_de_terre": "patates_gros",
    "pain": "pain_gros",
}
"""Offer each ingredient is bought from."""


def two_kitchens() -> Problem:
    kitchens = [
        Kitchen("arras", "Collège d'Arras", D("50.29"), D("2.78"), D("2.3")),
        Kitchen("lens", "Collège de Lens", D("50.43"), D("2.83"), D("2.45")),
    ]
    dates = [week + timedelta(days=day) for week in (DECEMBER, JANUARY) for day in SERVED_WEEKDAYS]
    days = [ServiceDay("arras", day, 100 + place) for place, day in enumerate(dates)]
    days += [ServiceDay("lens", day, 83) for day in dates[:-1]]
    return Problem(
        name="Deux cuisines",
        slots=("starter", "main", "dessert"),
        kitchens={of.id: of for of in kitchens},
        service_days=tuple(days),
        dishes={of.id: of for of in _dishes()},
        every_meal={"pain": 40},
        ingredients={of.id: of for of in _ingredients()},
        suppliers={of.id: of for of in _suppliers()},
        deliveries={(of.supplier, of.kitchen): of for of in _deliveries()},
        offers={of.id: of for of in _offers()},
        capacities=_capacities(),
        purchases=(
            Purchase("arras", date(2026, 9, 8), "VIANDES_VOLAILLES", "NON_EGALIM", D("100.00")),
            Purchase("arras", date(2026, 10, 1), "FRUITS_ET_LEGUMES", "BIO", D("80.50")),
            Purchase("lens", date(2025, 11, 3), "AUTRES", "NON_EGALIM", D("9000.00")),
        ),
        rules=_rules(),
        receptions={"lens": 2},
    )


def _ingredients() -> list[Ingredient]:
    return [
        Ingredient("boeuf", "Bœuf", "VIANDES_VOLAILLES"),
        Ingredient("cabillaud", "Cabillaud", "PRODUITS_DE_LA_MER"),
        Ingredient("lentilles", "Lentilles", "AUTRES"),
        Ingredient("carottes", "Carottes", "FRUITS_ET_LEGUMES"),
        Ingredient("endives", "Endives", "FRUITS_ET_LEGUMES"),
        Ingredient("fraises", "Fraises", "FRUITS_ET_LEGUMES"),
        Ingredient("pommes_de_terre", "Pommes de terre", "FRUITS_ET_LEGUMES"),
        Ingredient("pommes", "Pommes", "FRUITS_ET_LEGUMES"),
        Ingredient("yaourt", 'Yaourt "nature", brassé', "PRODUITS_LAITIERS"),
        Ingredient("pain", "Pain", "BOULANGERIE"),
    ]


def _dish(
    dish: str, slot: str, grams: dict[str, int], true: str = "", unknown: str = "", protein: str | None = None
) -> Dish:
    nutrients = {} if protein is None else {"protein_g": D(protein)}
    return Dish(
        dish, dish.replace("_", " "), slot, YEAR, grams, frozenset(true.split()), frozenset(unknown.split()), nutrients
    )


def _dishes() -> list[Dish]:
    fraises = Dish("fraises", "Fraises", "dessert", frozenset({5, 6}), {"fraises": 120}, nutrients={"protein_g": D(1)})
    return [
        _dish("soupe", "starter", {"carottes": 80, "pommes_de_terre": 60}, protein="1.5"),
        _dish("carottes_rapees", "starter", {"carottes": 90}, "raw", protein="0.7"),
        _dish("lentilles", "starter", {"lentilles": 30}, protein="7.25"),
        _dish("endives", "starter", {"endives": 70}, "raw"),
        _dish("boeuf_carottes", "main", {"boeuf": 120, "carottes": 100}, "red_meat", protein="27.1"),
        _dish("hachis", "main", {"boeuf": 90, "pommes_de_terre": 180}, "red_meat minced", protein="22"),
        _dish("dahl", "main", {"lentilles": 70, "carottes": 40}, "vegetarian", protein="18.4"),
        _dish("cabillaud", "main", {"cabillaud": 130, "pommes_de_terre": 150}, "fish", "fried", protein="25.35"),
        _dish("frites_seules", "main", {"pommes_de_terre": 300}, "fried vegetarian", protein="4"),
        _dish("pomme", "dessert", {"pommes": 130}, "raw", protein="0.3"),
        _dish("yaourt", "dessert", {"yaourt": 125}, "dairy", protein="4.75"),
        fraises,
    ]


def _suppliers() -> list[Supplier]:
    return [
        Supplier("ferme", "Ferme du Ternois", "producer", (1, 3), 3, D("25"), True),
        Supplier("gros", "Grossiste d'Artois", "wholesaler", (0, 1, 2, 3, 4), 1, D("0"), False),
        Supplier("maree", "Marée de Boulogne", "hub", (5,), 2, D("40.5"), True),
    ]


def _deliveries() -> list[Delivery]:
    return [
        Delivery("ferme", "arras", D("12.4"), D("0.0515")),
        Delivery("gros", "arras", D("18"), D("0.08")),
        Delivery("gros", "lens", D("5"), D("0.0333")),
        Delivery("maree", "arras", D("110"), D("0.31")),
        Delivery("maree", "lens", D("98.5"), D("0.29")),
    ]


def _offers() -> list[Offer]:
    ever = date(2020, 1, 1), date(2030, 12, 31)
    none = None, None
    co2e = D("1.25")

    def offer(
        id_: str,
        supplier: str,
        ingredient: str,
        price: str,
        label: str,
        bucket: str,
        dates: tuple[date, date] | tuple[None, None],
    ) -> Offer:
        return Offer(id_, supplier, ingredient, 1000, D(price), label, bucket, dates[0], dates[1], co2e)

    return [
        offer("boeuf_label", "gros", "boeuf", "9.95", "LABEL_ROUGE", "SIQO", (date(2026, 1, 1), date(2027, 1, 8))),
        offer("boeuf_gros", "gros", "boeuf", "8.1", "", "NON_EGALIM", none),
        offer("cabillaud_peche", "maree", "cabillaud", "11.4", "PECHE_DURABLE", "EGALIM_AUTRES", ever),
        offer("lentilles_bio", "gros", "lentilles", "2.6055", "BIO", "BIO", ever),
        offer("carottes_gros", "gros", "carottes", "0.8", "", "NON_EGALIM", none),
        offer("endives_gros", "gros", "endives", "1.9", "", "NON_EGALIM", none),
        offer("fraises_ferme", "ferme", "fraises", "6.5", "", "NON_EGALIM", none),
        offer("patates_gros", "gros", "pommes_de_terre", "0.65", "", "NON_EGALIM", none),
        offer("pommes_ferme", "ferme", "pommes", "1.55", "BIO", "BIO", (date(2026, 1, 1), date(2026, 12, 31))),
        offer("pommes_gros", "gros", "pommes", "1.2", "", "NON_EGALIM", none),
        offer("pommes_automne", "gros", "pommes", "0.9", "", "NON_EGALIM", none),
        offer("yaourt_bio", "gros", "yaourt", "2.3", "BIO", "BIO", ever),
        offer("pain_gros", "gros", "pain", "1.75", "", "NON_EGALIM", none),
    ]


def _capacities() -> dict[str, tuple[Capacity, ...]]:
    always = date(2026, 8, 31), date(2027, 7, 5)
    unlimited = {of.id: (Capacity(of.id, *always, None),) for of in _offers() if of.supplier != "ferme"}
    return unlimited | {
        "pommes_automne": (Capacity("pommes_automne", date(2026, 9, 1), date(2026, 11, 30), 500_000),),
        "pommes_ferme": (
            Capacity("pommes_ferme", date(2026, 9, 1), date(2026, 12, 31), 30_000),
            Capacity("pommes_ferme", date(2027, 1, 1), date(2027, 3, 31), 28_000),
        ),
        "fraises_ferme": (Capacity("fraises_ferme", date(2027, 5, 1), date(2027, 6, 30), 90_000),),
    }


class Head(TypedDict):
    id: str
    title: str
    source: str
    soft_price: Decimal | None


def head(id_: str, title: str, soft_price: Decimal | None = None) -> Head:
    return Head(id=id_, title=title, source="exemple de test", soft_price=soft_price)


def _rules() -> tuple[Rule, ...]:
    main, starter = ("main",), ("starter",)
    return (
        CountRule(
            **head("FISH", "Poisson"), attribute="fish", slots=main, match="any", window=6, minimum=1, maximum=None
        ),
        CountRule(
            **head("RED", "Viande rouge"), attribute="red_meat", slots=main, match="any", window=6, minimum=1, maximum=3
        ),
        CountRule(
            **head("FRIED", "Fritures"),
            attribute="fried",
            slots=("starter", "main"),
            match="any",
            window=6,
            minimum=None,
            maximum=2,
        ),
        CountRule(
            **head("RAW", "Tout cru"),
            attribute="raw",
            slots=("starter", "dessert"),
            match="all",
            window=4,
            minimum=None,
            maximum=2,
        ),
        WeeklyCountRule(
            **head("VEGE", "Menu végétarien"), attribute="vegetarian", slots=main, match="all", minimum=1, maximum=2
        ),
        NutrientTotalRule(
            **head("PROT", "Protéines"), nutrient="protein_g", window=4, min_per_meal=D("18.5"), max_per_meal=D("38")
        ),
        SpacingRule(**head("MAIN", "Même plat"), slots=main, within=3, unit="days"),
        SpacingRule(**head("START", "Même entrée", D("2.5")), slots=starter, within=1, unit="weeks"),
        PairingRule(
            **head("DAIRY", "Laitage des jours végétariens"),
            slot_a="main",
            attribute_a="vegetarian",
            slot_b="dessert",
            attribute_b="dairy",
            mode="require",
        ),
        PairingRule(
            **head("TWO_RAW", "Pas deux crudités"),
            slot_a="main",
            attribute_a="minced",
            slot_b="starter",
            attribute_b="fried",
            mode="forbid",
        ),
        ValueRatioRule(
            **head("EGALIM", "Produits EGAlim"),
            buckets=frozenset({"BIO", "SIQO", "EGALIM_AUTRES"}),
            families=None,
            min_share=D("0.5"),
        ),
        ValueRatioRule(
            **head("MEAT", "Viandes et poissons"),
            buckets=frozenset({"SIQO", "EGALIM_AUTRES"}),
            families=frozenset({"VIANDES_VOLAILLES", "PRODUITS_DE_LA_MER"}),
            min_share=D("0.6"),
        ),
        BudgetRule(**head("BUDGET", "Budget denrées"), max_eur_per_meal=None),
        DropCountRule(**head("RECEPTIONS", "Livraisons par semaine"), maximum=None),
        PurchaseTotalRule(
            **head("LOT", "Pommes de la ferme sous contrat"),
            measure="kg",
            offers=frozenset({"pommes_ferme"}),
            suppliers=None,
            kitchens=frozenset({"arras"}),
            valid_from=date(2026, 9, 1),
            valid_to=None,
            per="period",
            minimum=D("20"),
            maximum=D("90.5"),
        ),
    )


def plan_of(problem: Problem) -> Plan:
    """The plan of MENUS and CHOSEN, with a modest but valid lower bound."""
    menus = [
        MenuLine(kitchen, day.date, slot, dish, day.covers)
        for kitchen, meals in MENUS.items()
        for day, meal in zip(problem.days(kitchen), meals, strict=True)
        for slot, dish in zip(problem.slots, meal, strict=True)
    ]
    return assemble(problem, menus)


def assemble(problem: Problem, menus: list[MenuLine]) -> Plan:
    """A plan of any menus: everything bought from the offers of CHOSEN, everything stated as it is."""
    sourcing = _sourcing(problem, menus)
    prices = _prices(problem)
    found = measure(problem, menus, sourcing)
    bound = lower_bound(prices)
    summary = Summary(
        problem_sha256=problem.sha256,
        cost_eur=found.cost_eur,
        penalty_eur=found.penalty_eur,
        objective_eur=found.objective_eur,
        lower_bound_eur=bound,
        gap=found.gap(bound),
        meals=found.meals,
        seconds=D("0.1"),
        peak_memory_mb=50,
        solver="à la main",
        seed=0,
        rules=found.rules,
        kitchens=found.kitchens,
    )
    return Plan(tuple(menus), tuple(sourcing), tuple(_drops(problem, sourcing)), tuple(prices), summary)


def _sourcing(problem: Problem, menus: list[MenuLine]) -> list[SourcingLine]:
    needs: dict[tuple[str, date, str], int] = defaultdict(int)
    for line in menus:
        for ingredient, grams in problem.dishes[line.dish].ingredients.items():
            needs[line.kitchen, line.date - timedelta(days=line.date.weekday()), ingredient] += grams * line.covers
    for day in problem.service_days:
        needs[day.kitchen, day.date - timedelta(days=day.date.weekday()), "pain"] += 40 * day.covers
    lines = []
    for (kitchen, week, ingredient), grams in needs.items():
        offer = CHOSEN.get((kitchen, ingredient)) or CHOSEN[ingredient]
        euros = problem.unit_price(offer, kitchen) * D(grams) / D(1000)
        lines.append(SourcingLine(kitchen, week, ingredient, offer, grams, euros.quantize(D("0.01"), ROUND_HALF_UP)))
    return lines


def _drops(problem: Problem, sourcing: list[SourcingLine]) -> list[Drop]:
    """The farm on the Tuesday before, the wholesaler on Mondays, the fish on the Saturday before."""
    shift = {"ferme": -6, "gros": 0, "maree": -2}
    sums: dict[tuple[str, date, str], tuple[int, Decimal]] = defaultdict(lambda: (0, D(0)))
    for line in sourcing:
        supplier = problem.offers[line.offer].supplier
        key = line.kitchen, line.week + timedelta(days=shift[supplier]), supplier
        grams, euros = sums[key]
        sums[key] = grams + line.grams, euros + line.amount_excl_tax
    return [Drop(*key, *of) for key, of in sums.items()]


def _prices(problem: Problem) -> list[Price]:
    """Multipliers by hand; every menu term is far below what any meal can cost (40 g of bread a cover alone)."""
    bought = D("80.50") - D("0.5") * D("180.50")
    budget = D("2.3") * problem.covers("arras")
    terms = [
        Price("capacity", "", "2026-12-14", "pommes_ferme", "", D("-0.02"), D(30)),
        Price("ratio", "arras", "2026", "", "EGALIM", D("0.01"), bought),
        Price("budget", "arras", "", "", "BUDGET", D("0.005"), budget),
    ]
    for kitchen in problem.kitchens:
        for block in problem.blocks(kitchen, 4):
            bread = Fraction(sum(day.covers for day in block.days) * 40, 1000)
            terms.append(Price("menu", kitchen, block.period, "", "", D(int(bread)), D(1)))
    return terms
