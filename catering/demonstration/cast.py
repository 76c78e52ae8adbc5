"""On whose behalf each act of the story is done: the identities of the demonstration, and invented colleagues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from catering.demonstration.stage import Stage
from catering.market.models import Supplier, SupplierKind
from catering.people.demonstration import ACTOR, KITCHENS, PERSONAS, account_of, share
from catering.people.models.accounts import LONGEST_NAME
from catering.people.service import give
from catering.people.viewer import Role, Viewer

KINDS = {Role.PRODUCER: SupplierKind.PRODUCER, Role.HUB: SupplierKind.HUB}
ADMINISTRATION = Viewer("Démonstration", Role.DEPARTEMENT)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who acts for the kitchens (UAI) of the identities of the demonstration."""

    chefs: Mapping[str, Viewer]
    bursars: Mapping[str, Viewer]

    def chef(self, uai: str) -> Viewer:
        """Who orders and receives in a kitchen."""
        return self.chefs.get(uai) or Viewer(f"Cuisine {uai} (démonstration)", Role.CHEF, frozenset({uai}))

    def bursar(self, uai: str) -> Viewer:
        """Who signs for a kitchen."""
        return self.bursars.get(uai) or Viewer(f"Gestion {uai} (démonstration)", Role.GESTIONNAIRE, frozenset({uai}))

    def seller(self, supplier: Supplier) -> Viewer:
        """Who answers for a supplier."""
        return Viewer(supplier.name[:LONGEST_NAME], Role.PRODUCER, suppliers=frozenset({supplier.slug}))


async def gather(session: AsyncSession, stage: Stage) -> Cast:
    """Open the accounts of the demonstration and give the buyers among them their kitchens."""
    acting: dict[Role, dict[str, Viewer]] = {Role.CHEF: {}, Role.GESTIONNAIRE: {}}
    uais = [kitchen.uai for kitchen in stage.told_kitchens]
    for persona in PERSONAS.values():
        account = await account_of(session, persona)
        mine = share(uais, KITCHENS.get(persona.role, 0), persona.rank)
        await give(session, ACTOR, account, kitchens=mine)
        viewer = Viewer(account.name, persona.role, frozenset(mine), account=account.id)
        for uai in mine:
            acting[persona.role].setdefault(uai, viewer)
    return Cast(acting[Role.CHEF], acting[Role.GESTIONNAIRE])


async def cast_sellers(session: AsyncSession, trading: Sequence[Supplier]) -> None:
    """Give the sellers of the demonstration the suppliers that trade most: ``trading`` begins with these."""
    for persona in PERSONAS.values():
        of_kind = [row.slug for row in trading if row.kind is KINDS.get(persona.role)]
        if sold := share(of_kind, 1, persona.rank):
            await give(session, ACTOR, await account_of(session, persona), suppliers=sold)
