"""Loads of what stands around purchases, for one operation."""

from sqlalchemy import Select

from catering.documents.loaders import DocumentById
from catering.purchases.queries import purchase_proofs_visible_to


class ProofById(DocumentById):
    """Proofs of the purchases that the viewer may read."""

    def shown(self) -> list[Select[int]]:
        """Whoever reads a line reads its proof."""
        return [purchase_proofs_visible_to(self.request.viewer)]
