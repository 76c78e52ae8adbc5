"""Why an offer is in the plan in use or not, and at which terms it would be: told to who sells it."""
