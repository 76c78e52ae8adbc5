"""The meals of a civil year as ma-cantine asks them of a canteen: per day of service, and in the year (EGA-27)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from catering.kitchens.calendar import ServiceDay
from catering.rules import law

PER_DAY, PER_YEAR = "EGA-27-REPAS-JOUR", "EGA-27-REPAS-AN"


@dataclass(frozen=True, slots=True)
class Meals:
    """Meals of a kitchen in a civil year, those it delivers included."""

    daily: int
    """On a day of service, the mean rounded half-up; 0 without service."""
    yearly: int
    on_site: int
    """Of the year, in its own restaurant."""


def meals_of(service: Sequence[ServiceDay], restaurants: Sequence[int]) -> Meals:
    """The meals of a year.

    Args:
        service: every day of service of the civil year, with the covers planned.
        restaurants: yearly meals of each restaurant served, the kitchen's own among them; none when it serves on site.
    """
    on_site = sum(each.covers for each in service)
    yearly = sum(restaurants) if restaurants else on_site
    mean = Decimal(yearly) / len(service) if service else Decimal(0)
    return Meals(int(mean.to_integral_value(ROUND_HALF_UP)), yearly, on_site)


def least_per_day(on: date) -> int:
    """Meals of a day below which ma-cantine registers no canteen."""
    return int(law().parameter(PER_DAY, on))


def least_per_year(on: date) -> int:
    """Meals of a year below which ma-cantine registers no canteen."""
    return int(law().parameter(PER_YEAR, on))
