"""The limit that a producer states on its sheet: kept on the order line, judged by on arrival."""

from decimal import Decimal

import pytest
from sqlalchemy import update

from catering.db import Database
from catering.orders.models import OrderLine
from catering.receiving import refusals
from catering.receiving.models import ReceptionLine
from catering.rules.temperatures import TemperatureVerdict
from tests.receiving.test_receive import a_pass, received
from tests.receiving.world import MILK, noted, rows


@pytest.mark.parametrize(
    ("sold", "label", "celsius", "limit"),
    [("6", None, "7", "6"), ("6", "4", "5", "4"), ("4", "8", "5", "4")],
)
async def test_the_limit_that_the_producer_sold_it_with_is_not_asked_for_again(
    sold: str, label: str | None, celsius: str, limit: str, world: Database
) -> None:
    """Milk has no limit of the law: what its sheet said on the day it was sold is judged by, or a stricter label."""
    async with world.unit_of_work() as session:
        stated = update(OrderLine).where(OrderLine.ingredient_id == MILK)
        await session.execute(stated.values(limit_celsius=Decimal(sold)))
    read = None if label is None else Decimal(label)
    with pytest.raises(refusals.TemperatureNotMeasured):
        await received(world, a_pass(noted(MILK, celsius=None, stated_limit=read)))
    with pytest.raises(refusals.TemperatureExceeded, match=f"limite de {limit}"):
        await received(world, a_pass(noted(MILK, celsius=Decimal(celsius), stated_limit=read)))
    await received(world, a_pass(noted(MILK, celsius=Decimal(4), stated_limit=read)))
    (row,) = await rows(world, ReceptionLine)
    assert (row.limit_celsius, row.verdict) == (Decimal(limit), TemperatureVerdict.WITHIN)
