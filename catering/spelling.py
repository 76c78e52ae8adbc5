"""What people type as names: letters that deceive the eye are refused, letters that differ little are found alike."""

import re
import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "’": "'"})
INVISIBLE = {"Cf", "Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories that show nothing: controls of direction, zero width, unassigned and private characters."""
STACKED = {"Mn", "Me"}
"""Categories of marks that stand on another character."""
LINE_END = re.compile(r"\r?\n")
SPACES = re.compile(r"[ \t\r\n]+")


def deceit(name: str) -> str | None:
    """What deceives the eye in a name, in French; None when nothing does.

    Refused are characters that cannot be seen (zero width, direction, controls), marks that nothing in Latin letters
    needs once they are composed, and letters that are not plain Latin ones: look-alikes of another alphabet, of
    mathematics or of full width.
    """
    for place, char in enumerate(unicodedata.normalize("NFC", name), start=1):
        category, where = unicodedata.category(char), f"(U+{ord(char):04X}, en position {place})"
        if category in INVISIBLE:
            return f"contient un caractère invisible {where}"
        if category in STACKED:
            return f"superpose un signe à une lettre {where}"
        if category.startswith("L") and not _latin(char):
            return f"contient « {char} », qui n'est pas l'une des lettres latines {where}"
    return None


def deceit_in_lines(text: str) -> str | None:
    """The same of a text that may have several lines."""
    return next((why for line in LINE_END.split(text) if (why := deceit(line)) is not None), None)


def tidy(name: str) -> str:
    """The name in one form: composed letters, single spaces, none around."""
    return SPACES.sub(" ", unicodedata.normalize("NFC", name)).strip()


def unfit(text: str, longest: int) -> str | None:
    """Why a text that somebody wrote cannot be kept, in French; None when it can. Keep its ``tidy`` form.

    Refused are what deceives the eye, what shows nothing at all, and what is longer than there is room for. Lines and
    tabs are spaces.
    """
    plain = tidy(text)
    if (why := deceit(plain)) is not None:
        return why
    if not plain:
        return "est vide"
    return f"compte plus de {longest} caractères" if len(plain) > longest else None


def folded(text: str) -> str:
    """Letters without accents or capitals, ligatures undone: what two spellings of a word share."""
    lowered = text.casefold()
    if lowered.isascii():
        return " ".join(lowered.split())
    plain = unicodedata.normalize("NFKD", lowered.translate(LIGATURES))
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())


def slugged(text: str) -> str:
    """The words of a text as a slug: `Ferme du Grand Ré` → `ferme_du_grand_re`; empty when no letter is ASCII."""
    return "_".join(re.findall(r"[a-z0-9]+", folded(text)))


def _latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN ") or letter in "ªº"
