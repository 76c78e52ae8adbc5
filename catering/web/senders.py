"""Who may send the forms of a page: those whom the operations behind them do not refuse for their role."""

from collections.abc import Mapping

from catering.people.viewer import BUYS, SELLS, Role, Viewer
from catering.purchases.importing import IMPORTERS
from catering.waste.service.learning import LEARNS

SENDERS: Mapping[str, frozenset[Role]] = {
    "account": frozenset(Role),
    "chef": BUYS,
    "departement": frozenset({Role.DEPARTEMENT}),
    "nutrition": IMPORTERS,
    "producer": SELLS,
}
"""By persona, which is how the names of pages and actions begin; a page of another persona has no form."""

BY_PAGE: Mapping[str, frozenset[Role]] = {"nutrition/lesson": LEARNS, "nutrition/portions": LEARNS}
"""Pages whose forms fewer may send than the others of their persona."""


def may_send(viewer: Viewer | None, name: str) -> bool:
    """Whether somebody may send the forms of a page or an action; others are shown none."""
    return viewer is not None and viewer.role in BY_PAGE.get(name, SENDERS.get(name.split("/")[0], frozenset()))
