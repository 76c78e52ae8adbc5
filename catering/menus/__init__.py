"""Menus planned and served: what a kitchen puts on the tray, and the nutrition check over 20 successive meals."""
