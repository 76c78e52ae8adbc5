"""What the market has to say before a basket is sent: is it for sale, does the supplier deliver, does hygiene allow it.

What it reads comes with what the other rooms read, in one round trip: the holidays of the suppliers, and for what is of
animals the permits and the grams of the week.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import Select, func, or_

from catering.market.hygiene import Delivery, may_deliver
from catering.market.models import HygienePermit, Offer, SupplierPause
from catering.market.models_hygiene import PermitKind
from catering.market.queries import pauses_visible_to, permits_visible_to
from catering.market.rules import for_sale, paused
from catering.orders import refusals
from catering.orders.asking import Answers, Check, Held, Sending, SendingLine
from catering.orders.models import Order, OrderLine
from catering.orders.queries import GIVEN_UP, order_lines_visible_to
from catering.orders.sold import BUYER
from catering.people.viewer import Viewer
from catering.rules.hygiene import AnimalProduct

TO_SUNDAY = timedelta(days=6)
AnimalWeek: TypeAlias = tuple[int, AnimalProduct, date]
"""Supplier (row id), product of animals and Monday of the week of delivery: what the caps of a dérogation count."""


class Holiday(NamedTuple):
    """Days without deliveries, both included."""

    first_day: date
    last_day: date


class Permitted(NamedTuple):
    """What a supplier may do, between two dates."""

    kind: PermitKind
    valid_from: date
    valid_to: date | None
    max_km: int | None
    large_share: bool


@dataclass(frozen=True, slots=True)
class OnSale:
    """Offers are sold on their delivery days, and no supplier is on holiday then."""

    def asks(self, viewer: Viewer, held: Held) -> Sequence[Select[Any]]:
        """The holidays of the suppliers."""
        suppliers = {line.supplier.id for line in held.lines}
        columns: tuple[Any, ...] = SupplierPause.supplier_id, SupplierPause.first_day, SupplierPause.last_day
        return [pauses_visible_to(viewer).where(SupplierPause.supplier_id.in_(suppliers)).with_only_columns(*columns)]

    def check(self, sending: Sending, answers: Answers) -> None:
        """Check every line.

        Raises:
            refusals.NotForSale: an offer has ended or not begun.
            refusals.SupplierAway: a supplier delivers nothing on that day.
        """
        offers = [(each.sold.offer, each.line.day) for each in sending.lines]
        ended = [(offer.product, day) for offer, day in offers if not for_sale(offer.valid_from, offer.valid_to, day)]
        if ended:
            raise refusals.NotForSale(ended)
        holidays: dict[int, list[Holiday]] = defaultdict(list)
        for supplier_id, *days in answers[0]:
            holidays[supplier_id].append(Holiday(*days))
        drops = [(part.supplier, part.day) for part in sending.parts]
        if away := [(supplier.name, day) for supplier, day in drops if paused(holidays[supplier.id], day)]:
            raise refusals.SupplierAway(away)


@dataclass(frozen=True, slots=True)
class Hygienic:
    """Suppliers may deliver their products of animals to this kitchen (HYG-01 to HYG-04).

    The permits are held since the basket was read: two baskets do not both fit below a weekly cap.
    """

    def asks(self, viewer: Viewer, held: Held) -> Sequence[Select[Any]]:
        """Permits of who sells products of animals, and the grams of these that all kitchens have ordered already."""
        animal = [line for line in held.lines if line.offer.animal_product is not None]
        if not animal:
            return []
        columns: tuple[Any, ...] = (
            HygienePermit.id, HygienePermit.supplier_id, HygienePermit.kind, HygienePermit.valid_from,
            HygienePermit.valid_to, HygienePermit.max_km, HygienePermit.large_share,
        )  # fmt: skip
        suppliers = {line.supplier.id for line in animal}
        permits = permits_visible_to(viewer).where(HygienePermit.supplier_id.in_(suppliers))
        products = {line.offer.animal_product for line in animal}
        mondays = {_monday(line.line.day) for line in animal}
        return [permits.with_only_columns(*columns), _ordered(suppliers, products, mondays)]

    def check(self, sending: Sending, answers: Answers) -> None:
        """Check every line of animals.

        Raises:
            refusals.NotHygienic: no approval, no packing centre, too far, too much in the week.
        """
        animal = [each for each in sending.lines if each.sold.offer.animal_product is not None]
        if not animal:
            return
        permits, ordered = answers
        held = _by_supplier(permits)
        grams = _by_week(ordered)
        for each in animal:
            grams[_week_of(each)] += each.priced.grams
        faults = [
            refusals.HygieneFault(each.sold.offer.slug, each.sold.offer.product, each.line.day, str(reason))
            for each in animal
            for reason in may_deliver(
                each.sold.supplier,
                held[each.sold.supplier.id],
                sending.kitchen,
                Delivery(each.sold.offer.animal_product, each.line.day, grams[_week_of(each)]),
            )
        ]
        if faults:
            raise refusals.NotHygienic(faults)


CHECKS: tuple[Check, ...] = (OnSale(), Hygienic())
"""What everybody's basket passes before it is sent."""


def _ordered(
    suppliers: Iterable[int], products: Iterable[AnimalProduct | None], mondays: Iterable[date]
) -> Select[Any]:
    """Supplier, product, delivery day and grams of what all kitchens have ordered, in the weeks of some Mondays."""
    of_weeks = or_(*(Order.day.between(monday, monday + TO_SUNDAY) for monday in sorted(mondays)))
    key: tuple[Any, ...] = (Order.supplier_id, Offer.animal_product, Order.day)
    return (
        order_lines_visible_to(BUYER)
        .select_from(OrderLine)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Offer, Offer.id == OrderLine.offer_id)
        .where(Order.supplier_id.in_(suppliers), Offer.animal_product.in_(products), of_weeks)
        .where(Order.state.not_in(GIVEN_UP))
        .with_only_columns(*key, func.sum(OrderLine.packs * OrderLine.pack_g).label("grams"))
        .group_by(*key)
    )


def _by_supplier(rows: Iterable[tuple[Any, ...]]) -> Mapping[int, Sequence[Permitted]]:
    found: dict[int, list[Permitted]] = defaultdict(list)
    for _, supplier_id, *permit in sorted(rows, key=lambda row: row[0]):
        found[supplier_id].append(Permitted(*permit))
    return found


def _by_week(rows: Iterable[tuple[Any, ...]]) -> Counter[AnimalWeek]:
    found: Counter[AnimalWeek] = Counter()
    for supplier_id, product, day, grams in rows:
        found[supplier_id, product, _monday(day)] += int(grams)
    return found


def _week_of(each: SendingLine) -> AnimalWeek:
    product = each.sold.offer.animal_product
    assert product is not None, "only products of animals are counted"
    return each.sold.supplier.id, product, _monday(each.line.day)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
