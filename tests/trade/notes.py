"""What tablets note of a delivery, drawn by lot."""

from typing import Any

from hypothesis import strategies as st

from tests.orders.market import CRATE_G

ODD_G = st.integers(-300, 300)


@st.composite
def noted(draw: st.DrawFn, most: int, *, by_weight: bool) -> dict[str, Any]:
    """A note as a tablet might send it: often right, sometimes absurd."""
    packs = draw(st.sampled_from([*range(most, -1, -1), most + 1]))
    odd = packs and (by_weight or draw(st.integers(0, 5)) == 0)
    grams = packs * CRATE_G + (draw(ODD_G) if odd else 0)
    decision = draw(st.sampled_from(["ACCEPTED", "ACCEPTED", "REFUSED", "RESERVED"]))
    note: dict[str, Any] = {
        "decision": decision, "deliveredPacks": packs, "deliveredG": grams, "lot": draw(st.sampled_from("AB")),
    }  # fmt: skip
    kept = {"REFUSED": 0, "RESERVED": draw(st.integers(0, packs))}.get(decision)
    if kept is not None:
        note |= {"acceptedPacks": kept, "acceptedG": min(grams, kept * CRATE_G), "reason": "QUALITY"}
    return note
