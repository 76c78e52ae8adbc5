"""The tables of goals in docs/optimizer.md: ``python -m tests.docs.indicator_table`` rewrites them from the code."""

from collections.abc import Iterator

from optimizer.goals import INDICATORS, MOVED, WEIGHED
from optimizer.measures import MEASURES
from tests.lints.sources import ROOT

PAGE = ROOT / "docs" / "optimizer.md"
HEADING, NEXT = "## Goals besides cost", "## Time, seeds, processes"
OPENING = (
    "Indicators of a plan, in `summary.json` and recomputed by `verify` in exact arithmetic (written from\n"
    "`optimizer/goals.py`: `python -m tests.docs.indicator_table`). Nothing here knows which foods are ultra-processed."
)
WEIGHTS = (
    "Weighed goals (`goals.csv`, € per unit) add to the objective a charge per kg bought, in menus, sourcing and\n"
    "bound alike; the money cost is told apart (`cost_eur`), the charges as `goals_eur`. Without it nothing changes."
)

TOTALS = (
    "What rules of kind `purchase_total` add up and hold as a floor or a ceiling, over a period or per meal (written\n"
    "from `optimizer/measures.py`):"
)


def written() -> str:
    """The chapter, as it stands in the page."""
    return "\n".join(_lines()) + "\n\n"


def _lines() -> Iterator[str]:
    yield f"{HEADING}\n\n{OPENING}\n"
    yield "| indicator | about | unit | formula | better | held by |\n|---|---|---|---|---|---|"
    for of in INDICATORS:
        held = f"`{of.held_by}`" if of.held_by else "–"
        yield f"| `{of.id}` {of.title} | {of.orientation} | {of.unit} | {of.formula} | {of.better} | {held} |"
    yield f"\n{WEIGHTS}\n"
    yield "| indicator in `goals.csv` | unit | what |\n|---|---|---|"
    for name, weighed in WEIGHED.items():
        yield f"| `{name}` | {weighed.unit} | {weighed.title} |"
    yield f"| `{MOVED}` | couverts | Plats que le plan précédent (`former.csv`) ne sert pas cette semaine-là |"

    yield f"\n{TOTALS}\n"
    yield "| measure | what | unit | formula |\n|---|---|---|---|"
    for name, measure in MEASURES.items():
        yield f"| `{name}` | {measure.title} | {measure.unit} | {measure.formula} |"


def main() -> None:
    """Rewrite the chapter."""
    text = PAGE.read_text(encoding="utf-8")
    start, end = text.index(HEADING) if HEADING in text else text.index(NEXT), text.index(NEXT)
    PAGE.write_text(text[:start] + written() + text[end:], encoding="utf-8")


if __name__ == "__main__":
    main()
