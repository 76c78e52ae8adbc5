"""The ledger of what was really bought."""
