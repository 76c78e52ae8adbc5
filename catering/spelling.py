"""What people type as names: letters that deceive the eye are refused, letters that differ little are found alike."""

import re
import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "’": "'"})
SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "HEBREW", "ARABIC")
"""Alphabets that can pass for one another, by the first word of a letter's Unicode name."""
INVISIBLE = {"Cf", "Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories that show nothing: controls of direction, zero width, unassigned and private characters."""
SPACES = re.compile(r"[ \t\r\n]+")


def deceit(name: str) -> str | None:
    """What deceives the eye in a name, in French; None when nothing does.

    Refused are characters that cannot be seen (zero width, direction, controls), alphabets mixed in one word, and marks
    piled on a letter.
    """
    for char in name:
        if unicodedata.category(char) in INVISIBLE:
            return f"contient un caractère invisible (U+{ord(char):04X})"
    text = unicodedata.normalize("NFKC", name)
    for word in re.findall(r"\w+", text):
        scripts = {script for char in word if (script := _script(char)) is not None}
        if len(scripts) > 1:
            return f"mêle deux alphabets dans « {word} »"
    if any(unicodedata.combining(char) for char in text):
        return "empile des signes sur une lettre"
    return None


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
    plain = unicodedata.normalize("NFKD", text.casefold().translate(LIGATURES))
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())


def slugged(text: str) -> str:
    """The words of a text as a slug: `Ferme du Grand Ré` → `ferme_du_grand_re`; empty when no letter is ASCII."""
    return "_".join(re.findall(r"[a-z0-9]+", folded(text)))


def _script(char: str) -> str | None:
    first = unicodedata.name(char, "").split(" ", maxsplit=1)[0]
    return first if first in SCRIPTS else None
