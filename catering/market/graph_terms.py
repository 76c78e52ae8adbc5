"""Permits, holidays and yearly templates of suppliers, as GraphQL shows them."""

from datetime import date

import strawberry

from catering.documents.graph import Document, show_document
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.graph.values import BigInt
from catering.market import models
from catering.market.loaders import MarketDocumentById
from catering.market.models import PermitKind

strawberry.enum(PermitKind, description="What a permit allows (HYG-01 to HYG-04).")


async def document_of(info: Ask, number: int | None) -> Document | None:
    """A document that proves or shows something of the market."""
    row = None if number is None else await info.context.loader(MarketDocumentById).load(number)
    return None if row is None else show_document(row)


@strawberry.type(description="A supplier's right to sell products of animals to canteens.")
class HygienePermit:
    row: strawberry.Private[models.HygienePermit]
    id: strawberry.ID = strawberry.field(description="Number.")
    kind: PermitKind = strawberry.field(description="Approval, dérogation or packing centre.")
    number: str = strawberry.field(description="In the oval mark, or of the receipt of the declaration.")
    valid_from: date = strawberry.field(description="First day, included.")
    valid_to: date | None = strawberry.field(description="Last day, included; null has no end.")
    withdrawn_from: date | None = strawberry.field(
        description="First day on which it allows nothing any more, when the administration ended it; null otherwise."
    )
    withdrawn_reason: str | None = strawberry.field(description="Why the administration ended it, in French.")
    max_km: int | None = strawberry.field(description="Distance that the prefect granted, km as the crow flies.")
    large_share: bool = strawberry.field(
        description="Whether the lower weekly caps hold: more than the small share of the production is sold this way."
    )

    @documented
    async def document(self, info: Ask) -> Document | None:
        """What shows it."""
        return await document_of(info, self.row.document_id)


@strawberry.type(description="Days on which a supplier delivers nothing.")
class SupplierPause:
    id: strawberry.ID = strawberry.field(description="Number.")
    first_day: date = strawberry.field(description="First day, included.")
    last_day: date = strawberry.field(description="Last day, included.")
    reason: str = strawberry.field(description="In French.")


@strawberry.type(description="What an offer can deliver in each week of a month, year after year.")
class MonthlyAvailability:
    month: int = strawberry.field(description="1 to 12; a week belongs to the month of its Monday.")
    grams_per_week: BigInt | None = strawberry.field(description="Null is unlimited.")


def show_permit(row: models.HygienePermit) -> HygienePermit:
    """A permit as GraphQL shows it."""
    return shown(HygienePermit, row, row=row, id=strawberry.ID(str(row.id)))


def show_pause(row: models.SupplierPause) -> SupplierPause:
    """A holiday as GraphQL shows it."""
    return shown(SupplierPause, row, id=strawberry.ID(str(row.id)))
