"""Addresses of the chef's pages and of the public ones."""

from collections.abc import Mapping

from catering.people.viewer import Role
from tests.api.dataset import uai
from tests.web.opening import Example

KITCHEN = f"/cuisine/{uai(0)}"
CHEF: Mapping[str, Example] = {
    "chef/kitchens": Example("/cuisines", Role.CHEF, ("Collège 0", "Commune 0", "couverts")),
    "chef/week": Example(
        f"{KITCHEN}/semaine?semaine=2026-09-07",
        Role.CHEF,
        ("Collège 0", "Lundi 7 septembre", "Main 0", "NUT-01", "Ferme 1"),
    ),
    "chef/swap": Example(
        f"{KITCHEN}/semaine/remplacer?jour=2026-09-07&composante=MAIN",
        Role.CHEF,
        ("Lundi 7 septembre", "Main 0", "Main 1", "Choisir"),
    ),
    "chef/basket": Example(
        f"{KITCHEN}/commander?semaine=2026-09-14",
        Role.CHEF,
        ("Ferme 0", "minimum de 50,00\u00a0€ atteint", "Envoyer 2 commandes", "Remplacer"),
    ),
    "chef/adding": Example(
        f"{KITCHEN}/commander/ajouter?semaine=2026-09-14",
        Role.CHEF,
        ("Quel produit", "Ajouter", "Conditionnements"),
    ),
    "chef/substitutes": Example(
        f"{KITCHEN}/commander/substituts?semaine=2026-09-14&offre=offre_000&jour=2026-09-14",
        Role.CHEF,
        ("\u221255,54\u00a0€", "Choisir"),
    ),
    "chef/order": Example(
        f"{KITCHEN}/commandes/3",
        Role.CHEF,
        ("propose un changement", "Gel", "Accepter le changement", "Annuler la commande"),
    ),
    "chef/receptions": Example(f"{KITCHEN}/receptions", Role.CHEF, ("À contrôler aujourd'hui", "Ferme 1", "Contrôler")),
    "chef/reception": Example(f"{KITCHEN}/receptions/2", Role.CHEF, ("Colis reçus", "Température", "Pas encore là")),
    "chef/consultations": Example(
        f"{KITCHEN}/consultations", Role.GESTIONNAIRE, ("Nouvelle consultation", "en cours", "à décider", "Lot 1")
    ),
    "chef/new_consultation": Example(
        f"{KITCHEN}/consultations/nouvelle?famille=FRUITS_ET_LEGUMES&du=2026-09-07&au=2026-09-18",
        Role.GESTIONNAIRE,
        ("Voir ce que le plan achètera", "Critères : comment les offres", "Garder le brouillon"),
    ),
    "chef/consultation": Example(
        f"{KITCHEN}/consultations/4",
        Role.GESTIONNAIRE,
        ("décider de chaque lot", "Retenir cette offre", "Écarter cette offre", "Registre", "Clore sans suite"),
    ),
    "chef/weighing": Example(
        f"{KITCHEN}/pesee?jour=2026-09-01", Role.CHEF, ("Poids avec le bac", "Main 0", "Pesé ce jour")
    ),
    "chef/covers": Example(
        f"{KITCHEN}/effectifs?semaine=2026-09-07",
        Role.CHEF,
        ("Lundi 7 septembre", "Prévus", "À préparer", "280", "Pourquoi ce nombre", "Sortie", "20 couverts de moins"),
    ),
    "chef/waste": Example(
        f"{KITCHEN}/gaspillage?du=2026-09-07&au=2026-09-11",
        Role.CHEF,
        ("95 fois sur 100", "Jour par jour", "GAS-10", "Cible par rapport à 2019", "Trop cuisiné", "Ouvrir une"),
    ),
    "chef/diagnostic": Example(
        f"{KITCHEN}/gaspillage/diagnostic",
        Role.CHEF,
        ("Version 1", "Épinards", "Petite et grande faim", "PDF à signer", "Garder la version 2"),
    ),
    "chef/duties": Example(
        f"{KITCHEN}/gaspillage/obligations",
        Role.CHEF,
        ("GAS-04", "Aide", "Biocarburant", "20 l", "Noter une convention", "Noter une collecte"),
    ),
    "chef/surplus": Example(
        f"{KITCHEN}/gaspillage/excedents?quoi=HOT_DISH&expose=non&etiquete=oui&fabrique=2026-09-01&servi=2026-09-01"
        "&pour=2026-09-02&refroidi_en=95&refroidi_a=8&garde_a=3",
        Role.CHEF,
        ("Resservir", "HYG-REFROIDIR-HEURES", "respectée", "120"),
    ),
    "chef/dish": Example(
        "/plats/main_00?couverts=250&jour=2026-09-07", Role.CHEF, ("Main 0", "250 couverts", "20\u00a0kg", "Laver")
    ),
}
PUBLIC: Mapping[str, Example] = {
    "public/colleges": Example("/colleges?mots=commune", None, ("Collège 0", "Commune 0", "par commune")),
    "public/week": Example(
        f"/colleges/{uai(0)}?semaine=2026-09-07",
        None,
        ("Collège 0", "Lundi 7 septembre", "Allergènes : lait", "Moins de restes", "menus-collectifs.csv"),
    ),
    "public/display": Example(
        f"/colleges/{uai(0)}/egalim?annee=2025", None, ("Collège 0", "durables et de qualité", "La loi demande", "50")
    ),
    "public/month": Example(
        f"/colleges/{uai(0)}/menus?mois=2026-09-01", None, ("Collège 0", "Septembre 2026", "Allergènes : lait")
    ),
}
