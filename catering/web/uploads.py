"""Forms that bring files: they are kept among the documents, and the form goes on with their numbers."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from fastapi import Request

from catering.api import Caller
from catering.api.documents import BodyTooLarge, SentFile, keep_sent, read_form, read_sent
from catering.api.multipart import Bounds
from catering.documents import refusals
from catering.documents.models import FileKind
from catering.refusal import Refusal
from catering.web.asked import Asked, Fault

UNFIT = {
    False: "n'est pas une photo : en choisir une (JPEG, PNG ou WebP).",
    True: "n'est ni un PDF ni une photo : en choisir un (PDF, JPEG, PNG ou WebP).",
}
"""Of a file of another kind, by whether a PDF is taken."""
MOST_FIELDS = 20  # legal-number: parts of a form that are read
"""Beside the file."""
MOST_LINES = 100  # legal-number: of a form whose lines may each bring a file
FIELDS_OF_A_LINE = 10
TOGETHER = 5
"""All photos of a form, in times of what one file may weigh."""
READ = 10
"""What is read of a form whose files are too heavy, in the same measure: what was typed comes back with the refusal."""


async def with_file(by: Caller, request: Request, asked: Asked, field: str) -> tuple[Asked, tuple[Fault, ...]]:
    """The request with its fields and, as ``field``, the number of its file; or what is wrong with the file."""
    most = by.config.document_mb * refusals.MEGABYTE
    try:
        sent = await read_sent(request, most, field=field, most_fields=MOST_FIELDS, read=READ * most)
    except BodyTooLarge:
        return asked, (Fault(field, str(refusals.TooLarge(most))),)
    except Refusal as refusal:
        return asked, (Fault(field, str(refusal)),)
    asked = replace(asked, form=sent.fields)
    if sent.too_large:
        return asked, (Fault(field, str(refusals.TooLarge(most))),)
    if not sent.name:
        return asked, (Fault(field, "Choisir le fichier à envoyer."),)
    return await _kept(by, asked, {field: sent}, most, frozenset(FileKind))


async def with_files(
    by: Caller, request: Request, asked: Asked, prefix: str, kinds: Collection[FileKind]
) -> tuple[Asked, tuple[Fault, ...]]:
    """The request with its fields and the number of each picture or proof sent, under the name of its field.

    One kept by an earlier attempt comes back as its number: the form sends it as text. All faults are told.
    """
    most = by.config.document_mb * refusals.MEGABYTE
    too_heavy = refusals.FilesTooLarge if FileKind.PDF in kinds else refusals.PhotoTooLarge
    try:
        bounds, fields = Bounds(most, TOGETHER * most, READ * most), MOST_LINES * FIELDS_OF_A_LINE
        form = await read_form(request, bounds, field=prefix, most_files=MOST_LINES, most_fields=fields)
    except BodyTooLarge:
        return asked, (Fault(None, str(too_heavy(most, TOGETHER * most))),)
    except Refusal as refusal:
        return asked, (Fault(None, str(refusal)),)
    asked = replace(asked, form=form.fields)
    here = {name: each for name, each in form.files.items() if each.name and name.startswith(prefix)}
    sent = {name: each for name, each in here.items() if name not in form.too_large}
    asked, faults = await _kept(by, asked, sent, most, kinds)
    heavy = str(too_heavy(most, TOGETHER * most))
    return asked, (*faults, *(Fault(name, heavy) for name in here if name in form.too_large))


async def _kept(
    by: Caller, asked: Asked, files: Mapping[str, SentFile], most: int, kinds: Collection[FileKind]
) -> tuple[Asked, tuple[Fault, ...]]:
    viewer = asked.viewer
    assert viewer is not None, "who sends a file is signed in"
    numbers: dict[str, list[str]] = {}
    faults = []
    for field, sent in files.items():
        try:
            row = await keep_sent(by, viewer, sent, most)
        except Refusal as refusal:
            faults.append(Fault(field, str(refusal)))
            continue
        if row.kind in kinds:
            numbers[field] = [str(row.id)]
        else:
            faults.append(Fault(field, f"« {row.name} » {UNFIT[FileKind.PDF in kinds]}"))
    return replace(asked, form={**asked.form, **numbers}), tuple(faults)
