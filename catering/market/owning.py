"""What is one's own: the rows a seller may change, each found through what they may see, or a refusal."""

from collections.abc import Collection, Sequence

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from catering.documents.models import Document, FileKind
from catering.documents.queries import documents
from catering.market import refusals
from catering.market.models import Offer, Supplier
from catering.market.queries import offers, suppliers
from catering.people.viewer import Role, Viewer


async def own_supplier(
    session: AsyncSession,
    viewer: Viewer,
    slug: str,
    *,
    alone: bool = False,
    hold: bool = True,
    also: Collection[Role] = (),
) -> Supplier:
    """The supplier, kept from other writers until the transaction ends: changes of one supplier come one by one.

    Orders to it go on meanwhile: they hold offers before they name the supplier, changes of capacities after.

    Args:
        session: of the write, or of a read with ``hold`` False.
        viewer: who sells.
        slug: of the supplier.
        alone: keep orders out too, once those under way are made: they must see what is about to change.
        hold: False only to read it, which keeps nobody waiting.
        also: roles that may do the same to every supplier they read.

    Raises:
        refusals.NotAllowed: the viewer sells nothing.
        refusals.UnknownSupplier: the supplier is not theirs, or there is none.
    """
    anywhere = viewer.role in also
    if not viewer.sells and not anywhere:
        raise refusals.NotAllowed
    found: Supplier | None = None
    if anywhere or slug in viewer.suppliers:
        mine = suppliers(viewer, slugs=[slug])
        found = await session.scalar(mine.with_for_update(key_share=not alone) if hold else mine)
    if found is None:
        raise refusals.UnknownSupplier(slug)
    return found


async def own_offers(session: AsyncSession, viewer: Viewer, slugs: Collection[str]) -> Sequence[Offer]:
    """The offers, in order of id, each with its allergens, its certificate and its supplier; all or a refusal.

    Their suppliers are kept from other writers, as ``own_supplier`` does.

    Raises:
        refusals.NotAllowed: the viewer sells nothing.
        refusals.UnknownOffer: some are not theirs, or do not exist.
    """
    if not viewer.sells:
        raise refusals.NotAllowed
    mine = offers(viewer, slugs=slugs).where(Offer.supplier.has(Supplier.slug.in_(viewer.suppliers)))
    sellers = await session.scalars(mine.join(Offer.supplier).with_only_columns(Supplier.slug).distinct())
    for seller in sorted(sellers):
        await own_supplier(session, viewer, seller)
    loads = (selectinload(Offer.allergens), selectinload(Offer.certificate), selectinload(Offer.supplier))
    found = (await session.scalars(mine.options(*loads).order_by(Offer.slug))).all()
    if unknown := sorted(set(slugs) - {offer.slug for offer in found}):
        raise refusals.UnknownOffer(unknown)
    return found


async def own_document(
    session: AsyncSession, viewer: Viewer, number: int | None, kinds: Collection[FileKind], wanted: str
) -> int | None:
    """The number of a document that the viewer sent; None stays None.

    Args:
        session: of the write.
        viewer: who must have sent it.
        number: of the document.
        kinds: what it may be.
        wanted: the same in French, with its article.

    Raises:
        refusals.UnknownDocument: they did not send it, or it is of another kind.
    """
    if number is None:
        return None
    await require_own_documents(session, viewer, {number}, kinds, wanted)
    return number


async def own_file(
    session: AsyncSession, viewer: Viewer, number: int, kinds: Collection[FileKind], wanted: str
) -> Document:
    """A document that the viewer sent, with its content: one statement.

    Raises:
        refusals.UnknownDocument: they did not send it, or it is of another kind.
    """
    own = documents(viewer, ids=[number], with_content=True).where(Document.actor == viewer.actor)
    found: Document | None = await session.scalar(own)
    if found is None or found.kind not in kinds:
        raise refusals.UnknownDocument(str(number), wanted)
    return found


async def require_own_documents(
    session: AsyncSession, viewer: Viewer, numbers: Collection[int], kinds: Collection[FileKind], wanted: str
) -> None:
    """Let documents be named only by who sent them: whoever reads the row that names one may read it.

    Raises:
        refusals.UnknownDocument: the viewer did not send one of them, or it is of another kind.
    """
    if not numbers:
        return
    sent = await session.scalars(documents(viewer, ids=numbers).where(Document.actor == viewer.actor))
    fitting = {each.id for each in sent if each.kind in kinds}
    if wrong := sorted(set(numbers) - fitting):
        raise refusals.UnknownDocument(", ".join(map(str, wrong)), wanted)
