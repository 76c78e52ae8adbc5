"""Purchases from files, told beside the counter of needs, which counts what was bought through the platform."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry
from sqlalchemy import func

from catering.figures import CENT, euros
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.procurement.graph.law import OnDay, day_asked
from catering.procurement.need import window_of
from catering.purchases.models import PurchaseLine
from catering.purchases.queries import purchases
from catering.recipes.vocabulary import Family
from catering.rules import law


@strawberry.type(description="Purchases of a family that only files tell; no counter of needs has them.")
class PurchasesBesideNeeds:
    family: Family = strawberry.field(description="Family of ma-cantine: a file tells no famille homogène.")
    first_day: date = strawberry.field(description="First day of the twelve months.")
    last_day: date = strawberry.field(description="Last day of the twelve months.")
    amount_eur: Decimal = strawberry.field(description="€ excl. tax.")

    @documented
    def notice(self) -> str:
        """What to do about it, in French."""
        name = law().tables.families[self.family].french_name
        return (
            f"{euros(self.amount_eur.quantize(CENT))} d'achats importés ({name}) ne sont pas dans le compteur : "
            "un fichier ne dit "
            "pas la famille homogène. Les ajouter au besoin avant de comparer au seuil (CCP-20)."
        )


@strawberry.type
class Query:
    @documented
    async def purchases_beside_needs(
        self,
        info: Ask,
        kitchen: Annotated[strawberry.ID, strawberry.argument(description="UAI of the buyer.")],
        on: OnDay = None,
    ) -> list[PurchasesBesideNeeds]:
        """What a buyer bought over the twelve months of the counter that only files tell, by family (8 at most)."""
        first, last = window_of(day_asked(on))
        amount = func.sum(PurchaseLine.amount_excl_tax)
        statement = (
            purchases(info.context.viewer, uai=kitchen, first_day=first, last_day=last)
            .where(PurchaseLine.import_id.is_not(None))
            .with_only_columns(PurchaseLine.family, amount)
            .group_by(PurchaseLine.family)
            .having(amount != 0)
            .order_by(PurchaseLine.family)
        )
        return _shown(await info.context.rows(statement), first, last)


def _shown(rows: Iterable[tuple[Family, Decimal]], first: date, last: date) -> list[PurchasesBesideNeeds]:
    return [
        PurchasesBesideNeeds(family=family, first_day=first, last_day=last, amount_eur=amount)
        for family, amount in rows
    ]
