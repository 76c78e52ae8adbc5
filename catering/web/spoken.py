"""A refusal of the API in the words of a page: what to tick instead of what to send, no key, no name of an argument."""

import re

WORDS: tuple[tuple[str, str], ...] = (
    (r"renvoyer avec confirmed: true", "cocher la case sous ce message"),
    (r"lastDay suit firstDay", "le dernier jour suit le premier"),
    (r"^Pesée « [0-9A-Za-z-]{8,} » : (?=\w)", "Cette pesée : "),
    (r"^La clé de pesée « [^»]+ » a déjà servi", "Ce bac a déjà été envoyé"),
    (r" Corriger l'ancienne \(correctWeighing\), ou donner une nouvelle clé\.", " Corriger l'ancienne dans la liste."),
)
"""Pattern of the API, words of a page."""


def spoken(message: str) -> str:
    """A message as a page tells it; what no pattern names stays as it is."""
    for pattern, words in WORDS:
        message = re.sub(pattern, words, message)
    return message
