"""What the check of a menus file says, as JSON and as lines of French."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from catering.cells import Fault
from catering.figures import KEPT, number
from catering.menus.dishes import Identified, Known
from catering.menus.files.checking import FileCheck, YearCheck
from catering.menus.trays import COMPOSED, StructureFault
from catering.rules import law
from catering.rules.frequencies import Finding
from catering.rules.meals import Meal, Standing, Weight, strangers
from catering.rules.shapes import Count, WeeklyCount
from catering.rules.truth import Truth

CENT = Decimal("0.01")
TENTH = Decimal("0.1")  # legal-number: rounding of a percentage that is shown
MOST_SHOWN = 15  # legal-number: lines printed before the rest is counted
FRENCH_STANDING = {Standing.SATISFIED: "tenu", Standing.BROKEN: "non tenu", Standing.UNDECIDED: "indécis"}
FRENCH_KNOWN = {
    Known.RECIPE: "fiche", Known.WORDS: "mots", Known.PART: "mots_en_partie", Known.NOTHING: "inconnu",
}  # fmt: skip
FRENCH_SLOT = {
    "starter": "entrée", "main": "plat", "side": "garniture", "dairy": "laitage", "dessert": "dessert",
    None: "indéterminée",
}  # fmt: skip
FRENCH_STRUCTURE = {
    StructureFault.TOO_FEW: "moins de 4 composantes",
    StructureFault.TOO_MANY: "plus de 5 composantes",
    StructureFault.NO_SIDE_OR_DAIRY: "sans garniture ou sans laitage",
}


def exact(weight: Weight) -> str:
    """A count to the hundredth, as decimal text."""
    shown = (Decimal(weight.numerator) / weight.denominator).quantize(CENT, ROUND_HALF_UP).normalize()
    return f"{shown:f}"


def as_json(check: FileCheck) -> dict[str, Any]:
    """The whole check, every count as decimal text."""
    return {
        "fichier": check.file.file,
        "lignes": len(check.file.lines),
        "mis_de_cote": dict(sorted(check.file.aside.items())),
        "reconnaissance": _coverage(check.names),
        "rapprochements": list(_matches(check.names)),
        "non_reconnus": list(_unmatched(check.names)),
        "avertissements": [
            {
                "ligne": each.line,
                "colonne": each.column,
                "valeur": each.value,
                "regle": each.rule,
                "message": each.message,
                "reparation": each.repair,
            }
            for each in check.warnings
        ],
        "restaurants": [_year(year) for year in check.years],
    }


def refusal_as_json(file: str, faults: Sequence[Fault]) -> dict[str, Any]:
    """A file that is refused: every fault with its line, its column and how to mend it."""
    return {
        "fichier": file,
        "refus": [
            {
                "ligne": fault.line,
                "colonne": fault.column,
                "valeur": fault.value,
                "regle": fault.message,
                "reparation": fault.repair,
            }
            for fault in faults
        ],
    }


def _coverage(names: Mapping[Identified, int]) -> dict[str, Any]:
    """Per component, how many servings (and how many distinct names) are known, and how."""
    servings: dict[str, Counter[str]] = defaultdict(Counter)
    distinct: dict[str, Counter[str]] = defaultdict(Counter)
    for dish, times in names.items():
        for slot in (FRENCH_SLOT[dish.slot], "toutes"):
            servings[slot][FRENCH_KNOWN[dish.known]] += times
            distinct[slot][FRENCH_KNOWN[dish.known]] += 1
    return {slot: {"services": dict(servings[slot]), "noms": dict(distinct[slot])} for slot in sorted(servings)}


def _matches(names: Mapping[Identified, int]) -> Iterator[dict[str, Any]]:
    for dish, times in sorted(names.items(), key=lambda pair: (-pair[1], pair[0].name)):
        if dish.match is not None:
            confidence = str(Decimal(str(dish.match.confidence)))
            yield {"nom": dish.name, "plat": dish.match.dish, "confiance": confidence, "fois": times}


def _unmatched(names: Mapping[Identified, int]) -> Iterator[dict[str, Any]]:
    for dish, times in sorted(names.items(), key=lambda pair: (-pair[1], pair[0].name)):
        if dish.match is None:
            yield {
                "nom": dish.name,
                "composante": FRENCH_SLOT[dish.slot],
                "lu": FRENCH_KNOWN[dish.known],
                "mots_inconnus": list(dish.reading.unknown),
                "fois": times,
            }


def _year(year: YearCheck) -> dict[str, Any]:
    return {
        "restaurant": year.restaurant,
        "annee_scolaire": year.school_year,
        "repas": len(year.trays),
        "composantes": {FRENCH_STRUCTURE[fault]: times for fault, times in sorted(year.structure.items())},
        "constats": [_finding(finding, year) for finding in year.frequencies.blocks],
        "fenetres_glissantes": _windows(year.frequencies.windows),
        "equilibre_moyen": {
            name: {"moyenne": None if mean is None else str(mean), "repas_connus": year.balance.known[name]}
            for name, mean in year.balance.means.items()
        },
    }


def _finding(finding: Finding, year: YearCheck) -> dict[str, Any]:
    dishes = _counting_dishes(finding, year)
    return {
        "regle": finding.rule,
        "titre": finding.title,
        "du": finding.first.isoformat(),
        "au": finding.last.isoformat(),
        "repas": finding.meals,
        "compte": exact(finding.sure),
        "possible": exact(finding.possible),
        "minimum": finding.minimum,
        "maximum": finding.maximum,
        "statut": FRENCH_STANDING[finding.status],
        "tolerance": cut_week(finding) if finding.tolerated else None,
        "jours": [
            {"jour": each.day.isoformat(), "compte": exact(each.tally.sure), "plats": dishes[each.day]}
            for each in finding.counted
        ],
        "plats_a_preciser": _open_dishes(finding, year),
    }


def _counting_dishes(finding: Finding, year: YearCheck) -> Mapping[date, list[str]]:
    """The dishes that count for a criterion, or might, by day on which some do."""
    rule = law().entries[finding.rule]
    assert isinstance(rule, Count | WeeklyCount)
    days = {each.day for each in finding.counted}
    return {meal.day: list(_named(rule, meal)) for meal in year.meals if meal.day in days}


def _named(rule: Count | WeeklyCount, meal: Meal) -> Iterator[str]:
    every = [dish for slot in rule.slots for dish in meal.dishes.get(slot, ())]
    names = [dish.name for dish in every if dish.truth(rule.attribute) is not Truth.FALSE]
    # The side that a composed dish brings is the dish itself where both count.
    yield from (name for name in names if name.removesuffix(f" ({COMPOSED})") not in set(names) - {name})


def _open_dishes(finding: Finding, year: YearCheck) -> list[dict[str, str]]:
    """The dishes whose missing figures decide, when something hangs on them."""
    if finding.status is not Standing.UNDECIDED:
        return []
    rule = law().entries[finding.rule]
    assert isinstance(rule, Count | WeeklyCount)
    days = {each.day for each in finding.counted if each.tally.sure != each.tally.possible}
    return [
        {"jour": meal.day.isoformat(), "plat": dish}
        for meal in year.meals
        if meal.day in days
        for dish in strangers(rule, meal)
    ]


def _windows(windows: Sequence[Finding]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for window in windows:
        found[window.rule][FRENCH_STANDING[window.status]] += 1
    return {rule: dict(counts) for rule, counts in sorted(found.items())}


def as_lines(check: FileCheck) -> Iterator[str]:
    """What matters, for a person: recognition, then each criterion over all blocks, then what to make precise."""
    yield f"{check.file.file} : {len(check.file.lines)} plats lus."
    yield from (f"Mis de côté : {times} {why}." for why, times in sorted(check.file.aside.items()))
    yield from _coverage_lines(check.names)
    yield from fault_lines(check.warnings)
    for year in check.years:
        yield from _year_lines(year)
    yield from _stranger_lines(check.names)


def _coverage_lines(names: Mapping[Identified, int]) -> Iterator[str]:
    for slot, counts in _coverage(names).items():
        servings = counts["services"]
        total = sum(servings.values())
        shares = ", ".join(f"{known.replace('_', ' ')} {_percent(times, total)}" for known, times in servings.items())
        yield f"Composante {slot} : {total} services ; {shares}."


def _year_lines(year: YearCheck) -> Iterator[str]:
    place = f"{year.restaurant}, " if year.restaurant else ""
    yield ""
    yield f"{place}{year.school_year} : {len(year.trays)} repas"
    yield from (f"  {times} repas {FRENCH_STRUCTURE[fault]}" for fault, times in sorted(year.structure.items()))
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for finding in year.frequencies.blocks:
        by_rule[finding.rule].append(finding)
    for rule, findings in sorted(by_rule.items()):
        yield f"  {rule}  {_counts(findings)}  {findings[0].title}"
        yield from (_block_line(each, year) for each in findings if each.status is not Standing.SATISFIED)


def _block_line(finding: Finding, year: YearCheck) -> str:
    """A block that does not hold, or not surely: its days, its count against its bounds, the dishes counted."""
    sure, possible = exact(finding.sure), exact(finding.possible)
    counted = sure if sure == possible else f"{sure} à {possible}"
    bounds = [f"{finding.minimum} au moins"] if finding.minimum is not None else []
    bounds += [f"{finding.maximum} au plus"] if finding.maximum is not None else []
    dishes = [dish for of_day in _counting_dishes(finding, year).values() for dish in of_day]
    each_once = [name if times == 1 else f"{name} ({times} fois)" for name, times in Counter(dishes).items()]
    named = f" : {', '.join(each_once)}" if dishes else ""
    cut = f" ; {cut_week(finding)}" if finding.tolerated else ""
    return f"    du {finding.first:%d/%m/%Y} au {finding.last:%d/%m/%Y}, {counted} pour {', '.join(bounds)}{named}{cut}"


def cut_week(finding: Finding) -> str:
    """What is said of a week with fewer days of service than usual."""
    days = "1 jour de service" if finding.days == 1 else f"{finding.days} jours de service"
    return f"semaine de {days} au lieu de {finding.usual} : toléré par le CNRC si un jour férié l'a coupée (VEG-02/03)"


def _counts(findings: Sequence[Finding]) -> str:
    found = Counter(finding.status for finding in findings)
    return ", ".join(f"{found[standing]} {word}" for standing, word in FRENCH_STANDING.items() if found[standing])


def _stranger_lines(names: Mapping[Identified, int]) -> Iterator[str]:
    rest = [each for each in _unmatched(names) if each["lu"] in ("inconnu", "mots_en_partie")]
    if rest:
        yield ""
        yield f"Noms à préciser : {len(rest)} (les plus servis d'abord)"
        yield from (f"  {each['fois']:>5} × {each['nom']} ({each['composante']})" for each in rest[:MOST_SHOWN])
    if len(rest) > MOST_SHOWN:
        yield f"  … et {len(rest) - MOST_SHOWN} autres : les voir avec --json."


def fault_lines(faults: Sequence[Fault]) -> Iterator[str]:
    """A refused file: line, column, value, what is wrong, how to mend it."""
    for fault in faults:
        yield f"{fault.place}{fault.message} → {fault.repair}"


def _percent(part: int, whole: int) -> str:
    return f"{number((Decimal(100 * part) / whole).quantize(TENTH, ROUND_HALF_UP))}{KEPT}%"
