"""Contracts that tests record."""

from datetime import date
from decimal import Decimal
from typing import Any

from catering.procurement.revision import Clause
from catering.procurement.service.contracting import ContractWish, LineWish, LotWish
from catering.procurement.vocabulary import Procedure, RevisionRhythm
from tests.api.dataset import uai

CLAUSE = Clause("RNM-FRUITS-LEGUMES", Decimal(100), Decimal("0.20"), RevisionRhythm.MONTHLY)
CARROTS = LineWish("ingredient_03", "Carottes", Decimal("1.00"), clause=CLAUSE)
START, END = date(2026, 9, 1), date(2028, 8, 31)


def wish(**changed: Any) -> ContractWish:
    """Carrots of the second farm for four collèges, over two years, up to 1 000 €."""
    stated: dict[str, Any] = {
        "kitchen": uai(0),
        "members": [uai(number) for number in range(4)],
        "number": "2026-01",
        "title": "Légumes",
        "supplier": "ferme_01",
        "procedure": Procedure.ADAPTED,
        "start": START,
        "end": END,
        "least": Decimal("100.00"),
        "most": Decimal("1000.00"),
        "lots": [LotWish(1, "Carottes", Decimal("1000.00"), [CARROTS])],
    }
    return ContractWish(**{**stated, **changed})
