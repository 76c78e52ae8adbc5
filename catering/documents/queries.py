"""What a viewer may read of the documents: what they sent; who controls, everything.

A room that shows documents to more people (a certificate to every buyer) states so by a select of its own, and the
download asks them all: see ``catering/api/documents.py``.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import undefer

from catering.documents.models import Document
from catering.people.viewer import Viewer


def visible_to(
    viewer: Viewer, shown: Sequence[Select[int]] = (), sealed: Select[int] | None = None
) -> Select[Document]:
    """Documents that the viewer sent or controls, and those whose number one of ``shown`` gives; without content.

    ``sealed`` gives numbers that not even who controls reads unless the rest of it lets them.
    """
    statement = select(Document)
    if viewer.sees_everything and sealed is None:
        return statement
    told = [Document.actor == viewer.actor, *(Document.id.in_(numbers) for numbers in shown)]
    if viewer.sees_everything and sealed is not None:
        told.append(Document.id.not_in(sealed))
    return statement.where(or_(*told))


def documents(
    viewer: Viewer,
    *,
    ids: Collection[int] | None = None,
    sha256: str | None = None,
    shown: Sequence[Select[int]] = (),
    sealed: Select[int] | None = None,
    with_content: bool = False,
) -> Select[Document]:
    """Visible documents that meet every condition given; ``with_content`` loads their bytes."""
    statement = visible_to(viewer, shown, sealed)
    if ids is not None:
        statement = statement.where(Document.id.in_(ids))
    if sha256 is not None:
        statement = statement.where(Document.sha256 == sha256)
    return statement.options(undefer(Document.content)) if with_content else statement
