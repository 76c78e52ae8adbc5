"""Who may share a drop in the problem of a plan."""

from decimal import Decimal
from types import SimpleNamespace
from typing import cast

from catering.planning.facts import Facts
from catering.planning.supply import shared_drops_of
from optimizer.problem import SharedDrop

ARRAS, LENS = "0620000A", "0620009Z"


def test_near_kitchens_share_the_drop_of_who_states_a_least_at_the_door() -> None:
    """Two kitchens in Arras, one in Lens: the hub reaches all, the grocer one in Arras; the farm shares nothing."""
    spots = {ARRAS: "50.29", "0620001B": "50.30", LENS: "50.43"}
    kitchens = [SimpleNamespace(uai=uai, lat=Decimal(lat), lon=Decimal("2.80")) for uai, lat in spots.items()]
    doors = {"hub": Decimal("30.00"), "grocer": Decimal("10.00"), "farm": None}
    suppliers = [SimpleNamespace(slug=slug, shared_door_eur=door) for slug, door in doors.items()]
    facts = cast(Facts, SimpleNamespace(kitchens=kitchens, suppliers=suppliers))
    reached = {(s, k) for s in ("hub", "farm") for k in spots} | {("grocer", ARRAS), ("grocer", LENS)}
    assert shared_drops_of(facts, reached) == {
        ("hub", k): SharedDrop("hub", k, ARRAS, Decimal("30.00")) for k in (ARRAS, "0620001B")
    }
    assert shared_drops_of(cast(Facts, SimpleNamespace(kitchens=kitchens, suppliers=suppliers[2:])), reached) == {}
