"""A picture of figures with its table, as GraphQL shows it."""

from collections.abc import Callable
from decimal import Decimal

import strawberry

from catering.charts import Picture


@strawberry.type(description="One row of the table beside a picture.")
class ChartRow:
    label: str = strawberry.field(description="What it is, in French.")
    value: Decimal | None = strawberry.field(description="Null when unknown.")
    low: Decimal | None = strawberry.field(description="Lower end of its interval; null without one.")
    high: Decimal | None = strawberry.field(description="Upper end of its interval.")


@strawberry.type(description="A picture of figures and the table of the same figures: show both.")
class Chart:
    title: str = strawberry.field(description="In French.")
    unit: str = strawberry.field(description="Of every figure, in French.")
    svg: str = strawberry.field(
        description="SVG 1.1 with title, desc and role, without script or anything from elsewhere."
    )
    rows: list[ChartRow] = strawberry.field(description="What is drawn, in order.")
    levels: list[ChartRow] = strawberry.field(description="Levels to compare with.")


def show_chart(picture: Picture, draw: Callable[[Picture], str]) -> Chart:
    """A picture as GraphQL shows it."""
    return Chart(
        title=picture.title,
        unit=picture.unit,
        svg=draw(picture),
        rows=[ChartRow(label=row.label, value=row.value, low=row.low, high=row.high) for row in picture.rows],
        levels=[ChartRow(label=each.label, value=each.value, low=None, high=None) for each in picture.levels],
    )
