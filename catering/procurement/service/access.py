"""Who may do what in procurement, and the rows they may do it to."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import CursorResult, Update, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from catering import moment
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.market.models import Supplier
from catering.market.queries import suppliers
from catering.people.viewer import Role, Viewer
from catering.procurement import refusals
from catering.procurement.clock import DatabaseNow
from catering.procurement.criteria import check_wording
from catering.procurement.models import Consultation, ConsultationLine, ConsultationLot
from catering.procurement.queries import of_own_kitchen
from catering.procurement.queries_of_consultations import (
    consultation_lines_visible_to,
    consultation_lots_visible_to,
    consultations,
)
from catering.recipes.models import Ingredient
from catering.recipes.queries import ingredients
from catering.spelling import fault_in_lines

LEAST_REASON = 20  # legal-number: characters of a written reason, nothing of the arrêté
MOST_REASON = 2000


def require_buyer(viewer: Viewer) -> None:
    """Only who buys for a collège goes on.

    Raises:
        refusals.NotBuyer: the viewer does not.
    """
    if not viewer.buys:
        raise refusals.NotBuyer


def require_signatory(viewer: Viewer) -> None:
    """Only a gestionnaire, who signs for a collège, goes on.

    Raises:
        refusals.NotBuyer: the viewer is none.
    """
    if viewer.role is not Role.GESTIONNAIRE:
        raise refusals.NotBuyer


def written(reason: str) -> str:
    """A reason as it is kept.

    Raises:
        refusals.ReasonMissing: it is too short to say anything, too long, or deceives the eye.
        refusals.GeographicCondition: it gives a place or a distance as the reason.
    """
    kept = reason.strip()
    if (why := fault_in_lines(kept)) is not None:
        raise refusals.ReasonMissing(LEAST_REASON, MOST_REASON, why)
    if not LEAST_REASON <= len(kept) <= MOST_REASON:
        raise refusals.ReasonMissing(LEAST_REASON, MOST_REASON)
    check_wording([kept], moment.today())
    return kept


async def buyers(session: AsyncSession, viewer: Viewer, uais: Collection[str]) -> dict[str, Kitchen]:
    """Kitchens the viewer may read, by UAI.

    Raises:
        refusals.UnknownBuyer: some UAI name none.
    """
    found = {row.uai: row for row in await session.scalars(kitchens(viewer, uais=set(uais)))}
    if missing := sorted(set(uais) - set(found)):
        raise refusals.UnknownBuyer(missing)
    return found


async def goods(session: AsyncSession, viewer: Viewer, slugs: Collection[str]) -> dict[str, Ingredient]:
    """Ingredients by slug.

    Raises:
        refusals.UnknownGoods: some slugs name none.
    """
    found = {row.slug: row for row in await session.scalars(ingredients(viewer, slugs=set(slugs)))}
    if missing := sorted(set(slugs) - set(found)):
        raise refusals.UnknownGoods("Ingrédient", missing)
    return found


async def supplier_named(session: AsyncSession, viewer: Viewer, slug: str) -> Supplier:
    """The supplier of a slug.

    Raises:
        refusals.UnknownGoods: there is none that the viewer may read.
    """
    found = (await session.scalars(suppliers(viewer, slugs=[slug]))).one_or_none()
    if found is None:
        raise refusals.UnknownGoods("Fournisseur", [slug])
    return found


async def seller(session: AsyncSession, viewer: Viewer, slug: str) -> Supplier:
    """The supplier as which the viewer answers.

    Raises:
        refusals.NotSupplier: the viewer does not sell as that supplier.
    """
    if not viewer.sells or slug not in viewer.suppliers:
        raise refusals.NotSupplier
    return await supplier_named(session, viewer, slug)


async def consultation_read(session: AsyncSession, viewer: Viewer, number: int) -> Consultation:
    """A consultation the viewer may read.

    Raises:
        refusals.UnknownConsultation: there is none of this number.
    """
    found = (await session.scalars(consultations(viewer, ids=[number]))).one_or_none()
    if found is None:
        raise refusals.UnknownConsultation(number)
    return found


async def consultation_signed(session: AsyncSession, viewer: Viewer, number: int) -> Consultation:
    """A consultation the viewer signs for, its row locked until the end of the transaction.

    Raises:
        refusals.NotBuyer: the viewer does not sign for its buyer.
        refusals.UnknownConsultation: there is none of this number that the viewer may read.
    """
    require_signatory(viewer)
    signed = consultations(viewer, ids=[number]).where(of_own_kitchen(viewer, Consultation.kitchen_id))
    # Its key does not change: commitments that name it go on being written meanwhile.
    locked = signed.with_for_update(key_share=True, of=Consultation).execution_options(populate_existing=True)
    found = (await session.scalars(locked)).one_or_none()
    if found is None:
        await consultation_read(session, viewer, number)
        raise refusals.NotBuyer
    return found


async def buyers_held(
    session: AsyncSession, viewer: Viewer, number: int
) -> tuple[Mapping[int, ConsultationLine], set[int]]:
    """The lines of a consultation the viewer signs for and all who buy in it (row ids), who are locked.

    Whoever decides on their needs calls it before the consultation itself is locked: orders hold their buyer before
    they draw on what was awarded, and two must not wait for each other (decision 0204).

    Raises:
        refusals.NotBuyer: the viewer does not sign, or not for all of them.
        refusals.UnknownConsultation: there is none of this number that the viewer may read.
    """
    require_signatory(viewer)
    consultation = await consultation_read(session, viewer, number)
    lines = await lines_of(session, viewer, number)
    return lines, await members(session, viewer, consultation, lines)


async def held(session: AsyncSession, viewer: Viewer, kitchen_ids: Collection[int]) -> Sequence[Kitchen]:
    """Those of some kitchens that are the viewer's, locked as ``lock_buyers`` does: one statement for both."""
    own = kitchens(viewer).where(Kitchen.id.in_(kitchen_ids)).order_by(Kitchen.id)
    return (await session.scalars(own.with_for_update(key_share=True, of=Kitchen))).all()


