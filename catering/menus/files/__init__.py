"""Files of menus: a simple table, one row per meal or per dish, and the national schema menus-collectifs."""
