"""What a certificate must tell of a label that counts on a condition: conversion, equivalence, tender."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Protocol

from catering.market import refusals
from catering.moment import today
from catering.rules import law
from catering.rules.egalim import TENDER
from catering.rules.egalim_proofs import CONVERSION, EQUIVALENCE, equivalents

LONGEST_CONVERSION = timedelta(days=3660)
MOST_INGREDIENTS = 50


class Stated(Protocol):
    """What the holder of a certificate states."""

    @property
    def label(self) -> str:
        """Code of what it certifies."""

    @property
    def conversion_since(self) -> date | None:
        """When the conversion of the holding began."""

    @property
    def agricultural_ingredients(self) -> int | None:
        """Of each product it covers."""

    @property
    def equivalent_to(self) -> str | None:
        """Code of the sign whose equivalence it proves."""


def check_condition(told: Stated) -> None:
    """Refuse a certificate that leaves out what its label depends on, or tells what it does not depend on.

    Raises:
        refusals.InvalidCertificate: it says what to change.
    """
    for fault in _faults(told, law().tables.labels[told.label][-1].condition):
        raise refusals.InvalidCertificate(fault)


def _faults(told: Stated, condition: str) -> Iterator[str]:
    if condition == TENDER:
        yield (
            "Ce signe est celui d'un lot de marché, que l'acheteur prouve : c'est lui qui dit au contrat comment le "
            "lot a été jugé. Retirer ce certificat."
        )
    if condition == EQUIVALENCE:
        yield from _equivalence(told.equivalent_to)
    elif told.equivalent_to is not None:
        yield "Un signe équivalent ne se dit que d'un produit équivalent (EQUIVALENTS) : laisser ce champ vide."
    if condition == CONVERSION:
        yield from _conversion(told)
    elif told.conversion_since is not None or told.agricultural_ingredients is not None:
        yield "Début de conversion et ingrédients agricoles ne se disent que d'une conversion : laisser les deux vides."


def _equivalence(sign: str | None) -> Iterator[str]:
    known = equivalents(law(), today())
    if sign is None or sign not in known:
        yield f"Dire à quel signe le produit est équivalent : {', '.join(sorted(known))}."


def _conversion(told: Stated) -> Iterator[str]:
    since, ingredients = told.conversion_since, told.agricultural_ingredients
    if since is not None and not today() - LONGEST_CONVERSION <= since <= today():
        yield "Le début de la conversion est invraisemblable : recopier la date d'engagement du certificat."
    if ingredients is not None and not 1 <= ingredients <= MOST_INGREDIENTS:
        yield f"Le nombre d'ingrédients agricoles va de 1 à {MOST_INGREDIENTS} : compter ceux de la recette."
