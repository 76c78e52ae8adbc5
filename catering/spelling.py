"""What people type as names: letters that deceive the eye are refused, letters that differ little are found alike."""

import re
import unicodedata

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "’": "'"})
INVISIBLE = {"Cf", "Cc", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories that show nothing: controls of direction, zero width, unassigned and private characters."""
STACKED = {"Mn", "Me"}
"""Categories of marks that stand on another character."""
IMITATIONS = frozenset("\u2044\u2215\u29f8\u2236\u2800\ufffc")
"""Signs that pass for a slash, a colon or a space though nothing in Unicode's own tables says so."""
WELL_KNOWN = frozenset("…™№‑")
"""Signs of plain texts that Unicode could also write with other letters."""
LATIN_1 = 0xFF
PLAIN_LATIN = (range(0x180), range(0x218, 0x21C), range(0x1E00, 0x1F00))
"""Letters of the written languages of Europe (Latin-1, Extended-A, Romanian); those of phonetics and of old scripts
come after."""
PASSING = frozenset("\u0131\u0138\u0149\u017f")
"""Among them those that pass for an i, a k, an n or an s."""
GENERAL_PUNCTUATION = range(0x2010, 0x2040)
"""Dashes, quotes and dots of European texts; commas and hyphens of other scripts look like ours."""
NOTHING_SAID = "ne contient ni lettre ni chiffre"
LINE_END = re.compile(r"\r?\n")
SPACES = re.compile(r"[ \t\r\n]+")


def deceit(name: str) -> str | None:
    """What deceives the eye in a name, in French; None when nothing does.

    Refused are characters that cannot be seen (zero width, direction, controls, blanks drawn as signs), marks that
    nothing in Latin letters needs once they are composed, letters that are not plain Latin ones, digits that are not
    0 to 9, and signs that stand for others: of another alphabet, of mathematics, of full width, in a circle.
    """
    for place, char in enumerate(unicodedata.normalize("NFC", name), start=1):
        category, where = unicodedata.category(char), f"(U+{ord(char):04X}, en position {place})"
        if category in INVISIBLE:
            return f"contient un caractère invisible {where}"
        if category in STACKED:
            return f"superpose un signe à une lettre {where}"
        if category.startswith("L") and not _latin(char):
            return f"contient « {char} », qui n'est pas l'une des lettres latines {where}"
        if category.startswith("N") and ord(char) > LATIN_1:
            return f"contient « {char} », qui n'est pas l'un des chiffres de 0 à 9 {where}"
        if _imitates(char, category):
            return f"contient « {char} », qui en imite un autre {where}"
    return None


def fault_in_lines(text: str) -> str | None:
    """What deceives the eye in a text that may have several lines, or that it says nothing, in French."""
    deceits = (why for line in LINE_END.split(text) if (why := deceit(line)) is not None)
    return next(deceits, NOTHING_SAID if text and not says_something(text) else None)


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
    if not says_something(plain):
        return NOTHING_SAID
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


def says_something(name: str) -> bool:
    """Whether there is a letter or a digit in it: three full stops name nobody."""
    return any(char.isalnum() for char in name)


def _latin(letter: str) -> bool:
    plain = letter not in PASSING and any(ord(letter) in block for block in PLAIN_LATIN)
    return letter in "ªº" or (plain and unicodedata.name(letter, "").startswith(("LATIN SMALL", "LATIN CAPITAL")))


def _imitates(char: str, category: str) -> bool:
    """Whether a sign is another one in a different dress; spaces of every width are tidied, not refused."""
    if char in IMITATIONS:
        return True
    if category[0] == "P" and ord(char) > LATIN_1 and ord(char) not in GENERAL_PUNCTUATION:
        return True
    dressed = ord(char) > LATIN_1 and unicodedata.normalize("NFKC", char) != char
    return dressed and category[0] in "PS" and char not in WELL_KNOWN
