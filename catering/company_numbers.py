"""Numbers by which states know those who sell and buy: SIRET, and VAT numbers of other countries."""

import re
from collections.abc import Collection

from stdnum.ch import uid
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError
from stdnum.fr import siret as siret_key
from stdnum.gb import vat as gb_vat
from stdnum.is_ import vsk as icelandic_vat
from stdnum.no import mva as no_vat

SPACES = re.compile(r"[ \u00a0\u202f]")
SIRET = re.compile(r"[0-9]{14}")
SIREN = 9
NOBODY = "0" * SIREN
"""A SIREN that the sum of digits lets through, and that INSEE gives to nobody."""
SWISS_TAX = re.compile(r"(CHE[0-9]{9})(MWST|TVA|IVA)?")
"""Without its suffix the number is the same one, whichever of the three languages the suffix is in."""
ELSEWHERE = re.compile(r"[A-Z]{2}[A-Z0-9]{4,22}")
CHECKED = frozenset({"CH", "EL", "GB", "GR", "IS", "LI", "NO", *(state.upper() for state in eu_vat.MEMBER_STATES)})
"""Countries whose numbers have a key that is checked."""


def siret_of(text: str) -> str | None:
    """The 14 digits of a SIRET, the spaces between its groups taken out; None when it is none."""
    digits = SPACES.sub("", text)
    right = SIRET.fullmatch(digits) and not digits.startswith(NOBODY) and siret_key.is_valid(digits)
    return digits if right else None


def vat_number_of(text: str) -> str | None:
    """A VAT number in one form, with the letters of its country; None when it is none.

    Known are those of the European Union and of Northern Ireland (checked by their keys), of Great Britain (``GB``),
    of Switzerland and Liechtenstein (``CHE``, which share one register), of Norway (``NO``, kept with ``MVA``) and of
    Iceland (``IS``).
    """
    try:
        return _of_country(_plain(text))
    except ValidationError:
        return None


def french_vat_number(siret: str) -> str:
    """The VAT number of who has a SIRET: ``FR``, a key of two digits, its SIREN."""
    siren = siret[:SIREN]
    return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02d}{siren}"  # legal-number: the key of a French VAT number


def elsewhere_number_of(text: str, countries: Collection[str]) -> str | None:
    """A number of a country whose keys nobody here knows: its two letters, then the number as its state gives it.

    It is not checked, since equal access does not end where our keys do. None when the country is unknown, or is one
    whose numbers ``vat_number_of`` checks.
    """
    plain = _plain(text)
    country = plain[:2]
    return plain if ELSEWHERE.fullmatch(plain) and country in countries and country not in CHECKED else None


def _plain(text: str) -> str:
    without = SPACES.sub("", text)
    return re.sub(r"[ .\-]", "", without).upper() if without.isascii() else ""


def _of_country(plain: str) -> str:
    if swiss := SWISS_TAX.fullmatch(plain):
        return str(uid.validate(swiss[1]))
    if plain.startswith("GB"):
        return f"GB{gb_vat.validate(plain)}"
    if plain.startswith("NO"):
        return f"NO{no_vat.validate(plain if plain.endswith('MVA') else f'{plain}MVA')}"
    if plain.startswith("IS"):
        return f"IS{icelandic_vat.validate(plain)}"
    return str(eu_vat.validate(plain))
