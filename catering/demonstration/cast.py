"""On whose behalf each act of the story is done: the identities of the demonstration, and invented colleagues."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from catering.demonstration.stage import Stage
from catering.market.models import Supplier, SupplierKind
from catering.people.demonstration import ACTOR, KITCHENS, PERSONAS, account_of, share
from catering.people.service import give
from catering.people.viewer import Role, Viewer

KINDS = {Role.PRODUCER: SupplierKind.PRODUCER, Role.HUB: SupplierKind.HUB}
ADMINISTRATION = Viewer("Démonstration", Role.DEPARTEMENT)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts, by kitchen (UAI) and supplier (slug); ``visited``: UAI of the kitchens a chef of the cast works in."""

    chefs: Mapping[str, Viewer]
    bursars: Mapping[str, Viewer]
    sellers: Mapping[str, Viewer]
    visited: frozenset[str]

    def chef(self, uai: str) -> Viewer:
        """Who orders and receives in a kitchen."""
        return self.chefs.get(uai) or Viewer(f"Cuisine {uai} (démonstration)", Role.CHEF, frozenset({uai}))

    def bursar(self, uai: str) -> Viewer:
        """Who signs for a kitchen."""
        return self.bursars.get(uai) or Viewer(f"Gestion {uai} (démonstration)", Role.GESTIONNAIRE, frozenset({uai}))

    def seller(self, supplier: Supplier) -> Viewer:
        """Who answers for a supplier."""
        known = self.sellers.get(supplier.slug)
        return known or Viewer(supplier.name[:120], Role.PRODUCER, suppliers=frozenset({supplier.slug}))


async def gather(session: AsyncSession, stage: Stage) -> Cast:
    """Open the accounts of the demonstration and give each a share of the kitchens and suppliers that trade."""
    chefs: dict[str, Viewer] = {}
    bursars: dict[str, Viewer] = {}
    sellers: dict[str, Viewer] = {}
    uais = [kitchen.uai for kitchen in stage.told_kitchens]
    trading = stage.sellers()
    for persona in PERSONAS.values():
        each = KITCHENS.get(persona.role, 0)
        mine = share(uais, each, persona.rank)
        sold = share([row.slug for row in trading if row.kind is KINDS.get(persona.role)], 1, persona.rank)
        account = await account_of(session, persona)
        await give(session, ACTOR, account, kitchens=mine, suppliers=sold)
        viewer = Viewer(account.name, persona.role, frozenset(mine), frozenset(sold), account.id)
        by_kitchen = chefs if persona.role is Role.CHEF else bursars
        for uai in mine:
            by_kitchen.setdefault(uai, viewer)
        for slug in sold:
            sellers.setdefault(slug, viewer)
    return Cast(chefs, bursars, sellers, frozenset(chefs))
