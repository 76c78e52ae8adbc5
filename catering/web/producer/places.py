"""Addresses of the producer's pages, which lead to each other."""

from catering.web.asked import Asked

PREPARE = "/fournisseur/{supplier}/preparer"
ORDER = "/fournisseur/{supplier}/commandes/{order}"
PRODUCTS = "/fournisseur/{supplier}/produits"
QUANTITIES = "/fournisseur/{supplier}/produits/semaines"
CERTIFICATES = "/fournisseur/{supplier}/certificats"
NEEDS = "/fournisseur/{supplier}/besoins"
CONSULTATIONS = "/fournisseur/{supplier}/consultations"
INVOICES = "/fournisseur/{supplier}/factures"


def at(path: str, asked: Asked) -> str:
    """A path of these, of the supplier and the things that the request is about."""
    return path.format_map(asked.path)
