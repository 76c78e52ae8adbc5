"""The grid: every kitchen against every rule, what can still be cured, and the files that say so."""
