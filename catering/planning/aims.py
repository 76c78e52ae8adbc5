"""What a plan is asked beside the law and the lowest cost: weights, floors and a budget of its own (decision 0135)."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from catering.planning import refusals
from catering.planning.models_aims import AimKind
from optimizer.problem import BUCKETS

DEAREST = Decimal(10)  # legal-number: euros of a weight, far beyond what changes a plan
WIDEST = Decimal(2)  # legal-number: of the budgets of the kitchens
CENT = Decimal("0.01")
SOURCE = "choix du Département"


WEIGHTS = (AimKind.CO2E, AimKind.TRANSPORT, AimKind.ORGANIC, AimKind.PRODUCERS, AimKind.SHORT_CHAIN)
FLOORS: Mapping[AimKind, tuple[str, str, Mapping[str, Any]]] = {
    AimKind.PRODUCER_SHARE: (
        "VISE-PRODUCTEURS", "Part des producteurs du territoire", {"kinds": ["producer"], "local": True}
    ),
    AimKind.SHORT_CHAIN_SHARE: ("VISE-CIRCUITS-COURTS", "Part des circuits courts", {"kinds": ["producer", "hub"]}),
    AimKind.ORGANIC_SHARE: ("VISE-BIO", "Part du bio", {"buckets": ["BIO"]}),
}  # fmt: skip
"""Of each floor: the id and the title of its rule, and what the rule counts besides all purchases."""

CEILINGS: Mapping[AimKind, tuple[str, str, str, Decimal]] = {
    AimKind.CO2E_CEILING: ("VISE-CO2E", "Empreinte par repas, kg CO2e", "co2e_kg", Decimal(1)),
    AimKind.TRANSPORT_CEILING: ("VISE-TRANSPORT", "Transport par repas, t·km", "ton_km", Decimal(1000)),
}
"""Of each ceiling: the id and the title of its rule, the optimizer's measure, and how many of ours make one of it."""
HEAVIEST = Decimal(1000)  # legal-number: far beyond the footprint or the transport of a meal


def require_sense(aims: Mapping[AimKind, Decimal]) -> None:
    """Let aims be asked that the optimizer can work with.

    Raises:
        refusals.BadAim: naming the first that it cannot.
    """
    for kind, value in aims.items():
        most = _MOST.get(kind, Decimal(1))
        if not 0 < value <= most:
            raise refusals.BadAim(kind.name, value, most)


_MOST = {**dict.fromkeys(WEIGHTS, DEAREST), **dict.fromkeys(CEILINGS, HEAVIEST), AimKind.BUDGET: WIDEST}
"""The largest value of each kind; a floor is a share."""


def goals_of(aims: Mapping[AimKind, Decimal]) -> dict[str, Decimal]:
    """The weights as the optimizer reads them (``goals.csv``)."""
    return {kind.value: aims[kind] for kind in WEIGHTS if kind in aims}


def budget_of(own: Decimal, aims: Mapping[AimKind, Decimal]) -> Decimal:
    """The budget of a kitchen in the plan, € per meal to the cent, from its own."""
    if AimKind.BUDGET not in aims:
        return own
    return (own * aims[AimKind.BUDGET]).quantize(CENT, ROUND_HALF_UP)


def floors_of(aims: Mapping[AimKind, Decimal]) -> list[dict[str, Any]]:
    """The floors as rules of the plan, stated like those of the law."""
    return [_floor(*of, aims[kind]) for kind, of in FLOORS.items() if kind in aims]


def ceilings_of(aims: Mapping[AimKind, Decimal]) -> list[dict[str, Any]]:
    """The ceilings as rules of the plan: what all its kitchens buy, added up, per meal (0166)."""
    return [_ceiling(*of, aims[kind]) for kind, of in CEILINGS.items() if kind in aims]


def _ceiling(rule: str, title: str, measure: str, ours: Decimal, most: Decimal) -> dict[str, Any]:
    said = {"id": rule, "kind": "purchase_total", "title": title, "source": SOURCE, "soft_price": None}
    everything = dict.fromkeys(("offers", "suppliers", "kitchens", "valid_from", "valid_to", "min"))
    return said | everything | {"measure": measure, "per": "meal", "max": f"{most / ours:f}"}


def _floor(rule: str, title: str, counts: Mapping[str, Any], share: Decimal) -> dict[str, Any]:
    said = {"id": rule, "kind": "value_ratio", "title": title, "source": SOURCE, "soft_price": None}
    everything = {"buckets": sorted(BUCKETS), "families": None, "min_share": f"{share:f}", "period": "civil_year"}
    return said | everything | dict(counts)
