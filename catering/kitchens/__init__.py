"""The collèges, the days they serve and for how many."""
