"""What lost food was worth, and what it is compared with."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catering.recipes.vocabulary import Slot
from catering.waste.rules.compared import means, published_share
from catering.waste.rules.worth import DishWorth, worth
from catering.waste.vocabulary import FoodGroup, KitchenKind, Part, Service, Stage
from tests.waste.test_cases import Row

DAY = date(2026, 9, 7)


@dataclass
class Bin(Row):
    """A weighing of a tray."""

    dish_id: int | None = None
    food_group: FoodGroup | None = None


def test_the_lunch_prices_no_dinner() -> None:
    """A cover of 100 g costs 0.50 to 1 €: a kilogram of the lunch 5 to 10 €; nobody knows what the dinner was."""
    dishes = {1: DishWorth(Slot.MAIN, 100, (Decimal("0.5"), Decimal(1)), Decimal("0.2"))}
    bins = [Bin(DAY, Stage.PLATES, Part.EDIBLE, 1_000, service) for service in (Service.LUNCH, Service.DINNER)]
    found = worth(bins, {DAY: [1]}, dishes)
    assert (found.eur_low, found.eur_high, found.co2e_kg) == (Decimal(5), Decimal(10), Decimal(2))
    assert (found.eur_unknown_g, found.co2e_unknown_g, found.edible_g) == (1_000, 1_000, 2_000)


def test_a_kitchen_is_compared_with_its_like() -> None:
    schools, care = ({each.id for each in means(kind, DAY)} for kind in (KitchenKind.COLLEGE, KitchenKind.EHPAD))
    assert schools - care == {"REF-SCOLAIRE", "REF-PILOTES-62"}
    assert care - schools == {"REF-SANTE"}
    assert [each.id for each in means(KitchenKind.EHPAD, DAY, of_its_kind=True)] == ["REF-SANTE"]
    shares = [published_share(word, DAY) for word in (Stage.PLATES, FoodGroup.SIDE, FoodGroup.SAUCE)]
    assert [each and each.value for each in shares] == [Decimal("0.60"), Decimal("0.35"), None]
