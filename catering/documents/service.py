"""Use case of documents: keep a file that somebody sent."""

from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.documents import refusals
from catering.documents.models import Document
from catering.documents.queries import documents
from catering.documents.rules import digest, kind_of, plain_name
from catering.people.viewer import Role, Viewer


async def keep_document(
    session: AsyncSession, viewer: Viewer, name: str, content: bytes, *, most_bytes: int
) -> Document:
    """Keep a file; the same bytes from the same person are kept once.

    Args:
        session: of the write.
        viewer: who sends it.
        name: as the sender calls it.
        content: its bytes.
        most_bytes: largest file taken.

    Raises:
        refusals.Refusal: the viewer may not send, or the file is too large, empty, of another kind or badly named.
    """
    if viewer.role is Role.AUDITOR:
        raise refusals.MayNotSend
    if len(content) > most_bytes:
        raise refusals.TooLarge(most_bytes)
    called = plain_name(name)
    kind = kind_of(content, called)
    sha256 = digest(content)
    own = documents(viewer, sha256=sha256).where(Document.actor == viewer.actor)
    earlier: Document | None = await session.scalar(own)
    if earlier is not None:
        return earlier
    document = Document(
        sha256=sha256,
        kind=kind,
        name=called,
        size=len(content),
        at=moment.now(),
        actor=viewer.actor,
        content=content,
    )
    session.add(document)
    await session.flush()
    return document
