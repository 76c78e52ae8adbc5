"""Addresses of the pages of the nutrition manager."""

from collections.abc import Mapping

from catering.people.viewer import Role
from tests.web.opening import Example

KITCHEN = "/cuisine/0620000A"
NUTRITION: Mapping[str, Example] = {
    "nutrition/grid": Example(
        "/nutrition/grille?annee=2026", Role.NUTRITION_MANAGER, ("Collège 0", "EGA-01", "au moins", "Télécharger")
    ),
    "nutrition/alerts": Example(
        "/nutrition/alertes?annee=2026", Role.NUTRITION_MANAGER, ("Collège", "Voir la grille", "Que faire")
    ),
    "nutrition/kitchen": Example(
        f"{KITCHEN}/conformite?annee=2026",
        Role.NUTRITION_MANAGER,
        (
            "<h1>Collège 0</h1>",
            "À faire",
            "Prévu au 31 décembre",
            "Seuils de procédure",
            "Les 20 repas",
            "Plan de diversification",
        ),
    ),
    "nutrition/meals": Example(
        f"{KITCHEN}/vingt-repas?annee=2026-27&critere=VEG-01",
        Role.NUTRITION_MANAGER,
        ("Périodes tenues", "Compte : aucun ingrédient issu", "Compte"),
    ),
    "nutrition/purchases": Example(
        "/achats?cuisine=0620000A",
        Role.NUTRITION_MANAGER,
        ("Achats et preuves", "Compte pour EGAlim", "Importer un fichier", "/purchases/2026.csv?kitchen=0620000A"),
    ),
    "nutrition/import": Example(
        "/achats/importer", Role.NUTRITION_MANAGER, ("Importer des achats", 'type="file"', "ou rien si une ligne")
    ),
    "nutrition/declarations": Example(
        "/nutrition/bilans?annee=2025", Role.NUTRITION_MANAGER, ("Collège 0", "déclaré", "à déclarer")
    ),
    "nutrition/declaration": Example(
        f"{KITCHEN}/bilan?annee=2025",
        Role.NUTRITION_MANAGER,
        ("Points de contrôle", "Tous les achats", "Figer la correction", "Version 1", "Cabillaud", "Comparer"),
    ),
    "nutrition/imports": Example(
        "/achats/imports",
        Role.NUTRITION_MANAGER,
        ("Imports d&#39;achats", "achats.csv", "au registre", "Annuler un import"),
    ),
    "nutrition/projects": Example(
        "/nutrition/projets-alimentaires?nom=ferme", Role.NUTRITION_MANAGER, ("Ferme 1", "Premier jour du label")
    ),
    "nutrition/abroad": Example(
        "/achats/hors-europe?annee=2026",
        Role.NUTRITION_MANAGER,
        ("Bananes de Saint-Domingue", "Riz thaï", "à écrire", "Aucune offre.", "Écrire un motif"),
    ),
    "nutrition/lots": Example(
        "/nutrition/lots-juges", Role.DEPARTEMENT, ("Lot 1", "rien qui compte", "Dire comment un lot fut jugé")
    ),
    "nutrition/ahead": Example(
        f"{KITCHEN}/taux/EGA-01/fin-d-annee?annee=2026",
        Role.NUTRITION_MANAGER,
        (
            "Collège 0",
            "Commandé, pas encore reçu",
            "Prévu par un plan publié",
            "achat par achat",
            "Comptera pour ce taux",
        ),
    ),
    "nutrition/lesson": Example(
        "/nutrition/pesees", Role.NUTRITION_MANAGER, ("Bilan n° 1", "Plats assez pesés", "Starter 0", "Apprendre d")
    ),
    "nutrition/portions": Example(
        "/nutrition/portions", Role.NUTRITION_MANAGER, ("Proposées", "120 g → 110 g", "Avant et après", "Revenir")
    ),
    "nutrition/comparison": Example(
        "/nutrition/portions/starter_00?le=2026-09-01", Role.NUTRITION_MANAGER, ("Starter 0", "Pesées", "Avant")
    ),
    "nutrition/rate": Example(
        f"{KITCHEN}/taux/EGA-01?annee=2026", Role.NUTRITION_MANAGER, ("Collège 0", "comptent, sur", "au moins")
    ),
}
