"""A lot as a tablet notes it, as GraphQL takes it."""

from datetime import date
from decimal import Decimal
from typing import Any

import strawberry

from catering.graph.arguments import row_number
from catering.receiving.graph.words import Decision, ExpiryKind, ReceptionReason

DECISION = "Accepted (all of it), accepted with a reserve, or refused (nothing of it)."
DELIVERED_G = "Grams as weighed; packs × the weight of a pack by default. Goods of variable weight are billed by it."
ACCEPTED_PACKS = "Packs accepted; by default all, or none when refused."
ACCEPTED_G = "Grams accepted; by default those of the packs accepted."
LOT = "Number on the label, at most 60 characters; without one, the number and line of the order stand for it."
CELSIUS = "Measured on arrival, °C, to a tenth; needed to accept what has a limit (`temperatureLimits`)."
STATED_LIMIT = "°C stated by the producer, where the law leaves it to them."


@strawberry.input(description="One lot of an order line, as found on arrival.")
class NotedLotInput:
    decision: Decision = strawberry.field(description=DECISION)
    delivered_packs: int = strawberry.field(description="Packs that came.")
    delivered_g: int | None = strawberry.field(default=None, description=DELIVERED_G)
    accepted_packs: int | None = strawberry.field(default=None, description=ACCEPTED_PACKS)
    accepted_g: int | None = strawberry.field(default=None, description=ACCEPTED_G)
    lot: str = strawberry.field(default="", description=LOT)
    date_kind: ExpiryKind | None = strawberry.field(default=None, description="DLC or DDM; goes with `expiresOn`.")
    expires_on: date | None = strawberry.field(default=None, description="The date on the label.")
    celsius: Decimal | None = strawberry.field(default=None, description=CELSIUS)
    stated_limit: Decimal | None = strawberry.field(default=None, description=STATED_LIMIT)
    reason: ReceptionReason | None = strawberry.field(
        default=None, description="Needed with a reserve or a refusal, and only then."
    )
    comment: str | None = strawberry.field(default=None, description="At most 300 characters.")
    photo_id: strawberry.ID | None = strawberry.field(default=None, description="Number of a document.")


@strawberry.input(description="One lot, and the line of the order that it belongs to.")
class NotedLineInput(NotedLotInput):
    position: int = strawberry.field(description="Of the order line.")
    already_packs: int = strawberry.field(
        default=0, description="Packs of the line checked in before, as far as this tablet knows."
    )


def plain(given: NotedLotInput) -> dict[str, Any]:
    """What was given, as receiving reads it.

    Raises:
        BadArgumentError: the photo is no number.
    """
    return {
        **{name: value for name, value in vars(given).items() if name != "photo_id"},
        "photo_id": None if given.photo_id is None else row_number(given.photo_id, "photo"),
    }
