"""Deterministic generators of the seed tables that are computed rather than restated.

`python -m seeds.build` rewrites them in place; the committed files are exactly what it writes.
Standard library only, so that it runs before anything is installed.
"""
