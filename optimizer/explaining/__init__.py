"""Why a supplier's offers are in a plan as they are, and at which terms they would enter; what a change would do to it.

Each figure is solved for.

| module | what it does |
|---|---|
| `ground` | the plan that an explanation stands on, and its problem with one thing changed |
| `trial` | a kitchen-week bought again with an offer at other terms |
| `search` | the price, minimum or quantity at which it enters |
| `entry` | where it enters, what makes the price so, and the week bought afresh as proof |
| `why` | every offer of a supplier, month by month |
| `what_if` | a plan's purchases if a supplier stops, a price moves, covers change |
| `from_store` | what each week buys of goods that keep when covers change |
"""

from optimizer.explaining.entry import Effects, Entry
from optimizer.explaining.ground import Ground
from optimizer.explaining.search import PRICE_STEP
from optimizer.explaining.why import OfferMonth, Standing, kitchens_looked_into, why

__all__ = ["PRICE_STEP", "Effects", "Entry", "Ground", "OfferMonth", "Standing", "kitchens_looked_into", "why"]
