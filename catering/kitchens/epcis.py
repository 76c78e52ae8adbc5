"""Groups of communes by their exact names: a name that nobody bears is refused, and near ones are named."""

import re
from difflib import get_close_matches

from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import kitchens
from catering.people.viewer import Viewer
from catering.refusal import Refusal
from catering.spelling import folded

MOST_NEAR = 3
STATUS = re.compile(r"^(communaute (de communes|d'agglomeration|urbaine)|cc|ca|cu)\b ?(des? |du |d')?(la |l')?")
"""How the name of a group begins, as ``folded``."""


class UnknownEpci(Refusal):
    """No kitchen that the viewer may read is of this group of communes."""

    def __init__(self, name: str, near: list[str]) -> None:
        hint = f"Voulez-vous dire : {', '.join(f'« {each} »' for each in near)} ?" if near else "En vérifier le nom."
        super().__init__(f"Aucun de vos collèges n'est de l'intercommunalité « {name} ». {hint}")
        self.near = near


async def require_epci(session: AsyncSession, viewer: Viewer, name: str) -> None:
    """Nothing when some visible kitchen is of this group of communes; one statement.

    Raises:
        UnknownEpci: none is.
    """
    known = sorted(await session.scalars(kitchens(viewer).with_only_columns(Kitchen.epci).distinct()))
    if name not in known:
        raise UnknownEpci(name, near_names(name, known))


def near_names(name: str, known: list[str]) -> list[str]:
    """Known names that hold a name, whatever its accents and capitals, or are spelt nearly like it; at most three."""
    asked, spelt = folded(name), {folded(each): each for each in known}
    holding = [each for plain, each in spelt.items() if asked and asked in plain]
    if holding:
        return holding[:MOST_NEAR]
    # Names begin alike: what tells them apart is what follows.
    own = {STATUS.sub("", plain): each for plain, each in spelt.items()}
    return [own[each] for each in get_close_matches(STATUS.sub("", asked), own, n=MOST_NEAR)]
