"""Addresses of the pages of the Département."""

from collections.abc import Mapping

from catering.people.viewer import Role
from tests.web.opening import Example

PLANS = "/departement/plans"
DEPARTEMENT: Mapping[str, Example] = {
    "departement/plans": Example(PLANS, Role.DEPARTEMENT, ("Nouveau plan", "Scénario 1", "en service", "échoué")),
    "departement/new_plan": Example(
        f"{PLANS}/nouveau", Role.DEPARTEMENT, ("2026-27", "Quelles cuisines", "Temps de recherche", "Lancer le calcul")
    ),
    "departement/follow": Example(
        f"{PLANS}/2/suivi", Role.DEPARTEMENT, ("échoué", "Aucun plan", "Entrées grasses", "NUT-03")
    ),
    "departement/plan": Example(
        f"{PLANS}/1",
        Role.DEPARTEMENT,
        ("1\u00a0234,56\u00a0€", "proche du meilleur plan possible", "Grossiste", "Fruits et légumes", "Collège 2"),
    ),
    "departement/fairness": Example(
        f"{PLANS}/1/fermes",
        Role.DEPARTEMENT,
        ("n'attribuent rien", "181,80\u00a0€", "Ferme 1", "Part des cinq premières", "La plus petite", "graine"),
    ),
    "departement/what_if": Example(
        f"{PLANS}/1/et-si",
        Role.DEPARTEMENT,
        ("Sans la ferme 1", "+9,00\u00a0€", "Supposer", "au plus", "Règles perdues"),
    ),
    "departement/supposition": Example(
        f"{PLANS}/1/et-si/1",
        Role.DEPARTEMENT,
        ("Ferme 1 ne vend plus rien", "190,80\u00a0€", "Viandes et volailles", "Durables", "perdue"),
    ),
    "departement/compare": Example(
        f"{PLANS}/3/comparer?avec=1",
        Role.DEPARTEMENT,
        (
            "Plan n° 1",
            "Différence",
            "+34,50\u00a0€",
            "\u221260,60\u00a0€",
            "Ferme 0",
            "Part des circuits courts",
            "part du montant",
        ),
    ),
    "departement/publish": Example(
        f"{PLANS}/3/publier", Role.DEPARTEMENT, ("Ce que la publication fait", "Le plan n° 1 quitte le service")
    ),
    "departement/map": Example(
        "/departement/carte?famille=FRUITS_ET_LEGUMES", Role.DEPARTEMENT, ("Ferme 1", "Collège 2", "20 km", "De qui")
    ),
    "departement/thresholds": Example(
        "/departement/seuils?jour=2026-09-30", Role.DEPARTEMENT, ("Besoin HT", "Collège")
    ),
    "departement/permits": Example(
        "/departement/agrements", Role.DEPARTEMENT, ("Ferme 1", "2026-0001", "Mettre fin", "Dernier jour où il vaut")
    ),
    "departement/establishments": Example(
        "/departement/gaspillage/etablissements",
        Role.DEPARTEMENT,
        ("Aucun établissement inscrit", "Numéro FINESS", "Denrées par repas"),
    ),
    "departement/waste": Example(
        "/departement/gaspillage?du=2026-09-01&au=2026-09-30",
        Role.DEPARTEMENT,
        ("CU d&#39;Arras", "g par couvert", "Mangeable"),
    ),
}
