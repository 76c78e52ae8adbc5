"""What `catering import` does: a file of purchases enters the ledger, with its progress."""

from contextlib import closing
from pathlib import Path

from catering.commands import BAD_INPUT, OPERATOR, CommandFailed, console
from catering.db import Database
from catering.documents.service import keep_document
from catering.migrate import upgrade
from catering.progress import progress
from catering.purchases.importing import Imported, judge_file, keep
from catering.purchases.refusals import PurchasesRefused

MOST_BYTES = 500_000_000
"""Of a file that is read on the server itself."""


async def import_purchases(database: Database, file: Path, *, twins_meant: bool) -> Imported:
    """Import a file on behalf of who runs the server: all its purchases, once.

    Raises:
        catering.refusal.Refusal: it is no file of purchases.
        CommandFailed: it cannot be opened, or lines are at fault: each is told with its repair, and nothing is kept.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise CommandFailed(f"« {file} » ne s'ouvre pas : {error.strerror}.", BAD_INPUT) from error
    await upgrade(database)
    async with database.unit_of_work() as session:
        sent = await keep_document(session, OPERATOR, file.name, content, most_bytes=MOST_BYTES)
    with progress() as report:
        try:
            async with database.reading() as session:
                judged = await judge_file(session, OPERATOR, sent.id, twins_meant=twins_meant, report=report)
        except PurchasesRefused as refused:
            every = [f"{each.place}{each.message} → {each.repair}" for each in refused.faults]
            counted = f"Fautes : {len(every)} ; rien n'a été enregistré."
            raise CommandFailed("\n".join([counted, *every]), BAD_INPUT) from refused
        with closing(judged):
            async with database.unit_of_work() as session:
                made = await keep(session, OPERATOR, judged, report=report)
    told = "déjà importées, rien n'est ajouté" if made.again else "importées"
    console.print(f"{made.file.lines} lignes, {made.file.amount_excl_tax} € HT : {told}.", markup=False)
    return made
