"""What the files of a control name by number or as who did it: a table of each, so that no number leads nowhere."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, inspect, null, or_

from catering.db import Base
from catering.documents.models import Document
from catering.documents.queries import visible_to as documents_visible_to
from catering.kitchens.models import Kitchen
from catering.kitchens.queries import names_visible_to
from catering.market.models import Certificate, Offer, Supplier
from catering.market.queries import certificates_visible_to, offers_visible_to, suppliers_visible_to
from catering.papers.control_files import FILES, Asked, File
from catering.people.models import Account
from catering.people.queries import READS_ACCOUNTS, signers_visible_to
from catering.people.viewer import Viewer
from catering.procurement.models import IndexValue
from catering.procurement.queries import index_values_visible_to
from catering.purchases.models import PurchaseImport
from catering.purchases.queries import imports_visible_to
from catering.recipes.models import Ingredient
from catering.recipes.queries import ingredients_visible_to

Scope: TypeAlias = Callable[[Viewer], Select[Any]]
SIGNATURES = ("actor", "made_by", "sent_by", "created_by", "opened_by", "decided_by", "answered_by", "submitted_by",
              "entered_by")  # fmt: skip
"""Columns that hold who did something (``Viewer.actor``)."""


def numbers(model: type[Base], asked: Asked, files: Sequence[File] = FILES) -> Iterator[Select[int]]:
    """The numbers of rows of a table that the other files show."""
    target = inspect(model).local_table
    for file in files:
        for column in file.columns:
            if any(key.column.table is target for key in column.foreign_keys):
                yield file.rows(asked).with_only_columns(column)


def _named(model: type[Base], scope: Scope, asked: Asked) -> Select[Any]:
    number = inspect(model).columns["id"]
    return scope(asked.viewer).where(or_(*(number.in_(found) for found in numbers(model, asked))))


def _documents(asked: Asked) -> Select[Any]:
    shown = list(numbers(Document, asked))
    return documents_visible_to(asked.viewer, shown).where(or_(*(Document.id.in_(found) for found in shown)))


def _accounts(asked: Asked) -> Select[Any]:
    files = (*FILES, *(file for file in NAMED if file.table is not Account))
    signed = [
        file.rows(asked).with_only_columns(column)
        for file in files
        for column in file.columns
        if column.key in SIGNATURES
    ]
    return signers_visible_to(asked.viewer, signed, list(numbers(Account, asked, files)))


def _names(asked: Asked) -> Mapping[str, ColumnElement[Any]]:
    """Names are for who bought and for who controls; others read the role alone, as everywhere."""
    reads = asked.viewer.buys or asked.viewer.role in READS_ACCOUNTS
    return {} if reads else {"name": null()}


NAMED = (
    File("comptes", "Qui a agi : « account 2 » (actor, sent_by, decided_by…) est le compte 2", Account, _accounts,
         _names, only=("id", "name", "role")),
    File("cuisines", "Les collèges que les autres fichiers nomment par leur numéro", Kitchen,
         partial(_named, Kitchen, names_visible_to), only=("id", "uai", "name", "postcode", "commune")),
    File("fournisseurs", "Les fournisseurs que les autres fichiers nomment par leur numéro", Supplier,
         partial(_named, Supplier, suppliers_visible_to)),
    File("ingredients", "Les ingrédients, de même", Ingredient, partial(_named, Ingredient, ingredients_visible_to),
         only=("id", "slug", "name")),
    File("produits", "Les produits des fournisseurs (offer_id), tels qu'ils se nomment aujourd'hui", Offer,
         partial(_named, Offer, offers_visible_to), only=("id", "slug", "product")),
    File("certificats", "Les certificats des signes (certificate_id)", Certificate,
         partial(_named, Certificate, certificates_visible_to),
         only=("id", "slug", "label", "certifier", "number", "valid_from", "valid_to")),
    File("documents", "Factures, photographies : nom et empreinte de chaque fichier de la plateforme",
         Document, _documents, only=("id", "name", "kind", "size", "sha256", "at", "actor")),
    File("indices", "Les valeurs d'indice qui ont révisé des prix", IndexValue,
         partial(_named, IndexValue, index_values_visible_to),
         only=("id", "index_code", "day", "value", "at", "actor")),
    File("achats_fichiers", "Les fichiers d'achats importés", PurchaseImport,
         partial(_named, PurchaseImport, imports_visible_to), only=("id", "name", "at", "actor")),
)  # fmt: skip
"""In the order of the index, before the files that name them."""
