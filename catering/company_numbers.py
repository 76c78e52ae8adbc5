"""Numbers by which states know those who sell and buy: SIRET, and VAT numbers of other countries."""

import re

from stdnum.ch import uid
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.fr import siret as siret_key
from stdnum.gb import vat as gb_vat
from stdnum.no import mva as no_vat

SPACES = re.compile(r"[ \u00a0\u202f]")
SIRET = re.compile(r"[0-9]{14}")
NOBODY = "0" * 9
"""A SIREN that the sum of digits lets through, and that INSEE gives to nobody."""
SWISS_TAX = re.compile(r"(CHE[0-9]{9})(MWST|TVA|IVA)?")
"""Without its suffix the number is the same one, whichever of the three languages the suffix is in."""


def siret_of(text: str) -> str | None:
    """The 14 digits of a SIRET, the spaces between its groups taken out; None when it is none."""
    digits = SPACES.sub("", text)
    right = SIRET.fullmatch(digits) and not digits.startswith(NOBODY) and siret_key.is_valid(digits)
    return digits if right else None


def vat_number_of(text: str) -> str | None:
    """A VAT number in one form, with the letters of its country; None when it is none.

    Known are those of the European Union and of Northern Ireland (checked by their keys), of Great Britain (``GB``),
    of Switzerland and Liechtenstein (``CHE``, which share one register) and of Norway (``NO``, kept with ``MVA``).
    """
    if not SPACES.sub("", text).isascii():
        return None
    plain = re.sub(r"[ .\-]", "", SPACES.sub("", text)).upper()
    try:
        return _of_country(plain)
    except ValidationError:
        return None


def _of_country(plain: str) -> str:
    if swiss := SWISS_TAX.fullmatch(plain):
        return str(uid.validate(swiss[1]))
    if plain.startswith("GB"):
        return f"GB{gb_vat.validate(plain)}"
    if plain.startswith("NO"):
        return f"NO{no_vat.validate(plain if plain.endswith('MVA') else f'{plain}MVA')}"
    return str(eu_vat.validate(plain))
