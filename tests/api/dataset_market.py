"""What the market of the small Département holds besides offers: proofs, permits, holidays, price lists, sheets."""

import hashlib
from datetime import date
from decimal import Decimal

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from catering.documents.models import Document, FileKind
from catering.market.models import (
    HygienePermit,
    Offer,
    OfferAllergen,
    OfferPhoto,
    PermitKind,
    PriceList,
    PriceListKitchen,
    PriceListLine,
    StandingAvailability,
    Supplier,
    SupplierPause,
)
from catering.market.sheet_headers import FRENCH
from catering.people.models import ChangeEvent
from catering.rules.allergens import Allergen
from tests.api.dataset import MOMENT, Size, uai

DAY = MOMENT.date()
"""The day it is in the tests of the market."""
PDF, PNG, CSV = 1, 2, 3
"""Numbers of the documents of the producer."""
HUB_SHIFT, OTHER_SHIFT = 10, 20
"""From these numbers to those of the documents of the hub and of the other seller, which only `fill_others` has."""
SELLERS = {1: "ferme_00", 2: "ferme_01"}
CARROT = 3
REACH_KM = 150
"""The kitchens are about 100 road km from the farms."""
SOLD = "vente_ferme_01_00"
SHEET = {
    "id": "", "ingredient": "ingredient_02", "product": "Carotte des sables", "unit": "kg", "unit_g": "1000",
    "pack_g": "5000", "pack_label": "sac de 5 kg", "variable_weight": "false", "price_eur_per_pack": "9.50",
    "vat_pct": "5.5", "label": "", "certificate": "", "origin": "France", "origin_country": "FR", "born_in": "",
    "reared_in": "", "slaughtered_in": "", "category": "ambient", "limit_celsius": "", "animal_product": "",
    "date_kind": "none", "allergens": "", "traces": "", "valid_from": "", "valid_to": "",
}  # fmt: skip


def file_of(*rows: dict[str, str]) -> bytes:
    """A CSV of offers."""
    lines = [";".join(FRENCH), *(";".join((SHEET | row)[code] for code in FRENCH) for row in rows)]
    return ("\n".join(lines) + "\n").encode()


async def fill_market(session: AsyncSession, size: Size, actor: str) -> None:
    """Two sellers with all that a seller can have; ``actor`` sent the documents."""
    session.add_all(documents_of(actor))
    for number, slug in SELLERS.items():
        (await session.get_one(Supplier, number)).max_km = REACH_KM
        session.add_all(of_seller(number, slug))
    await session.flush()
    session.add_all(row for number, slug in SELLERS.items() for row in offers_of(number, slug, size))
    await session.flush()
    session.add_all(row for number, slug in SELLERS.items() for row in terms_of(number, slug, size))
    # Beyond the two sellers, who have all that a seller can have.
    session.add_all(permit_of(number) for number in range(len(SELLERS) + 1, size.suppliers + 1))
    await session.flush()


def documents_of(actor: str, shift: int = 0) -> list[Document]:
    """A proof, a photograph and a table that somebody sent; ``shift`` is added to their numbers."""
    return [
        Document(
            id=number + shift, sha256=hashlib.sha256(content).hexdigest(), kind=kind, name=f"fichier.{kind}",
            size=len(content), at=MOMENT, actor=actor, content=content,
        )
        for number, kind, content in (
            (PDF, FileKind.PDF, b"%PDF-1.7 certificat"),
            (PNG, FileKind.PNG, b"\x89PNG\r\n\x1a\n photo"),
            (CSV, FileKind.CSV, file_of({})),
        )
    ]  # fmt: skip


async def fill_others(session: AsyncSession, hub: str, other_seller: str) -> None:
    """What tells one owner's from another's: documents of each seller, and price lists of the second kitchen alone."""
    session.add_all([*documents_of(hub, HUB_SHIFT), *documents_of(other_seller, OTHER_SHIFT)])
    session.add_all(
        PriceList(
            id=number + OTHER_SHIFT, slug=f"{slug}__tarif_2", supplier_id=number, name="Un seul collège", contract="M1",
            valid_from=date(2026, 9, 1), valid_to=None, made_by="test", made_at=MOMENT,
        )
        for number, slug in SELLERS.items()
    )  # fmt: skip
    await session.flush()
    session.add_all(PriceListKitchen(price_list_id=number + OTHER_SHIFT, uai=uai(1)) for number in SELLERS)
    session.add_all(PriceListKitchen(price_list_id=number, uai=uai(1)) for number in SELLERS)
    (await session.get_one(HygienePermit, 1)).document_id = PDF + OTHER_SHIFT
    await session.execute(
        update(OfferPhoto).where(OfferPhoto.offer_id == first_offer(1)).values(document_id=PNG + OTHER_SHIFT)
    )
    await session.flush()


def first_offer(number: int) -> int:
    """Number of the first offer that nobody can buy yet of a seller."""
    return 5_000 + 100 * number


def of_seller(number: int, slug: str) -> list[object]:
    """A dérogation, a holiday and a price list."""
    return [
        permit_of(number),
        SupplierPause(
            id=number, supplier_id=number, first_day=date(2026, 12, 21), last_day=date(2027, 1, 1), reason="congés",
            made_by="test",
        ),
        PriceList(
            id=number, slug=f"{slug}__tarif_1", supplier_id=number, name="Groupement d'Arras", contract=None,
            valid_from=date(2026, 9, 1), valid_to=None, made_by="test", made_at=MOMENT,
        ),
    ]  # fmt: skip


def offers_of(number: int, slug: str, size: Size) -> list[Offer]:
    """Offers that nobody can buy yet: they have no capacity."""
    return [
        Offer(
            id=first_offer(number) + rank, slug=f"vente_{slug}_{rank:02d}", supplier_id=number, ingredient_id=CARROT,
            product=f"Botte de carottes {rank}", search=f"botte de carottes {rank}", pack_g=5_000,
            pack_label="caisse de 5 kg", price_eur_per_pack=Decimal(9 + number), origin="France",
            vat_pct=Decimal("5.5"), allergens_on=DAY,
            allergens=[OfferAllergen(allergen=Allergen.CELERY, traces=True)],
        )
        for rank in range(size.suppliers)
    ]  # fmt: skip


def permit_of(number: int) -> HygienePermit:
    """The dérogation of a seller."""
    return HygienePermit(
        id=number, supplier_id=number, kind=PermitKind.DEROGATION, number=f"2026-{number:04d}",
        valid_from=date(2026, 1, 1), document_id=PDF, large_share=False,
    )  # fmt: skip


def terms_of(number: int, slug: str, size: Size) -> list[object]:
    """Who pays the list and which prices, what a year of the first offer is, its photograph and its history."""
    first = first_offer(number)
    prices: list[object] = [
        PriceListLine(
            price_list_id=number, offer_id=first + rank, valid_from=date(2026, 9, 1), price_eur_per_pack=Decimal(8)
        )
        for rank in range(size.suppliers)
    ]
    changes: list[object] = [
        ChangeEvent(
            at=MOMENT, actor="test", subject="offers", key=f"vente_{slug}_00", before={"pack_g": "1"},
            after={"pack_g": str(rank)},
        )
        for rank in range(size.suppliers)
    ]  # fmt: skip
    return [
        *prices,
        *changes,
        PriceListKitchen(price_list_id=number, uai=uai(0)),
        StandingAvailability(offer_id=first, month=9, grams_per_week=50_000),
        OfferPhoto(offer_id=first, document_id=PNG, position=1),
    ]
