"""How weighings stand to the protocol of their kind of kitchen, as GraphQL shows it."""

from datetime import date

import strawberry

from catering.graph.shown import shown
from catering.waste.rules.kept import ProtocolKept


@strawberry.type(description="How a period stands to the protocol of its kind of kitchen (GAS-10, GAS-10-SOINS).")
class WasteProtocol:
    rule: strawberry.ID = strawberry.field(description="Which.")
    days: int = strawberry.field(description="Days complete and counted; of a place of care, in a row.")
    asked: int = strawberry.field(description="Days that it asks for.")
    missing_days: list[date] | None = strawberry.field(
        description="Days of service so far on which nobody weighed anything; null: the calendar is not known."
    )
    over: bool = strawberry.field(description="Whether the period has ended.")
    kept: bool = strawberry.field(description="Whether it may be called a campaign: over, with enough days.")
    told: str = strawberry.field(description="In French.")


def show_protocol(found: ProtocolKept) -> WasteProtocol:
    """How a period stands to the protocol, as GraphQL shows it."""
    missing = None if found.missing is None else list(found.missing)
    return shown(WasteProtocol, found, rule=strawberry.ID(found.rule), missing_days=missing)
