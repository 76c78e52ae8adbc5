"""The small seed tables, as in the tests of their loader."""

from tests.seeding.conftest import seeds as seeds
