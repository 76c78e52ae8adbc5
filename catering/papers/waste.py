"""The diagnostic of food waste to print and sign, and the year's campaigns in the fields of ma-cantine."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catering.kitchens.models import Kitchen
from catering.papers.french import day_in_words, kilograms, number, percent
from catering.papers.sheet import Column, Sheet
from catering.waste import pictures
from catering.waste.french import named
from catering.waste.models import WasteDiagnostic
from catering.waste.reading import Measured
from catering.waste.rules.breakdown import mass_by
from catering.waste.rules.compared import means
from catering.waste.rules.declaration import declaration
from catering.waste.rules.duties import DutyState, WasteDuty
from catering.waste.rules.estimate import Estimate
from catering.waste.rules.target import target
from catering.waste.vocabulary import KitchenKind, Stage

TABLE_PT = 10
HUNDRED = 100
STAGES = (
    Column("Étape", 62),
    Column("Comestible", 34, "RIGHT"),
    Column("Non comestible", 34, "RIGHT"),
    Column("Comestible par couvert", 56, "RIGHT"),
)
FINDINGS = (Column("Étape", 46), Column("Cause", 46), Column("Constat", 94))
ACTIONS = (Column("Action", 78), Column("Responsable", 42), Column("Échéance", 26), Column("Avancement", 40))
DUTIES = (Column("Obligation", 50), Column("État", 32), Column("À savoir", 104))
STATES = {
    DutyState.DONE: "Remplie",
    DutyState.TO_DO: "À faire",
    DutyState.NOT_CONCERNED: "Non concerné",
    DutyState.UNKNOWN: "À préciser",
}
SIGNERS = ("Pilote du diagnostic\nDate et signature", "Chef d'établissement\nDate et signature")


@dataclass(frozen=True, slots=True)
class DiagnosticFacts:
    """What the paper prints: a version, the weighings it rests on if it names any, and the duties of its day."""

    kitchen: Kitchen
    kind: KitchenKind
    diagnostic: WasteDiagnostic
    measured: Measured | None
    duties: Sequence[WasteDuty]


def waste_diagnostic(facts: DiagnosticFacts) -> bytes:
    """A version of the diagnostic and plan of action, as PDF, with boxes to sign."""
    row = facts.diagnostic
    sheet = Sheet("Diagnostic du gaspillage alimentaire", f"version {row.version}", row.made_at)
    sheet.named_below(facts.kitchen.name)
    place = [facts.kitchen.name, facts.kitchen.address, f"{facts.kitchen.postcode} {facts.kitchen.commune}"]
    sheet.parties(
        (named(facts.kind), [*place, f"UAI {facts.kitchen.uai}"]),
        ("Pilote", [row.pilot, row.team, f"Écrit le {day_in_words(row.written_on)}"]),
    )
    _chapter(sheet, "Situation")
    sheet.write_line(row.situation, TABLE_PT + 1)
    _weighed(sheet, facts.measured)
    _chapter(sheet, "Causes")
    sheet.lines(FINDINGS, ((_where(each.stage), named(each.cause), each.seen) for each in row.findings), TABLE_PT)
    _chapter(sheet, "Plan d'actions")
    sheet.lines(ACTIONS, (_action(row, rank) for rank in range(len(row.actions))), TABLE_PT)
    _chapter(sheet, "Obligations")
    sheet.lines(
        DUTIES, ((f"{each.title}\n{each.rule}", STATES[each.state], each.told) for each in facts.duties), TABLE_PT
    )
    sheet.signatures(*SIGNERS)
    return sheet.content()


def _chapter(sheet: Sheet, title: str) -> None:
    sheet.keep_together(30)
    sheet.gap()
    sheet.write_line(title, bold=True)


def _where(stage: Stage | None) -> str:
    return "Toute la cuisine" if stage is None else named(stage)


def _action(row: WasteDiagnostic, rank: int) -> Sequence[str]:
    each = row.actions[rank]
    done = "" if each.done_on is None else f"\nle {each.done_on:%d/%m/%Y}"
    return f"{named(each.kind)}\n{each.what}", each.who, f"{each.due_on:%d/%m/%Y}", named(each.status) + done


def _weighed(sheet: Sheet, measured: Measured | None) -> None:
    _chapter(sheet, "Pesées")
    if measured is None:
        sheet.write_line("Aucune période de pesée n'est nommée par cette version.", TABLE_PT + 1)
        return
    found = measured.result
    days = f"Du {measured.first:%d/%m/%Y} au {measured.last:%d/%m/%Y}"
    sheet.write_line(
        f"{days} : {_per_cover(found.per_cover)}, {number(Decimal(found.covers))} couverts servis.", bold=True
    )
    rows = (
        (named(each.stage), kilograms(each.mass.edible_g), kilograms(each.mass.inedible_g), _per_cover(each.per_cover))
        for each in found.stages
    )
    sheet.lines(STAGES, rows, TABLE_PT)
    for line in _compared(measured):
        sheet.write_line(line, TABLE_PT)
    left_out = sorted({*found.partial_days, *found.uncounted_days})
    if left_out:
        named_days = ", ".join(f"{day:%d/%m}" for day in left_out)
        sheet.write_line(f"Hors du total, étape ou couverts manquants : {named_days}.", TABLE_PT)


def _compared(measured: Measured) -> Iterator[str]:
    """The causes noted at the scale, the published means of its kind, and the target of the year it chose."""
    masses = mass_by(measured.rows, lambda row: row.cause)
    told = [(named(cause), pictures.share(mass, masses.values())) for cause, mass in pictures.heaviest(masses)]
    if shares := [f"{name} {percent(share * HUNDRED)}" for name, share in told if share]:
        yield f"Causes notées aux pesées : {', '.join(shares)}."
    published = [f"{each.french_name} {number(each.value)} g" for each in means(measured.kind, measured.last)]
    if published:
        yield f"À comparer, par couvert : {', '.join(published)}."
    site, found = measured.site, measured.result.per_cover
    if site is not None and site.base_year is not None and site.base_g_per_cover is not None:
        value = None if found is None else found.value
        aim = target(site.base_year, site.base_g_per_cover, value, measured.last)
        stands = {True: "atteinte", False: "pas atteinte", None: "non mesurée"}[aim.met]
        yield f"Cible (GAS-01) : {number(aim.target)} g, contre {number(aim.base)} g en {aim.base_year} : {stands}."


def _per_cover(found: Estimate | None) -> str:
    if found is None:
        return "non mesuré"
    between = "" if found.low is None or found.high is None else f" ({number(found.low)} à {number(found.high)})"
    return f"{number(found.value)} g{between}"


def waste_declarations(campaigns: Sequence[Measured]) -> bytes:
    """Campaigns in the waste fields of ma-cantine, one per row, oldest first; those without a usable day left out.

    CSV, UTF-8 without BOM, comma, decimal point: as ma-cantine reads its own files.
    """
    records = []
    for each in campaigns:
        yearly = None if each.site is None else each.site.meals_per_year
        record = declaration(each.result, each.first, each.last, yearly)
        if record is not None:
            records.append({"uai": each.kitchen.uai} | record.fields)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    if records:
        writer.writerow(records[0])
        writer.writerows(record.values() for record in records)
    return stream.getvalue().encode()
