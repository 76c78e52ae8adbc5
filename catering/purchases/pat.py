"""Use case: tell which suppliers are under a territorial food project (PAT), and count what was received from them."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from catering.market.models import Supplier, SupplierKind
from catering.market.queries import suppliers
from catering.market.trace import traced
from catering.moment import now, today
from catering.people.viewer import Role, Viewer
from catering.purchases import refusals
from catering.purchases.judging import bring_under_project
from catering.purchases.models import PatSupply, PurchaseLine, PurchaseSource
from catering.purchases.queries import pat_supplies_visible_to
from catering.purchases.service import rejudge
from catering.spelling import tidy, unfit

STATE = frozenset({Role.NUTRITION_MANAGER, Role.DEPARTEMENT})
LONGEST = 160  # legal-number: width of a database column
LONGEST_SPAN = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class PatWish:
    """A supplier (slug), the project by its name, and the first and last days of its label."""

    supplier: str
    project: str
    first_day: date
    last_day: date


async def state(session: AsyncSession, viewer: Viewer, wish: PatWish) -> PatSupply:
    """Tell that a supplier is under a project between two days; its receptions of those days count from then on.

    Of its receptions so far, French goods are marked local in the sense of the project, and their sums move: the share
    that diners are told (EGA-30) follows. Told again, it changes nothing. A year that was
    declared keeps its figures; its comparison shows the change.

    Raises:
        refusals.Refusal: the viewer may not, there is no such supplier, it resells what comes from anywhere, the days
            cannot be, or it is under a project on some of them already.
    """
    if viewer.role not in STATE:
        raise refusals.MayNotStatePat
    seller: Supplier | None = await session.scalar(suppliers(viewer, slugs=[wish.supplier]).with_for_update())
    if seller is None:
        raise refusals.PatRefused(f"Aucun fournisseur « {wish.supplier[:LONGEST]} ». Vérifier son identifiant.")
    _check(seller, wish)
    mine = pat_supplies_visible_to(viewer).where(
        PatSupply.supplier_id == seller.id, PatSupply.first_day <= wish.last_day, wish.first_day <= PatSupply.last_day
    )
    if (known := await session.scalar(mine.limit(1))) is not None:
        if (known.project, known.first_day, known.last_day) == (tidy(wish.project), wish.first_day, wish.last_day):
            return known
        raise refusals.PatRefused(
            f"{seller.name} est déjà du projet « {known.project} » du {known.first_day:%d/%m/%Y} au "
            f"{known.last_day:%d/%m/%Y} : commencer après."
        )
    row = PatSupply(
        supplier_id=seller.id,
        project=tidy(wish.project),
        first_day=wish.first_day,
        last_day=wish.last_day,
        at=now(),
        actor=viewer.actor,
    )
    session.add(row)
    told = {"project": row.project, "first_day": str(row.first_day), "last_day": str(row.last_day)}
    session.add(traced(viewer, PatSupply.__tablename__, seller.slug, None, told))
    await session.flush()
    received = (
        (PurchaseLine.supplier_id == seller.id)
        & (PurchaseLine.source != PurchaseSource.IMPORT)
        & PurchaseLine.bought_on.between(wish.first_day, wish.last_day)
    )
    await rejudge(session, received, bring_under_project)
    return row


def _check(seller: Supplier, wish: PatWish) -> None:
    if seller.kind is SupplierKind.WHOLESALER:
        raise refusals.PatRefused(
            f"{seller.name} est un grossiste, qui revend ce qui vient de partout : dire plutôt les fermes et les "
            "plateformes du projet ; dans un fichier d'achats, chaque ligne le dit (definition_local PAT)."
        )
    if (why := unfit(wish.project, LONGEST)) is not None:
        raise refusals.PatRefused(f"Le nom du projet {why} : l'écrire comme son label.")
    if wish.last_day < wish.first_day or wish.last_day - wish.first_day > LONGEST_SPAN:
        raise refusals.PatRefused("Dates du label invraisemblables : recopier celles de la décision.")
    if wish.first_day > today():
        raise refusals.PatRefused("Le label n'a pas commencé : le dire à partir de son premier jour.")
