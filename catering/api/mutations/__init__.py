"""What the API changes: a folder per room, a file per mutation, named by its verb."""
