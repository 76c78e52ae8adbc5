"""A small Département, the same at every size but for how many rows each table holds."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen, KitchenCovers, SchoolYear
from catering.market.models import Capacity, Certificate, Offer, Supplier, SupplierKind
from catering.planning.models import (
    KitchenRatio,
    KitchenStanding,
    PlanConflict,
    PlannedDrop,
    PlannedMeal,
    PlannedPurchase,
    PlanRule,
    PlanRun,
    PlanScenario,
    PlanSupposition,
    RuleStanding,
    RunStatus,
    ScenarioKitchen,
    SourcedLine,
)
from catering.recipes.models import Dish, DishLine, Ingredient, IngredientAllergen
from catering.recipes.vocabulary import Allergen, Family, IngredientKind, Slot, Technique

MONDAYS = (date(2026, 9, 7), date(2026, 9, 14))
MOMENT = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
SERVED = (0, 1, 3, 4)
"""Weekdays of service: no lunch on Wednesday."""
ALL_YEAR = frozenset(range(1, 13))
TONS = 500_000_000
"""Five hundred tons in grams: they pass 2³¹ once a few are added up."""
BREAD = "pain"
BREAD_ID = 1_000
HIDDEN_COST = Decimal("1234.56")


@dataclass(frozen=True, slots=True)
class Size:
    """How many rows of each kind; there are one published plan and as many others as ``runs`` says."""

    kitchens: int = 3
    ingredients: int = 6
    dishes_per_slot: int = 2
    suppliers: int = 2
    runs: int = 2


SMALL = Size()
LARGE = Size(kitchens=9, ingredients=18, dishes_per_slot=7, suppliers=6, runs=6)


def uai(number: int) -> str:
    """UAI of the n-th kitchen, from 0."""
    return f"062{number:04d}A"


async def fill(session: AsyncSession, size: Size) -> None:
    """Every table that the API reads."""
    session.add(SchoolYear(school_year="2026-27", first_day=date(2026, 9, 1), last_day=date(2027, 7, 2), source="test"))
    session.add_all(kitchen(number) for number in range(size.kitchens))
    session.add_all(ingredient(number) for number in range(size.ingredients))
    session.add(bread())
    session.add_all(supplier(number) for number in range(size.suppliers))
    await session.flush()
    dishes = [dish(slot, number, size) for slot in Slot for number in range(size.dishes_per_slot)]
    session.add_all(dishes)
    session.add_all(offer(number, size) for number in range(size.ingredients * size.suppliers))
    await session.flush()
    for number in range(1, size.runs + 1):
        await add_run(session, number, size, dishes)
    await session.flush()
    session.add_all(supposition(number) for number in range(1, size.runs + 1))
    await session.flush()


def kitchen(number: int) -> Kitchen:
    """The n-th kitchen; those of even number are of one group of communes."""
    return Kitchen(
        id=number + 1,
        uai=uai(number),
        name=f"Collège {number}",
        address="1 rue de l'École",
        postcode="62000",
        commune=f"Commune {number}",
        insee="62041",
        epci="CU d'Arras" if number % 2 == 0 else "CA du Boulonnais",
        lat=Decimal("50.29"),
        lon=Decimal("2.78"),
        pupils=500,
        budget_eur_per_meal=Decimal("2.30"),
        covers=[KitchenCovers(weekday=day, covers=300 + number) for day in SERVED],
    )


def ingredient(number: int) -> Ingredient:
    """The n-th ingredient; number 0 is milk whose calcium nobody knows, number 1 pork, the others carrots."""
    kind, family = {
        0: (IngredientKind.MILK, Family.PRODUITS_LAITIERS),
        1: (IngredientKind.PORK, Family.VIANDES_VOLAILLES),
    }.get(number, (IngredientKind.VEGETABLE_RAW, Family.FRUITS_ET_LEGUMES))
    return Ingredient(
        id=number + 1,
        slug=f"ingredient_{number:02d}",
        name=f"Ingrédient {number}",
        family=family,
        kind=kind,
        kcal=Decimal(40),
        protein_g=Decimal(3),
        fat_g=Decimal(1),
        saturates_g=Decimal("0.5"),
        carbs_g=Decimal(5),
        sugars_g=Decimal(2),
        fibre_g=Decimal(1),
        salt_g=Decimal("0.1"),
        calcium_mg=None if number == 0 else Decimal(20),
        iron_mg=Decimal(1),
        edible_pct=Decimal(100),
        animal_flesh=number == 1,
        minced=False,
        months=ALL_YEAR,
        co2e_kg_per_kg=Decimal("0.5"),
        co2e_transport_kg_per_kg=Decimal("0.1"),
        source="test",
        allergens=[IngredientAllergen(allergen=Allergen.MILK)] if number == 0 else [],
    )


def bread() -> Ingredient:
    """What every meal takes besides its dishes."""
    each = ingredient(BREAD_ID)
    each.id, each.slug, each.kind, each.family = BREAD_ID, BREAD, IngredientKind.BREAD, Family.BOULANGERIE
    return each


def dish(slot: Slot, number: int, size: Size) -> Dish:
    """The n-th dish of a slot; mains hold pork, dairy products milk, and every dish some carrot."""
    first = {Slot.MAIN: 2, Slot.DAIRY: 1}.get(slot, 3)
    carrot = 3 + number % (size.ingredients - 3)
    return Dish(
        slug=f"{slot}_{number:02d}",
        name=f"{slot.value.capitalize()} {number}",
        slot=slot,
        technique=Technique.RAW,
        served_g=120,
        months=frozenset({9, 10}) if number % 2 else ALL_YEAR,
        steps="Laver ; Couper ; Servir",
        lines=[
            DishLine(position=position, ingredient_id=which, grams=grams)
            for position, (which, grams) in enumerate({first: 80, carrot + 1: 40}.items(), start=1)
        ],
    )


def supplier(number: int) -> Supplier:
    """The n-th supplier, a farm with an organic certificate."""
    return Supplier(
        id=number + 1,
        slug=f"ferme_{number:02d}",
        name=f"Ferme {number}",
        kind=SupplierKind.PRODUCER if number else SupplierKind.WHOLESALER,
        fictional=True,
        commune="Licques",
        insee="62506",
        lat=Decimal("50.78"),
        lon=Decimal("1.93"),
        delivery_weekdays=frozenset({0, 3}),
        lead_days=2,
        min_drop_eur=Decimal("50.00"),
        max_km=150,
        delivery_eur_per_kg_base=Decimal("0.1"),
        delivery_eur_per_kg_per_100km=Decimal("0.2"),
        activity="Maraîchage",
        certificates=[
            Certificate(
                id=number + 1,
                slug=f"certificat_{number:02d}",
                label="BIO",
                certifier="FR-BIO-01",
                number=f"N{number}",
                valid_from=date(2026, 1, 1),
                valid_to=date(2026, 12, 31),
            )
        ],
    )


def offer(number: int, size: Size) -> Offer:
    """The n-th offer: each supplier sells each ingredient, dearer and organic from the second one on."""
    which, ingredient_number = divmod(number, size.ingredients)
    return Offer(
        id=number + 1,
        slug=f"offre_{number:03d}",
        supplier_id=which + 1,
        ingredient_id=ingredient_number + 1,
        product=f"Produit {number}",
        pack_g=5_000,
        pack_label="caisse de 5 kg",
        price_eur_per_pack=Decimal(10) + which,
        label="BIO" if which else None,
        certificate_id=which + 1 if which else None,
        origin="France",
        vat_pct=Decimal("5.5"),
        capacities=[
            Capacity(valid_from=date(2026, 9, 1), valid_to=date(2026, 12, 31), grams_per_week=None if which else TONS)
        ],
    )


async def add_run(session: AsyncSession, number: int, size: Size, dishes: list[Dish]) -> None:
    """One run: number 1 is published, number 2 failed for a conflict, the others made a plan nobody published."""
    done = number != 2
    session.add(
        PlanScenario(
            id=number,
            name=f"Scénario {number}",
            school_year="2026-27",
            first_day=MONDAYS[0],
            last_day=MONDAYS[-1] + timedelta(days=4),
            created_at=MOMENT,
            created_by="test",
            kitchens=[ScenarioKitchen(kitchen_id=each + 1) for each in range(size.kitchens)],
        )
    )
    await session.flush()
    session.add(plan_run(number, done=done))
    await session.flush()
    if done:
        session.add_all(row for each in range(size.kitchens) for row in of_kitchen(number, each + 1, size, dishes))


def plan_run(number: int, *, done: bool) -> PlanRun:
    """The run itself, with the rules it stated."""
    ended = {"ended_at": MOMENT + timedelta(minutes=5), "started_at": MOMENT}
    made = {
        "cost": HIDDEN_COST, "penalty": Decimal(0), "objective": HIDDEN_COST, "best_cost": HIDDEN_COST,
        "lower_bound": Decimal("1200.00"), "gap": Decimal("0.027994"), "meals": 7_200, "solver": "HiGHS",
    }  # fmt: skip
    return PlanRun(
        id=number,
        scenario_id=number,
        status=RunStatus.DONE if done else RunStatus.FAILED,
        time_limit_seconds=Decimal(60),
        seed=7,
        queued_at=MOMENT,
        phase="Plan enregistré" if done else "Menus",
        error=None if done else "Aucun plan",
        published_at=MOMENT if number == 1 else None,
        published_by="test" if number == 1 else None,
        rules=[
            PlanRule(rule=rule, kind=kind, title=title, source="test", definition=stated(rule, kind, title))
            for rule, kind, title in (
                ("EGA-01", "value_ratio", "50 % de produits durables et de qualité"),
                ("NUT-03", "count", "Entrées grasses"),
            )
        ],
        conflicts=[]
        if done
        else [PlanConflict(rank=1, rule="NUT-03", kitchen=uai(0), period="2026-09-07", title="Entrées grasses")],
        **ended,
        **(made if done else {}),
    )


def supposition(number: int) -> PlanSupposition:
    """What came of losing a farm, in the published plan; as many times as there are runs."""
    euros = {"before": "181.80", "after": "190.80"}
    return PlanSupposition(
        id=number,
        run_id=1,
        name="Sans la ferme 1",
        changes=[
            {"kind": "supplier_stops", "of": "ferme_01", "title": "Ferme 1 ne vend plus rien", "percent": None,
             "km": None, "suppliers": ["ferme_01"]},
        ],
        status=RunStatus.DONE,
        queued_at=MOMENT,
        ended_at=MOMENT,
        made_by="test",
        done_steps=6,
        total_steps=6,
        problem_sha256="0" * 64,
        solver="test",
        before=Decimal("181.80"),
        after=Decimal("190.80"),
        result={
            "kitchens": [{"of": uai(0), "name": "Collège 0"} | euros],
            "suppliers": [{"of": "ferme_01", "name": "Ferme 1"} | euros],
            "families": [{"of": "VIANDES_VOLAILLES", "name": "VIANDES_VOLAILLES"} | euros],
            "rules": [
                {"rule": "EGA-01", "title": "Durables", "kitchen": "Collège 0", "period": "2026", "before": "0.6",
                 "after": "0.4", "held": True, "holds": False},
            ],
            "lacking_g": 0,
            "lacking": 0,
            "small": 0,
            "bought_again": 6,
        },
    )  # fmt: skip


def stated(rule: str, kind: str, title: str) -> dict[str, object]:
    """A rule as it was stated to the optimizer."""
    head: dict[str, object] = {"id": rule, "kind": kind, "title": title, "source": "test", "soft_price": None}
    if kind == "value_ratio":
        return head | {"buckets": ["BIO"], "families": None, "min_share": "0.5", "period": "civil_year"}
    fat = {"attribute": "fat_starter", "slots": ["starter"], "match": "any", "min": None, "max": 1}
    return head | fat | {"window": 8}


def of_kitchen(run_id: int, kitchen_id: int, size: Size, dishes: list[Dish]) -> list[object]:
    """Menus, purchases, deliveries and standings of one kitchen in one run."""
    key = {"run_id": run_id, "kitchen_id": kitchen_id}
    rows: list[object] = [
        KitchenStanding(**key, cost=Decimal("100.00"), meals=2_400, cost_per_meal=Decimal("0.04")),
        KitchenRatio(**key, rule="EGA-01", year=2026, share=Decimal("0.6")),
        RuleStanding(
            **key, rule="EGA-01", period="2026", value=Decimal("0.6"), minimum=Decimal("0.5"), maximum=None, holds=True
        ),
        RuleStanding(
            **key, rule="NUT-03", period="2026-09-07/2026-09-18", value=Decimal(kitchen_id), minimum=None,
            maximum=Decimal(1), holds=kitchen_id == 1,
        ),
    ]  # fmt: skip
    for monday in MONDAYS:
        rows += [meal for day in SERVED for meal in meals(key, monday + timedelta(days=day), kitchen_id, dishes)]
        rows += [row for each in range(size.suppliers) for row in delivery(key, monday, each, size)]
    rows += [row for each in range(size.suppliers) for row in sums(key, each)]
    return rows


def meals(key: dict[str, int], day: date, kitchen_id: int, dishes: list[Dish]) -> list[PlannedMeal]:
    """One dish per slot, the same at every size; neighbours do not eat the same on one day."""
    by_slot = {slot: [each for each in dishes if each.slot is slot] for slot in Slot}
    which = (day.toordinal() + kitchen_id) % SMALL.dishes_per_slot
    return [
        PlannedMeal(**key, day=day, slot=slot, covers=300, dish_id=those[which].id) for slot, those in by_slot.items()
    ]


def sums(key: dict[str, int], supplier_number: int) -> list[PlannedPurchase]:
    """What all the deliveries of one supplier add up to."""
    weeks = len(MONDAYS)
    bought = {"grams": weeks * TONS, "amount": weeks * Decimal("10.10")}
    return [PlannedPurchase(**key, supplier_id=supplier_number + 1, ingredient_id=n + 1, **bought) for n in range(3)]


def delivery(key: dict[str, int], monday: date, supplier_number: int, size: Size) -> list[object]:
    """One drop of one supplier for one week, on the Monday, and the lines in it: its first three offers."""
    first = supplier_number * size.ingredients + 1
    lines = [
        SourcedLine(**key, week=monday, offer_id=first + n, ingredient_id=n + 1, grams=TONS, amount=Decimal("10.10"))
        for n in range(3)
    ]
    drop = PlannedDrop(**key, day=monday, supplier_id=supplier_number + 1, grams=3 * TONS, amount=Decimal("30.30"))
    return [drop, *lines]
