"""From a scenario to a plan of menus and sourcing, stored and published."""
