"""The guided first visit: per role, a few of its own pages, each with what one does there. It works without script."""

from collections.abc import Mapping
from dataclasses import dataclass

from catering.people.viewer import Role, Viewer
from catering.web.navigation import home, reached

STEP = "visite"
"""Parameter of an address that says which step of the visit the page is, counted from 1."""


@dataclass(frozen=True, slots=True)
class Step:
    """One page of a visit; ``path`` may hold ``{uai}`` or ``{supplier}``."""

    path: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Visit:
    """What the layout shows of a visit: one step among the others, or the offer of it (``step`` None)."""

    step: Step | None
    number: int
    steps: int
    before: str | None
    after: str | None
    newcomer: bool


WEEK = Step(
    "/cuisine/{uai}/semaine",
    "Ma semaine",
    "Les menus et les couverts de la semaine, le coût d'un repas devant le budget, EGAlim et les 20 repas. "
    "« Remplacer » montre ce que chaque autre plat changerait avant de choisir.",
)
ORDER = Step(
    "/cuisine/{uai}/commander",
    "Commander",
    "Le panier se remplit avec ce que le plan prévoit. Chaque livraison dit son heure limite et si le minimum est "
    "atteint. Rien ne part avant « Envoyer ».",
)
RECEIVE = Step(
    "/cuisine/{uai}/receptions",
    "Réceptionner",
    "Les livraisons attendues. Ligne par ligne : accepté ou refusé, température, lot, date, photo. Ce qui est refusé "
    "devient une demande d'avoir ; ce qui est reçu entre au stock et aux achats.",
)
WEIGH = Step(
    "/cuisine/{uai}/pesee",
    "Peser",
    "Un bac, une étape, un poids : trente secondes. Sans réseau, la pesée attend sur l'appareil et part une fois.",
)
COVERS = Step(
    "/cuisine/{uai}/effectifs",
    "Effectifs",
    "Les couverts prévus, préparés et servis. Dire ici une sortie ou une grève évite de cuisiner pour des absents.",
)
LEFT = Step(
    "/cuisine/{uai}/gaspillage",
    "Gaspillage",
    "Ce que disent les pesées, jour par jour ; le diagnostic et le plan d'actions ; les dons et les biodéchets ; ce "
    "qu'on peut faire d'un excédent.",
)
SHOWN = Step(
    "/colleges/{uai}/menus",
    "Menus du mois",
    "Ce que lisent les convives, sans compte : plats, allergènes, origine des viandes. La page s'imprime.",
)
LEDGER = Step(
    "/achats",
    "Achats",
    "Chaque ligne d'achat, le signe pour lequel elle compte ou pourquoi elle ne compte pas, et ses preuves. Un fichier "
    "de factures s'importe en entier, ou pas du tout.",
)
REPORT = Step(
    "/cuisine/{uai}/bilan",
    "Bilan EGAlim",
    "Ce qui manque encore avant de déclarer, les chiffres de l'année, et le fichier que ma-cantine accepte.",
)
PREPARE = Step(
    "/fournisseur/{supplier}/preparer",
    "À préparer",
    "Les commandes à accepter, changer ou refuser, puis ce qu'il faut récolter chaque jour, collège par collège.",
)
PRODUCTS = Step(
    "/fournisseur/{supplier}/produits",
    "Mes produits",
    "Ce que vous vendez et combien par semaine. Un produit sans quantité n'est pas en vente. Congés : une pause, et "
    "plus rien ne part pour ces jours.",
)
CERTIFICATES = Step(
    "/fournisseur/{supplier}/certificats",
    "Certificats",
    "Un certificat qui finit fait perdre le bio ou le label à vos ventes : l'envoyer avant la date.",
)
NEEDS = Step(
    "/fournisseur/{supplier}/besoins",
    "Besoins à venir",
    "Ce que les collèges proches serviront, semaine par semaine, et ce que personne ne leur livre encore. "
    "« Pourquoi pas moi ? » donne le prix ou la quantité qui vous ferait entrer.",
)
TENDERS = Step(
    "/fournisseur/{supplier}/consultations",
    "Consultations",
    "Les besoins auxquels répondre. Votre offre est scellée : personne ne la lit avant l'ouverture.",
)
INVOICES = Step(
    "/fournisseur/{supplier}/factures",
    "Factures",
    "Ce qui a été accepté se facture d'un geste ; les avoirs demandés attendent votre réponse.",
)
GRID = Step(
    "/nutrition/grille",
    "La grille",
    "Tous les collèges face à toutes les règles, aujourd'hui et au 31 décembre. Les flèches du clavier vont de case en "
    "case ; une case s'ouvre sur les repas ou les achats qui la font.",
)
ALERTS = Step(
    "/nutrition/alertes",
    "À redresser",
    "Ce qui ne va pas et peut encore être redressé, le plus pressé d'abord, avec le nombre de jours qui restent.",
)
REPORTS = Step(
    "/nutrition/bilans",
    "Bilans",
    "La déclaration de chaque collège : ses points de contrôle, ses chiffres figés, ce qui a changé depuis.",
)
KITCHENS = Step("/cuisines", "Cuisines", "Chaque cuisine, telle que son chef la voit, et sa fiche de conformité.")
PLANS = Step(
    "/departement/plans",
    "Plans",
    "Lancer un plan en réglant ses buts, le suivre pendant le calcul, comparer deux plans, publier celui que les "
    "cuisines suivront. L'écart dit de combien, au plus, un meilleur plan serait moins cher.",
)
MAP = Step(
    "/departement/carte",
    "Carte",
    "D'où viennent les produits et où ils vont, famille par famille.",
)
THRESHOLDS = Step(
    "/departement/seuils",
    "Seuils",
    "Les achats par famille homogène sur douze mois devant les seuils du Code de la commande publique.",
)
WASTE = Step(
    "/departement/gaspillage",
    "Gaspillage",
    "Les grammes jetés par couvert, par intercommunalité, cuisine, plat et cause, avec leur incertitude.",
)
PERMITS = Step(
    "/departement/agrements",
    "Agréments",
    "Les agréments et dérogations des fournisseurs. Quand l'État en retire un, sa fin s'enregistre ici : ce qui en "
    "dépend ne se commande plus.",
)
VISITS: Mapping[Role, tuple[Step, ...]] = {
    Role.CHEF: (WEEK, ORDER, RECEIVE, WEIGH, COVERS, LEFT, SHOWN),
    Role.GESTIONNAIRE: (WEEK, ORDER, RECEIVE, LEDGER, REPORT),
    Role.PRODUCER: (PREPARE, PRODUCTS, CERTIFICATES, NEEDS, TENDERS, INVOICES),
    Role.HUB: (PREPARE, PRODUCTS, CERTIFICATES, NEEDS, TENDERS, INVOICES),
    Role.NUTRITION_MANAGER: (GRID, ALERTS, LEDGER, REPORTS, WASTE, KITCHENS),
    Role.DEPARTEMENT: (PLANS, MAP, THRESHOLDS, PERMITS, WASTE, GRID),
    Role.AUDITOR: (GRID, LEDGER, REPORTS, KITCHENS),
}


