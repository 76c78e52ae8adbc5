"""Which meals a kitchen has, as its pages show them: lunch alone for a collège that said nothing."""

from typing import Any

from catering.waste.rules.figures import CARE
from catering.waste.vocabulary import Service

CARES = frozenset(kind.name for kind in CARE)


def services_of(file: Any) -> list[str]:
    """Names of the meals of a kitchen, from its ``wasteFile``, in the order of the day."""
    site = file and file["site"]
    return site["services"] if site and site["services"] else [Service.LUNCH.name]


def serves_every_day(file: Any) -> bool:
    """Whether it is a place of care, where people eat on Sundays and in the holidays too."""
    site = file and file["site"]
    return bool(site) and site["kind"] in CARES
