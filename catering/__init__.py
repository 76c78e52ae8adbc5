"""Sourcing and menus of French public catering: the platform."""
