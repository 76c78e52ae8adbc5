"""Whether a supplier lies where it says: the distances of the law are measured from the coordinates that it states."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from catering.communes import Commune, communes
from catering.figures import short
from catering.geography import crow_km
from catering.market.refusals import InvalidSupplier
from catering.spelling import folded

WIDEST_KM = 12
"""From the middle of a commune of the Pas-de-Calais to its farthest farm, generously; more is a contradiction."""
NO_NAMESAKE_KM = 8
"""Two communes of one name do not lie nearer to each other."""


def require_place(commune: str, insee: str, lat: Decimal, lon: Decimal) -> None:
    """Check commune, INSEE code and coordinates against each other; of other départements nothing is known.

    Raises:
        InvalidSupplier: the coordinates are far from the commune of the INSEE code, or that code is another commune's.
    """
    known, named = communes().get(insee), _by_name().get(folded(commune))
    if known is not None and (km := crow_km(lat, lon, known.lat, known.lon)) > WIDEST_KM:
        raise InvalidSupplier(
            f"Les coordonnées sont à {short(km)} km de {known.name}, la commune du code INSEE {insee} : corriger les "
            "coordonnées ou le code."
        )
    if named is not None and named.insee != insee and crow_km(lat, lon, named.lat, named.lon) <= NO_NAMESAKE_KM:
        raise InvalidSupplier(
            f"{named.name} a le code INSEE {named.insee}, non {insee} : corriger le code ou la commune."
        )


@cache
def _by_name() -> Mapping[str, Commune]:
    return {folded(each.name): each for each in communes().values()}
