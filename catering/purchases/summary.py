"""What `catering egalim` answers: the year of a file under ma-cantine's field names, as JSON or as a small table."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rich.table import Table

from catering import figures
from catering.cells import Fault
from catering.purchases.counting import Count, NotCounted
from catering.purchases.figures import (
    detailed_form,
    information_totals,
    objectives,
    objectives_met,
    percent,
    shares,
    simple_form,
)
from catering.rules import law
from catering.rules.egalim_year import CENTS, Tally, YearOfPurchases, euros, year_of

SHOWN_FAULTS = 20  # legal-number: lines of a screen, nothing of a law
VERDICTS = {True: "atteint", False: "non atteint", None: "sans objet"}


@dataclass(frozen=True, slots=True)
class FileYear:
    """The year of a file: what was computed, and what was refused, doubtful or not counted."""

    file: str
    form: str
    read: int
    count: Count
    year: YearOfPurchases
    region: str | None
    establishment: str | None
    faults: Sequence[Fault]
    warnings: Sequence[Fault]

    @property
    def refused_lines(self) -> int:
        """Lines of which something was refused."""
        return len({fault.line for fault in self.faults})


def as_json(found: FileYear) -> dict[str, Any]:
    """The answer for programs: amounts in euros, percents with two decimals, null where nothing can be divided."""
    by_canteen = found.count.tallies(found.year.year)
    answer = {
        "fichier": found.file,
        "format": found.form,
        "annee": found.year.year,
        "annees": {str(year): _number(euros(sum(found.count.tally(year).values()))) for year in found.count.years},
        "lignes": found.read,
        "lignes_refusees": found.refused_lines,
        **_figures(found.year),
        **_numbers(information_totals(found.year)),
        "labels": labels(found.year),
        "bilan_detaille": _numbers(detailed_form(found.year)),
        "refus": [_fault(fault) for fault in found.faults],
        "avertissements": [_fault(fault) for fault in found.warnings],
        "non_comptees": [_not_counted(each) for each in found.count.not_counted],
    }
    if len(by_canteen) > 1:
        answer["cantines"] = {name: _figures(_year_of(found, tally)) for name, tally in by_canteen.items()}
    return answer


def _year_of(found: FileYear, tally: Tally) -> YearOfPurchases:
    return year_of(tally, found.year.year, region=found.region, establishment=found.establishment)


def _figures(year: YearOfPurchases) -> dict[str, Any]:
    part = shares(year)
    return {
        **_numbers(simple_form(year)),
        "part_bio": _number(part.bio),
        "part_egalim": _number(part.egalim),
        "part_viandes_poissons_egalim": _number(part.meat_and_fish),
        "part_viandes_volailles_egalim": _number(part.meat),
        "part_produits_de_la_mer_egalim": _number(part.fish),
        "objectifs": {
            rule: {"seuil": _number(100 * year.ratios[rule].min_share), "atteint": holds}
            for rule, holds in objectives(year).items()
        },
        "objectifs_atteints": objectives_met(year),
    }


def labels(year: YearOfPurchases) -> dict[str, dict[str, float | None]]:
    """€ excl. tax and percent of the total of each sign by which lines count, and of what counts by none."""
    sums: dict[str, int] = defaultdict(int)
    for cell, cents in year.tally.items():
        sums[cell.sign or "NON_EGALIM"] += cents
    total = int(year.total * CENTS)
    order = [*law().tables.labels, "NON_EGALIM"]
    return {
        sign: {"valeur": _number(euros(sums[sign])), "part": _number(percent(sums[sign], total))}
        for sign in sorted(sums, key=order.index)
    }


def _number(value: Decimal | None) -> float | None:
    """Two decimals survive the way through a binary float: JSON prints its shortest form, which is the same figure."""
    return None if value is None else float(value)


def _numbers(fields: dict[str, Decimal]) -> dict[str, float | None]:
    return {name: _number(value) for name, value in fields.items()}


def _fault(fault: Fault) -> dict[str, object]:
    return {
        "line": fault.line,
        "column": fault.column,
        "rule": fault.rule,
        "message": fault.message,
        "value": fault.value,
        "repair": fault.repair,
    }


def _not_counted(found: NotCounted) -> dict[str, object]:
    reason = found.reason
    told = {"rule": reason.rule, "message": reason.reason, "repair": reason.repair}
    return {"line": found.line, "sign": found.sign, **told}


def tables(found: FileYear) -> list[Table]:
    """The answer for people: ratios with their verdict, signs, and what to look at again."""
    shown = [_ratios(found), _signs(found.year)]
    for title, faults in (("Lignes refusées", found.faults), ("À vérifier", found.warnings)):
        if faults:
            shown.append(_faults(title, faults))
    if found.count.not_counted:
        shown.append(_uncounted(found.count.not_counted))
    return shown


def _ratios(found: FileYear) -> Table:
    year, part = found.year, shares(found.year)
    title = f"EGAlim {year.year} · {_euros(year.total)} HT · {lines_told(found.read, found.refused_lines)}"
    table = Table("Objectif", "Part", "Seuil", "Verdict", title=title, title_justify="left")
    rows = (
        ("EGA-01", "durables et de qualité", part.egalim),
        ("EGA-02", "bio", part.bio),
        ("EGA-03", "viandes et poissons", part.meat_and_fish),
    )
    for rule, name, value in rows:
        ratio = year.ratios.get(rule)
        least = "–" if ratio is None else _percent(100 * ratio.min_share)
        verdict = "pas de taux cette année" if ratio is None else VERDICTS[ratio.holds]
        table.add_row(f"{name} ({rule})", _percent(value), least, verdict)
    return table


def lines_told(read: int, refused: int) -> str:
    """How many lines a verdict rests on: it is provisional while some are refused, for they may change it."""
    if not refused:
        return f"{read} lignes"
    word = "refusée" if refused == 1 else "refusées"
    return f"{read - refused} lignes sur {read}, {refused} {word} : provisoire"


def _signs(year: YearOfPurchases) -> Table:
    table = Table("Compté comme", "€ HT", "Part")
    for sign, told in labels(year).items():
        value, part = Decimal(str(told["valeur"])), told["part"]
        table.add_row(sign, _euros(value), _percent(None if part is None else Decimal(str(part))))
    return table


def _faults(title: str, faults: Sequence[Fault]) -> Table:
    table = Table("Ligne", "Colonne", "Valeur", "Règle", "Ce qui ne va pas", "Que faire", title=title)
    for each in faults[:SHOWN_FAULTS]:
        table.add_row(str(each.line), each.column, each.value, each.rule, each.message, each.repair)
    if len(faults) > SHOWN_FAULTS:
        table.caption = f"et {len(faults) - SHOWN_FAULTS} autres : --json les donne toutes"
    return table


def _uncounted(signs: Sequence[NotCounted]) -> Table:
    table = Table("Ligne", "Signe", "Règle", "Pourquoi", "Que faire", title="Signes qui ne comptent pas")
    for each in signs[:SHOWN_FAULTS]:
        table.add_row(str(each.line), each.sign, each.reason.rule, each.reason.reason, each.reason.repair)
    if len(signs) > SHOWN_FAULTS:
        table.caption = f"et {len(signs) - SHOWN_FAULTS} autres : --json les donne tous"
    return table


def _percent(value: Decimal | None) -> str:
    return "–" if value is None else f"{figures.number(value.quantize(figures.CENT))}{figures.KEPT}%"


def _euros(value: Decimal) -> str:
    return figures.euros(value.quantize(figures.CENT))
