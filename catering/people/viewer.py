"""The person or program on whose behalf data is read or changed."""

from dataclasses import dataclass
from enum import StrEnum

from catering.sight import NOTHING, Sight


class Role(StrEnum):
    """What a person does in public catering; it decides what they may see."""

    CHEF = "chef"
    """Chef of one or several collèges: menus, orders, receptions."""
    GESTIONNAIRE = "gestionnaire"
    """Bursar of one or several collèges: the buyer who signs orders, awards and invoices."""
    PRODUCER = "producer"
    """Farm, fishery, workshop or wholesaler that sells to collèges."""
    HUB = "hub"
    """Platform that groups and delivers the products of several farms."""
    NUTRITION_MANAGER = "nutrition_manager"
    """Checks the menus and the purchases of every collège."""
    DEPARTEMENT = "departement"
    """Administrator of the Département: runs and publishes plans."""
    AUDITOR = "auditor"
    """Reads everything, changes nothing."""


class Scope(StrEnum):
    """What a program may do with a token, within what its account may."""

    READ = "read"
    """Read."""
    PLANS_WRITE = "plans:write"
    """Start, stop and publish plans."""
    OFFERS_WRITE = "offers:write"
    """Keep the products, offers, prices and capacities of a supplier."""
    BUYING_WRITE = "buying:write"
    """Describe needs, answer consultations, keep contracts; what a buyer signs is done in person."""
    ORDERS_WRITE = "orders:write"
    """Fill baskets, send orders, answer them."""
    RECEPTIONS_WRITE = "receptions:write"
    """Receive deliveries, move the stock."""
    INVOICES_WRITE = "invoices:write"
    """Issue, enter, match, approve and reject invoices, answer credits."""
    WASTE_WRITE = "waste:write"
    """Weigh, count covers, keep the diagnostic."""
    ATTENDANCE_WRITE = "attendance:write"
    """Announce days unlike the others: trips, exams, strikes."""
    MENUS_WRITE = "menus:write"
    """Write menus, and read them from files."""


BUYS = frozenset({Role.CHEF, Role.GESTIONNAIRE})
SELLS = frozenset({Role.PRODUCER, Role.HUB})
SEES_EVERYTHING = frozenset({Role.NUTRITION_MANAGER, Role.DEPARTEMENT, Role.AUDITOR})
WRITES_EVERYTHING = frozenset({Role.DEPARTEMENT})


@dataclass(frozen=True, slots=True)
class Viewer:
    """One signed-in identity.

    ``kitchens`` are the UAI of who buys, ``suppliers`` the ids of who sells. ``account`` is the number of the account;
    the command line and the demonstration without a choice have none. ``scopes`` narrow a program that brings a token;
    None is a person, who may do all that their role may. ``newcomer``: the guided first visit of the pages is still to
    be offered to this person.
    """

    name: str
    role: Role
    kitchens: frozenset[str] = frozenset()
    suppliers: frozenset[str] = frozenset()
    account: int | None = None
    scopes: frozenset[Scope] | None = None
    newcomer: bool = False

    @property
    def actor(self) -> str:
        """Who it is in traces, the same for ever: a name may change or be borne by two people."""
        return self.name if self.account is None else f"account {self.account}"

    @property
    def present(self) -> bool:
        """Whether it is the person in person, and no program with their token."""
        return self.scopes is None

    def may(self, scope: Scope) -> bool:
        """Whether the token, if there is one, allows this much."""
        return self.scopes is None or scope in self.scopes

    @property
    def sees_everything(self) -> bool:
        """Whether the role reads all kitchens and all suppliers."""
        return self.role in SEES_EVERYTHING

    @property
    def buys(self) -> bool:
        """Whether the viewer buys for kitchens; a buyer never reads another kitchen."""
        return self.role in BUYS

    @property
    def sells(self) -> bool:
        """Whether the viewer sells; a seller never reads what belongs to another one."""
        return self.role in SELLS


def sight_of(viewer: Viewer | None) -> Sight:
    """Whose rows the database lets a viewer read and write, whatever is asked: nobody's for who is not signed in."""
    if viewer is None:
        return NOTHING
    return Sight(
        reads_all=viewer.sees_everything,
        writes_all=viewer.role in WRITES_EVERYTHING,
        kitchens=viewer.kitchens if viewer.buys else frozenset(),
        suppliers=viewer.suppliers if viewer.sells else frozenset(),
    )


def demo_viewer() -> Viewer:
    """The administrator of the Département: whom the demonstration takes everybody for who has chosen no one else."""
    return Viewer(name="Démonstration (administration du Département)", role=Role.DEPARTEMENT)
