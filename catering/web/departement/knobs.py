"""The knobs of a new plan, each in plain words: what it weighs, what it holds, what it may cost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from catering.planning.models_aims import AimKind
from catering.web.asked import Asked, BadFields, Fault
from catering.web.wording import number, percent

HUNDRED = Decimal(100)
DEAREST = Decimal(10)  # legal-number: euros of a weight that may be typed
HEAVIEST = Decimal(1000)  # legal-number: kg CO2e, or kg × km, of a meal that may be typed


@dataclass(frozen=True, slots=True)
class Knob:
    """One number that may be typed: its field, its label, what it does, and a value to begin with."""

    kind: AimKind
    field: str
    label: str
    says: str
    example: str
    unit: Decimal = Decimal(1)
    """What one of the number typed is worth."""
    most: Decimal = DEAREST
    """The largest number that may be typed."""
    word: str = "€"
    """What the number counts, where it is no share."""

    def read(self, asked: Asked) -> Decimal:
        """What was typed, as plans count it.

        Raises:
            BadFields: it is no number, or out of its bounds.
        """
        value = asked.decimal(self.field, self.label)
        if not 0 < value <= self.most:
            raise BadFields(Fault(self.field, f"{self.label} : écrire plus de 0 et {number(self.most)} au plus."))
        return value * self.unit

    def told(self, value: Any) -> str:
        """A value as plans count it, in words."""
        return percent(value) if self.unit != 1 else f"{number(value)} {self.word}"


_share = partial(Knob, unit=1 / HUNDRED, most=HUNDRED)
FLOORS = (
    _share(
        AimKind.PRODUCER_SHARE, "part_producteurs", "Achats aux producteurs du territoire, % au moins",
        "Dans chaque cuisine et chaque année civile, cette part des achats va aux fermes du territoire.", "30",
    ),
    _share(
        AimKind.SHORT_CHAIN_SHARE, "part_courts", "Circuits courts, % au moins",
        "Part achetée directement, ou avec un seul intermédiaire.", "60",
    ),
    _share(
        AimKind.ORGANIC_SHARE, "part_bio", "Produits bio, % au moins",
        "La loi en demande déjà 20 % : écrire davantage, pour un plan plus ambitieux.", "30",
    ),
    Knob(
        AimKind.CO2E_CEILING, "plafond_co2e", "Empreinte d'un repas, kg CO₂e au plus",
        "En moyenne de toutes les cuisines et de tous les jours du plan ; s'il ne peut être tenu, le calcul le dit.",
        "1,9", most=HEAVIEST, word="kg CO₂e",
    ),
    Knob(
        AimKind.TRANSPORT_CEILING, "plafond_transport", "Transport d'un repas, kg × km au plus",
        "Kilogrammes achetés fois kilomètres parcourus, de même.", "40", most=HEAVIEST, word="kg·km",
    ),
)  # fmt: skip
WEIGHTS = (
    Knob(
        AimKind.CO2E, "poids_co2e", "Prix d'un kilogramme de CO₂e, €",
        "Le calcul paie ce prix pour éviter un kilogramme de gaz à effet de serre. 0,10 : cent euros la tonne.", "0,10",
    ),
    Knob(
        AimKind.TRANSPORT, "poids_transport", "Prix d'une tonne transportée sur un kilomètre, €",
        "En plus de ce que coûte la livraison : plus c'est haut, plus le calcul achète près.", "0,20",
    ),
    Knob(
        AimKind.PRODUCERS, "poids_producteurs", "Préférence pour les producteurs du territoire, €",
        "0,10 : acheter à une ferme du territoire vaut de payer dix centimes de plus par euro.", "0,10",
    ),
    Knob(
        AimKind.SHORT_CHAIN, "poids_courts", "Préférence pour les circuits courts, €",
        "La même chose contre les achats à plus d'un intermédiaire.", "0,10",
    ),
    Knob(
        AimKind.ORGANIC, "poids_bio", "Préférence pour le bio, €",
        "La même chose contre les achats qui ne sont pas bio.", "0,10",
    ),
)  # fmt: skip
BUDGET = Knob(
    AimKind.BUDGET, "budget", "Budget, % de celui de chaque cuisine",
    "100 garde le budget de chacune ; 95 demande d'économiser 5 %.", "95", 1 / HUNDRED, 2 * HUNDRED,
)  # fmt: skip
KNOBS: Mapping[str, Knob] = {each.kind.name: each for each in (BUDGET, *FLOORS, *WEIGHTS)}


def readers(asked: Asked) -> dict[str, Callable[[], Decimal]]:
    """What reads each knob that was turned, by kind."""
    return {name: partial(each.read, asked) for name, each in KNOBS.items() if asked.optional(each.field)}


def told(aims: list[Any]) -> list[tuple[str, str]]:
    """What a plan was asked, as labels and values."""
    return [(KNOBS[each["kind"]].label.split(",")[0], KNOBS[each["kind"]].told(each["value"])) for each in aims]
