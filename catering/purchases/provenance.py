"""Whether a product is of the département of a kitchen: by where it is produced, not by the seat of its seller."""

from collections.abc import Mapping

from catering.market.models import Supplier, SupplierKind
from catering.spelling import folded

DEPARTEMENT = 2
"""Length of the département in an INSEE code."""
NAMES: Mapping[str, str] = {"62": "pas-de-calais"}
"""Of the départements whose collèges the platform serves, as an origin writes them, folded."""
NARROWED = frozenset({"", "france"})
"""Origins that tell no place narrower than the country."""


def is_local(supplier: Supplier, kitchen_insee: str, origin: str, country: str | None) -> bool:
    """Whether what a supplier sells is known to be produced in the département of a kitchen.

    Its origin says so; or a producer of that département sells what it makes, and says no other place. Of what others
    resell, and of what comes from sea or abroad, nothing is known to be local, so nothing is declared so.

    Args:
        supplier: who sells.
        kitchen_insee: commune of the kitchen, or its département.
        origin: of the product, as on the offer.
        country: ISO 3166 of its origin; None when unknown or several.
    """
    departement, told = kitchen_insee[:DEPARTEMENT], folded(origin).strip()
    name = NAMES.get(departement)
    if country not in (None, "FR"):
        return False
    if name is not None and name in told.replace(f"nord-{name}", ""):
        return True
    makes = supplier.kind is SupplierKind.PRODUCER and supplier.insee[:DEPARTEMENT] == departement
    return makes and country == "FR" and told in NARROWED
