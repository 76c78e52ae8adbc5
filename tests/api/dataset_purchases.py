"""How ma-cantine knows the first two collèges of the small Département, and a file of purchases that each role sent."""

import hashlib

from sqlalchemy.ext.asyncio import AsyncSession

from catering.documents.models import Document, FileKind
from catering.purchases.ledger import FORMATS
from catering.purchases.models import Canteen
from tests.api.dataset import MOMENT
from tests.api.dataset_people import NUMBERS, OTHER_BUYER

FIRST_FILE = 9_000
"""To this number is added that of the account that sent the file."""
FIRST_PROOF = 9_500
"""The same, of a proof (PDF)."""
SIRETS = ("19620004200014", "19620014100022")
"""Of the kitchens 0 and 1, with their keys."""


def purchases_file(siret: str) -> bytes:
    """One purchase of the kitchen of this SIRET."""
    row = f"{siret},Pommes,Verger,2026-03-02,12.50,FRUITS_ET_LEGUMES,BIO,FRANCE,OUI,,,"
    return f"{','.join(FORMATS[0].columns)}\n{row}\n".encode()


async def fill_purchases(session: AsyncSession) -> None:
    """Two registrations, and a file and a proof of each account."""
    session.add_all(Canteen(kitchen_id=number, siret=siret) for number, siret in enumerate(SIRETS, start=1))
    for account in (*NUMBERS.values(), OTHER_BUYER):
        content = purchases_file(SIRETS[account == OTHER_BUYER])
        session.add(
            Document(
                id=FIRST_FILE + account, sha256=hashlib.sha256(content).hexdigest(), kind=FileKind.CSV,
                name="achats.csv", size=len(content), at=MOMENT, actor=f"account {account}", content=content,
            )
        )  # fmt: skip
        proof = f"%PDF-1.7 preuve {account}".encode()
        session.add(
            Document(
                id=FIRST_PROOF + account, sha256=hashlib.sha256(proof).hexdigest(), kind=FileKind.PDF,
                name="reglement.pdf", size=len(proof), at=MOMENT, actor=f"account {account}", content=proof,
            )
        )  # fmt: skip
    await session.flush()
