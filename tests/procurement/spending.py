"""What collèges have committed to, as rows of the ledger."""

from datetime import UTC, date, datetime
from decimal import Decimal

from catering.procurement.models import Engagement
from catering.procurement.vocabulary import GroundKind


def committed(day: date, amount: Decimal, family: str) -> Engagement:
    """An amount that the first collège committed to without contract; negative when taken back."""
    return Engagement(
        kitchen_id=1, family=family, day=day, amount=amount, supplier_id=1, ground=GroundKind.FREE_PURCHASE,
        grouped=False, counted=True, source="order 1", at=datetime.now(UTC), actor="test",
    )  # fmt: skip
