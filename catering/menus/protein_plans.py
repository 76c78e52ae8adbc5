"""Use cases of plans to diversify proteins: who owes one, who has one, and telling of one (VEG-10)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import Select, func
from sqlalchemy.ext.asyncio import AsyncSession

from catering.documents.models import PROOFS
from catering.kitchens.models import Kitchen, KitchenCovers
from catering.kitchens.queries import covers_visible_to, kitchens
from catering.market.owning import own_document
from catering.market.trace import traced
from catering.menus import refusals
from catering.menus.models import ProteinPlan
from catering.menus.queries import protein_plans_visible_to
from catering.moment import now
from catering.people.viewer import Role, Viewer
from catering.rules.book import RuleBook, UnknownRuleError, law

RULE = "VEG-10"
TELL = frozenset({Role.GESTIONNAIRE, Role.NUTRITION_MANAGER, Role.DEPARTEMENT})
"""Who signs for kitchens."""
A_PAPER = "le plan (PDF ou image)"
LONGEST = timedelta(days=3660)
"""Of a plan: longer is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """Where a kitchen stands on a day.

    ``covers``: mean of the lunches of its days of service, None when nobody told them. ``limit``: what they must be
    above for a plan to be due, None before the law. ``plan``: the one told last, whatever its days.
    """

    covers: Fraction | None
    limit: int | None
    plan: ProteinPlan | None
    on: date

    @property
    def due(self) -> bool | None:
        """Whether the law asks for a plan; None when nobody knows the covers."""
        if self.limit is None:
            return False
        return None if self.covers is None else self.covers > self.limit

    @property
    def present(self) -> bool:
        """Whether a plan holds on the day."""
        return self.plan is not None and self.plan.holds(self.on)

    @property
    def told(self) -> str:
        """In French: where it stands, and what to do."""
        if self.present:
            assert self.plan is not None
            paper = "" if self.plan.document_id else " Joindre le document : un contrôle le demande."
            return f"Plan en cours jusqu'au {self.plan.last_day:%d/%m/%Y}.{paper}"
        if self.due is None:
            return "Couverts par jour inconnus : les dire au calendrier de la cuisine pour savoir si un plan est dû."
        if not self.due:
            return "" if self.limit is None else f"Pas dû : {self.limit} couverts par jour ou moins en moyenne."
        gone = "Aucun plan connu"
        if self.plan is not None and self.plan.last_day < self.on:
            gone = f"Plan fini le {self.plan.last_day:%d/%m/%Y}"
        elif self.plan is not None:
            gone = f"Plan à partir du {self.plan.first_day:%d/%m/%Y} seulement"
        return (
            f"{gone} : adopter un plan pluriannuel de diversification des protéines, dû au-delà de {self.limit} "
            "couverts par jour en moyenne, puis l'enregistrer à la fiche du collège."
        )


@dataclass(frozen=True, slots=True)
class PlanWish:
    """What is told of a plan: its first and last day, and the number of its document if there is one."""

    first_day: date
    last_day: date
    document: int | None = None


async def standings(
    session: AsyncSession, viewer: Viewer, on: date, kitchen_ids: Collection[int], book: RuleBook | None = None
) -> Mapping[int, PlanStanding]:
    """Where visible kitchens stand on a day, by number; one statement whatever their number."""
    limit = _limit(on, book or law())
    found = await session.execute(_known(viewer, kitchen_ids))
    return {
        number: PlanStanding(None if total is None else Fraction(int(total), days), limit, plan, on)
        for number, total, days, plan in found
    }


def _known(viewer: Viewer, kitchen_ids: Collection[int]) -> Select[*tuple[Any, ...]]:
    """Of each kitchen the sum of its covers, the days they are of, and the plan told last."""
    counted: Any = covers_visible_to(viewer).where(KitchenCovers.kitchen_id.in_(kitchen_ids))
    total, days = func.sum(KitchenCovers.covers).label("total"), func.count().label("days")
    of_days = counted.with_only_columns(KitchenCovers.kitchen_id, total, days)
    covers = of_days.group_by(KitchenCovers.kitchen_id).subquery()
    told = protein_plans_visible_to(viewer).with_only_columns(
        ProteinPlan.kitchen_id, func.max(ProteinPlan.id).label("latest")
    )
    last = told.group_by(ProteinPlan.kitchen_id).subquery()
    return (
        kitchens(viewer)
        .where(Kitchen.id.in_(kitchen_ids))
        .outerjoin(covers, covers.c.kitchen_id == Kitchen.id)
        .outerjoin(last, last.c.kitchen_id == Kitchen.id)
        .outerjoin(ProteinPlan, ProteinPlan.id == last.c.latest)
        .with_only_columns(Kitchen.id, covers.c.total, covers.c.days, ProteinPlan)
    )


def _limit(on: date, book: RuleBook) -> int | None:
    try:
        return int(book.parameter(RULE, on))
    except UnknownRuleError:
        return None


async def state_plan(session: AsyncSession, viewer: Viewer, uai: str, wish: PlanWish) -> Kitchen:
    """Tell that a kitchen has a plan; it takes the place of what was told before, which stays. Told again: nothing.

    Raises:
        refusals.NotAllowedToSign: the viewer signs for no kitchen.
        refusals.UnknownKitchen: there is no such kitchen of theirs.
        refusals.InvalidProteinPlan: days that cannot be those of a plan.
        catering.market.refusals.UnknownDocument: the viewer did not send the document, or it is no paper.
    """
    if viewer.role not in TELL:
        raise refusals.NotAllowedToSign
    # Two people who tell at once wait for each other here: the second sees what the first told.
    held = kitchens(viewer, uais=[uai]).with_for_update(key_share=True)
    kitchen: Kitchen | None = await session.scalar(held)
    if kitchen is None:
        raise refusals.UnknownKitchen(uai)
    if not wish.first_day <= wish.last_day <= wish.first_day + LONGEST:
        raise refusals.InvalidProteinPlan
    paper = await own_document(session, viewer, wish.document, PROOFS, A_PAPER)
    before = (await standings(session, viewer, wish.first_day, [kitchen.id]))[kitchen.id].plan
    after = {"first_day": f"{wish.first_day}", "last_day": f"{wish.last_day}", "document": paper}
    if before is not None and _as_told(before) == after:
        return kitchen
    session.add(
        ProteinPlan(
            kitchen_id=kitchen.id, first_day=wish.first_day, last_day=wish.last_day, document_id=paper, at=now(),
            actor=viewer.actor,
        )
    )  # fmt: skip
    session.add(
        traced(viewer, ProteinPlan.__tablename__, kitchen.uai, None if before is None else _as_told(before), after)
    )
    await session.flush()
    return kitchen


def _as_told(row: ProteinPlan) -> dict[str, Any]:
    return {"first_day": f"{row.first_day}", "last_day": f"{row.last_day}", "document": row.document_id}
