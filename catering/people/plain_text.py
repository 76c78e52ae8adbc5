"""Names and addresses of people, which look like what they are (``catering.spelling`` sees what does not).

Unicode lets two different texts look alike (a Cyrillic « а » in a Latin word), lets a text show in another order than
it is stored (bidirectional controls) and lets it hold what nobody sees (zero width). Such a text is refused with what
to do, never mended in silence: the person sees what is kept.
"""

import unicodedata

from email_validator import EmailNotValidError, validate_email

from catering.people.refusals import BadEmail, BadName
from catering.spelling import deceit, says_something


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
    if (why := deceit(text)) is not None:
        raise BadName(f"{what[:1].upper()}{what[1:]} {why} : le retaper en lettres simples, sans copier-coller.")
    kept = " ".join(unicodedata.normalize("NFC", text).split())
    if not shortest <= len(kept) <= longest:
        raise BadName(f"{what[:1].upper()}{what[1:]} compte {len(kept)} caractères : en donner {shortest} à {longest}.")
    if kept and not says_something(kept):
        raise BadName(f"{what[:1].upper()}{what[1:]} ne contient ni lettre ni chiffre : l'écrire en toutes lettres.")
    return kept


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
