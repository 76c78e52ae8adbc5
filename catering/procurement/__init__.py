"""Lawful buying: contracts, consultations with sealed offers, and the live counter of what each need adds up to."""
