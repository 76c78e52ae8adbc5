"""The poster of the legal display (EGA-30): shares with the rates of the law, dates, source and a QR code. A4 or A3."""

import io
import logging
from dataclasses import dataclass
from math import sqrt
from typing import Literal, TypeAlias

import segno

from catering.charts import bars
from catering.declarations.display import Display, Displayed
from catering.figures import number
from catering.papers.french import day_in_words
from catering.papers.letters import printable
from catering.papers.sheet import Column, Sheet

Paper: TypeAlias = Literal["A4", "A3"]
SCALES: dict[Paper, float] = {"A4": 1.0, "A3": sqrt(2)}
"""Of letters and pictures: an A3 is an A4 enlarged."""
TEXT_PT, SMALL_PT = 13, 10
QR_MM, QR_BORDER = 30, 2
"""Side of the QR code on an A4, and the white modules around it."""
SHARES = (Column("Part", 96), Column("Valeur", 30, "RIGHT"), Column("Loi", 30, "RIGHT"), Column("Constat", 30))
VERDICTS = {True: "atteint", False: "pas encore", None: "–"}


@dataclass(frozen=True, slots=True)
class PosterFacts:
    """A display, the address of its page, and the size of the paper."""

    display: Display
    address: str
    paper: Paper = "A4"


def egalim_poster(facts: PosterFacts) -> bytes:
    """The poster, to be hung at the entrance of the restaurant."""
    display, scale = facts.display, SCALES[facts.paper]
    sheet = Sheet("Ce que nous achetons pour vos repas", f"année {display.year}", paper=facts.paper, scale=scale)
    sheet.named_below(display.place.name)
    sheet.write_line(f"{display.place.name}, {display.place.commune}", TEXT_PT * scale, bold=True)
    _picture(sheet, display, scale)
    sheet.lines(SHARES, [_row(each) for each in display.figures], TEXT_PT * scale)
    _dates(sheet, display, scale)
    _address(sheet, facts.address, scale)
    return sheet.content()


def _picture(sheet: Sheet, display: Display, scale: float) -> None:
    sheet.gap(4 * scale)
    drawn = printable(bars(display.picture)).encode()
    # The picture says its title and description to who cannot see it; fpdf2 warns that it prints neither.
    logging.getLogger("fpdf.svg").setLevel(logging.ERROR)
    sheet.image(io.BytesIO(drawn), x=sheet.l_margin, w=sheet.epw)
    sheet.gap(2 * scale)


def _row(each: Displayed) -> tuple[str, str, str, str]:
    told = f"{each.item.french_name}\n{each.item.id} · {each.item.told}"
    least = "" if each.least is None else f"{each.least:.0f} % au moins"
    return told, "inconnue" if each.share is None else f"{number(each.share)} %", least, VERDICTS[each.holds]


def _dates(sheet: Sheet, display: Display, scale: float) -> None:
    sheet.gap(3 * scale)
    declared = display.declared_on
    if declared is None:
        said = f"Chiffres provisoires au {day_in_words(display.as_of)} : l'année n'est pas encore déclarée."
    else:
        said = f"Chiffres déclarés le {day_in_words(declared)}."
    sheet.write_line(said, TEXT_PT * scale)
    sheet.write_line(
        f"À renouveler avant le {day_in_words(display.update_by)} (EGA-30 : affichage permanent, mis à jour au moins "
        "une fois par an, article L230-5-3 du Code rural).",
        SMALL_PT * scale,
    )
    sheet.write_line(
        "Parts en valeur hors taxes de tous les achats alimentaires de l'année civile. Un produit ne compte qu'une "
        f"fois. Sources : {' ; '.join(dict.fromkeys(each.source for each in display.figures))}.",
        SMALL_PT * scale,
    )


def _address(sheet: Sheet, address: str, scale: float) -> None:
    """The QR code of the page, drawn module by module: nothing comes from elsewhere, and it prints sharp."""
    side = QR_MM * scale
    sheet.keep_together(side + 6 * scale)
    sheet.gap(3 * scale)
    left, top = sheet.l_margin, sheet.get_y()
    rows = [bytes(row) for row in segno.make(address, micro=False).matrix_iter(border=QR_BORDER)]
    module = side / len(rows)
    sheet.set_fill_color(0)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                sheet.rect(left + across * module, top + down * module, module, module, style="F")
    sheet.set_xy(left + side + 4 * scale, top + side / 3)
    sheet.set_font("helvetica", size=SMALL_PT * scale)
    told = f"Les mêmes chiffres, à jour :\n{printable(address)}"
    sheet.multi_cell(0, 5 * scale, told, align="L", new_x="LMARGIN", new_y="NEXT")
    sheet.set_y(top + side)
