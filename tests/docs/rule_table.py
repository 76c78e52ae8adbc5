"""The tables of rules in the handbook: ``python -m tests.docs.rule_table`` rewrites them from the rule files."""

from collections.abc import Iterator

from catering.compliance.cells import CellKind
from catering.compliance.files import KINDS, title_of
from catering.procurement.need import RULE_OF
from catering.rules import law
from catering.rules.shapes import Parameter, RuleHead, ValueRatio
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
    "intakes": "Apports de référence d'un repas, lus par la maison (ne lie pas un plan)",
    "gem_rcn_2015": "Recommandation GEM-RCN 2015 (ne lie pas un plan)",
    "cnrc_2020": "Recommandation CNRC 2020 (ne lie pas un plan)",
}
PARAMETERS = (
    "### Paramètres : définitions, seuils, lectures\n\n"
    "`DEF-` vient des textes, `LEC-` est notre lecture ; une variante remplace une règle pour une région\n"
    "ou un établissement."
)


COLUMNS = ("| règle | genre | tenue | titre | source | montrée dans |", "|---|---|---|---|---|---|")
SOURCES = "### Sources"
GRID_PAGE = HANDBOOK / "grille.md"
GRID_HEADING = "## Les colonnes"
GRID_OPENING = (
    "Chaque règle de la grille, sa source et où elle est montrée (`python -m tests.docs.rule_table` recopie ce "
    "tableau, un test compare)."
)
GRID = "nutrition/ComplianceGrid"
SHOWN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("CCP-14", ("chef/Contracts", "chef/EssentialData")),
    ("CCP-1", ("chef/PurchaseNeeds", "chef/Basket")),
    ("CCP-2", ("chef/PurchaseNeeds",)),
    ("CCP-3", ("chef/Contracts", "chef/Consultations")),
    ("CCP-44", ("chef/PurchaseNeeds", "chef/Basket")),
    ("CCP-45", ("chef/PurchaseNeeds", "chef/Basket")),
    ("CCP", ("chef/Consultation", "chef/AwardCriteria")),
    ("DEF", ("nutrition/NutritionCheck", "public/DishSheet")),
    ("LEC", ("nutrition/NutritionCheck", "public/DishSheet")),
    ("EGA-27", ("nutrition/DeclarationFile",)),
    ("EGA-30", ("public/EgalimDisplay",)),
    ("EGA-0", ("chef/EgalimYear", "chef/EgalimOutlook", "nutrition/RateAhead", "chef/Purchases")),
    ("EGA", ("chef/EgalimYear", "chef/EgalimOutlook", "chef/Purchases")),
    ("GAS-01", ("chef/WasteResult",)),
    ("GAS-0", ("chef/WasteFile", "chef/WasteDiagnostic")),
    ("GAS-SOL-COUVERTS", ("chef/NoteCovers",)),
    ("GAS", ("chef/WasteResult", "nutrition/WasteDeclaration")),
    ("GEM", ("nutrition/RuleResults",)),
    ("HOUSE", ("nutrition/RuleResults",)),
    ("HYG-02", ("producer/SupplierSheet", "chef/SendBasket")),
    ("HYG-DATE", ("chef/KitchenStock",)),
    ("HYG-FROID", ("chef/SurplusAdvice", "chef/ReceiveDelivery")),
    ("HYG", ("chef/SurplusAdvice",)),
    ("NUT-P1", ("nutrition/PortionProposals", "nutrition/DecidePortion")),
    ("NUT-S4", ("chef/MenuRegister",)),
    ("NUT", ("nutrition/NutritionCheck", "nutrition/RuleResults")),
    ("TVA", ("chef/Basket", "chef/Invoices")),
    ("VEG", ("nutrition/NutritionCheck", "nutrition/RuleResults")),
)
"""Stored operations whose answers show a rule, its figure or what is reckoned by it; the first prefix wins."""


