"""Words of the law and of the trade that pages use, explained where they stand, in French."""

from collections.abc import Mapping

TERMS: Mapping[str, str] = {
    "couverts": "Repas à préparer pour un service.",
}
"""One sentence or two each; the whole vocabulary is in docs/glossary.md."""


def explain(term: str) -> str:
    """The explanation of a term.

    Raises:
        KeyError: the glossary has none, which a test finds first.
    """
    return TERMS[term]
