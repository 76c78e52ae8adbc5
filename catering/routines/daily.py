"""The routines of the platform: forecasts of covers, proofs that end soon."""

from datetime import date

from catering.attendance.forecasting import forecast_all, keep
from catering.db import Database
from catering.market.reminding import remind
from catering.moment import now
from catering.people.viewer import Role, Viewer
from catering.routines.running import Daily

NIGHT, MORNING = 3, 7
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


DAILY = (Daily("forecast", NIGHT, forecast), Daily("proofs", MORNING, proofs_ending))
