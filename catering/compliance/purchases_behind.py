"""The purchase lines behind an EGAlim cell: of one kitchen, one year and one rate."""

from sqlalchemy import Select, tuple_

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.people.viewer import Viewer
from catering.purchases.models import PurchaseLine
from catering.purchases.queries import purchases_visible_to
from catering.recipes.vocabulary import Family
from catering.rules import law
from catering.rules.egalim_year import rates_of_cells


def purchases_behind(
    viewer: Viewer, uai: str, year: int, rule: str, *, counts: bool | None = None
) -> Select[PurchaseLine]:
    """Visible lines in the value of a rate; those that count for it, those that do not, or (None) all of them."""
    rates = rates_of_cells(year)
    signs = ("", *law().tables.labels)
    inside = [
        (family, sign)
        for family in Family
        for sign in signs
        if rule in (found := rates(family.value, sign)) and counts in (None, found[rule])
    ]
    mine = kitchens(viewer, uais=[uai]).with_only_columns(Kitchen.id)
    lines = purchases_visible_to(viewer).where(PurchaseLine.kitchen_id.in_(mine), PurchaseLine.year == year)
    return lines.where(tuple_(PurchaseLine.family, PurchaseLine.sign).in_(inside))
