"""Loads of the ledger for one operation."""

from sqlalchemy import Select

from catering.documents.loaders import DocumentById
from catering.purchases.queries import purchase_proofs_visible_to


class PurchaseProofById(DocumentById):
    """Proofs of purchase lines, for whoever may read a line they prove."""

    def shown(self) -> list[Select[int]]:
        """Numbers of the proofs of visible lines."""
        return [purchase_proofs_visible_to(self.request.viewer)]
