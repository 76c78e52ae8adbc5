"""How a plan is found: prices first, then menus per kitchen and block, then sourcing, with a proven lower bound.

| module | what it does |
|---|---|
| `instance` | the problem as arrays |
| `calendars` | service days cut into blocks, weeks and cells |
| `menu_rows`, `spacing`, `spacing_rows` | rule kinds as rows over dish counts |
| `menu_model` | the menus of one kitchen at given prices, live in HiGHS |
| `diving` | whole days out of an LP that serves dishes by halves |
| `meetings`, `day_order`, `week_mending` | dishes of a week put on its days |
| `kitchen_year` | one kitchen over its horizon: block after block, and its bound |
| `prices` | multipliers of the shared rules, and what an ingredient and a dish cost at them |
| `price_steps` | how prices come about and move |
| `history` | what was served before the horizon, what a former plan has in it |
| `candidates`, `joint` | offers worth buying; menus and sourcing in one model (groups, explanations, benchmarks) |
| `coarse` | the LP over groups of kitchens that gives the first prices |
| `purchases`, `sourcing` | what is bought over which weeks; who buys what from whom for given menus |
| `drops`, `kitchen_week`, `week_model` | who comes to whom, so that drops are worth their minimum |
| `shared_drops`, `joining` | drops that kitchens near each other share |
| `buying_ahead` | what keeps comes with an earlier drop |
| `grams` | whole grams of what was bought |
| `demand`, `last_mile` | what menus need; kitchens that lack something, and small problems, settled whole |
| `certificate` | the lower bound and its terms |
| `by_day` | menus of a stuck kitchen, day by day |
| `impossibility` | proof that no plan exists, and the smallest set of rules that says so |
| `conflicts` | why a problem cannot be solved, in words |
| `crew`, `progress`, `time_left` | work shared over processes; what a running plan tells; what still fits |
| `assembly` | the plan that leaves the engine |
| `planner` | the order in which all this happens |
"""
