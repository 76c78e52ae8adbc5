"""Ingredients, dishes and what is derived from them."""
