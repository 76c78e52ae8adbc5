"""What the API changes: one file per mutation, named by its verb."""
