"""Pure decisions: what is known when, the forecast, its scores, and how many covers to prepare."""
