"""Papers that an offer brings: proofs of what it declares, sent before and sealed with it."""

from collections.abc import Collection, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from catering.documents.models import PROOFS, Document
from catering.documents.queries import documents
from catering.market.models import Supplier
from catering.people.viewer import Viewer
from catering.procurement import refusals
from catering.procurement.models import Consultation, Tender, TenderDocument
from catering.procurement.queries_of_tenders import tender_papers_visible_to, tenders_visible_to

MOST_PAPERS = 10  # legal-number: what a buyer can read of one offer, no cap of the law


async def papers_of(
    session: AsyncSession, viewer: Viewer, consultation: Consultation, supplier: Supplier, numbers: Collection[int]
) -> Sequence[Document]:
    """The documents of these numbers, in order: sent by the viewer, or brought by an earlier offer of their supplier.

    Raises:
        refusals.InvalidTender: there are too many, one is not theirs, or one is no PDF and no photograph.
    """
    if not numbers:
        return ()
    if len(set(numbers)) > MOST_PAPERS:
        raise refusals.InvalidTender(
            f"{len(set(numbers))} pièces jointes : {MOST_PAPERS} au plus. Réunir plusieurs pages en un PDF."
        )
    own = tenders_visible_to(viewer).where(Tender.consultation_id == consultation.id, Tender.supplier_id == supplier.id)
    brought = tender_papers_visible_to(viewer).where(TenderDocument.tender_id.in_(own.with_only_columns(Tender.id)))
    asked = documents(viewer, ids=set(numbers), shown=[brought.with_only_columns(TenderDocument.document_id)])
    found = (await session.scalars(asked.order_by(Document.id))).all()
    fitting = {each.id for each in found if each.kind in PROOFS}
    if wrong := sorted(set(numbers) - fitting):
        raise refusals.InvalidTender(
            f"Pièce jointe {', '.join(map(str, wrong))} : l'envoyer d'abord vous-même, en PDF ou en photographie."
        )
    return found
