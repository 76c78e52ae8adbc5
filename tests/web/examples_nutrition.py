"""Addresses of the pages of the nutrition manager."""

from collections.abc import Mapping

from catering.people.viewer import Role
from tests.web.opening import Example

NUTRITION: Mapping[str, Example] = {
    "nutrition/grid": Example(
        "/nutrition/grille?annee=2026", Role.NUTRITION_MANAGER, ("Collège 0", "EGA-01", "au moins", "Télécharger")
    ),
    "nutrition/alerts": Example(
        "/nutrition/alertes?annee=2026", Role.NUTRITION_MANAGER, ("Collège", "Voir la grille", "Que faire")
    ),
}
