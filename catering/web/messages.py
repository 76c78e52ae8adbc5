"""What a page tells after a form was done: the address names one of these sentences, never a text of its own."""

from collections.abc import Mapping

from catering.web.asked import Asked

DONE = "fait"
MESSAGES: Mapping[str, str] = {
    "visite": "La visite est terminée. Elle se retrouve dans « Mon compte ».",
    "hypothese": "L'hypothèse est gardée et attend son calcul, une minute au plus une fois commencé.",
    "panier-rempli": "Le panier est rempli avec ce que le plan prévoit.",
    "plat-remplace": "Le plat est remplacé : le panier de la semaine et les menus publics suivent.",
    "besoin": "Le brouillon est gardé. Le relire, puis le publier.",
    "publiee": "La consultation est publiée : tous les fournisseurs concernés la reçoivent au même instant.",
    "question-repondue": "La réponse est partie à tous les fournisseurs.",
    "offres-ouvertes": "Les offres sont ouvertes et notées par les critères publiés.",
    "offre-ecartee": "L'offre est écartée, son motif est gardé.",
    "attribuee": "Le lot est attribué : tous ceux qui ont répondu en reçoivent le motif.",
    "sans-suite": "C'est clos sans suite ; les fournisseurs en reçoivent le motif.",
    "avis": "Avis rangé. Il revient si ce qu'il dit change.",
    "ligne": "La ligne est enregistrée.",
    "ligne-ajoutee": "Le produit est ajouté au panier.",
    "ligne-retiree": "La ligne est retirée du panier.",
    "ligne-remplacee": "La ligne est remplacée.",
    "envoye": "Les commandes sont parties. Chaque fournisseur répond de son côté.",
    "repondu": "Votre réponse est partie : le fournisseur est prévenu.",
    "annulation": "L'annulation est enregistrée ; après l'heure limite, le fournisseur doit encore l'accepter.",
    "non-livree": "C'est noté. Le panier de la semaine propose ce qui peut la remplacer.",
    "recu-heure": "Réception enregistrée à l'heure de l'envoi : la tablette n'était pas à l'heure, régler sa date et "
    "son heure.",
    "recu": "Réception enregistrée : le stock et les achats sont à jour.",
    "pese": "Pesée enregistrée. Merci.",
    "pesee-corrigee": "La pesée est corrigée ; l'ancienne reste lisible, annulée avec sa raison.",
    "effectifs": "Effectifs enregistrés.",
    "evenement": "Annonce enregistrée : les couverts attendus et à préparer la comptent aussitôt.",
    "evenement-retire": "L'annonce est retirée.",
    "campagne": "La campagne est ouverte : peser les trois étapes et noter les couverts chaque jour.",
    "campagne-abandonnee": "La campagne est abandonnée ; ce qui a été pesé reste.",
    "etablissement": "C'est noté : protocole, cible et obligations suivent.",
    "finess": "L'établissement est inscrit : inviter son cuisinier avec ce numéro FINESS, puis ouvrir une campagne.",
    "finess-corrige": "La correction est enregistrée ; ce qu'il était reste dans l'historique.",
    "convention": "La convention est notée.",
    "collecte": "La collecte est notée au registre.",
    "collecte-annulee": "La collecte est annulée par une ligne opposée.",
    "diagnostic": "La nouvelle version est gardée. L'imprimer pour la signer.",
    "bilan-pesees": "Le bilan est fait : « Nouveau plan » le propose.",
    "portion": "La portion est décidée : achats, fiches et menus la suivent à sa date.",
    "portion-rendue": "La portion d'avant revient après ce jour.",
    "acceptee": "Commande acceptée : la cuisine est prévenue.",
    "changement": "Proposition envoyée : la cuisine doit répondre.",
    "refusee": "Commande refusée : la cuisine est prévenue et cherche ailleurs.",
    "annulation-repondue": "Votre réponse à l'annulation est partie.",
    "preparee": "Commande prête : la cuisine le voit.",
    "partie": "Commande partie : la cuisine l'attend.",
    "quantites": "Quantités enregistrées : les cuisines peuvent commander jusque-là.",
    "quantite": "Quantité enregistrée : les cuisines peuvent commander jusque-là.",
    "produit-deja": "Déjà en vente, avec exactement les mêmes indications : rien n'est ajouté. Pour un autre produit, "
    "changer son nom, son prix ou son conditionnement.",
    "produit": "Produit ajouté. Dire maintenant combien vous pouvez en livrer par semaine.",
    "agrement-termine": "La fin est enregistrée. Aucune commande à venir n'en dépendait.",
    "agrement-commandes": "La fin est enregistrée. Des commandes à venir en dépendaient : leurs cuisines et le "
    "fournisseur sont prévenus.",
    "certificat": "Le certificat est enregistré : le choisir en ajoutant un produit.",
    "produit-retire": "Le produit n'est plus vendu après ce jour.",
    "pause": "Pause enregistrée : rien n'est plus vendu pour ces jours.",
    "reprise": "La pause est retirée : vous livrez de nouveau ces jours-là.",
    "facture": "La facture est émise : la cuisine la rapproche de sa réception.",
    "avoir": "L'avoir est accordé.",
    "avoir-refuse": "Votre refus est parti, avec sa raison.",
    "offre-scellee": "Votre offre est scellée : personne ne la lit avant l'ouverture.",
    "offre-retiree": "Votre offre est retirée.",
    "question": "Votre question est envoyée.",
    "plan-lance": "Le calcul attend son tour ; cette page montre où il en est.",
    "plan-arrete": "L'arrêt est demandé : le calcul garde le meilleur plan trouvé, s'il en a un.",
    "plan-publie": "Le plan est en service : menus, paniers et besoins des producteurs le suivent.",
    "achats-importes": "Le fichier est importé : toutes ses lignes sont au registre, chacune une fois.",
    "achats-deja": "Ce fichier était déjà importé : rien n'a été ajouté.",
    "import-annule": "L'import est annulé : chacune de ses lignes a sa ligne opposée, et le fichier peut revenir.",
    "projet": "C'est enregistré : les produits français reçus de ce fournisseur comptent sous le projet.",
    "motif": "Le motif est enregistré.",
    "plan-proteines": "Le plan de diversification des protéines est enregistré.",
    "restaurants": "Les restaurants servis sont enregistrés : chacun déclare sa part.",
    "lot-juge": "C'est enregistré : ce qui sera reçu sur ce lot compte.",
    "annee-declaree": "L'année est déclarée : ses chiffres sont figés. Les reporter sur ma-cantine avec les fichiers.",
    "siret": "Le SIRET est enregistré.",
    "sessions": "Toutes vos sessions sont terminées.",
}


def told(asked: Asked) -> str | None:
    """The sentence that the address names, if it is one of ours."""
    return MESSAGES.get(asked.query.get(DONE, ""))


def with_message(path: str, word: str) -> str:
    """The address of a page that tells something."""
    assert word in MESSAGES, word
    return f"{path}{'&' if '?' in path else '?'}{DONE}={word}"
