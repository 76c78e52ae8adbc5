"""Loads of what plans buy from each farm, for one operation."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func

from catering.geography import road_km
from catering.graph.loading import Loader
from catering.kitchens.models import Kitchen
from catering.market.delivered import GRAMS_PER_KG, delivery_eur_per_kg, eur_per_kg
from catering.market.models import Offer, Supplier, SupplierKind
from catering.market.queries import offers_visible_to, suppliers
from catering.people.viewer import Viewer
from catering.planning.fairness import ZERO, FarmSales
from catering.planning.models import PlannedDrop, PlannedPurchase, SourcedLine
from catering.planning.queries import added_up, drops_visible_to, lines_visible_to, planned_purchases_visible_to


@dataclass(frozen=True, slots=True)
class FarmsWanted:
    """The farms of a plan: those with an offer on one of its days, both ends included."""

    run_id: int
    first_day: date
    last_day: date


Of = tuple[int, int]
"""Run and farm."""


class FarmSalesByRun(Loader[FarmsWanted, Sequence[FarmSales]]):
    """What plans buy from each farm, in no order. Four statements."""

    async def fetch(self, keys: list[FarmsWanted]) -> Mapping[FarmsWanted, Sequence[FarmSales]]:
        """The farms by wish."""
        viewer, runs = self.request.viewer, {key.run_id for key in keys}
        offering = await self.request.rows(_offering(viewer))
        goods = _goods(await self.request.rows(_sold(viewer, runs)))
        carried = _carried(await self.request.rows(_brought(viewer, runs)))
        drops = {(run, farm): each for run, farm, *each in await self.request.rows(_drops(viewer, runs))}
        minima = {farm: minimum for farm, minimum, *_ in offering}
        return {
            key: [
                _farm((key.run_id, farm), minima[farm], goods, carried, drops)
                for farm in sorted(_of_days(offering, key) | {farm for run, farm in goods if run == key.run_id})
            ]
            for key in keys
        }

    def missing(self, key: FarmsWanted) -> Sequence[FarmSales]:
        """No farm."""
        del key
        return ()


@dataclass(slots=True)
class _Goods:
    grams: int = 0
    amount: Decimal = ZERO
    asked: Decimal = ZERO
    """Without delivery."""


@dataclass(slots=True)
class _Carried:
    kitchens: int = 0
    asked: Decimal = ZERO
    """For delivery alone."""


def _farm(
    of: Of,
    minimum: Decimal,
    goods: Mapping[Of, _Goods],
    carried: Mapping[Of, _Carried],
    drops: Mapping[Of, Sequence[Any]],
) -> FarmSales:
    sold, brought = goods.get(of, _Goods()), carried.get(of, _Carried())
    deliveries, least = drops.get(of, (0, None))
    asked = sold.asked + brought.asked
    return FarmSales(of[1], minimum, sold.grams, sold.amount, asked, brought.kitchens, deliveries, least)


def _of_days(offering: Sequence[Any], key: FarmsWanted) -> set[int]:
    """Farms with an offer on one of the plan's days; an offer without an end goes on."""
    return {
        farm
        for farm, _, first, last in offering
        if (first is None or first <= key.last_day) and (last is None or key.first_day <= last)
    }


def _goods(rows: Sequence[Any]) -> dict[Of, _Goods]:
    found: dict[Of, _Goods] = defaultdict(_Goods)
    for run, farm, price, pack_g, grams, amount in rows:
        sold = found[run, farm]
        sold.grams += int(grams)
        sold.amount += amount
        sold.asked += eur_per_kg(price, pack_g) * int(grams) / GRAMS_PER_KG
    return found


def _carried(rows: Sequence[Any]) -> dict[Of, _Carried]:
    found: dict[Of, _Carried] = defaultdict(_Carried)
    for run, farm, base, per_100km, lat, lon, to_lat, to_lon, grams in rows:
        brought = found[run, farm]
        per_kg = delivery_eur_per_kg(base, per_100km, road_km(lat, lon, to_lat, to_lon))
        brought.kitchens += 1
        brought.asked += per_kg * int(grams) / GRAMS_PER_KG
    return found


def _farms(viewer: Viewer) -> Select[*tuple[Any, ...]]:
    return suppliers(viewer, kind=SupplierKind.PRODUCER).with_only_columns(Supplier.id)


def _offering(viewer: Viewer) -> Select[*tuple[Any, ...]]:
    """When farms offer something: ``supplier_id, min_drop_eur, valid_from, valid_to``."""
    own = offers_visible_to(viewer).join(Supplier, Supplier.id == Offer.supplier_id)
    return (
        own.where(Offer.supplier_id.in_(_farms(viewer)))
        .with_only_columns(Offer.supplier_id, Supplier.min_drop_eur, Offer.valid_from, Offer.valid_to)
        .distinct()
    )


def _sold(viewer: Viewer, runs: Collection[int]) -> Select[*tuple[Any, ...]]:
    """What farms sell by offer, with its price now: ``run, farm, price of a pack, grams of a pack, grams, amount``."""
    own = offers_visible_to(viewer).where(Offer.supplier_id.in_(_farms(viewer))).with_only_columns(Offer.id)
    bought = lines_visible_to(viewer).where(SourcedLine.run_id.in_(runs), SourcedLine.offer_id.in_(own))
    sums = added_up(bought, SourcedLine.run_id, SourcedLine.offer_id).subquery()
    priced = offers_visible_to(viewer).join(sums, sums.c.offer_id == Offer.id)
    key = (sums.c.run_id, Offer.supplier_id, Offer.price_eur_per_pack, Offer.pack_g)
    return priced.with_only_columns(*key, sums.c.grams, sums.c.amount)


def _brought(viewer: Viewer, runs: Collection[int]) -> Select[*tuple[Any, ...]]:
    """What each farm brings to each kitchen, with both places: ``run, farm, rates, places, grams``."""
    key = (
        PlannedPurchase.run_id,
        Supplier.id,
        Supplier.delivery_eur_per_kg_base,
        Supplier.delivery_eur_per_kg_per_100km,
        Supplier.lat,
        Supplier.lon,
        Kitchen.lat,
        Kitchen.lon,
    )
    bought: Select[*tuple[Any, ...]] = (
        planned_purchases_visible_to(viewer)
        .where(PlannedPurchase.run_id.in_(runs), PlannedPurchase.supplier_id.in_(_farms(viewer)))
        .join(Supplier, Supplier.id == PlannedPurchase.supplier_id)
        .join(Kitchen, Kitchen.id == PlannedPurchase.kitchen_id)
        .with_only_columns(*key, func.sum(PlannedPurchase.grams))
    )
    return bought.group_by(*key, PlannedPurchase.kitchen_id)


def _drops(viewer: Viewer, runs: Collection[int]) -> Select[*tuple[Any, ...]]:
    """Deliveries of farms: ``run, farm, how many, the smallest``."""
    key = (PlannedDrop.run_id, PlannedDrop.supplier_id)
    kept = drops_visible_to(viewer).where(PlannedDrop.run_id.in_(runs), PlannedDrop.supplier_id.in_(_farms(viewer)))
    made: Select[*tuple[Any, ...]] = kept.with_only_columns(*key, func.count(), func.min(PlannedDrop.amount))
    return made.group_by(*key)
