"""Loads of documents for one operation."""

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from catering.documents.models import Document
from catering.documents.queries import visible_to
from catering.graph.loading import OneByKey


class DocumentById(OneByKey[int, Document]):
    """Documents by their number, as far as ``shown`` lets the viewer read what others sent."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its number."""
        return Document.id

    def shown(self) -> list[Select[int]]:
        """Numbers that the viewer may read although somebody else sent them; none unless a room says so."""
        return []

    def statement(self) -> Select[Document]:
        """All visible documents."""
        return visible_to(self.request.viewer, self.shown())
