"""The routines of the platform: forecasts of covers, baskets of standing orders, proofs that end soon."""

from datetime import date, timedelta

from catering.attendance.forecasting import forecast_all, keep
from catering.db import Database
from catering.kitchens.calendar import week_of
from catering.market.reminding import remind
from catering.moment import now
from catering.orders.standing import fill_week
from catering.people.viewer import Role, Viewer
from catering.routines.running import Daily

NIGHT, EARLY, MORNING = 3, 5, 7
WEEKS_FILLED = 3
"""This week and the two after it: suppliers who want an order long before have it in time."""
ROUTINE = Viewer("Chaque jour", Role.DEPARTEMENT)


async def forecast(database: Database, day: date) -> str:
    """Forecast the covers of the coming two weeks; days forecast already today stay as they were."""
    async with database.reading() as session:
        made = await forecast_all(session, ROUTINE, day)
    async with database.unit_of_work() as session:
        return f"{await keep(session, made)} prévisions de couverts faites."


async def proofs_ending(database: Database, day: date) -> str:
    """Write to suppliers whose certificates and permits end soon; each is told once per term."""
    async with database.unit_of_work() as session:
        queued = await remind(session, ROUTINE, day, now())
    return f"{queued} preuves qui finissent bientôt, rappelées à leurs fournisseurs."


async def standing_orders(database: Database, day: date) -> str:
    """Put what standing orders ask for into the baskets of this week and the next two; a day filled stays as it is."""
    put = refused = 0
    for later in range(WEEKS_FILLED):
        async with database.unit_of_work() as session:
            made = await fill_week(session, ROUTINE, week_of(day) + timedelta(weeks=later), now())
        put, refused = put + made.put, refused + made.refused
    return f"{put} lignes mises aux paniers par les commandes permanentes, {refused} refusées."


DAILY = (
    Daily("forecast", NIGHT, forecast),
    Daily("standing_orders", EARLY, standing_orders),
    Daily("proofs", MORNING, proofs_ending),
)
