"""What `catering import` and `catering canteens` do: purchases enter the ledger, kitchens are told to ma-cantine."""

from contextlib import closing
from pathlib import Path

from catering.app import keep_for_good
from catering.commands import BAD_INPUT, OPERATOR, CommandFailed, console
from catering.db import Database
from catering.documents.service import keep_document
from catering.figures import euros
from catering.migrate import upgrade
from catering.progress import progress
from catering.purchases.canteens_file import read_wishes
from catering.purchases.importing import Imported, judge_file, keep
from catering.purchases.refusals import PurchasesRefused
from catering.purchases.registering import register_all
from catering.purchases.withdrawing import withdraw

MOST_BYTES = 500_000_000
"""Of a file that is read on the server itself."""


async def import_purchases(database: Database, file: Path, *, twins_meant: bool, again_meant: bool = False) -> Imported:
    """Import a file on behalf of who runs the server: all its purchases, once.

    Raises:
        catering.refusal.Refusal: it is no file of purchases.
        CommandFailed: it cannot be opened, or lines are at fault: each is told with its repair, and nothing is kept.
    """
    content = _content(file)
    await upgrade(database)
    async with database.unit_of_work() as session:
        sent = await keep_document(session, OPERATOR, file.name, content, most_bytes=MOST_BYTES)
    keep_for_good()
    meant = {"twins_meant": twins_meant, "again_meant": again_meant}
    with progress() as report:
        try:
            async with database.reading() as session:
                judged = await judge_file(session, OPERATOR, sent.id, **meant, report=report)
        except PurchasesRefused as refused:
            every = [f"{each.place}{each.message} → {each.repair}" for each in refused.faults]
            counted = f"Fautes : {len(every)} ; rien n'a été enregistré."
            raise CommandFailed("\n".join([counted, *every]), BAD_INPUT) from refused
        with closing(judged):
            async with database.unit_of_work() as session:
                made = await keep(session, OPERATOR, judged, report=report)
    told = "déjà importées, rien n'est ajouté" if made.again else "importées"
    console.print(f"{made.file.lines} lignes, {euros(made.file.amount_excl_tax)} HT : {told}.", markup=False)
    return made


async def withdraw_import(database: Database, number: int, why: str) -> None:
    """Take an import back on behalf of who runs the server.

    Raises:
        catering.refusal.Refusal: there is no such import, or no reason.
    """
    await upgrade(database)
    async with database.unit_of_work() as session:
        found = await withdraw(session, OPERATOR, number, why)
    taken = euros(found.amount_excl_tax)
    told = f"Import {number} annulé : {found.lines} lignes, {taken} HT repris. Le fichier peut revenir."
    console.print(told, markup=False)


async def register_canteens(database: Database, file: Path) -> int:
    """Write down the SIRET and ma-cantine number of the kitchens of a file; how many were written.

    Raises:
        catering.refusal.Refusal: some lines are at fault: each is told with its repair, and nothing is written.
        CommandFailed: it cannot be opened.
    """
    wishes = read_wishes(file.name, _content(file))
    await upgrade(database)
    async with database.unit_of_work() as session:
        written = await register_all(session, OPERATOR, wishes, file.name)
    console.print(f"Collèges : {len(wishes)}, dont {written} écrits ; les autres étaient déjà connus.", markup=False)
    return written


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise CommandFailed(f"« {file} » ne s'ouvre pas : {error.strerror}.", BAD_INPUT) from error
