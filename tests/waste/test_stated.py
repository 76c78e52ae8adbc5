"""What an establishment states of itself, its plan, and what a year of its waste costs."""

from decimal import Decimal

import pytest

from catering.db import Database
from catering.waste import refusals
from catering.waste.rules.declaration import declared_actions
from catering.waste.rules.duties import meals_of
from catering.waste.rules.estimate import Estimate
from catering.waste.rules.worth import Worth
from catering.waste.rules.year import Bought, year_of_waste
from catering.waste.service.stating import SiteStatement, state
from catering.waste.vocabulary import ActionKind, ActionStatus, KitchenKind, Service
from tests.waste.world import CHEF, uai

D = Decimal


@pytest.mark.parametrize(
    ("status", "planned", "in_place"),
    [
        (ActionStatus.ABANDONED, False, False),
        (ActionStatus.PLANNED, True, False),
        (ActionStatus.ONGOING, True, True),
        (ActionStatus.DONE, True, True),
    ],
)
def test_a_plan_of_abandoned_actions_is_none(status: ActionStatus, planned: bool, in_place: bool) -> None:
    told = declared_actions(True, [(ActionKind.PORTIONS, status)])
    assert (told["plan_action_gaspi"], told["action_gaspi_portions"]) == (planned, in_place)


def test_meals_stated_never_hide_those_of_the_calendar() -> None:
    assert (meals_of(1, 5_000), meals_of(3_500, 400), meals_of(None, 400), meals_of(None, None)) == (
        5_000, 3_500, 400, None,
    )  # fmt: skip


def test_a_year_of_waste_by_hand() -> None:
    """80 g [60, 100] of 42,000 meals; of 10 kg weighed 2 kg have no price, the others cost 16 to 20 €."""
    worth = Worth(D(16), D(20), 2_000, D(5), 0, 10_000)
    found = year_of_waste(Estimate(D(80), D(60), D(100), 5), worth, 42_000, Bought(2026, D(60_000), D("20.5"), D(40)))
    assert (found.kg, found.kg_between) == (3_360, (2_520, 4_200))
    assert found.eur == (5_376, 6_720), "1.60 to 2.00 € a kilogram: what has no price is left out"
    assert (found.unpriced, found.points) == (D("20.0"), (D("9.0"), D("11.2")))
    single = year_of_waste(Estimate(D(80), None, None, 1), Worth(D(0), D(0), 10_000, D(0), 0, 10_000), 42_000, None)
    assert (single.kg_between, single.eur, single.unpriced, single.points) == (None, None, D("100.0"), None)


@pytest.mark.parametrize("litres", [-1, 100_001])
async def test_oil_that_cannot_be_is_refused(world: Database, litres: int) -> None:
    with pytest.raises(refusals.InvalidStatement, match="litres d'huile par an : donner de 0 à 100000"):
        async with world.unit_of_work() as session:
            await state(session, CHEF, uai(), SiteStatement(KitchenKind.COLLEGE, oil_l_per_year=litres))


async def test_services_are_kept_once_and_in_order(any_world: Database) -> None:
    given = SiteStatement(KitchenKind.EHPAD, services=[Service.DINNER, Service.LUNCH, Service.DINNER], oil_l_per_year=0)
    for _ in range(2):
        async with any_world.unit_of_work() as session:
            row = await state(session, CHEF, uai(), given)
            assert (row.services, row.oil_l_per_year) == (["lunch", "dinner"], 0)
