"""How each cell of a file of purchases is read: a value, or what is wrong by which rule. Equal cells are read once."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple, TypeAlias

from catering.cells import BadCell, day, near
from catering.company_numbers import siret_of
from catering.documents.tables import READ_TWICE, unshielded
from catering.figures import round_euros
from catering.purchases.ledger import LOCAL_DEFINITIONS, OLD_LOCAL_DEFINITIONS, ORIGINS, SIGNS, YES
from catering.rules import law
from catering.spelling import deceit, tidy

LONGEST_TEXT = 500  # legal-number: width of a database column
MOST_CENTS = 1_000_000_00
"""A million euros: no line of a canteen is dearer, so a larger number is a mistake of unit or of cell."""
FIRST_YEAR = 2019
"""The rates are computed since the decree of 2019: nothing older is declared."""
MOST_REMEMBERED = 200_000
AMOUNT = re.compile(r"([0-9]{1,12})(?:[.,]([0-9]{1,2}))?")
GROUPED = re.compile(r"[0-9]{1,3}([ \u00a0\u202f][0-9]{3})+(?:[.,][0-9]{1,2})?")
AMBIGUOUS = re.compile(r"[0-9]{1,3},[0-9]{3}")
PLAIN = re.compile(r"[ -~À-ÖØ-öø-ÿŒœ’°«»–]*")
"""Text that cannot deceive: Latin letters with their French marks, digits, usual punctuation."""
TRUE, FALSE = ("oui", "x", "vrai", "true", "1"), ("non", "faux", "false", "0", "")
"""As people and spreadsheets write it, whatever the capitals."""
MARKS = ("EUROPE", "FRANCE", "CIRCUIT_COURT", "LOCAL")
HELP: Mapping[str, str] = {
    "CONVERSION_BIO": "écrire BIO si végétal, d'un seul ingrédient et après 12 mois de conversion ; sinon vider",
    "EQUIVALENTS": "écrire le code du signe dont vous prouvez l'équivalence",
    "CE2": "écrire HVE tant que le niveau 2 compte encore à la date de l'achat ; sinon vider",
    "MSC": "vider : ce label privé ne compte pas, sauf équivalence prouvée avec PECHE_DURABLE",
    "ASC": "vider : ce label privé ne compte pas, sauf équivalence prouvée avec PECHE_DURABLE",
    "AOP": "écrire AOCAOP",
    "AOC": "écrire AOCAOP",
    "AB": "écrire BIO",
}


class Wrong(NamedTuple):
    """What is wrong in a cell: the rule it breaks, the message and the repair, in French."""

    rule: str
    message: str
    repair: str


Reader: TypeAlias = Callable[[str], object]
"""Value of a cell that is not empty, or what is ``Wrong``."""


class Memo(dict[str, object]):
    """The reader of one column; a text it has met is not read again."""

    def __init__(self, read: Reader, empty: object) -> None:
        super().__init__()
        self._read = read
        self._empty = empty
        self.met_wrong = False
        """Whether some cell was ``Wrong`` so far."""

    def __missing__(self, cell: str) -> object:
        value = self._value(cell.strip())
        if type(value) is Wrong:
            self.met_wrong = True
        if len(self) < MOST_REMEMBERED:
            self[cell] = value
        return value

    def _value(self, cell: str) -> object:
        if not cell:
            return self._empty
        try:
            return self._read(unshielded(cell) if cell[0] in READ_TWICE else cell)
        except BadCell as formula:
            return Wrong("ACH-04", formula.message, formula.repair)


EMPTY = Wrong("ACH-03", "cellule obligatoire vide", "la renseigner")


def siret(cell: str) -> object:
    """A SIRET as 14 digits; spaces between its groups are taken out."""
    digits = re.sub(r"[ \u00a0\u202f]", "", cell)
    if re.fullmatch(r"[0-9]{14}", digits):
        return digits
    if re.fullmatch(r"[0-9]+([.,][0-9]+)?[eE]\+[0-9]+", cell):
        return Wrong(
            "ACH-05", "le tableur a remplacé le SIRET par un nombre", "mettre la colonne au format Texte et le retaper"
        )
    return Wrong("ACH-05", f"{len(digits)} caractères au lieu de 14 chiffres", "écrire le SIRET, 14 chiffres")


def has_siret_key(digits: str) -> bool:
    """Whether the key of a SIRET is right."""
    return siret_of(digits) == digits


def canteen_number(cell: str) -> object:
    """The number of an establishment on ma-cantine."""
    if re.fullmatch(r"[1-9][0-9]{0,9}", cell):
        return cell
    return Wrong("ACH-05", "ce n'est pas un numéro d'établissement", "écrire le numéro ma-cantine, par exemple 949")


def words(cell: str) -> object:
    """A name people read: as written but for its spaces."""
    plain = PLAIN.fullmatch(cell)
    if not plain and (why := deceit(tidy(cell))) is not None:
        return Wrong("ACH-06", why, "retaper le texte au clavier, sans copier-coller")
    if len(cell) > LONGEST_TEXT:
        return Wrong("ACH-06", f"{len(cell)} caractères", f"raccourcir à {LONGEST_TEXT} caractères au plus")
    return cell if plain and "  " not in cell else tidy(cell)


def day_of_purchase(today: date) -> Reader:
    """A day between the first year that is declared and today."""

    def read(cell: str) -> object:
        try:
            bought = day(cell)
        except BadCell as bad:
            return Wrong("ACH-07", bad.message, bad.repair)
        if bought > today:
            return Wrong("ACH-08", "date future", f"écrire la date de l'achat, au plus tard {today}")
        if bought.year < FIRST_YEAR:
            return Wrong("ACH-08", f"avant {FIRST_YEAR}", "vérifier l'année")
        return bought

    return read


def cents(cell: str) -> object:
    """Euros excl. tax as whole cents; a decimal comma is taken where it can be nothing else."""
    if (found := AMOUNT.fullmatch(cell)) is None:
        return _bad_amount(cell)
    amount = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))
    if amount > MOST_CENTS:
        return Wrong(
            "ACH-11",
            f"plus de {round_euros(Decimal(MOST_CENTS // 100))} sur une ligne",
            "vérifier le montant : des euros, une seule ligne",
        )
    return amount


def _bad_amount(cell: str) -> Wrong:
    if re.fullmatch(r"-[0-9]+([.,][0-9]+)?", cell):
        return Wrong("ACH-10", "montant négatif", "déduire l'avoir de l'achat qu'il corrige, puis retirer cette ligne")
    if AMBIGUOUS.fullmatch(cell):
        thousands, decimal = cell.replace(",", ""), cell.replace(",", ".")
        return Wrong("ACH-09", "virgule ambiguë", f"écrire {decimal[:-1]} ou {thousands}")
    bare = re.sub(r"[\s€]", "", cell).replace(",", ".")
    if re.fullmatch(r"[0-9]+\.[0-9]{3,}", bare):
        return Wrong("ACH-09", "plus de deux décimales", f"écrire {_half_up(bare)}")
    if re.fullmatch(r"[0-9]+(\.[0-9]{1,2})?", bare):
        return Wrong("ACH-09", "ce n'est pas un nombre seul", f"écrire {bare}")
    return Wrong("ACH-09", "ce n'est pas un montant", "écrire un nombre comme 1234.99, sans unité")


def _half_up(number: str) -> str:
    return f"{Decimal(number).quantize(Decimal('0.01'), ROUND_HALF_UP):f}"


def family(cell: str) -> object:
    """A product family of ma-cantine."""
    known = law().tables.families
    return cell if cell in known else Wrong("ACH-12", "famille inconnue", near(cell, list(known)))


def signs(cell: str) -> object:
    """EGAlim categories between commas."""
    return _codes(cell, SIGNS)


def characteristics(cell: str) -> object:
    """Of the older form: EGAlim categories, origins and the marks of short and local supply, between commas."""
    found = _codes(cell, (*SIGNS, *MARKS))
    if isinstance(found, frozenset) and found.issuperset(ORIGINS):
        return Wrong("ACH-14", "FRANCE et EUROPE s'excluent", "n'en garder qu'une")
    return found


def _codes(cell: str, known: Collection[str]) -> object:
    found = [code.strip() for code in cell.split(",")]
    for code in found:
        if code not in known:
            message = f"code inconnu « {code} »" if code else "virgule de trop"
            return Wrong("ACH-13", message, _repaired(code, known) if code else "retirer la virgule")
    return frozenset(found)


def _repaired(code: str, known: Collection[str]) -> str:
    """What to write instead: the codes with commas when other signs part them, a help, else the nearest one."""
    parted = [each for each in re.split(r"[;|/+ ]+", code) if each]
    if len(parted) > 1 and all(each in known for each in parted):
        return f"séparer les codes par des virgules : {','.join(parted)}"
    return HELP.get(code, near(code, list(known)))


def origin(cell: str) -> object:
    """FRANCE or EUROPE, never both."""
    if cell in ORIGINS:
        return cell
    if {code.strip() for code in cell.split(",")} == set(ORIGINS):
        return Wrong("ACH-14", "FRANCE et EUROPE s'excluent", "n'en garder qu'une")
    return Wrong("ACH-14", "origine inconnue", "écrire FRANCE, EUROPE (hors France), ou vider la cellule")


def flag(cell: str) -> object:
    """Yes or no, in the words of ma-cantine."""
    if (told := cell.casefold()) in TRUE:
        return True
    if told in FALSE:
        return False
    return Wrong("ACH-15", "ni oui ni non", f"écrire {YES} ou vider la cellule")


def definition(known: Collection[str] = LOCAL_DEFINITIONS) -> Reader:
    """What local means."""

    def read(cell: str) -> object:
        return cell if cell in known else Wrong("ACH-16", "définition inconnue", near(cell, list(known)))

    return read


def kilometres(cell: str) -> object:
    """A distance."""
    if not re.fullmatch(r"[0-9]{1,4}([.,][0-9]{1,2})?", cell):
        return Wrong("ACH-17", "ce n'est pas une distance", "écrire des kilomètres, par exemple 50")
    return Decimal(cell.replace(",", "."))


def readers(today: date) -> Mapping[str, Memo]:
    """A reader for each column of 12; see ``old_readers``."""
    return {
        "siret": Memo(siret, EMPTY),
        "cantine_id": Memo(canteen_number, EMPTY),
        "description": Memo(words, EMPTY),
        "fournisseur": Memo(words, ""),
        "date": Memo(day_of_purchase(today), EMPTY),
        "prix_ht": Memo(cents, EMPTY),
        "famille_produits": Memo(family, EMPTY),
        "categories_egalim": Memo(signs, frozenset()),
        "origine": Memo(origin, ""),
        "est_circuit_court": Memo(flag, False),
        "est_local": Memo(flag, False),
        "definition_local": Memo(definition(), ""),
        "definition_local_km": Memo(kilometres, None),
    }


def old_readers(today: date) -> Mapping[str, Memo]:
    """A reader for each column of the older form of 8."""
    return {
        **readers(today),
        "caracteristiques": Memo(characteristics, frozenset()),
        "definition_local": Memo(definition(OLD_LOCAL_DEFINITIONS), ""),
    }
