"""Words of the law and of the trade that pages use, explained where they stand, in French."""

from collections.abc import Mapping

TERMS: Mapping[str, str] = {
    "EGAlim": "Loi du 30 octobre 2018 : au moins 50 % de produits durables et de qualité, dont 20 % de bio, en valeur "
    "d'achats sur l'année civile.",
    "20 repas": "L'arrêté du 30 septembre 2011 compte les plats sur 20 repas successifs : par exemple 10 crudités au "
    "moins, 4 fritures au plus.",
    "couverts": "Repas à préparer pour un service.",
    "coût matière": "Achats de denrées hors taxe, rapportés au repas.",
    "conditionnement": "Ce que le fournisseur vend en une fois : une caisse, un sac, un bidon. On commande un nombre "
    "entier de conditionnements.",
    "minimum de livraison": "Montant en dessous duquel un fournisseur ne livre pas.",
    "heure limite": "Après cette heure, le fournisseur ne prend plus de commande pour ce jour.",
    "seuil": "Montant d'achats d'une famille de produits à partir duquel le Code de la commande publique demande une "
    "publicité ou un marché.",
    "DLC": "Date limite de consommation : après elle, le produit est refusé.",
    "DDM": "Date de durabilité minimale : après elle, le produit perd en qualité et reste consommable.",
    "lot": "Numéro de l'étiquette, par lequel un produit rappelé se retrouve.",
    "réserve": "Le lot est accepté, et ce qui ne va pas est écrit pour l'avoir ou la remarque au fournisseur.",
    "tare": "Poids du bac vide.",
    "fiche technique": "Recette pesée : quantités par couvert, technique, allergènes, valeurs nutritives.",
    "CO2e": "Gaz à effet de serre de ce qui est acheté, de la ferme à la cuisine, comptés en kg de CO2 (Agribalyse).",
    "borne": "Montant qu'aucun plan ne peut descendre, prouvé par le calcul.",
    "écart": "Part du coût qui sépare le plan de la borne : le meilleur plan possible n'est pas moins cher de plus que "
    "cela.",
    "indice de Gini": "Mesure de l'inégalité : 0 quand toutes les fermes vendent autant, près de 1 quand une seule "
    "vend tout.",
    "graine": "Nombre d'où part la recherche : la même graine redonne le même plan, une autre en essaie un différent.",
    "UAI": "Numéro national d'un établissement scolaire : sept chiffres et une lettre.",
    "besoins à venir": "Ce que le plan publié fera cuisiner aux collèges, semaine par semaine, avant toute commande.",
    "consultation": "L'acheteur décrit son besoin et l'envoie au même moment à tous les fournisseurs inscrits qui y "
    "répondent ; il choisit par des critères annoncés.",
    "offre scellée": "Personne, acheteur compris, ne lit une offre avant l'heure limite.",
    "avoir": "Ce que le fournisseur rend d'une facture : produit refusé, manquant ou abîmé.",
    "bon de livraison": "Ce qui part avec le camion : produits, lots, quantités ; la cuisine le contrôle à l'arrivée.",
    "certificat": "Preuve d'un signe de qualité. À la date de livraison il doit être en cours, sinon l'achat ne compte "
    "pas pour EGAlim.",
    "intercommunalité": "Groupe de communes (EPCI) auquel appartient celle du collège.",
    "ma-cantine": "Plateforme de l'État où chaque cantine déclare ses achats de l'année précédente.",
    "formulaire détaillé": "Les montants par famille de produits et par signe ; le simple ne donne que les totaux.",
    "signe de qualité": "Bio, Label Rouge, AOP, IGP, pêche durable… : ce pour quoi un achat compte dans EGAlim.",
    "famille homogène": "Produits de même nature, dont les achats s'additionnent pour savoir si un seuil est atteint.",
    "mangeable": "Ce qui aurait pu être mangé ; os, épluchures et trognons se pèsent à part.",
    "plancher": "Part à atteindre dans chaque cuisine : un plan qui n'y arrive pas n'est pas proposé.",
    "substitut": "Autre offre du même ingrédient, qui peut être livrée à temps.",
}
"""One sentence or two each; the whole vocabulary is in docs/glossary.md."""


def explain(term: str) -> str:
    """The explanation of a term.

    Raises:
        KeyError: the glossary has none, which a test finds first.
    """
    return TERMS[term]
