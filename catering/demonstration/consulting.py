"""The consultations of the story: one takes offers, one waits to be opened, one is awarded, one is sans suite."""

import asyncio
import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from catering.demonstration.cast import Cast
from catering.demonstration.stage import Stage
from catering.market.delivered import eur_per_kg
from catering.market.models import GRAMS_PER_KG, Certificate, Offer, Supplier
from catering.market.queries import certificates_visible_to
from catering.moment import paris_day, today
from catering.orders.sold import BUYER
from catering.people.viewer import Viewer
from catering.procurement.comparison import compared
from catering.procurement.grounds import of_quality
from catering.procurement.models import ConsultationCriterion, ConsultationLine, Tender
from catering.procurement.queries_of_consultations import consultation_lines_visible_to, criteria_visible_to
from catering.procurement.queries_of_tenders import standing_tenders
from catering.procurement.service.access import database_time
from catering.procurement.service.awarding import award, close_without_result, open_tenders
from catering.procurement.service.consulting import LineWish, LotWish, NeedWish, describe
from catering.procurement.service.publishing import publish
from catering.procurement.service.tendering import TenderWish, submit

TABLE = Path(__file__).parent / "consultations.csv"
SOON = timedelta(seconds=4)
"""The clock of the database times offers: the story waits for a deadline as people do, only less long."""
ONE_MORE = 1
"""Second that lets the clocks of the database and of this process differ."""
OPEN_FOR = timedelta(days=12)
BEFORE_DELIVERY = timedelta(days=21)
DELIVERIES = timedelta(days=84)
MOST_TENDERS = 3
CRITERIA = (
    ("price", 40),  # legal-number: weights in percent of an invented consultation
    ("freshness", 35),  # legal-number: weights in percent of an invented consultation
    ("organic_or_siqo", 15),  # legal-number: weights in percent of an invented consultation
    ("direct_supply", 10),
)
WHY = "Première selon les critères publiés : prix, délai entre récolte et livraison, part d'agriculture biologique."
WHY_NONE = "Le besoin a changé : le menu de printemps ne retient plus ce produit, une nouvelle consultation suivra."


@dataclass(frozen=True, slots=True)
class Consulted:
    """A consultation that was published, who signs it, and how it is to end."""

    number: int
    signs: Viewer
    end: str
    deadline: datetime
    published: date


async def consult(session: AsyncSession, stage: Stage, cast: Cast, seed: str) -> list[Consulted]:
    """Publish every consultation of ``consultations.csv`` and have suppliers answer it under seal."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [await _consult(session, stage, cast, row, Random(f"{seed} {row['key']}")) for row in rows]


async def conclude(session: AsyncSession, consulted: Sequence[Consulted]) -> None:
    """Open, award and close the consultations whose offers are in, once their deadlines have passed."""
    ending = [each for each in consulted if each.end in ("awarded", "lapsed")]
    latest = max(each.deadline for each in ending)
    left = latest - await database_time(session)
    await asyncio.sleep(max(left.total_seconds() + ONE_MORE, 0))
    for each in ending:
        await open_tenders(session, each.signs, each.number)
        if each.end == "lapsed":
            await close_without_result(session, each.signs, each.number, WHY_NONE)
        else:
            await _award(session, each)


async def _consult(session: AsyncSession, stage: Stage, cast: Cast, row: dict[str, str], chance: Random) -> Consulted:
    at = await database_time(session)
    places = stage.told_kitchens
    kitchen = places[min(int(row["buyer"]), len(places) - 1)]
    signs = cast.bursar(kitchen.uai)
    need = _need(kitchen.uai, row, max(paris_day(at), today()))
    number = (await describe(session, signs, need)).id
    deadline = at + (OPEN_FOR if row["end"] == "open" else SOON)
    await publish(session, signs, number, deadline)
    of_lines = consultation_lines_visible_to(signs).where(ConsultationLine.consultation_id == number)
    line = (await session.scalars(of_lines)).one()
    proven = await _proven(session, need.first_day)
    for offer, supplier in _answering(stage, row["ingredient"]):
        facts = _facts(chance, labelled=offer.label is not None and supplier.id in proven)
        wish = TenderWish(supplier.slug, {line.id: _price(offer, chance)}, facts)
        await submit(session, cast.seller(supplier), number, wish)
    return Consulted(number, signs, row["end"], deadline, paris_day(at))


def _need(uai: str, row: dict[str, str], today: date) -> NeedWish:
    first = today + BEFORE_DELIVERY
    line = LineWish(uai, row["ingredient"], row["product"], int(row["kg"]) * GRAMS_PER_KG)
    return NeedWish(
        kitchen=uai,
        title=f"{row['title']} (démonstration)",
        lots=[LotWish(row["title"], Decimal(row["estimated"]), [line])],
        criteria=CRITERIA,
        first_day=first,
        last_day=first + DELIVERIES,
        delivery="Une fois par semaine, entre 7 h et 9 h",
    )


def _answering(stage: Stage, ingredient: str) -> list[tuple[Offer, Supplier]]:
    """The suppliers that answer, each with an offer of the ingredient: the identities of the demonstration first."""
    trading = {supplier.id: rank for rank, supplier in enumerate(stage.sellers())}
    found: dict[int, Offer] = {}
    for offer in sorted(stage.offers.values(), key=lambda each: each.slug):
        if stage.ingredients[offer.ingredient_id].slug == ingredient:
            found.setdefault(offer.supplier_id, offer)
    first = sorted(found, key=lambda each: (trading.get(each, len(trading)), each))[:MOST_TENDERS]
    return [(found[each], stage.suppliers[each]) for each in first]


def _price(offer: Offer, chance: Random) -> Decimal:
    """€/kg within some percent of what the supplier asks of everybody."""
    percent = Decimal(chance.randint(94, 104))
    return (eur_per_kg(offer.price_eur_per_pack, offer.pack_g) * percent / 100).quantize(Decimal("0.0001"))


async def _proven(session: AsyncSession, first_day: date) -> set[int]:
    """Suppliers (row ids) that can prove a sign of quality on a day."""
    held = certificates_visible_to(BUYER).where(Certificate.valid_from <= first_day, Certificate.valid_to >= first_day)
    rows = await session.execute(held.with_only_columns(Certificate.supplier_id, Certificate.label))
    return {supplier for supplier, label in rows.tuples() if of_quality(label, first_day)}


def _facts(chance: Random, *, labelled: bool) -> dict[str, Decimal]:
    return {
        "freshness": Decimal(chance.choice((12, 24, 36, 48))),
        "organic_or_siqo": Decimal(100 if labelled else 0),
        "direct_supply": Decimal(chance.choice((0, 1))),
    }


async def _award(session: AsyncSession, each: Consulted) -> None:
    """Retain the offer that the published criteria rank first: no other would be let through."""
    loaded = standing_tenders(each.signs, each.number).options(selectinload(Tender.facts))
    tenders = (await session.scalars(loaded)).all()
    of_it = criteria_visible_to(each.signs).where(ConsultationCriterion.consultation_id == each.number)
    scores = compared((await session.scalars(of_it)).all(), tenders, each.published)
    await award(session, each.signs, each.number, scores[0].tender, WHY)
