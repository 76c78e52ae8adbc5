"""Whether goods are what their names say: offers whose sheet was stated before the tables of hygiene read it so.

A sheet is judged when its seller changes it; what was listed before stands until then, and is not sold meanwhile.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select

from catering.market.models import Offer
from catering.market.named import nature_faults
from catering.moment import paris_day
from catering.orders import refusals
from catering.orders.asking import NOTHING_KEPT, Answers, Held, Kept, Sending
from catering.orders.sold import BUYER
from catering.people.viewer import Viewer
from catering.recipes.models import Ingredient
from catering.recipes.queries import ingredients


class Made(NamedTuple):
    """What an offer is made of: slug and kind of its ingredient."""

    ingredient: str
    kind: str


@dataclass(frozen=True, slots=True)
class AsNamed:
    """The sheet of each offer says what its name says."""

    def asks(self, viewer: Viewer, held: Held) -> Sequence[Select[Any]]:
        """The ingredients of the offers."""
        del viewer
        return [made_of({line.offer.ingredient_id for line in held.lines})]

    def check(self, sending: Sending, answers: Answers) -> Kept:
        """Check every line.

        Raises:
            refusals.NotHygienic: a sheet contradicts the name of its product; its seller corrects it first.
        """
        goods = [(each.sold.offer, each.line.day) for each in sending.lines]
        judge_names(goods, by_ingredient(answers[0]), paris_day(sending.now))
        return NOTHING_KEPT


def made_of(ids: Iterable[int]) -> Select[Any]:
    """Row id, slug and kind of some ingredients."""
    columns: tuple[Any, ...] = Ingredient.id, Ingredient.slug, Ingredient.kind
    return ingredients(BUYER, ids=set(ids)).with_only_columns(*columns)


def by_ingredient(rows: Iterable[tuple[Any, ...]]) -> Mapping[int, Made]:
    """Rows of ``made_of`` by row id."""
    return {number: Made(slug, kind.value) for number, slug, kind in rows}


def judge_names(goods: Iterable[tuple[Offer, date]], made: Mapping[int, Made], on: date) -> None:
    """Whether offers, each for its delivery day, are what their names say.

    Raises:
        refusals.NotHygienic: some are not.
    """
    faults = [
        fault
        for offer, day in goods
        if (found := refusal_of_name(offer, day, made[offer.ingredient_id], on)) is not None
        for fault in found.faults
    ]
    if faults:
        raise refusals.NotHygienic(faults)


def refusal_of_name(offer: Offer, day: date, made: Made, on: date) -> refusals.NotHygienic | None:
    """How sending refuses one offer for a delivery day; None when its sheet says what its name says."""
    told = correction(offer, made, on)
    return None if told is None else refusals.NotHygienic([refusals.HygieneFault(offer.slug, offer.product, day, told)])


def correction(offer: Offer, made: Made, on: date) -> str | None:
    """What the seller has to correct on the sheet of an offer before it is sold, in French; None when nothing."""
    found = next(nature_faults(offer, offer.animal_product, *made, on), None)
    if found is None:
        return None
    return f"{found.message}. Le fournisseur corrige sa fiche avant de le vendre ({found.column}) : {found.repair}."
