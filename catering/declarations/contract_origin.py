"""The shares of products of the European Union and of France in what was received on a food contract (CCP-06)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from catering.rules.zones import in_union, zone_of

STEP = Decimal("0.01")
ZERO = Decimal("0.00")
FRANCE, EUROPE = "FRANCE", "EUROPE"


@dataclass(frozen=True, slots=True)
class FoodOrigin:
    """€ excl. tax received on a contract: all, of the Union (France among it), of France, of a country nobody told."""

    received: Decimal = ZERO
    union: Decimal = ZERO
    france: Decimal = ZERO
    unknown: Decimal = ZERO

    @property
    def union_share(self) -> Decimal | None:
        """Of 1, two decimals rounded half-up; None when nothing was received."""
        return self._share(self.union)

    @property
    def france_share(self) -> Decimal | None:
        """Likewise; never more than that of the Union."""
        return self._share(self.france)

    def _share(self, part: Decimal) -> Decimal | None:
        return (part / self.received).quantize(STEP, ROUND_HALF_UP) if self.received > 0 else None


def origins_of(rows: Iterable[tuple[str | None, str | None, Decimal]], on: date) -> FoodOrigin:
    """The origins of what was received, by country of the offer, zone of the purchase and amount.

    Args:
        rows: country (ISO 3166) as the offer says it today, zone as it was written at reception, € excl. tax.
        on: day on which countries are looked at.
    """
    received = union = france = unknown = ZERO
    for country, zone, amount in rows:
        received += amount
        if zone is None:
            unknown += amount
        elif zone == FRANCE:
            union, france = union + amount, france + amount
        elif zone == EUROPE and not _eea_only(country, on):
            union += amount
    return FoodOrigin(received, union, france, unknown)


def _eea_only(country: str | None, on: date) -> bool:
    """Whether the zone « Europe » of a purchase means a country that is not of the Union.

    An offer that says another zone today has changed country since: then the zone of the reception stands.
    """
    return zone_of(country, on) == EUROPE and in_union(country, on) is False
