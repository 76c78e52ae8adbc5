"""What stands in the navigation of each role, and where its first page is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from catering.people.viewer import Role, Viewer

ACCOUNT = "/compte"
SIGN_IN = "/connexion"


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of the navigation; ``path`` may hold ``{uai}`` or ``{supplier}``, of the page shown or of the viewer."""

    label: str
    path: str
    also: tuple[str, ...] = ()
    """Addresses of pages of the same subject that do not begin as its own."""

    def holds(self, href: str, here: str) -> bool:
        """Whether the page at ``here`` is one of its own, which begin with ``href``, or of its subject."""
        return any(here == each or here.startswith(f"{each}/") for each in (href, *self.also))


OF_ALL_WASTE = Entry("Gaspillage", "/departement/gaspillage", ("/nutrition/pesees", "/nutrition/portions"))
BUYER = (
    Entry("Ma semaine", "/cuisine/{uai}/semaine"),
    Entry("Commander", "/cuisine/{uai}/commander"),
    Entry("Réceptionner", "/cuisine/{uai}/receptions"),
    Entry("Peser", "/cuisine/{uai}/pesee"),
    Entry("Effectifs", "/cuisine/{uai}/effectifs"),
    Entry("Gaspillage", "/cuisine/{uai}/gaspillage"),
    Entry("Menus du mois", "/colleges/{uai}/menus"),
    Entry("Mes cuisines", "/cuisines"),
)
SIGNER = (
    *BUYER,
    Entry("Consultations", "/cuisine/{uai}/consultations"),
    Entry("Achats", "/achats"),
    Entry("Bilan EGAlim", "/cuisine/{uai}/bilan"),
)
SELLER = (
    Entry("À préparer", "/fournisseur/{supplier}/preparer"),
    Entry("Mes produits", "/fournisseur/{supplier}/produits"),
    Entry("Certificats", "/fournisseur/{supplier}/certificats"),
    Entry("Besoins à venir", "/fournisseur/{supplier}/besoins"),
    Entry("Consultations", "/fournisseur/{supplier}/consultations"),
    Entry("Factures", "/fournisseur/{supplier}/factures"),
)
CONTROLS = (
    Entry("La grille", "/nutrition/grille"),
    Entry("Achats", "/achats"),
    Entry("Bilans", "/nutrition/bilans"),
    OF_ALL_WASTE,
    Entry("Cuisines", "/cuisines"),
)
WATCHES = (
    Entry("La grille", "/nutrition/grille"),
    Entry("À redresser", "/nutrition/alertes"),
    Entry("Achats", "/achats"),
    Entry("Bilans", "/nutrition/bilans"),
    OF_ALL_WASTE,
    Entry("Cuisines", "/cuisines"),
)
STEERS = (
    Entry("Plans", "/departement/plans"),
    Entry("Carte", "/departement/carte"),
    Entry("Seuils", "/departement/seuils"),
    Entry("Agréments", "/departement/agrements"),
    OF_ALL_WASTE,
    Entry("La grille", "/nutrition/grille"),
    Entry("Cuisines", "/cuisines"),
)
ENTRIES: Mapping[Role, tuple[Entry, ...]] = {
    Role.CHEF: BUYER,
    Role.GESTIONNAIRE: SIGNER,
    Role.PRODUCER: SELLER,
    Role.HUB: SELLER,
    Role.NUTRITION_MANAGER: WATCHES,
    Role.DEPARTEMENT: STEERS,
    Role.AUDITOR: CONTROLS,
}
"""The first entry is where a role arrives."""


@dataclass(frozen=True, slots=True)
class Link:
    """An entry with its address."""

    label: str
    href: str
    current: bool


def links(viewer: Viewer | None, path: Mapping[str, str], here: str) -> Iterator[Link]:
    """The navigation of a viewer on the page at ``here``, whose path has these parameters."""
    if viewer is None:
        return
    for entry in ENTRIES[viewer.role]:
        href = reached(viewer, entry.path, path)
        if href is not None:
            yield Link(entry.label, href, entry.holds(href, here))


def reached(viewer: Viewer, path: str, shown: Mapping[str, str] = MappingProxyType({})) -> str | None:
    """The address of a path for a viewer, about what the page shown is about, else about what is theirs.

    None when it is about a kitchen or supplier and there is none.
    """
    subject = _subject(viewer) | {name: value for name, value in shown.items() if name in ("uai", "supplier")}
    known = "{" not in path or any(f"{{{name}}}" in path for name in subject)
    return path.format_map(subject) if known else None


def home(viewer: Viewer | None) -> str:
    """Where somebody arrives."""
    if viewer is None:
        return SIGN_IN
    first = next(links(viewer, {}, ""), None)
    return ACCOUNT if first is None else first.href


def _subject(viewer: Viewer) -> dict[str, str]:
    """The kitchen or supplier that a viewer's pages are about by default."""
    subject = {}
    if viewer.kitchens:
        subject["uai"] = min(viewer.kitchens)
    if viewer.suppliers:
        subject["supplier"] = min(viewer.suppliers)
    return subject
