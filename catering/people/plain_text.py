"""Texts that people type and other people trust: names and addresses that look like what they are.

Unicode lets two different texts look alike (a Cyrillic « а » in a Latin word), lets a text show in another order than
it is stored (bidirectional controls) and lets it hold what nobody sees (zero width). Such a text is refused with what
to do, never mended in silence: the person sees what is kept.
"""

import unicodedata

from email_validator import EmailNotValidError, validate_email

from catering.people.refusals import BadEmail, BadName
from catering.spelling import INVISIBLE

STACKED = frozenset({"Mn", "Me"})
"""Marks that nothing in Latin letters needs once letters and accents are composed."""


def plain_name(text: str, what: str, longest: int, shortest: int = 1) -> str:
    """A name as it is kept: letters and accents composed (NFC), single spaces, none at the ends.

    Args:
        text: as typed.
        what: what it names, for the message, e.g. « le nom de l'exploitation ».
        longest: characters it may have.
        shortest: characters it must have.

    Raises:
        BadName: it holds what cannot be seen, letters that are not Latin, or too many or too few characters.
    """
    composed = unicodedata.normalize("NFC", text)
    for place, character in enumerate(composed, start=1):
        _refuse_trick(what, place, character)
    kept = " ".join(composed.split())
    if not shortest <= len(kept) <= longest:
        raise BadName(f"{what[:1].upper()}{what[1:]} compte {len(kept)} caractères : en donner {shortest} à {longest}.")
    return kept


def _refuse_trick(what: str, place: int, character: str) -> None:
    category = unicodedata.category(character)
    code = f"U+{ord(character):04X}"
    if category in INVISIBLE:
        raise BadName(f"Caractère invisible ({code}) en position {place} dans {what} : le retaper sans copier-coller.")
    if category in STACKED:
        raise BadName(
            f"Signe superposé ({code}) en position {place} dans {what} : écrire des lettres accentuées simples."
        )
    if category.startswith("L") and not _latin(character):
        raise BadName(
            f"« {character} » ({code}), en position {place} dans {what}, n'est pas une lettre latine : "
            "le retaper en lettres latines."
        )


def _latin(letter: str) -> bool:
    """Whether a letter is a plain Latin one: no look-alike of another script, of mathematics or of full width."""
    return unicodedata.name(letter, "").startswith("LATIN ") or letter in "ªº"


def email_address(text: str) -> str:
    """An address as it is compared and kept: composed (NFKC), case folded, of ASCII alone.

    Raises:
        BadEmail: it is no address, or holds characters that imitate others.
    """
    asked = text.strip()
    if not asked.isascii():
        stranger = next(each for each in asked if not each.isascii())
        raise BadEmail(
            f"L'adresse contient un caractère inattendu (U+{ord(stranger):04X}) : "
            "la retaper, sans accent ni copier-coller."
        )
    folded = unicodedata.normalize("NFKC", asked).casefold()
    try:
        validate_email(folded, allow_smtputf8=False, check_deliverability=False)
    except EmailNotValidError as fault:
        raise BadEmail("Ce n'est pas une adresse électronique : en donner une comme prenom.nom@exemple.fr.") from fault
    return folded
