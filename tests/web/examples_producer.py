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
    "producer/quantities": Example(
        f"{FARM}/produits/semaines?semaine=2026-09-07",
        Role.PRODUCER,
        ("Produit 6", "7/09", "Enregistrer toutes les quantités"),
    ),
    "producer/certificates": Example(
        f"{FARM}/certificats", Role.PRODUCER, ("n° ", "Envoyer un certificat", "Organisme certificateur")
    ),
    "producer/new_product": Example(
        f"{FARM}/produits/nouveau?comme=vente_ferme_01_00", Role.PRODUCER, ("Comme", "Mettre en vente", "TVA")
    ),
    "producer/needs": Example(
        f"{FARM}/besoins?semaine=2026-09-07",
        Role.PRODUCER,
        ("Semaine du lundi 7 septembre", "Produit 6", "commandé", "à pourvoir"),
    ),
    "producer/why_not": Example(
        f"{FARM}/pourquoi?semaine=2026-09-07", Role.PRODUCER, ("Produit 6", "septembre 2026", "Le plan vous achète")
    ),
    "producer/consultations": Example(f"{FARM}/consultations", Role.PRODUCER, ("Lait 2", "réponse avant", "Répondre")),
    "producer/consultation": Example(
        f"{FARM}/consultations/2", Role.PRODUCER, ("Prix livré", "Remplacer mon offre", "Retirer", "Poser une question")
    ),
    "producer/invoices": Example(
        f"{FARM}/factures?semaine=2026-08-31", Role.PRODUCER, ("Livraisons reçues", "Factures et avoirs")
    ),
}
