"""A file of bilans read back as ma-cantine reads it: the shares that its columns make, beside those of its bilans."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from catering.declarations.exporting import Bilan
from catering.declarations.figures import AMOUNTS
from catering.declarations.models import DeclarationForm
from catering.figures import rate
from catering.purchases.figures import FAMILIES, percent
from catering.rules.egalim_tables import form_cells
from catering.rules.egalim_year import cents_of

Row = Mapping[str, str]
BIO_CELL = "bio"
MEAT_AND_FISH = ("VIANDES_VOLAILLES", "PRODUITS_DE_LA_MER")


def disagreements(content: bytes, form: DeclarationForm, year: int, found: Sequence[Bilan]) -> Iterator[str]:
    """What the columns of a file make of the shares that its bilans say otherwise, in French.

    Args:
        content: the file, CSV by SIRET.
        form: whose columns it has.
        year: data year, which decides the columns.
        found: the bilans it was made from.
    """
    shares = {row["siret"]: _shares(row, form, year) for row in csv.DictReader(io.StringIO(content.decode()))}
    for each in found:
        read = shares.get(each.siret or "")
        if read is None:
            yield f"{each.name} : absent du bilan {form.value}"
            continue
        for name, share in read.items():
            if share != (ours := each.figures.shares[name]):
                yield f"{each.siret} : part {name} de {rate(ours)}, {rate(share)} par le bilan {form.value}"


def _shares(row: Row, form: DeclarationForm, year: int) -> dict[str, Decimal | None]:
    if form is DeclarationForm.SIMPLE:
        return {name: percent(_sum(row, part), _sum(row, whole)) for name, (part, whole) in AMOUNTS.items()}
    cells = [each.cell for each in form_cells(date(year, 12, 31))]
    total = _sum(row, ["valeur_totale"])
    return {
        "quality": percent(_sum(row, _named(FAMILIES, cells)), total),
        "bio": percent(_sum(row, _named(FAMILIES, [BIO_CELL])), total),
        "meat_and_fish": percent(
            _sum(row, _named(MEAT_AND_FISH, cells)), _sum(row, [f"valeur_{each.lower()}" for each in MEAT_AND_FISH])
        ),
    }


def _named(families: Iterable[str], cells: Sequence[str]) -> list[str]:
    return [f"valeur_{family.lower()}_{cell}" for family in families for cell in cells]


def _sum(row: Row, names: Iterable[str]) -> int:
    """Cents of some columns together."""
    return sum(cents_of(Decimal(row[name])) for name in names)
