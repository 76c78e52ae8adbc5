"""Forms that bring a file: it is kept among the documents, and the form goes on with its number."""

from dataclasses import replace

from fastapi import Request

from catering.api import Caller
from catering.api.documents import BodyTooLarge, keep_sent, read_sent
from catering.documents import refusals
from catering.refusal import Refusal
from catering.web.asked import Asked, Fault

MOST_FIELDS = 20  # legal-number: parts of a form that are read
"""Beside the file."""


async def with_file(by: Caller, request: Request, asked: Asked, field: str) -> tuple[Asked, tuple[Fault, ...]]:
    """The request with its fields and, as ``field``, the number of its file; or what is wrong with the file."""
    viewer = asked.viewer
    assert viewer is not None, "who sends a file is signed in"
    most = by.config.document_mb * refusals.MEGABYTE
    try:
        sent = await read_sent(request, most, field=field, most_fields=MOST_FIELDS)
    except BodyTooLarge:
        return asked, (Fault(field, str(refusals.TooLarge(most))),)
    except Refusal as refusal:
        return asked, (Fault(field, str(refusal)),)
    asked = replace(asked, form=sent.fields)
    if not sent.name:
        return asked, (Fault(field, "Choisir le fichier à envoyer."),)
    try:
        row = await keep_sent(by, viewer, sent, most)
    except Refusal as refusal:
        return asked, (Fault(field, str(refusal)),)
    return replace(asked, form={**sent.fields, field: [str(row.id)]}), ()
