"""French words of the schema's enumerations, as pages show them; a test compares them with the schema."""

from collections.abc import Mapping

from catering.papers.french import STATES
from catering.people.refusals import FRENCH_ROLES
from catering.rules import allergens
from catering.waste.french import NAMES
from catering.waste.vocabulary import (
    ActionKind,
    ActionStatus,
    FoodGroup,
    KitchenKind,
    Service,
    Stage,
    Treatment,
    WasteCause,
)

WORDS: Mapping[str, Mapping[str, str]] = {
    "Role": {role.name: said for role, said in FRENCH_ROLES.items()},
    "OrderState": {state.name: said for state, said in STATES.items()},
    **{
        name: {word.name: NAMES[word] for word in kind}
        for name, kind in (
            ("FoodGroup", FoodGroup), ("MealService", Service), ("WasteStage", Stage), ("WasteCause", WasteCause),
            ("KitchenKind", KitchenKind), ("WasteActionKind", ActionKind), ("WasteActionStatus", ActionStatus),
            ("BiowasteTreatment", Treatment),
        )
    },
    "WastePart": {
        "EDIBLE": "Mangeable", "INEDIBLE": "Non mangeable (os, épluchures)", "UNSORTED": "Mélangé",
    },
    "BiowasteStream": {"BIOWASTE": "Biodéchets", "USED_OIL": "Huile usagée"},
    "WasteDutyState": {
        "DONE": "remplie", "TO_DO": "à faire", "NOT_CONCERNED": "non concerné", "UNKNOWN": "à préciser",
    },
    "SurplusKind": {
        "HOT_DISH": "Plat chaud", "COOKED_COLD": "Plat cuit, servi froid (rôti, salade de riz, de pâtes)",
        "COLD_DISH": "Plat froid, rien de cuit ici", "SEALED": "Produit fermé, daté", "STABLE": "Pain, fruits entiers",
    },
    "SurplusUse": {
        "COOL_NOW": "Mettre au froid maintenant", "SERVE_AGAIN": "Resservir", "GIVE": "Donner", "DISCARD": "Jeter",
    },
    "AttendanceEventKind": {"TRIP": "Sortie", "EXAM": "Examen", "STRIKE": "Grève", "OTHER": "Autre"},
    "Slot": {
        "STARTER": "Entrée", "MAIN": "Plat", "SIDE": "Accompagnement", "DAIRY": "Produit laitier", "DESSERT": "Dessert",
    },
    "Allergen": {allergen.name: said for allergen, said in allergens.FRENCH.items()},
    "PermitKind": {"APPROVAL": "agrément", "DEROGATION": "dérogation", "PACKING_CENTRE": "centre d'emballage"},
    "Truth": {"TRUE": "oui", "FALSE": "non", "UNKNOWN": "inconnu"},
    "OfferStanding": {
        "SOLD_OUT": "tout est pris", "RETAINED": "retenu", "NOT_RETAINED": "non retenu", "NOT_ON_SALE": "pas en vente",
        "NOT_NEEDED": "pas demandé",
    },
    "ReceptionDecision": {"ACCEPTED": "Accepté", "RESERVED": "Accepté avec réserve", "REFUSED": "Refusé"},
    "ReceptionReason": {
        "TEMPERATURE": "Température", "EXPIRED": "Date dépassée", "SHORT_DATED": "Date trop courte",
        "DAMAGED": "Emballage abîmé", "QUALITY": "Qualité", "WEIGHT": "Poids", "LABELLING": "Étiquetage",
        "NOT_ORDERED": "Non commandé", "OTHER": "Autre",
    },
    "ExpiryKind": {"USE_BY": "DLC", "BEST_BEFORE": "DDM"},
    "TemperatureVerdict": {
        "NO_LIMIT": "sans limite", "UNMEASURED": "non mesurée", "WITHIN": "conforme", "TOLERATED": "tolérée",
        "EXCEEDED": "dépassée",
    },
    "Way": {
        "LINK": "lien par courriel", "PASSKEY": "clé d'accès", "PROVIDER": "service de connexion",
        "DEMONSTRATION": "démonstration",
    },
    "Technique": {
        "RAW": "cru", "BOILED": "cuit à l'eau", "STEAMED": "vapeur", "BRAISED": "braisé", "ROASTED": "rôti",
        "GRILLED": "grillé", "BAKED": "au four", "SAUTEED": "sauté", "DEEP_FRIED": "frit",
        "COLD_ASSEMBLED": "assemblé à froid", "NONE": "sans préparation",
    },
    "SetAsideGround": {
        "IRREGULAR": "irrégulière : ne respecte pas ce qui est demandé",
        "UNACCEPTABLE": "inacceptable : au-dessus des crédits prévus",
        "UNSUITABLE": "inappropriée : ne répond pas au besoin",
        "ABNORMALLY_LOW": "anormalement basse, après explication demandée",
    },
    "ConsultationEventKind": {
        "DESCRIBED": "besoin décrit", "CONSULTATION_PUBLISHED": "consultation publiée",
        "QUESTION_ASKED": "question posée", "QUESTION_ANSWERED": "question répondue",
        "TENDER_SUBMITTED": "offre scellée", "TENDER_WITHDRAWN": "offre retirée",
        "TENDERS_OPENED": "offres ouvertes", "TENDER_SET_ASIDE": "offre écartée",
        "CONSULTATION_AWARDED": "lot attribué", "CLOSED_WITHOUT_RESULT": "clos sans suite",
    },
    "OrderEventKind": {
        "SENT": "Commande envoyée", "ACCEPTED": "Acceptée par le fournisseur", "REFUSED": "Refusée par le fournisseur",
        "CHANGE_PROPOSED": "Changement proposé par le fournisseur", "CHANGE_AGREED": "Changement accepté",
        "CHANGE_DECLINED": "Changement refusé", "PREPARED": "Préparée", "SHIPPED": "Expédiée",
        "RECEIVED_IN_PART": "Reçue en partie", "RECEIVED": "Reçue", "RECEPTION_CORRECTED": "Réception corrigée",
        "FAILED": "Livraison manquée", "CANCEL_ASKED": "Annulation demandée", "CANCEL_DECLINED": "Annulation refusée",
        "PERMIT_ENDED": "Agrément ou dérogation terminé", "REINSTATED": "Tient de nouveau : elle était déjà reçue",
        "CANCELLED": "Annulée",
    },
    "Family": {
        "FRUITS_ET_LEGUMES": "Fruits et légumes", "PRODUITS_LAITIERS": "Produits laitiers",
        "VIANDES_VOLAILLES": "Viandes et volailles", "PRODUITS_DE_LA_MER": "Produits de la mer",
        "CHARCUTERIE": "Charcuterie", "BOULANGERIE": "Boulangerie", "BOISSONS": "Boissons", "AUTRES": "Autres",
    },
    "InvoiceKind": {"INVOICE": "Facture", "CREDIT_NOTE": "Avoir"},
    "InvoiceState": {
        "RECEIVED": "reçue", "MATCHED": "rapprochée", "DISPUTED": "en litige", "APPROVED": "approuvée",
        "REJECTED": "rejetée",
    },
    "SaleUnit": {"KG": "kilogramme", "PIECE": "pièce", "LITRE": "litre", "BUNCH": "botte"},
    "RunStatus": {
        "QUEUED": "en attente", "RUNNING": "en cours", "DONE": "abouti", "FAILED": "échoué", "CANCELLED": "arrêté",
    },
    "SupposedKind": {
        "SUPPLIER_STOPS": "Un fournisseur s'arrête", "AREA_CLOSED": "Une zone ne livre plus",
        "INGREDIENT_PRICE": "Prix d'un ingrédient", "FAMILY_PRICE": "Prix d'une famille", "COVERS": "Couverts",
        "BUDGET": "Budget des cuisines",
    },
    "SupposedBy": {"KITCHEN": "Cuisines", "SUPPLIER": "Fournisseurs", "FAMILY": "Familles"},
    "FarmGroup": {
        "LARGEST": "Celles qui vendent le plus (cinq au plus)",
        "BETWEEN": "Entre les deux",
        "SMALLER_HALF": "La moitié qui vend le moins",
        "UNSOLD": "Celles qui ne vendent rien",
    },
    "SupplierKind": {"PRODUCER": "Producteur", "WHOLESALER": "Grossiste", "HUB": "Plateforme de producteurs"},
    "AnimalProduct": {
        "HEATED_MILK": "Lait traité thermiquement",
        "DAIRY": "Produits laitiers",
        "BUTCHER_MEAT": "Viande fraîche de boucherie, non hachée",
        "OTHER_MEAT": "Autre viande fraîche : volaille, lapin, gibier, abats",
        "MEAT_PRODUCT": "Produits à base de viande, plats cuisinés",
        "TREATED_EGG_OR_MILK": "Produits à base d'œuf ou de lait cru, avec traitement assainissant",
        "FISH": "Produits de la pêche non transformés",
        "PROCESSED_FISH": "Produits de la pêche transformés",
        "SNAIL": "Escargots",
        "MINCED_MEAT": "Viande hachée",
        "EGG_PRODUCT": "Ovoproduits",
        "RAW_EGG_OR_MILK": "Lait cru, produits à base d'œuf cru ou de lait cru sans traitement assainissant",
        "SHELL_EGG": "Œufs en coquille",
    },
    "GridCellKind": {
        "EGALIM": "EGAlim, à ce jour", "EGALIM_PROJECTED": "EGAlim, au 31 décembre", "NUTRITION": "Nutrition",
        "PROCUREMENT": "Seuils d'achat", "WASTE": "Gaspillage et dons",
    },
    "GridStatus": {
        "MISSED": "Manqué", "WATCHED": "À surveiller", "HELD": "Respecté", "NO_DATA": "Sans donnée",
    },
    "ThresholdLevel": {"FAR": "loin", "NEAR": "proche", "REACHED": "atteint"},
    "WasteViewBy": {"EPCI": "Intercommunalité", "KITCHEN": "Cuisine", "DISH": "Plat", "CAUSE": "Cause"},
    "DeclarationForm": {"SIMPLE": "simple", "DETAILED": "détaillé"},
    "DeclarationCheckLevel": {"BLOCKING": "bloque", "OPEN": "à lire"},
    "DeclaredLineChange": {
        "ENTERED": "compte maintenant, et n'était pas déclaré",
        "LEFT": "était déclaré, et compte une autre année",
        "COUNTS_OTHERWISE": "compte autrement que déclaré",
    },
    "Standing": {"SATISFIED": "tenu", "BROKEN": "manqué", "UNDECIDED": "à surveiller"},
}  # fmt: skip
