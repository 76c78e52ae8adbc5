"""Describing a need, in lots, as the draft of a consultation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count

from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.kitchens.models import Kitchen
from catering.people.viewer import Viewer
from catering.procurement import refusals
from catering.procurement.contract_rules import firm_until
from catering.procurement.criteria import check_wording, checked
from catering.procurement.figures import amount_fits
from catering.procurement.models import (
    Consultation,
    ConsultationCriterion,
    ConsultationLine,
    ConsultationLot,
)
from catering.procurement.service.access import (
    buyers,
    goods,
    require_buyer,
)
from catering.procurement.service.log import record
from catering.procurement.vocabulary import ConsultationStatus, EventKind, LotStatus
from catering.recipes.models import Ingredient
from catering.rules.procurement import procurement_law
from catering.spelling import fault_in_lines

MOST_LINES = 60
MOST_LOTS = 20  # legal-number: lots of one need, no cap of the law
MOST_GRAMS = 100_000_000
"""A hundred tons: more is a slip of the keyboard."""
LONGEST_TEXT = 200  # legal-number: characters of a title or a product
LONGEST_DELIVERY = 300


@dataclass(frozen=True, slots=True)
class LineWish:
    """A product wanted: for which collège (UAI), which ingredient (slug), in words, how many grams."""

    kitchen: str
    ingredient: str
    product: str
    quantity_g: int


@dataclass(frozen=True, slots=True)
class LotWish:
    """A part of a need that is answered and decided by itself; ``estimated`` is excl. tax."""

    title: str
    estimated: Decimal
    lines: Sequence[LineWish]


@dataclass(frozen=True, slots=True)
class NeedWish:
    """A need as a buyer describes it. ``criteria`` are codes with weights in percent."""

    kitchen: str
    title: str
    lots: Sequence[LotWish]
    criteria: Sequence[tuple[str, int]]
    first_day: date
    last_day: date
    delivery: str
    perimeter_km: int | None = None

    @property
    def lines(self) -> list[LineWish]:
        """The products of all lots, in order."""
        return [line for lot in self.lots for line in lot.lines]


async def describe(session: AsyncSession, viewer: Viewer, wish: NeedWish) -> Consultation:
    """Store a need as a draft.

    Raises:
        refusals.Refusal: the viewer does not buy, the need names what does not exist, or may not be put that way.
    """
    require_buyer(viewer)
    today = moment.today()
    _check(wish, today)
    asked = checked(wish.criteria, today, estimated=sum((lot.estimated for lot in wish.lots), Decimal(0)))
    texts = [wish.title, *(lot.title for lot in wish.lots), *(line.product for line in wish.lines)]
    check_wording(texts, today, delivery=[wish.delivery])
    own = await buyers(session, viewer, {wish.kitchen, *(line.kitchen for line in wish.lines)})
    found = await goods(session, viewer, {line.ingredient for line in wish.lines})
    consultation = Consultation(
        kitchen_id=own[wish.kitchen].id,
        title=wish.title.strip(),
        status=ConsultationStatus.DRAFT,
        first_day=wish.first_day,
        last_day=wish.last_day,
        delivery=wish.delivery.strip(),
        perimeter_km=wish.perimeter_km,
        created_at=moment.now(),
        created_by=viewer.actor,
        log_length=0,
        log_head="",
        lots=_lots(wish, own, found, today),
        criteria=[
            ConsultationCriterion(code=each.code, position=position, weight=each.weight)
            for position, each in enumerate(asked.criteria, start=1)
        ],
    )
    consultation.lines = [line for lot in consultation.lots for line in lot.lines]
    check_span(consultation, consultation.lots)
    session.add(consultation)
    await session.flush()
    await record(session, viewer, consultation, EventKind.DESCRIBED, _told(wish, consultation))
    return consultation


def check_span(consultation: Consultation, lots: Sequence[ConsultationLot]) -> None:
    """A consultation gives firm prices: it lasts no longer than those may.

    Raises:
        refusals.InvalidConsultation: it lasts longer.
    """
    last, why = firm_until(consultation.first_day, {lot.family for lot in lots})
    if consultation.last_day > last:
        raise refusals.InvalidConsultation(
            f"Livraisons jusqu'au {consultation.last_day:%d/%m/%Y} à prix ferme : {why}. Finir le {last:%d/%m/%Y} au "
            "plus tard, ou passer un marché dont le prix suit un indice."
        )


def _lots(
    wish: NeedWish, own: Mapping[str, Kitchen], found: Mapping[str, Ingredient], today: date
) -> list[ConsultationLot]:
    position = count(start=1)
    return [
        ConsultationLot(
            number=number,
            title=lot.title.strip(),
            family=_one_family(number, [found[line.ingredient] for line in lot.lines], today),
            estimated_amount=lot.estimated,
            status=LotStatus.WAITING,
            lines=[
                ConsultationLine(
                    position=next(position),
                    kitchen_id=own[line.kitchen].id,
                    ingredient_id=found[line.ingredient].id,
                    product=line.product.strip(),
                    quantity_g=line.quantity_g,
                )
                for line in lot.lines
            ],
        )
        for number, lot in enumerate(wish.lots, start=1)
    ]


def _told(wish: NeedWish, consultation: Consultation) -> dict[str, object]:
    return {
        "title": consultation.title,
        "days": f"{consultation.first_day} {consultation.last_day}",
        "delivery": consultation.delivery,
        "perimeter_km": consultation.perimeter_km,
        "lots": [f"{lot.number} {lot.family} {lot.title}" for lot in consultation.lots],
        "criteria": [f"{code} {weight}" for code, weight in wish.criteria],
        "lines": [
            f"{number} {line.kitchen} {line.ingredient} {line.quantity_g}"
            for number, lot in enumerate(wish.lots, start=1)
            for line in lot.lines
        ],
    }


def _check(wish: NeedWish, today: date) -> None:
    short = [wish.title, *(lot.title for lot in wish.lots), *(line.product for line in wish.lines)]
    for text, longest in (*((each, LONGEST_TEXT) for each in short), (wish.delivery, LONGEST_DELIVERY)):
        if not 1 <= len(text.strip()) <= longest:
            raise refusals.InvalidConsultation(
                f"Titres, livraison et produits s'écrivent en 1 à {longest} caractères : compléter « {text[:40]} »."
            )
        if (why := fault_in_lines(text.strip())) is not None:
            raise refusals.InvalidConsultation(f"Un titre, une livraison ou un produit {why} : le retaper au clavier.")
    if not 1 <= len(wish.lots) <= MOST_LOTS or not all(lot.lines for lot in wish.lots):
        raise refusals.InvalidConsultation(
            f"Donner 1 à {MOST_LOTS} lots, chacun avec au moins un produit ; {len(wish.lots)} lots, "
            f"{len(wish.lines)} produits demandés."
        )
    if not 1 <= len(wish.lines) <= MOST_LINES:
        raise refusals.InvalidConsultation(f"{len(wish.lines)} produits demandés : en donner 1 à {MOST_LINES}.")
    if any(not 1 <= line.quantity_g <= MOST_GRAMS for line in wish.lines):
        raise refusals.InvalidConsultation(f"Une quantité est hors bornes : donner 1 à {MOST_GRAMS} grammes.")
    if not today < wish.first_day <= wish.last_day:
        raise refusals.InvalidConsultation("Les livraisons commencent après aujourd'hui et finissent ensuite.")
    far_enough = wish.perimeter_km is None or wish.perimeter_km >= 1
    if not far_enough or not all(amount_fits(lot.estimated) for lot in wish.lots):
        raise refusals.InvalidConsultation(
            "Le montant estimé de chaque lot, au centime, et le rayon d'envoi sont positifs."
        )


def _one_family(number: int, found: Iterable[Ingredient], on: date) -> str:
    families = {procurement_law().family_of(each.slug, each.kind.value, on) for each in found}
    if len(families) > 1:
        raise refusals.InvalidConsultation(
            f"Le lot {number} mêle plusieurs familles homogènes ({', '.join(sorted(families))}) : "
            "faire un lot par famille (CCP-20, CCP-30)."
        )
    return families.pop()
