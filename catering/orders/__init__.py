"""Baskets of kitchens, orders to suppliers and their life up to the delivery."""
