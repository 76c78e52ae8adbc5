"""Use case: a person who has read a notice puts it away, for themselves alone."""

import re
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from catering.db import insert_missing
from catering.people import refusals
from catering.people.models import NoticePutAway
from catering.people.models.put_away import LONGEST_NOTICE
from catering.people.queries import MOST_PUT_AWAY, put_away_visible_to
from catering.people.sessions import own_account_id
from catering.people.viewer import Viewer

NAMED = re.compile(rf"[0-9A-Za-z][0-9A-Za-z_.:-]{{0,{LONGEST_NOTICE - 1}}}")


async def put_away(session: AsyncSession, viewer: Viewer, notice: str, now: datetime) -> None:
    """No longer show a notice to this person; the oldest of very many come back.

    Raises:
        refusals.InPersonOnly: a program asks, or somebody without an account.
        refusals.UnknownNotice: no page names a notice so.
    """
    account = own_account_id(viewer)
    if not NAMED.fullmatch(notice):
        raise refusals.UnknownNotice
    row = {"account_id": account, "notice": notice, "at": now}
    await session.execute(insert_missing(session, NoticePutAway).values(row))
    newest = put_away_visible_to(viewer).order_by(NoticePutAway.at.desc(), NoticePutAway.notice).limit(MOST_PUT_AWAY)
    kept = newest.with_only_columns(NoticePutAway.notice).subquery()
    mine = NoticePutAway.account_id == account
    await session.execute(delete(NoticePutAway).where(mine, NoticePutAway.notice.not_in(kept.select())))
