"""Purchases of the year before of the first two collèges, of which the first declared its own."""

from datetime import date
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from catering.declarations.models import DeclarationForm
from catering.declarations.service import Wish, declare
from catering.moment import shown_at
from catering.people.viewer import Role, Viewer
from catering.purchases.models import OriginZone, PurchaseImport, PurchaseLine, PurchaseSource, ThirdCountryReason
from catering.purchases.summing import Sums
from catering.recipes.vocabulary import Family
from tests.api.dataset import MOMENT, uai

YEAR = 2025
FIRST_IMPORT = 9_500
EVERY_POINT = [f"DEC-{number}" for number in range(10, 24)]
"""All that may be open on a check list."""
MANAGER = Viewer("Responsable nutrition", Role.NUTRITION_MANAGER)
BOUGHT = (
    ("Pommes", Family.FRUITS_ET_LEGUMES, "BIO", OriginZone.FRANCE, "120.00"),
    ("Bœuf", Family.VIANDES_VOLAILLES, "LABEL_ROUGE", OriginZone.FRANCE, "300.00"),
    ("Riz", Family.AUTRES, "", None, "80.00"),
)


ABROAD = ("Bananes de Saint-Domingue", "Riz thaï")
"""Bought from third countries by both collèges since a reason is asked for (EGA-51); of the second they wrote why."""


async def fill_abroad(session: AsyncSession) -> None:
    """Two purchases from third countries of each of two collèges, and a reason."""
    added = Sums()
    for kitchen in (1, 2):
        for rank, product in enumerate(ABROAD, start=6):
            row = PurchaseLine(
                kitchen_id=kitchen, source=PurchaseSource.IMPORT, bought_on=date(YEAR + 1, 9, 1), product=product,
                family=Family.AUTRES, labels="", sign="", not_counted="", origin="", origin_zone=OriginZone.TIERS,
                local=False, amount_excl_tax=Decimal("40.00"), import_id=FIRST_IMPORT + kitchen, file_line=rank,
                year=YEAR + 1, entered_at=MOMENT, entered_by=MANAGER.actor, circuit_court=False,
            )  # fmt: skip
            session.add(row)
            added.add(row)
        reason = ThirdCountryReason(
            kitchen_id=kitchen, year=YEAR + 1, product=ABROAD[1], reason="Aucune offre.", at=MOMENT, actor=MANAGER.actor
        )
        session.add(reason)
    await session.flush()
    await added.store(session)


async def fill_declarations(session: AsyncSession) -> None:
    """Three purchases of each of two collèges, a month apart, and a declaration of the first one."""
    added = Sums()
    for kitchen in (1, 2):
        number = FIRST_IMPORT + kitchen
        session.add(
            PurchaseImport(
                id=number, identity=f"{number:064d}", name="achats.csv", lines=len(BOUGHT),
                amount_excl_tax=Decimal("500.00"), at=MOMENT, actor=MANAGER.actor,
            )
        )  # fmt: skip
        await session.flush()
        for rank, (product, family, label, zone, amount) in enumerate(BOUGHT, start=1):
            row = PurchaseLine(
                kitchen_id=kitchen, source=PurchaseSource.IMPORT, bought_on=date(YEAR, 3 * rank, 2), product=product,
                family=family, labels=label, sign=label, not_counted="", origin="", origin_zone=zone, local=False,
                amount_excl_tax=Decimal(amount), import_id=number, file_line=rank + 1, year=YEAR, entered_at=MOMENT,
                entered_by=MANAGER.actor, supplier_name="Ferme", circuit_court=False,
            )  # fmt: skip
            session.add(row)
            added.add(row)
    await session.flush()
    await added.store(session)
    with shown_at(MOMENT):
        await declare(session, MANAGER, Wish(uai(0), YEAR, DeclarationForm.SIMPLE, 0, "Première", EVERY_POINT))
    # Since then a purchase was found: there is something to correct.
    late = PurchaseLine(
        kitchen_id=1, source=PurchaseSource.IMPORT, bought_on=date(YEAR, 12, 2), product="Cabillaud",
        family=Family.PRODUITS_DE_LA_MER, labels="", sign="", not_counted="", origin="", origin_zone=OriginZone.EUROPE,
        local=False, amount_excl_tax=Decimal("50.00"), import_id=FIRST_IMPORT + 1, file_line=5, year=YEAR,
        entered_at=MOMENT, entered_by=MANAGER.actor, circuit_court=False,
    )  # fmt: skip
    session.add(late)
    found = Sums()
    found.add(late)
    await session.flush()
    await found.store(session)
    await fill_abroad(session)
