"""How a plan is found: prices first, then menus per kitchen and block, then sourcing, with a proven lower bound.

| module | what it does |
|---|---|
| `instance` | the problem as arrays |
| `calendars` | service days cut into blocks, weeks and cells |
| `menu_model` | rule kinds as rows over dish counts; one kitchen and block |
| `prices` | multipliers of the shared rules, and what an ingredient and a dish cost at them |
| `coarse` | a small LP over groups of kitchens that gives the first prices |
| `sourcing` | who buys what from whom for given menus; exact grams |
| `day_order` | dishes of a week put on its days |
| `certificate` | the lower bound and its terms |
| `conflicts` | why a problem cannot be solved |
| `whole` | the whole problem as one model (small sizes, benchmarks, explanations) |
| `planner` | the order in which all this happens |
"""
