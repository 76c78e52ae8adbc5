"""The price a kitchen pays for an offer delivered on a day, and where it comes from (decision 0051).

A line of a contract on which the kitchen may order binds both sides: its price of the delivery day, delivered free
(franco de port). Else the price by which the supplier won a consultation of that kitchen, delivered free too, while the
award has enough left. Else the supplier's price list for that kitchen, else the price of the offer; delivery is added
to these two (decision 0013).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import closed_days
from catering.market.delivered import delivered_amount, eur_per_pack
from catering.market.models import Offer
from catering.market.queries import listed_prices
from catering.market.rules import ListedPrice, list_on
from catering.orders.rules import DAYS_AFTER, DAYS_BEFORE, OWN_PRICE, Agreement
from catering.orders.vocabulary import PriceSource
from catering.people.viewer import Viewer
from catering.procurement.grounds import AwardTerm, ContractTerm, first_term, is_bare
from catering.procurement.revision import revision_on
from catering.procurement.terms import award_lines_open, award_terms_of, contract_lines_in_force, contract_terms_of
from catering.together import read_together

FREE = Decimal("0.0000")
"""Delivery of what is sold franco de port."""


@dataclass(frozen=True, slots=True)
class Paid:
    """€ per pack and € per kg of delivery, excl. tax, and by which agreement."""

    price_eur_per_pack: Decimal
    delivery_eur_per_kg: Decimal
    agreement: Agreement


@dataclass(frozen=True, slots=True)
class Agreed:
    """What one kitchen has agreed with its suppliers: lists by offer (row id), lines of contracts and of awards.

    ``closed`` are the bridges and its own closures, on which it takes no deliveries beside holidays and weekends.
    """

    listed: Mapping[int, Sequence[ListedPrice]] = field(default_factory=dict)
    contracts: Sequence[ContractTerm] = ()
    awards: Sequence[AwardTerm] = ()
    closed: frozenset[date] = frozenset()

    def paid(self, offer: Offer, day: date, packs: int, delivery: Decimal) -> Paid:
        """What the kitchen pays for packs of an offer.

        Args:
            offer: whose.
            day: of the delivery.
            packs: of two contracts that cover the offer, the one with enough left for so many goes first; an award
                sets the price of what it has enough left for, under a sign of quality or under none.
            delivery: €/kg that the supplier asks for bringing it, where that is not in the price.
        """
        bought = offer.supplier_id, offer.ingredient_id, offer.id
        if covering := [term for term in self.contracts if term.covers(*bought)]:
            return _by_contract(covering, offer, day, packs)
        for award in self.awards:
            if award.covers(offer.supplier_id, offer.ingredient_id, day):
                price = eur_per_pack(award.price_eur_per_kg, offer.pack_g)
                room = award.room(bare=is_bare(offer.label, day))
                if room >= delivered_amount(packs * offer.pack_g, price, offer.pack_g, FREE):
                    return Paid(price, FREE, Agreement(PriceSource.AWARD, award.name, award.line))
        if (listed := list_on(day, self.listed.get(offer.id, ()))) is not None:
            return Paid(listed.price_eur_per_pack, delivery, Agreement(PriceSource.LIST, listed.slug))
        return Paid(offer.price_eur_per_pack, delivery, OWN_PRICE)

    def drawn(self, paid: Paid, amount: Decimal) -> Agreed:
        """What is agreed once ``amount`` (€ excl. tax) is bought at a price: less is left of the contract it is of."""
        line = paid.agreement.priced_by.contract_line
        contract = next((term.contract for term in self.contracts if term.line == line), None)
        if contract is None:
            return self
        terms = (
            replace(term, left=term.left - amount) if term.contract == contract else term for term in self.contracts
        )
        return replace(self, contracts=tuple(terms))


NOTHING_AGREED = Agreed()


def _by_contract(covering: Iterable[ContractTerm], offer: Offer, day: date, packs: int) -> Paid:
    def price(term: ContractTerm) -> Decimal:
        return eur_per_pack(term.price_on(day), offer.pack_g)

    term = first_term(covering, lambda each: delivered_amount(packs * offer.pack_g, price(each), offer.pack_g, FREE))
    revised = revision_on(term.revisions, day)
    since = None if revised is None else revised.effective_from
    return Paid(price(term), FREE, Agreement(PriceSource.CONTRACT, term.number, term.line, since))


def days_of(week: date) -> tuple[date, date]:
    """First and last delivery day of a week, for which its prices are read."""
    return week - DAYS_BEFORE, week + DAYS_AFTER


def agreements(
    viewer: Viewer, uais: Collection[str], offers: Iterable[Offer], ordered_on: date, delivered: tuple[date, date]
) -> tuple[Select[Any], ...]:
    """What ``agreed_of`` reads: prices in lists, lines of contracts and awards of some kitchens, for some offers; and
    the days on which they are closed.

    Args:
        viewer: on whose behalf.
        uais: kitchens.
        offers: that they might buy.
        ordered_on: day of the order, on which a contract must be in force.
        delivered: first and last day of delivery.
    """
    offer_ids, ingredient_ids = set(), set()
    for offer in offers:
        offer_ids.add(offer.id)
        ingredient_ids.add(offer.ingredient_id)
    own = Kitchen.uai.in_(uais)
    return (
        listed_prices(viewer, uais, offer_ids),
        contract_lines_in_force(viewer, own, ingredient_ids, ordered_on, delivered),
        award_lines_open(viewer, own, ingredient_ids, ordered_on),
        *closed_days(viewer, uais, *delivered),
    )


Rows: TypeAlias = Iterable[tuple[Any, ...]]


def agreed_of(
    uais: Iterable[str], listed: Rows, contracts: Rows, awards: Rows, bridges: Rows, closures: Rows
) -> Mapping[str, Agreed]:
    """What each of these kitchens (UAI) has agreed, from the rows of ``agreements``."""
    by_kitchen: dict[str, dict[int, list[ListedPrice]]] = defaultdict(lambda: defaultdict(list))
    for uai, offer_id, *line in listed:
        by_kitchen[uai][offer_id].append(ListedPrice(*line))
    terms, won = contract_terms_of(contracts), award_terms_of(awards)
    bridged = {day for (day,) in bridges}
    closed = {uai: {*bridged} for uai in uais}
    for uai, day in closures:
        closed[uai].add(day)
    return {
        uai: Agreed(by_kitchen.get(uai, {}), terms.get(uai, ()), won.get(uai, ()), frozenset(days))
        for uai, days in closed.items()
    }


async def read_agreed(
    session: AsyncSession,
    viewer: Viewer,
    kitchens: Iterable[Kitchen],
    offers: Iterable[Offer],
    week: date,
    ordered_on: date,
) -> Mapping[str, Agreed]:
    """What kitchens (UAI) have agreed for some offers and a week: one statement for any number of either."""
    uais = {kitchen.uai for kitchen in kitchens}
    return agreed_of(uais, *await read_together(session, agreements(viewer, uais, offers, ordered_on, days_of(week))))
