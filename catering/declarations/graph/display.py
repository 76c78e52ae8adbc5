"""What diners are told of the purchases of a collège, without an account and without an amount."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry

from catering.charts import bars
from catering.declarations.display import Display, display_of
from catering.graph.charts import Chart, show_chart
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.menus.diners import place_of
from catering.purchases.graph_egalim import OfYear, year_asked


@strawberry.type(description="One figure told to diners.")
class DisplayedShare:
    id: strawberry.ID = strawberry.field(description="Id of the item, e.g. `AFF-01`.")
    name: str = strawberry.field(description="What it is a share of, in French.")
    told: str = strawberry.field(description="How it is computed, in French.")
    mandatory: bool = strawberry.field(description="Whether the law asks for it (EGA-30), or it merely helps.")
    share_pct: Decimal | None = strawberry.field(
        description="Percent, two decimals; null when nothing was bought, or nobody told."
    )
    least_pct: Decimal | None = strawberry.field(description="Least percent that the law asks; null without one.")
    holds: bool | None = strawberry.field(description="Whether it is reached; null without a rate.")
    source: str = strawberry.field(description="The text that asks for it, in French.")


@strawberry.type(description="The legal display of a collège, open to everybody (EGA-30).")
class EgalimDisplay:
    row: strawberry.Private[Display]
    uai: strawberry.ID = strawberry.field(description="National id of the collège.")
    name: str = strawberry.field(description="Its name.")
    commune: str = strawberry.field(description="Its commune.")
    year: int = strawberry.field(description="Civil year of the purchases.")
    declared_on: date | None = strawberry.field(description="Day of its declaration; null: the figures may still move.")
    as_of: date = strawberry.field(description="Day of the figures.")
    update_by: date = strawberry.field(description="Day by which the law has the display renewed.")
    shares: list[DisplayedShare] = strawberry.field(description="In order of id.")

    @documented
    def chart(self) -> Chart:
        """The shares as bars beside the rates of the law."""
        return show_chart(self.row.picture, bars)


def show_display(row: Display) -> EgalimDisplay:
    """A display as GraphQL shows it."""
    shares = [
        DisplayedShare(
            id=strawberry.ID(each.item.id),
            name=each.item.french_name,
            told=each.item.told,
            mandatory=each.item.duty == "mandatory",
            share_pct=each.share,
            least_pct=each.least,
            holds=each.holds,
            source=each.source,
        )
        for each in row.figures
    ]
    return EgalimDisplay(
        row=row,
        uai=strawberry.ID(row.place.uai),
        name=row.place.name,
        commune=row.place.commune,
        year=row.year,
        declared_on=row.declared_on,
        as_of=row.as_of,
        update_by=row.update_by,
        shares=shares,
    )


@strawberry.type
class Query:
    @documented
    async def egalim_display(
        self,
        info: Ask,
        uai: Annotated[strawberry.ID, strawberry.argument(description="National id of the collège, 8 characters.")],
        year: OfYear = None,
    ) -> EgalimDisplay | None:
        """Share of durable and quality products, for diners, without an account: by default of the last year that is
        over, of the present one while that has none. Null for an unknown collège."""
        asked = None if year is None else year_asked(year)
        async with info.context.of_everybody() as session:
            place = await place_of(session, info.context.signed_in, str(uai))
            if place is None:
                return None
            return show_display(await display_of(session, info.context.signed_in, place, asked))
