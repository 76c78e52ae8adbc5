"""The guided first visit of the pages: offered to each person until they ended it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from catering.people.models import Account
from catering.people.queries import own_account
from catering.people.service import change
from catering.people.sessions import own_account_id
from catering.people.viewer import Viewer


async def end_visit(session: AsyncSession, viewer: Viewer, now: datetime) -> bool:
    """No longer offer the visit to this person; whether it was offered until now.

    Raises:
        refusals.InPersonOnly: a program asks, or somebody without an account.
    """
    key = str(own_account_id(viewer))
    account = (await session.scalars(own_account(viewer))).one()
    if account.toured_at is not None:
        return False
    account.toured_at = now
    session.add(change(viewer.actor, Account.__tablename__, key, {"toured": False}, {"toured": True}))
    await session.flush()
    return True
