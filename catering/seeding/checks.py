"""What must hold between the rows of the seed tables; one check per kind of fault."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise

from catering.cells import Fault, near
from catering.recipes.vocabulary import Slot
from catering.seeding.checks_service import check_bridges, check_school_years, check_service
from catering.seeding.checks_waste import check_masses, check_served
from catering.seeding.reading import Row, Sheet, Sheets

LEAST_YIELD = Decimal("0.4")
GREATEST_YIELD = Decimal("3.2")
"""Weight as served over edible weight: pasta and pulses take up water, a roast loses some (seeds/README.md)."""


def check(sheets: Sheets, labels: Collection[str]) -> Iterator[Fault]:
    """Every fault between rows. ``labels`` are the codes that the law knows."""
    for sheet in sheets.values():
        yield from check_keys(sheet)
        yield from check_references(sheet, sheets)
    yield from check_order(sheets)
    yield from check_bridges(sheets["bridges"])
    yield from check_school_years(sheets["school_years"])
    yield from check_service(sheets)
    yield from check_slots(sheets)
    yield from check_recipes(sheets)
    yield from check_labels(sheets, labels)
    yield from check_overlaps(sheets["capacities"], "offer", "valid_from", "valid_to")
    yield from check_overlaps(sheets["school_years"], "", "first_day", "last_day")
    yield from check_overlaps(sheets["weighing_campaigns"], "uai", "first_day", "last_day")
    yield from check_masses(sheets["weighings"])
    yield from check_served(sheets["service_covers"])


def check_keys(sheet: Sheet) -> Iterator[Fault]:
    """A key names one row."""
    first: dict[tuple[str, ...], Row] = {}
    for row in sheet.rows:
        key = tuple(row.cells.get(column, "") for column in sheet.table.key)
        if not all(key):
            continue
        if (earlier := first.setdefault(key, row)) is not row:
            place = f"{earlier.file}, ligne {earlier.line}"
            message = f"« {' '.join(key)} » est déjà écrit ({place})"
            yield row.fault(sheet.table.key[-1], message, "garder une seule des deux lignes, ou changer l'identifiant")


def check_references(sheet: Sheet, sheets: Sheets) -> Iterator[Fault]:
    """A cell that names a row of another table names one that exists."""
    for column in sheet.table.columns:
        if not column.refers_to or not sheets[column.refers_to].readable:
            continue
        known = sheets[column.refers_to].by_id
        for row in sheet.rows:
            value = row.values.get(column.name)
            if isinstance(value, str) and value not in known:
                files = " ou ".join(dict.fromkeys(_target_files(row, sheets[column.refers_to])))
                yield row.fault(column.name, f"inconnu de {files}", near(value, list(known)))


def _target_files(row: Row, target: Sheet) -> Iterator[str]:
    own = row.file.replace("_lines.csv", ".csv")
    yield from [own] if own in target.table.files else target.table.files


def check_order(sheets: Sheets) -> Iterator[Fault]:
    """A period ends after it starts."""
    for name, starts, ends in (
        ("school_years", "first_day", "last_day"),
        ("certificates", "valid_from", "valid_to"),
        ("capacities", "valid_from", "valid_to"),
    ):
        for row in sheets[name].rows:
            first, last = row.values.get(starts), row.values.get(ends)
            if isinstance(first, date) and isinstance(last, date) and last < first:
                yield row.fault(ends, f"la fin précède le début ({first})", "corriger l'une des deux dates")


def check_overlaps(sheet: Sheet, owner: str, starts: str, ends: str) -> Iterator[Fault]:
    """The periods of one owner (of all rows when ``owner`` is empty) do not overlap."""
    periods: dict[str, list[tuple[date, date, Row]]] = defaultdict(list)
    for row in sheet.rows:
        first, last = row.values.get(starts), row.values.get(ends)
        if isinstance(first, date) and isinstance(last, date):
            periods[row.cells.get(owner, "")].append((first, last, row))
    for found in periods.values():
        found.sort(key=lambda period: (period[0], period[2].line))
        for (_, last, earlier), (first, _, row) in pairwise(found):
            if earlier.cells.get(starts) != row.cells.get(starts) and first <= last:
                message = f"recouvre la période de la ligne {earlier.line}, qui finit le {last}"
                yield row.fault(starts, message, "faire commencer cette période après la fin de l'autre")


def check_slots(sheets: Sheets) -> Iterator[Fault]:
    """Each slot has a dish, and a file holds the dishes of its own slot."""
    if not sheets["dishes"].readable:
        return
    for slot in Slot:
        file = f"dishes/{slot}.csv"
        rows = [row for row in sheets["dishes"].rows if row.file == file]
        if not rows:
            yield Fault(file, 0, "", "", f"aucun plat pour la composante {slot}", "écrire au moins une fiche")
        for row in rows:
            if row.values.get("slot", slot) is not slot:
                yield row.fault("slot", f"ce fichier est celui de {slot}", "déplacer la ligne, ou corriger la colonne")


def check_recipes(sheets: Sheets) -> Iterator[Fault]:
    """A dish has ingredients, and its weight as served is plausible for what goes in."""
    dishes, lines = sheets["dishes"], sheets["dish_lines"]
    if not (dishes.readable and lines.readable):
        return
    ingredients = sheets["ingredients"].by_id
    recipes: dict[str, list[Row]] = defaultdict(list)
    for line in lines.rows:
        recipes[line.cells.get("dish", "")].append(line)
    for dish, row in dishes.by_id.items():
        own = row.file.replace(".csv", "_lines.csv")
        if dish not in recipes:
            yield row.fault("id", "fiche sans ingrédient", f"écrire ses lignes dans {own}")
        for line in recipes[dish]:
            if line.file != own:
                yield line.fault("dish", f"ce plat est décrit dans {row.file}", f"déplacer la ligne dans {own}")
        cooked = _cooking_yield(row, recipes[dish], ingredients)
        if cooked is not None and not LEAST_YIELD <= cooked <= GREATEST_YIELD:
            message = f"poids servi = {cooked:.2f} fois le poids épluché, hors de {LEAST_YIELD} à {GREATEST_YIELD}"
            yield row.fault("served_g", message, f"revoir served_g, ou les grammes de {own}")


def _cooking_yield(dish: Row, lines: list[Row], ingredients: Mapping[str, Row]) -> Decimal | None:
    """Weight as served over edible weight; None when something needed is itself at fault."""
    served = dish.values.get("served_g")
    edible = Decimal(0)
    for line in lines:
        ingredient = ingredients.get(line.cells["ingredient"])
        share = ingredient.values.get("edible_pct") if ingredient else None
        grams = line.values.get("grams")
        if not (isinstance(share, Decimal) and isinstance(grams, int)):
            return None
        edible += grams * share / 100
    return served / edible if isinstance(served, int) and edible else None


def check_labels(sheets: Sheets, labels: Collection[str]) -> Iterator[Fault]:
    """A label is one the law knows, and an offer that bears it has a certificate of its supplier for it."""
    for sheet in (sheets["certificates"], sheets["offers"]):
        for row in sheet.rows:
            label = row.values.get("label")
            if isinstance(label, str) and label not in labels:
                yield row.fault("label", "signe inconnu de catering/rules/egalim/labels.csv", near(label, list(labels)))
    certificates = sheets["certificates"].by_id
    for offer in sheets["offers"].rows:
        yield from _check_certificate(offer, certificates)


def _check_certificate(offer: Row, certificates: Mapping[str, Row]) -> Iterator[Fault]:
    label, named = offer.values.get("label"), offer.values.get("certificate")
    if label and named is None and "certificate" in offer.values:
        repair = "nommer le certificat du fournisseur (market/certificates.csv), ou vider la colonne label"
        yield offer.fault("label", "signe sans certificat", repair)
    if named and label is None and "label" in offer.values:
        yield offer.fault("certificate", "certificat sans signe", "écrire le signe dans la colonne label")
    certificate = certificates.get(str(named))
    if certificate is None:
        return
    if label and certificate.cells.get("label") != label:
        message = f"ce certificat est celui du signe {certificate.cells.get('label')} et non {label}"
        yield offer.fault("certificate", message, "nommer le certificat du bon signe")
    if certificate.cells.get("supplier") != offer.cells.get("supplier"):
        message = f"ce certificat est celui de {certificate.cells.get('supplier')}"
        yield offer.fault("certificate", message, "nommer un certificat du fournisseur de l'offre")
