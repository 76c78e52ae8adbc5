"""What the law asks of a contract: how long, by which procedure, in which lots, with which price clause."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from catering.figures import round_euros
from catering.procurement import refusals
from catering.procurement.figures import PRICE_STEP, amount_fits, fits
from catering.procurement.need import MONTHS_A_YEAR, Duty, months_after, thresholds_on
from catering.procurement.revision import Clause
from catering.procurement.vocabulary import Procedure
from catering.rules import RuleBook, law
from catering.rules.procurement import ProcurementLaw, procurement_law

HIGHEST_PRICE = Decimal(1000)
"""€/kg: more is a slip of the keyboard, saffron aside."""
LAST_YEAR = 2100
HIGHEST_INDEX = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class LineTerms:
    """A product, its base price in €/kg excl. tax and the clause by which it moves; None is a fixed price."""

    product: str
    price_eur_per_kg: Decimal
    clause: Clause | None


@dataclass(frozen=True, slots=True)
class LotTerms:
    """A lot: its famille homogène, its value excl. tax over the whole duration, whether it is a petit lot."""

    number: int
    family: str
    estimated: Decimal
    small: bool
    lines: Sequence[LineTerms]


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """A contract before it is recorded; amounts are excl. tax over the whole duration."""

    procedure: Procedure
    start: date
    end: date
    least: Decimal
    most: Decimal
    lots: Sequence[LotTerms]


def check_contract(terms: ContractTerms, book: RuleBook | None = None, tables: ProcurementLaw | None = None) -> None:
    """Let a contract pass only if the law allows it.

    Raises:
        refusals.InvalidContract: it does not; the message names the rule and what to change.
    """
    book, tables = book or law(), tables or procurement_law()
    _check_amounts(terms)
    _check_duration(terms, book)
    _check_small_lots(terms, book)
    _check_procedure(terms, book)
    for lot in terms.lots:
        _check_prices(lot, terms, book, tables)


def check_start(start: date, book: RuleBook | None = None) -> None:
    """Let a contract start only on a day whose law is known.

    Raises:
        refusals.InvalidContract: it is not.
    """
    if start.year > LAST_YEAR or not thresholds_on(start, book):
        raise refusals.InvalidContract(f"Aucune règle d'achat n'est connue au {start:%d/%m/%Y} : corriger le début.")


def _check_amounts(terms: ContractTerms) -> None:
    if not (amount_fits(terms.least, zero=True) and amount_fits(terms.most) and terms.least <= terms.most):
        raise refusals.InvalidContract(
            "Donner un minimum et un maximum en euros hors taxes, au centime ; le maximum est obligatoire (CCP-32) et "
            "au moins égal au minimum."
        )
    numbers = [lot.number for lot in terms.lots]
    if not terms.lots or len(set(numbers)) != len(numbers) or min(numbers) < 1:
        raise refusals.InvalidContract("Donner au moins un lot, chacun avec son numéro, à partir de 1.")
    if any(not lot.lines or not amount_fits(lot.estimated) for lot in terms.lots):
        raise refusals.InvalidContract("Donner à chaque lot une valeur estimée et au moins un produit.")


def _check_duration(terms: ContractTerms, book: RuleBook) -> None:
    years = int(book.parameter("CCP-32", terms.start))
    last = months_after(terms.start, years * MONTHS_A_YEAR) - timedelta(days=1)
    if not terms.start <= terms.end <= last:
        raise refusals.InvalidContract(
            f"Un accord-cadre dure {years} ans au plus (CCP-32) : le finir entre le {terms.start:%d/%m/%Y} et le "
            f"{last:%d/%m/%Y}."
        )


def firm_until(start: date, families: Iterable[str]) -> tuple[date, str]:
    """Last day on which prices that no index revises may still hold, and why, in French.

    Args:
        start: first day of the deliveries.
        families: codes of what is bought at these prices.
    """
    tables, book = procurement_law(), law()
    rows = [tables.family(each, start) for each in families]
    if any(row is not None and row.raw_material for row in rows):
        months = int(book.parameter("CCP-33-DUREE", start))
        why = f"sur une matière première, au-delà de {months} mois, la révision du prix est obligatoire (CCP-33)"
        return months_after(start, months) - timedelta(days=1), why
    years = int(book.parameter("CCP-32", start))
    last = months_after(start, years * MONTHS_A_YEAR) - timedelta(days=1)
    return last, f"un engagement dure {years} ans au plus (CCP-32)"


def _check_small_lots(terms: ContractTerms, book: RuleBook) -> None:
    small = [lot for lot in terms.lots if lot.small]
    each_below = book.parameter("CCP-31-LOT", terms.start)
    share = book.parameter("CCP-31-PART", terms.start)
    total = sum((lot.estimated for lot in terms.lots), Decimal(0))
    if any(lot.estimated >= each_below for lot in small):
        raise refusals.InvalidContract(f"Un petit lot reste sous {round_euros(each_below)} hors taxes (CCP-31).")
    if sum((lot.estimated for lot in small), Decimal(0)) > share * total:
        raise refusals.InvalidContract(
            f"Les petits lots font ensemble {share * 100:.0f} % du marché au plus (CCP-31) : en retirer."
        )


def _check_procedure(terms: ContractTerms, book: RuleBook) -> None:
    formal = [each for each in thresholds_on(terms.start, book) if each.duty is Duty.FORMAL_PROCEDURE]
    for threshold in formal if terms.procedure is Procedure.ADAPTED else []:
        if terms.most >= threshold.amount:
            raise refusals.InvalidContract(
                f"Un maximum de {round_euros(terms.most)} atteint {round_euros(threshold.amount)} ({threshold.rule}) : "
                "la procédure est formalisée, avec un avis au JOUE."
            )


def _check_prices(lot: LotTerms, terms: ContractTerms, book: RuleBook, tables: ProcurementLaw) -> None:
    family = tables.family(lot.family, terms.start)
    months = int(book.parameter("CCP-33-DUREE", terms.start))
    long = terms.end >= months_after(terms.start, months)
    for line in lot.lines:
        if not fits(line.price_eur_per_kg, PRICE_STEP, PRICE_STEP, HIGHEST_PRICE):
            raise refusals.InvalidContract(
                f"Le prix de « {line.product} » s'écrit en €/kg hors taxes, au-dessus de 0, quatre décimales au plus."
            )
        if line.clause is None and long and family is not None and family.raw_material:
            raise refusals.InvalidContract(
                f"« {line.product} » est une matière première : au-delà de {months} mois, la révision du prix est "
                "obligatoire (CCP-33). Donner un indice, sa valeur de base et un rythme."
            )
        if line.clause is not None:
            _check_clause(line, line.clause, terms, tables)


def _check_clause(line: LineTerms, clause: Clause, terms: ContractTerms, tables: ProcurementLaw) -> None:
    if tables.index(clause.index, terms.start) is None:
        known = ", ".join(row.code for row in tables.indices_on(terms.start))
        raise refusals.InvalidContract(f"Indice inconnu « {clause.index} ». Indices : {known}.")
    if not fits(clause.base_index, Decimal("0.000001"), Decimal("0.000001"), HIGHEST_INDEX):
        raise refusals.InvalidContract(f"La valeur de base de l'indice de « {line.product} » est un nombre positif.")
    if not fits(clause.fixed_share, Decimal("0.000001"), Decimal(0), Decimal(1)) or clause.fixed_share == 1:
        raise refusals.InvalidContract(
            f"La part fixe du prix de « {line.product} » va de 0 à moins de 1 : à 1, le prix ne suivrait plus l'indice."
        )
    doubled = line.price_eur_per_kg * (1 - clause.fixed_share)
    if doubled < PRICE_STEP:
        raise refusals.InvalidContract(
            f"Avec une part fixe de {clause.fixed_share}, le prix de « {line.product} » ne bougerait pas même si "
            "l'indice doublait : la baisser, pour que la révision révise."
        )