def source_of(rule: str) -> str:
    """Where its figures come from, each source once."""
    return " ".join(f"`{source}`" for source in dict.fromkeys(dated.source for dated in law().entry(rule).values))


def places_of(rule: str) -> tuple[str, ...]:
    """Stored operations that show a rule, the grid first."""
    found = next((places for prefix, places in SHOWN if rule.startswith(prefix)), ())
    return (GRID, *found) if rule in grid_rules() else found


def shown_in(rule: str) -> str:
    """The same, as a cell of a table."""
    return ", ".join(f"`{place}`" for place in places_of(rule))


def grid_rules() -> dict[str, tuple[CellKind, ...]]:
    """Rules that have a column in the grid, and of which kind."""
    found: dict[str, tuple[CellKind, ...]] = {}
    for rule, entry in sorted(law().entries.items()):
        if isinstance(entry, ValueRatio):
            found[rule] = (CellKind.EGALIM, CellKind.EGALIM_PROJECTED)
        elif isinstance(entry, RuleHead) and entry.rule_set in ("arrete_2011", "vegetarian", "cnrc_2020"):
            found[rule] = (CellKind.NUTRITION,)
        elif rule in RULE_OF.values():
            found[rule] = (CellKind.PROCUREMENT,)
        elif rule in ("GAS-02", "GAS-04", "GAS-06", "GAS-06-HUILE"):
            found[rule] = (CellKind.WASTE,)
    return found


def grid_written() -> str:
    """The last chapter of the page of the grid."""
    rows = [
        f"| `{rule}` | {', '.join(KINDS[kind] for kind in kinds)} | {title_of(rule)} "
        f"| {source_of(rule)} | {shown_in(rule)} |"
        for rule, kinds in grid_rules().items()
    ]
    table = ["| règle | domaine | ce qu'elle demande | source | montrée dans |", "|---|---|---|---|---|", *rows]
    return "\n\n".join([GRID_HEADING, GRID_OPENING, "\n".join(table)]) + "\n"


def _sources() -> str:
    rows = [f"| `{code}` | {row.title} | {row.url} |" for code, row in sorted(law().tables.sources.items())]
    return "\n".join(["| source | titre | adresse |", "|---|---|---|", *rows])


def written() -> str:
    """The last chapter of the page, as the rule files make it."""
    parts = [HEADING, OPENING, *_sets(), PARAMETERS, _parameters(), SOURCES, _sources()]
    return "\n\n".join(parts) + "\n"


def _sets() -> Iterator[str]:
    rules = [entry for _, entry in sorted(law().entries.items()) if isinstance(entry, RuleHead)]
    assert {rule.rule_set for rule in rules} <= set(SETS), "give the new set a title"
    for rule_set, title in SETS.items():
        rows = [
            f"| `{rule.id}` | `{getattr(rule, 'kind')}` | {_strength(rule)} | {rule.title} "  # noqa: B009 - on every shape
            f"| {source_of(rule.id)} | {shown_in(rule.id)} |"
            for rule in rules
            if rule.rule_set == rule_set
        ]
        yield "\n".join([f"### {title}", "", *COLUMNS, *rows])


def _strength(rule: RuleHead) -> str:
    return "ferme" if rule.soft_price is None else f"{rule.soft_price} €"


def _parameters() -> str:
    rows = [
        f"| `{entry.id}` | {entry.description} | {source_of(entry.id)} | {shown_in(entry.id)} |"
        for _, entry in sorted(law().entries.items())
        if isinstance(entry, Parameter)
    ]
    return "\n".join(["| paramètre | description | source | montré dans |", "|---|---|---|---|", *rows])


def rewrite() -> None:
    """Bring the pages up to date."""
    for page, heading, chapter in ((PAGE, HEADING, written()), (GRID_PAGE, GRID_HEADING, grid_written())):
        text = read(page)
        page.write_text(text[: text.index(heading)] + chapter, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    rewrite()
