"""The check list before a year is declared: pure, from facts that ``reading`` gathers. Each point says what to do.

A point that blocks must be cured first; one that is open must have been read by who declares, and the declaration keeps
its id. What cannot be wrong any more gives no point.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from catering.declarations.figures import Figures
from catering.declarations.meals import Meals, least_per_day, least_per_year
from catering.figures import euros
from catering.purchases.figures import BUCKET_FIELDS
from catering.rules.declarations import Campaign, campaigns
from catering.rules.egalim_tables import informations, reason_why
from catering.rules.egalim_year import Tally

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
PROOF = "certificate"
"""How the cases of the law start in which the proof of a label is what lacks."""
ZERO = Decimal("0.00")
SHOWN_PRODUCTS = 5  # legal-number: names in a sentence
FAIR_TRADE = "_dont_commerce_equitable"
INFORMATIONS = ("france", "europe", "circuit_court", "local")


class CheckLevel(StrEnum):
    """What a point of the check list asks."""

    BLOCKING = "blocking"
    """The year cannot be declared before it is cured."""
    OPEN = "open"
    """To be cured, or read and acknowledged."""


@dataclass(frozen=True, slots=True)
class Check:
    """One point: its id, the rule it serves, what was found and what to do, in French."""

    id: str
    rule: str
    level: CheckLevel
    message: str
    repair: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Lines alike in what may be doubted of them. ``not_counted``: ``LABEL:case`` by spaces."""

    month: int
    not_counted: str
    uninvoiced: bool
    origin_unknown: bool
    lines: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Unreasoned:
    """A product bought from a third country for which nobody wrote why; € excl. tax."""

    product: str
    amount: Decimal
    blocking: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the check list looks at."""

    year: int
    today: date
    siret: str | None
    tally: Tally
    figures: Figures
    doubts: Sequence[Doubt] = ()
    unreasoned: Sequence[Unreasoned] = ()
    """Largest amounts first."""
    waiting_invoices: int = 0
    """Received or disputed, not yet agreed."""
    rejected_invoices: int = 0
    service: Sequence[date] = ()
    """Days of service of the year, as far as the school calendar is known."""
    calendar_known: bool = True
    """Whether it covers the whole civil year."""
    meals: Meals | None = None
    """Of the year; None while they are not known."""
    restaurants: Sequence[tuple[str, int]] = ()
    """Name and yearly meals of each restaurant that the kitchen serves."""


def checks(facts: Facts) -> list[Check]:
    """The points that are not in order, those that block first."""
    found = [*_blocking(facts), *_open(facts)]
    return sorted(found, key=lambda each: (each.level is not CheckLevel.BLOCKING, each.id))


def _blocking(facts: Facts) -> Iterator[Check]:
    block = CheckLevel.BLOCKING
    if facts.year >= facts.today.year:
        yield Check(
            "DEC-01", "EGA-25", block, f"L'année {facts.year} n'est pas finie",
            f"attendre le 1er janvier {facts.year + 1} : on déclare une année civile entière ; "
            "la fiche du collège la projette au 31 décembre",
        )  # fmt: skip
    if facts.siret is None:
        yield Check(
            "DEC-02", "EGA-27", block, "Le SIRET de l'établissement n'est pas enregistré",
            "l'écrire sur la page du bilan : ma-cantine déclare par SIRET",
        )  # fmt: skip
    if facts.figures.simple["valeur_totale"] == ZERO and not facts.tally:
        yield Check(
            "DEC-03", "EGA-24", block, f"Aucun achat en {facts.year}",
            "importer les achats (page « Importer des achats ») ou contrôler les livraisons ; sans repas servi, "
            "il n'y a rien à déclarer",
        )  # fmt: skip
    elif faults := list(incoherent(facts.figures)):
        yield Check(
            "DEC-04", "EGA-24", block, "Montants que ma-cantine refuserait : " + " ; ".join(faults),
            "retrouver l'avoir qui dépasse ses achats (page « Achats et preuves ») et le faire porter sur le bon "
            "produit ou la bonne année",
        )  # fmt: skip
    yield from _too_few_meals(facts)
    yield from _abroad(facts, block)


def _too_few_meals(facts: Facts) -> Iterator[Check]:
    """What ma-cantine refuses of the numbers of meals: without a canteen there is nothing to declare for."""
    on = date(facts.year, 12, 31)
    per_day, per_year = least_per_day(on), least_per_year(on)
    meals, faults = facts.meals, []
    if meals is not None and meals.daily < per_day:
        faults.append(f"{meals.daily} repas par jour de service, au moins {per_day}")
    if meals is not None and meals.yearly < per_year and not facts.restaurants:
        faults.append(f"{meals.yearly} repas dans l'année, au moins {per_year}")
    if meals is not None and meals.daily >= meals.yearly:
        faults.append(
            f"{meals.daily} repas par jour pour {meals.yearly} dans l'année : l'année en compte plus qu'un jour"
        )
    faults += [
        f"{name} : {meals} repas dans l'année, au moins {per_year}"
        for name, meals in facts.restaurants
        if meals < per_year
    ]
    if faults:
        yield Check(
            "DEC-05", "EGA-27", CheckLevel.BLOCKING, "Repas que ma-cantine refuserait : " + " ; ".join(faults),
            "corriger les couverts prévus ou les jours de service de la cuisine, ou les repas des restaurants servis",
        )  # fmt: skip


def incoherent(figures: Figures) -> Iterator[str]:
    """What ma-cantine refuses of the amounts (EGA-24), in French: negative fields, parts above their whole."""
    every = figures.every
    for name, amount in every.items():
        if amount < 0:
            yield f"{name} vaut {euros(amount)}"
    simple = figures.simple
    counted = sum((simple[f"valeur_{each}"] for each in BUCKET_FIELDS.values()), ZERO)
    for part, whole in (
        (counted, "valeur_totale"),
        (every["valeur_viandes_volailles_egalim"], "valeur_viandes_volailles"),
        (every["valeur_produits_de_la_mer_egalim"], "valeur_produits_de_la_mer"),
        (simple["valeur_bio_dont_commerce_equitable"], "valeur_bio"),
        (simple["valeur_egalim_autres_dont_commerce_equitable"], "valeur_egalim_autres"),
        (every["valeur_viandes_volailles"] + every["valeur_produits_de_la_mer"], "valeur_totale"),
    ):
        if part > every[whole]:
            yield f"{euros(part)} dépassent {whole} ({euros(every[whole])})"
    yield from _above_the_total(every)
    for name, amount in figures.detailed.items():
        if name.endswith(FAIR_TRADE) and amount > (all_of_it := every[name.removesuffix(FAIR_TRADE)]):
            yield f"{name} ({euros(amount)}) dépasse ce dont c'est une partie ({euros(all_of_it)})"


def _above_the_total(every: Mapping[str, Decimal]) -> Iterator[str]:
    """A field, or an information of all families together, above all that was bought: a credit took off the rest."""
    total = every["valeur_totale"]
    yield from (
        f"{name} ({euros(amount)}) dépasse valeur_totale ({euros(total)})"
        for name, amount in every.items()
        if amount > total
    )
    for shown in INFORMATIONS:
        told = sum((each for name, each in every.items() if name.endswith(f"_{shown}")), ZERO)
        if told > total:
            yield f"les champs « {shown} » ({euros(told)} ensemble) dépassent valeur_totale ({euros(total)})"


def _open(facts: Facts) -> Iterator[Check]:
    yield from _campaign(facts)
    yield from _meals(facts)
    yield from _months(facts)
    yield from _uninvoiced(facts)
    yield from _not_counted(facts)
    yield from _invoices(facts)
    yield from _origins(facts)
    yield from _abroad(facts, CheckLevel.OPEN)
    yield from _project(facts)


def _campaign(facts: Facts) -> Iterator[Check]:
    known = campaigns(facts.year)
    if any(phase.in_force(facts.today) for phase in known):
        return
    said = "; ".join(_phase(phase) for phase in known) or "aucune date connue"
    yield Check(
        "DEC-10", "EGA-26", CheckLevel.OPEN,
        f"ma-cantine ne prend pas aujourd'hui les déclarations de {facts.year} ({said})",
        "vérifier les dates sur ma-cantine (catering/rules/egalim/campaigns.csv les tient) ; hors campagne, la version "
        "gardée ici reste interne",
    )  # fmt: skip


def _meals(facts: Facts) -> Iterator[Check]:
    """Meals of the year that are not known, or that the restaurants served do not add up to."""
    if facts.meals is None:
        yield Check(
            "DEC-21", "EGA-29", CheckLevel.OPEN, f"Les repas de {facts.year} ne sont pas connus en entier",
            "les compter à la main : ma-cantine les demande ; ici ils se font du calendrier de service "
            "et des couverts prévus",
        )  # fmt: skip
    elif facts.restaurants and (told := sum(meals for _, meals in facts.restaurants)) < facts.meals.on_site:
        yield Check(
            "DEC-22", "EGA-27", CheckLevel.OPEN,
            f"Les restaurants servis font {told} repas, la cuisine seule en prévoit {facts.meals.on_site}",
            "dire aussi le restaurant de la cuisine, et les repas de l'année de chacun : "
            "les achats se partagent en proportion",
        )  # fmt: skip


def _phase(phase: Campaign) -> str:
    word = {"declaration": "déclaration", "correction": "correction"}[phase.phase]
    last = "" if phase.valid_to is None else f" au {phase.valid_to:%d/%m/%Y}"
    return f"{word} du {phase.valid_from:%d/%m/%Y}{last}"


def _months(facts: Facts) -> Iterator[Check]:
    """Months of service in which nothing was bought, and a kitchen that stopped serving."""
    if not facts.calendar_known:
        yield Check(
            "DEC-11", "EGA-08", CheckLevel.OPEN, f"Le calendrier de service de {facts.year} n'est pas connu en entier",
            "relire les achats mois par mois : hors du calendrier connu, les mois sans achat ne se cherchent pas",
        )  # fmt: skip
    served = {day.month for day in facts.service if day <= facts.today}
    bought = {doubt.month for doubt in facts.doubts}
    if empty := sorted(served - bought):
        yield Check(
            "DEC-12", "EGA-08", CheckLevel.OPEN,
            "Mois de service sans achat : " + ", ".join(MONTHS[month - 1] for month in empty),
            "importer les achats qui manquent (page « Importer des achats »), ou reconnaître qu'il n'y en eut pas",
        )  # fmt: skip
    last = max(facts.service, default=None)
    if facts.calendar_known and last is not None and last.month < MONTHS.index("décembre"):
        yield Check(
            "DEC-13", "EGA-27", CheckLevel.OPEN, f"Plus aucun service après le {last:%d/%m/%Y}",
            "si la cuisine a fermé, ne déclarer que ses achats et vérifier sur ma-cantine qui la remplace",
        )  # fmt: skip


def _uninvoiced(facts: Facts) -> Iterator[Check]:
    rows = [doubt for doubt in facts.doubts if doubt.uninvoiced]
    if rows:
        yield Check(
            "DEC-14", "EGA-08", CheckLevel.OPEN, f"{_amount(rows)} sans facture : comptés au jour de la livraison",
            "demander les factures ; une facture de l'année suivante y déplacera l'achat et fera une correction",
        )  # fmt: skip


def _not_counted(facts: Facts) -> Iterator[Check]:
    last_day = date(facts.year, 12, 31)
    by_case: dict[tuple[str, str], list[Doubt]] = {}
    for doubt in facts.doubts:
        for each in doubt.not_counted.split():
            sign, case = each.split(":")
            by_case.setdefault((case, sign), []).append(doubt)
    told: Mapping[bool, list[str]] = {True: [], False: []}
    repairs: Mapping[bool, dict[str, None]] = {True: {}, False: {}}
    for (case, sign), rows in sorted(by_case.items()):
        why = reason_why(case, sign, last_day)
        proof = case.startswith(PROOF)
        told[proof].append(f"{sign}, {_amount(rows)} ({why.rule} : {why.reason})")
        repairs[proof][why.repair] = None
    for proof, number, what in ((True, "DEC-15", "Certificats"), (False, "DEC-16", "Signes qui ne comptent pas")):
        if told[proof]:
            yield Check(
                number, "EGA-20", CheckLevel.OPEN, f"{what} : " + " ; ".join(told[proof]), " ; ".join(repairs[proof])
            )


def _invoices(facts: Facts) -> Iterator[Check]:
    if facts.waiting_invoices:
        yield Check(
            "DEC-17", "EGA-08", CheckLevel.OPEN, f"{facts.waiting_invoices} factures reçues ou en litige",
            "les rapprocher, les approuver ou les rejeter avant de déclarer",
        )  # fmt: skip
    if facts.rejected_invoices:
        yield Check(
            "DEC-18", "EGA-08", CheckLevel.OPEN, f"{facts.rejected_invoices} factures rejetées",
            "vérifier que chacune est remplacée : l'achat compte au jour de la livraison tant qu'il n'a pas de facture",
        )  # fmt: skip


def _origins(facts: Facts) -> Iterator[Check]:
    rows = [doubt for doubt in facts.doubts if doubt.origin_unknown]
    # The form asks where things come from since it has a figure for Europe.
    if rows and any(row.information == "europe" for row in informations(date(facts.year, 12, 31))):
        yield Check(
            "DEC-19", "EGA-50", CheckLevel.OPEN, f"{_amount(rows)} d'origine inconnue",
            "demander le pays aux fournisseurs : sans lui un achat ne compte ni France ni Europe",
        )  # fmt: skip


def _abroad(facts: Facts, level: CheckLevel) -> Iterator[Check]:
    """Products from third countries without a reason, of the days on which that blocks or is only told."""
    rows = [each for each in facts.unreasoned if each.blocking == (level is CheckLevel.BLOCKING)]
    if rows:
        named = ", ".join(each.product for each in rows[:SHOWN_PRODUCTS])
        more = f" et {len(rows) - SHOWN_PRODUCTS} autres" if len(rows) > SHOWN_PRODUCTS else ""
        amount = sum((each.amount for each in rows), ZERO)
        yield Check(
            "DEC-20" if level is CheckLevel.OPEN else "DEC-24", "EGA-51", level,
            f"{euros(amount)} achetés hors Union européenne et EEE sans motif écrit : {named}{more}",
            "écrire le motif de chacun (page « Achats hors d'Europe ») : pourquoi aucune offre européenne ne suffit",
        )  # fmt: skip


def _project(facts: Facts) -> Iterator[Check]:
    """Diners must be told a share under a territorial project, which nobody has told."""
    if facts.tally and not any(cell.pat for cell in facts.tally):
        yield Check(
            "DEC-23", "EGA-30", CheckLevel.OPEN,
            "Aucun achat n'est dit d'un projet alimentaire territorial : la part affichée reste « non renseigné »",
            "dire quels fournisseurs en relèvent et depuis quand (page « Projets alimentaires territoriaux », par la "
            "responsable nutrition ou le Département), "
            "ou reconnaître qu'aucun achat n'en vient",
        )  # fmt: skip


def _amount(rows: Sequence[Doubt]) -> str:
    lines, amount = sum(each.lines for each in rows), sum((each.amount for each in rows), ZERO)
    return f"{lines} ligne{'s' if lines > 1 else ''}, {euros(amount)}"
