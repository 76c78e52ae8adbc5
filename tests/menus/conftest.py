"""Our dishes, read once from the seeds, and what names are in them."""

import pytest

from catering.menus.dishes import Book
from catering.recipes.report_reading import recipes_of
from catering.settings import seeds_folder


@pytest.fixture(scope="session")
def book() -> Book:
    """The fiches techniques of the project."""
    return Book(recipes_of(seeds_folder()))
