"""Food waste: weighings, what they are worth, the diagnostic of an establishment, what may become of a surplus."""
