"""The tables of rules in the handbook: ``python -m tests.docs.rule_table`` rewrites them from the rule files."""

from collections.abc import Iterator

from catering.rules import law
from catering.rules.shapes import Parameter, RuleHead
from tests.docs.pages import HANDBOOK, read

PAGE = HANDBOOK / "regles.md"
HEADING = "## Toutes les règles"
OPENING = (
    "Titres et descriptions sont ceux des fichiers (`python -m tests.docs.rule_table` les recopie, un test compare)."
)
SETS = {
    "arrete_2011": "Arrêté du 30 septembre 2011",
    "vegetarian": "Menu végétarien",
    "egalim": "EGAlim",
    "house": "Règles de la maison",
    "gem_rcn_2015": "Recommandation GEM-RCN 2015 (ne lie pas un plan)",
    "cnrc_2020": "Recommandation CNRC 2020 (ne lie pas un plan)",
}
PARAMETERS = (
    "### Paramètres : définitions, seuils, lectures\n\n"
    "`DEF-` vient des textes, `LEC-` est notre lecture ; une variante remplace une règle pour une région\n"
    "ou un établissement."
)


def written() -> str:
    """The last chapter of the page, as the rule files make it."""
    parts = [HEADING, OPENING, *_sets(), PARAMETERS, _parameters()]
    return "\n\n".join(parts) + "\n"


def _sets() -> Iterator[str]:
    rules = [entry for _, entry in sorted(law().entries.items()) if isinstance(entry, RuleHead)]
    assert {rule.rule_set for rule in rules} <= set(SETS), "give the new set a title"
    for rule_set, title in SETS.items():
        rows = [
            f"| `{rule.id}` | `{getattr(rule, 'kind')}` | {_strength(rule)} | {rule.title} |"  # noqa: B009 - on every shape
            for rule in rules
            if rule.rule_set == rule_set
        ]
        yield "\n".join([f"### {title}", "", "| règle | genre | tenue | titre |", "|---|---|---|---|", *rows])


def _strength(rule: RuleHead) -> str:
    return "ferme" if rule.soft_price is None else f"{rule.soft_price} €"


def _parameters() -> str:
    rows = [
        f"| `{entry.id}` | {entry.description} |"
        for _, entry in sorted(law().entries.items())
        if isinstance(entry, Parameter)
    ]
    return "\n".join(["| paramètre | description |", "|---|---|", *rows])


def rewrite() -> None:
    """Bring the page up to date."""
    text = read(PAGE)
    PAGE.write_text(text[: text.index(HEADING)] + written(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    rewrite()