async def database_time(session: AsyncSession) -> datetime:
    """The present instant by the clock of the database."""
    moment: datetime = (await session.scalars(select(DatabaseNow()))).one()
    return moment


async def lines_of(session: AsyncSession, viewer: Viewer, number: int) -> Mapping[int, ConsultationLine]:
    """The lines of a consultation the viewer may read, by number."""
    of_consultation = consultation_lines_visible_to(viewer).where(ConsultationLine.consultation_id == number)
    return {line.id: line for line in await session.scalars(of_consultation)}


async def members(
    session: AsyncSession, viewer: Viewer, consultation: Consultation, lines: Mapping[int, ConsultationLine]
) -> set[int]:
    """Numbers of the kitchens that buy together in a consultation by its lines, its buyer among them; they are locked.

    Raises:
        refusals.NotBuyer: the viewer does not buy for all of them, and so cannot know their needs.
    """
    wanted = {consultation.kitchen_id, *(line.kitchen_id for line in lines.values())}
    if len(await held(session, viewer, wanted)) < len(wanted):
        raise refusals.NotBuyer
    return wanted


async def lots_of(session: AsyncSession, viewer: Viewer, number: int) -> Sequence[ConsultationLot]:
    """The lots of a consultation the viewer may read, in order of number, as they stand now."""
    of_consultation = consultation_lots_visible_to(viewer).where(ConsultationLot.consultation_id == number)
    fresh = of_consultation.order_by(ConsultationLot.number).execution_options(populate_existing=True)
    return (await session.scalars(fresh)).all()


async def changed(session: AsyncSession, statement: Update) -> int:
    """How many rows a conditional statement changed."""
    done = await session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(done, CursorResult)
    return done.rowcount


def before_deadline(number: int) -> Sequence[ColumnElement[bool]]:
    """A published consultation whose deadline has not passed by the clock of the database, as conditions of SQL."""
    return (
        Consultation.id == number,
        Consultation.published_at.is_not(None),
        Consultation.decided_at.is_(None),
        Consultation.deadline > DatabaseNow(),
    )
