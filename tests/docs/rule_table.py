"""The tables of rules in the handbook: ``python -m tests.docs.rule_table`` rewrites them from the rule files."""

from collections.abc import Iterator

from catering.compliance.columns import grid_rules
from catering.compliance.files import KINDS, title_of
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
    ("EGA-04", ("chef/EgalimYear", "chef/EgalimOutlook")),
    ("EGA", ("chef/EgalimYear", "chef/EgalimOutlook", "chef/Purchases")),
    ("GAS-01", ("chef/WasteResult",)),
    ("GAS-0", ("chef/WasteFile", "chef/WasteDiagnostic")),
    ("GAS-SOL-COUVERTS", ("chef/NoteCovers",)),
    ("GAS", ("chef/WasteResult", "nutrition/WasteDeclaration")),
    ("HOUSE-CCP", ("chef/Consultation", "chef/AwardCriteria")),
    ("HOUSE-CDE", ("chef/KitchenOrders",)),
    ("HYG-02", ("producer/SupplierSheet", "chef/SendBasket")),
    ("HYG-DATE", ("chef/KitchenStock",)),
    ("HYG-FROID", ("chef/SurplusAdvice", "chef/ReceiveDelivery")),
    ("HYG", ("chef/SurplusAdvice",)),
    ("NUT-P1", ("nutrition/PortionProposals", "nutrition/DecidePortion")),
    ("NUT-S4", ("chef/MenuRegister",)),
    ("NUT-S1", ("nutrition/NutritionCheck",)),
    ("TVA", ("chef/Basket", "chef/Invoices")),
    ("VEG-10", ("nutrition/KitchenSheet",)),
)
"""Stored operations whose answers show the figure of a parameter or what is reckoned by it; the first prefix wins."""
CHECK, RESULTS = "nutrition/NutritionCheck", "nutrition/RuleResults"
OF_SETS: dict[str, tuple[str, ...]] = {
    "arrete_2011": (CHECK, RESULTS),
    "vegetarian": (CHECK, RESULTS),
    "cnrc_2020": (CHECK,),
    "egalim": ("chef/EgalimYear", "chef/EgalimOutlook", "nutrition/RateAhead", "nutrition/RateWithProof", RESULTS),
    "house": (RESULTS,),
}
"""Stored operations that answer the rules of a set, rule by rule."""
NOT_COMPUTED: dict[str, str] = {
    "EGA-13-HVE": "l'acheteur répond de la part d'ingrédients HVE d'un produit transformé qu'il dit HVE",
    "HYG-02-PART": "la part cédée se lit sur la dérogation, que la préfecture donne",
    "HYG-TEMOINS-JOURS": "les plats témoins se gardent en cuisine, rien ne les note ici",
} | {f"GEM-{number:02}": "recommandation de 2015 gardée en données ; à demander à un plan" for number in range(1, 7)}
NOT_COMPUTED |= {f"HOUSE-{number}": "gardée en données ; à demander à un plan" for number in range(131, 137)}
"""Figures of the law that nothing here reads, and what that leaves to people: a test finds each of them."""


def source_of(rule: str) -> str:
    """Where its figures come from, each source once."""
    return " ".join(f"`{source}`" for source in dict.fromkeys(dated.source for dated in law().entry(rule).values))


def places_of(rule: str) -> tuple[str, ...]:
    """Stored operations that show a rule, the grid first."""
    if rule in NOT_COMPUTED:
        return ()
    entry = law().entry(rule)
    if isinstance(entry, RuleHead):
        found = OF_SETS.get(entry.rule_set, ())
    else:
        found = next((places for prefix, places in SHOWN if rule.startswith(prefix)), ())
    return (GRID, *found) if rule in grid_rules() else found


def shown_in(rule: str) -> str:
    """The same, as a cell of a table."""
    if rule in NOT_COMPUTED:
        return f"`aucune` : non calculée, {NOT_COMPUTED[rule]}"
    return ", ".join(f"`{place}`" for place in places_of(rule))


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
