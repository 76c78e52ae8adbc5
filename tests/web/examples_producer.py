"""Addresses of the producer's pages."""

from collections.abc import Mapping

from catering.people.viewer import Role
from tests.web.opening import Example

FARM = "/fournisseur/ferme_01"
PRODUCER: Mapping[str, Example] = {
    "producer/to_prepare": Example(
        f"{FARM}/preparer", Role.PRODUCER, ("À répondre", "Collège 0", "Livraison lundi 7 septembre", "Par collège")
    ),
    "producer/day": Example(
        f"{FARM}/preparer/2026-09-07", Role.PRODUCER, ("À récolter", "Collège 0", "Prête", "Liste de récolte")
    ),
    "producer/order": Example(
        f"{FARM}/commandes/1", Role.PRODUCER, ("Collège 0", "Accepter la commande", "Proposer", "Refuser toute")
    ),
    "producer/products": Example(
        f"{FARM}/produits?semaine=2026-09-07", Role.PRODUCER, ("Produit 6", "kg par semaine", "Certificats", "Congés")
    ),
    "producer/new_product": Example(
        f"{FARM}/produits/nouveau?comme=vente_ferme_01_00", Role.PRODUCER, ("Comme", "Mettre en vente", "TVA")
    ),
}
