"""Documents, as GraphQL shows them; their bytes are sent and fetched over HTTP (``/documents``)."""

from datetime import datetime

import strawberry

from catering.documents import models
from catering.documents.models import FileKind
from catering.graph.documented import documented
from catering.graph.shown import shown

PATH = "/documents"

strawberry.enum(FileKind, description="Kinds of file that are kept, as read from their first bytes.")


@strawberry.type(description="A file that somebody sent: a proof, a photograph, a table. Never changed afterwards.")
class Document:
    id: strawberry.ID = strawberry.field(description="Number, to give where a document is asked for.")
    name: str = strawberry.field(description="As its sender called it.")
    kind: FileKind = strawberry.field(description="What it is.")
    size: int = strawberry.field(description="Bytes.")
    sha256: str = strawberry.field(description="Of its content, in hexadecimal.")
    at: datetime = strawberry.field(description="When it was sent.")

    @documented
    def url(self) -> str:
        """Where to fetch it, on this server."""
        return f"{PATH}/{self.id}"


def show_document(row: models.Document) -> Document:
    """A document as GraphQL shows it."""
    return shown(Document, row, id=strawberry.ID(str(row.id)))
