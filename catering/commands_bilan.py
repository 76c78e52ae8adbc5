"""What `catering bilan` does: the files of a year for ma-cantine, and the proof that they agree."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from catering.commands import BAD_INPUT, OPERATOR, CommandFailed, console
from catering.db import Database
from catering.declarations.figures import doubt_of, version_of
from catering.declarations.models import DeclarationForm
from catering.declarations.proof import year_files
from catering.migrate import upgrade
from catering.refusal import Refusal

WORDS = {DeclarationForm.SIMPLE: "simple", DeclarationForm.DETAILED: "détaillé"}


async def bilan(database: Database, year: int, out: Path, uais: Sequence[str]) -> None:
    """Write the files of a year, and prove that purchases and bilans, read back, say the same.

    Raises:
        catering.refusal.Refusal: there is nothing to export, or a kitchen has no SIRET or more credits than purchases.
        CommandFailed: read back, a file says something else; the files are there to be looked at.
    """
    await upgrade(database)
    out.mkdir(parents=True, exist_ok=True)
    try:
        async with database.reading() as session:
            found = await year_files(session, OPERATOR, year, out, uais or None)
    except Refusal:
        # A folder made for nothing; one that holds something stays.
        with suppress(OSError):
            out.rmdir()
        raise
    for file in found.files:
        console.print(f"{file} : {file.stat().st_size} octets", markup=False)
    for form in DeclarationForm:
        if doubt := doubt_of(form, year):
            version = version_of(form, year)
            console.print(
                f"Bilan {WORDS[form]}, version {version}, à vérifier avant de déposer : {doubt}.", markup=False
            )
    if found.differences:
        told = ["Relus, les fichiers ne disent pas la même chose que les livres :", *found.differences]
        raise CommandFailed("\n".join(told), BAD_INPUT)
    console.print(
        f"Collèges : {found.kitchens}. Fichiers relus, mêmes montants au centime et mêmes parts.", markup=False
    )
