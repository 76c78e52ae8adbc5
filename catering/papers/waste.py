"""The diagnostic of food waste to print and sign, and the year's campaigns in the fields of ma-cantine."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catering.figures import kilograms, number, percent
from catering.kitchens.models import Kitchen
from catering.moment import today
from catering.papers.french import day_in_words
from catering.papers.sheet import Column, Sheet
from catering.waste import pictures
from catering.waste.french import named
from catering.waste.models import WasteDiagnostic
from catering.waste.reading import ML_PER_L, Measured
from catering.waste.rules.breakdown import mass_by
from catering.waste.rules.compared import means
from catering.waste.rules.declaration import declaration
from catering.waste.rules.duties import DutyState, WasteDuty
from catering.waste.rules.estimate import TENTH, Estimate
from catering.waste.rules.kept import ProtocolKept, protocol_kept
from catering.waste.rules.target import target
from catering.waste.rules.year import YearOfWaste
from catering.waste.vocabulary import BiowasteStream, KitchenKind, Stage, Treatment

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
    """What the paper prints: a version, what it rests on, what left apart, and the duties of its day."""

    kitchen: Kitchen
    kind: KitchenKind
    diagnostic: WasteDiagnostic
    measured: Measured | None
    kept: ProtocolKept | None
    """How the weighings stand to the protocol; None where the version names none, as what a year of it costs."""
    year: YearOfWaste | None
    biowaste: Sequence[Any]
    """What left apart in the twelve months before (``reading.biowaste_sums``)."""
    duties: Sequence[WasteDuty]


def waste_diagnostic(facts: DiagnosticFacts) -> bytes:
    """A version of the diagnostic and plan of action, as PDF, with boxes to sign."""
    row = facts.diagnostic
    sheet = Sheet("Diagnostic du gaspillage alimentaire", f"version {row.version}", row.made_at)
    sheet.named_below(facts.kitchen.name)
    place = [facts.kitchen.name, facts.kitchen.address, f"{facts.kitchen.postcode} {facts.kitchen.commune}"]
    sheet.parties(
        (named(facts.kind), [*place, f"{facts.kitchen.known_by} {facts.kitchen.uai}"]),
        ("Pilote", [row.pilot, row.team, f"Écrit le {day_in_words(row.written_on)}"]),
    )
    _chapter(sheet, "Situation")
    sheet.write_line(row.situation, TABLE_PT + 1)
    _weighed(sheet, facts.measured, facts.kept)
    _chapter(sheet, "Ce qu'une année coûte")
    for line in _costs(facts):
        sheet.write_line(line, TABLE_PT)
    _chapter(sheet, "Causes")
    sheet.lines(FINDINGS, ((_where(each.stage), named(each.cause), each.seen) for each in row.findings), TABLE_PT)
    _chapter(sheet, "Plan d'actions")
    sheet.lines(ACTIONS, (_action(row, rank) for rank in range(len(row.actions))), TABLE_PT)
    _chapter(sheet, "Biodéchets et huile, douze mois")
    for line in _left_apart(facts.biowaste):
        sheet.write_line(line, TABLE_PT)
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


def _weighed(sheet: Sheet, measured: Measured | None, kept: ProtocolKept | None) -> None:
    _chapter(sheet, "Pesées")
    if measured is None:
        sheet.write_line("Aucune période de pesée n'est nommée par cette version.", TABLE_PT + 1)
        return
    found = measured.result
    days = f"Du {measured.first:%d/%m/%Y} au {measured.last:%d/%m/%Y}"
    sheet.write_line(
        f"{days} : {_per_cover(found.per_cover)}, {number(Decimal(found.covers))} couverts servis.", bold=True
    )
    weighed = {stage for day in found.days for stage in day.stages}
    rows = (
        (
            named(each.stage),
            kilograms(each.mass.edible_g) if each.stage in weighed else "non pesé",
            kilograms(each.mass.inedible_g) if each.stage in weighed else "non pesé",
            _per_cover(each.per_cover),
        )
        for each in found.stages
    )
    sheet.lines(STAGES, rows, TABLE_PT)
    for line in _compared(measured):
        sheet.write_line(line, TABLE_PT)
    left_out = sorted({*found.partial_days, *found.uncounted_days})
    if left_out:
        named_days = ", ".join(f"{day:%d/%m}" for day in left_out)
        sheet.write_line(f"Hors du total, étape ou couverts manquants : {named_days}.", TABLE_PT)
    if kept is not None:
        sheet.write_line(kept.told, TABLE_PT)
        if kept.missing:
            nothing = ", ".join(f"{day:%d/%m}" for day in kept.missing)
            sheet.write_line(f"Jours de service où rien n'a été pesé : {nothing}.", TABLE_PT)


def _costs(facts: DiagnosticFacts) -> Iterator[str]:
    """Quantity and cost of a year, the purchases they stand beside, and what lacks to know them (L541-15-3)."""
    year = facts.year
    if year is None:
        lacks = (
            "des pesées complètes"
            if facts.measured is None or facts.measured.result.per_cover is None
            else ("le nombre de repas par an")
        )
        yield f"Pas encore connu : il manque {lacks}."
        return
    between = "" if year.kg_between is None else f" ({_span(year.kg_between)})"
    yield f"{number(year.kg)} kg comestibles par an{between}, pour {number(Decimal(year.meals))} repas."
    if year.eur is None:
        yield "Coût inconnu : aucun menu ou aucun prix pour ce qui a été pesé."
        return
    rest = f" ; {percent(year.unpriced)} des grammes sont sans prix et n'y sont pas" if year.unpriced else ""
    yield f"Denrées jetées : {_span(year.eur)} € HT par an{rest}."
    yield from _organic(year)


def _organic(year: YearOfWaste) -> Iterator[str]:
    """What the money would buy of organic food, beside what the kitchen bought."""
    bought = year.bought
    if bought is None or year.points is None:
        yield "Part bio que cet argent paierait : inconnue tant que les achats de l'année ne sont pas notés."
        return
    has = "" if bought.bio is None else f", où le bio fait {percent(bought.bio)}"
    egalim = "" if bought.egalim is None else f" et les produits EGAlim {percent(bought.egalim)}"
    low, high = year.points
    points = number(low) if low == high else f"{number(low)} à {number(high)}"
    yield f"Achats de {bought.year} : {number(bought.eur)} € HT{has}{egalim}."
    yield f"Le même argent en produits bio : {points} points de plus sur ces achats (approvisionnement durable)."


def _span(ends: tuple[Decimal, Decimal]) -> str:
    return number(ends[0]) if ends[0] == ends[1] else f"{number(ends[0])} à {number(ends[1])}"


def _left_apart(sums: Sequence[Any]) -> Iterator[str]:
    """Kilograms and litres of twelve months, by treatment."""
    quantities: dict[tuple[BiowasteStream, Treatment], int] = defaultdict(int)
    for row in sums:
        quantities[row.stream, row.treatment] += row.quantity
    if not any(quantities.values()):
        yield "Aucune collecte notée."
    for (stream, treatment), quantity in quantities.items():
        if quantity:
            what = "Huile usagée" if stream is BiowasteStream.USED_OIL else "Biodéchets"
            amount = (
                f"{number(Decimal(quantity) / ML_PER_L)} l"
                if stream is BiowasteStream.USED_OIL
                else kilograms(quantity)
            )
            yield f"{what}, {named(treatment).lower()} : {amount}."


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
        aim = target(site.base_year, site.base_g_per_cover, found, measured.last)
        unsure = "non mesurée" if found is None else "on ne peut pas encore en être sûr"
        stands = {True: "atteinte", False: "pas atteinte", None: unsure}[aim.met]
        base = number(aim.base.quantize(TENTH))
        yield f"Cible (GAS-01) : {number(aim.target)} g, contre {base} g en {aim.base_year} : {stands}."


def _per_cover(found: Estimate | None) -> str:
    if found is None:
        return "non mesuré"
    between = "" if found.low is None or found.high is None else f" ({number(found.low)} à {number(found.high)})"
    return f"{number(found.value)} g{between}"


def waste_declarations(campaigns: Sequence[Measured]) -> bytes:
    """Campaigns in the waste fields of ma-cantine, one per row, oldest first; those without a usable day left out.

    CSV, UTF-8 without BOM, comma, decimal point: as ma-cantine reads its own files. The last column is no field of
    ma-cantine: it says whether the campaign is over and kept to the protocol (GAS-10), below which it is none.
    """
    records = []
    for each in campaigns:
        yearly = None if each.site is None else each.site.meals_per_year
        record = declaration(each.result, each.first, each.last, yearly)
        if record is not None:
            # Whether days of class lack is no condition of it: the protocol counts the days that are complete.
            stands = protocol_kept(each.kind, each.result, None, each.last, today())
            known = {each.kitchen.known_by.lower(): each.kitchen.uai}
            records.append(known | record.fields | {"protocole": stands.told})
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    if records:
        writer.writerow(records[0])
        writer.writerows(record.values() for record in records)
    return stream.getvalue().encode()
