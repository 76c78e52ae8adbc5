"""The person or program on whose behalf data is read or changed."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person does in public catering; it decides what they may see."""

    CHEF = "chef"
    """Chef or gestionnaire of one or several collèges."""
    PRODUCER = "producer"
    """Farm, fishery, workshop, hub or wholesaler that sells to collèges."""
    NUTRITION_MANAGER = "nutrition_manager"
    """Checks the menus and the purchases of every collège."""
    DEPARTEMENT = "departement"
    """Administrator of the Département: runs and publishes plans."""
    AUDITOR = "auditor"
    """Reads everything, changes nothing."""


SEES_EVERYTHING = frozenset({Role.NUTRITION_MANAGER, Role.DEPARTEMENT, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Viewer:
    """One signed-in identity. ``kitchens`` are the UAI of a chef, ``suppliers`` the ids of a producer."""

    name: str
    role: Role
    kitchens: frozenset[str] = frozenset()
    suppliers: frozenset[str] = frozenset()

    @property
    def sees_everything(self) -> bool:
        """Whether the role reads all kitchens and all suppliers."""
        return self.role in SEES_EVERYTHING

    @property
    def is_producer(self) -> bool:
        """Whether the viewer sells; a producer never reads what belongs to another one."""
        return self.role is Role.PRODUCER


def demo_viewer() -> Viewer:
    """The administrator of the Département that the demo signs everybody in as."""
    return Viewer(name="Démonstration (administration du Département)", role=Role.DEPARTEMENT)
