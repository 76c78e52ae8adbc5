"""Names of dishes as towns write them: words, the dish of ours they name, and what their words alone make sure."""
