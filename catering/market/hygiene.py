"""Whether a supplier may deliver a product of animals to a canteen (HYG-01 to HYG-04): pure, so that orders call it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar

from catering.geography import crow_km
from catering.market import refusals
from catering.market.models_hygiene import PermitKind
from catering.market.rules import Spanned, in_force
from catering.refusal import Refusal
from catering.rules.hygiene import AnimalProduct, AnimalRule, animal_rule, derogation_limits


class Place(Protocol):
    """A place in degrees: a supplier, a kitchen."""

    @property
    def lat(self) -> Decimal:
        """Degrees north."""

    @property
    def lon(self) -> Decimal:
        """Degrees east."""


class Permit(Spanned, Protocol):
    """What a supplier may do, between two dates."""

    @property
    def kind(self) -> PermitKind:
        """Approval, dérogation or packing centre."""

    @property
    def max_km(self) -> int | None:
        """What the prefect granted beyond the common distance, as the crow flies."""

    @property
    def large_share(self) -> bool:
        """Whether the lower caps of a dérogation hold."""


Held = TypeVar("Held", bound=Permit)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is to be delivered: ``week_g`` are the grams of the same product of animals, of this supplier and to all its
    buyers, in the week of the delivery, this one included."""

    product: AnimalProduct | None
    on: date
    week_g: int


def may_deliver(supplier: Place, permits: Sequence[Permit], kitchen: Place, delivery: Delivery) -> tuple[Refusal, ...]:
    """Why a delivery to a canteen is not lawful; empty when it is, and for what is not of animals.

    Args:
        supplier: where it starts.
        permits: all permits of the supplier, whatever their dates.
        kitchen: where it goes.
        delivery: what, when and how much.

    Raises:
        catering.rules.UnknownRuleError: the law states nothing on that date.
    """
    if delivery.product is None:
        return ()
    rule = animal_rule(delivery.product, delivery.on)
    permit = rests_on(permits, delivery.product, delivery.on)
    if permit is None and rule.derogation == "packing_centre":
        return (refusals.EggsWithoutPackingCentre(delivery.on),)
    if permit is None:
        return (refusals.NoHygienePermit(rule.french_name, delivery.on),)
    if permit.kind is not PermitKind.DEROGATION:
        return ()
    return tuple(_beyond_derogation(rule, permit, supplier, kitchen, delivery))


def rests_on(permits: Sequence[Held], product: AnimalProduct, on: date) -> Held | None:
    """The permit by which a product of animals is delivered on a day, the latest of its kind; None when there is none.

    Raises:
        catering.rules.UnknownRuleError: the law states nothing on that date.
    """
    held = {permit.kind: permit for permit in permits if in_force(permit, on)}
    if animal_rule(product, on).derogation == "packing_centre":
        return held.get(PermitKind.PACKING_CENTRE)
    return held.get(PermitKind.APPROVAL) or held.get(PermitKind.DEROGATION)


def _beyond_derogation(
    rule: AnimalRule, permit: Permit, supplier: Place, kitchen: Place, delivery: Delivery
) -> Iterator[Refusal]:
    if rule.derogation == "excluded":
        yield refusals.NotUnderDerogation(rule.french_name)
        return
    allowed = _farthest(permit, delivery.on)
    distance = crow_km(supplier.lat, supplier.lon, kitchen.lat, kitchen.lon)
    if distance > allowed:
        yield refusals.TooFarForDerogation(distance, allowed)
    most = rule.weekly_grams(large_share=permit.large_share)
    if most is not None and delivery.week_g > most:
        yield refusals.WeeklyCapPassed(
            rule.french_name, rule.stated(large_share=permit.large_share), delivery.week_g - most
        )


def _farthest(permit: Permit, on: date) -> Decimal:
    """Kilometres as the crow flies: the common distance, or what the prefect granted as far as a prefect may."""
    limits = derogation_limits(on)
    return limits.km if permit.max_km is None else min(max(limits.km, Decimal(permit.max_km)), limits.prefect_km)
