"""What a viewer may read of the documents: what they sent; who controls, everything.

A room that shows documents to more people (a certificate to every buyer) states so by a select of its own, and the
download asks them all: see ``catering/api/documents.py``.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import undefer

from catering.documents.models import Document
from catering.people.viewer import Viewer


def visible_to(viewer: Viewer, shown: Sequence[Select[int]] = ()) -> Select[Document]:
    """Documents that the viewer sent or controls, and those whose number one of ``shown`` gives; without content."""
    statement = select(Document)
    if viewer.sees_everything:
        return statement
    own = Document.actor == viewer.actor
    return statement.where(or_(own, *(Document.id.in_(numbers) for numbers in shown)))


def documents(
    viewer: Viewer,
    *,
    ids: Collection[int] | None = None,
    sha256: str | None = None,
    shown: Sequence[Select[int]] = (),
    with_content: bool = False,
) -> Select[Document]:
    """Visible documents that meet every condition given; ``with_content`` loads their bytes."""
    statement = visible_to(viewer, shown)
    if ids is not None:
        statement = statement.where(Document.id.in_(ids))
    if sha256 is not None:
        statement = statement.where(Document.sha256 == sha256)
    return statement.options(undefer(Document.content)) if with_content else statement