def visit(viewer: Viewer | None, here: str, asked: Mapping[str, str]) -> Visit | None:
    """What is shown of the visit on the page at ``here``, whose address asks for this; None for nothing.

    It is offered to newcomers on the page where they arrive, and shown to whoever follows it.
    """
    if viewer is None:
        return None
    steps = addresses(viewer)
    number = asked.get(STEP, "")
    # A step is shown on its own page only: a link that was copied elsewhere explains nothing there.
    for place, (step, address) in enumerate(steps):
        if number == str(place + 1) and address == here:
            return Visit(step, place + 1, len(steps), _at(steps, place - 1), _at(steps, place + 1), viewer.newcomer)
    if viewer.newcomer and steps and here == home(viewer):
        return Visit(None, 0, len(steps), None, _at(steps, 0), newcomer=True)
    return None


def addresses(viewer: Viewer) -> list[tuple[Step, str]]:
    """The steps of a viewer's visit with their addresses; those for which the viewer has no kitchen or farm are out."""
    found = ((step, reached(viewer, step.path)) for step in VISITS[viewer.role])
    return [(step, address) for step, address in found if address is not None]


def start(viewer: Viewer) -> str | None:
    """Where the visit begins; None when there is nothing to visit."""
    return _at(addresses(viewer), 0)


def _at(steps: list[tuple[Step, str]], place: int) -> str | None:
    return f"{steps[place][1]}?{STEP}={place + 1}" if 0 <= place < len(steps) else None
