"""What a viewer may read of the letters: those to their own account; who controls, all of them.

A room that shows more (to a buyer, what was sent to suppliers) states so by a select of its own.
"""

from sqlalchemy import Select, select

from catering.outbox.models import OutgoingMail
from catering.people.queries import READS_ACCOUNTS
from catering.people.viewer import Viewer


def visible_to(viewer: Viewer) -> Select[OutgoingMail]:
    """Letters to the viewer's own account; all of them for who keeps or controls the accounts."""
    statement = select(OutgoingMail)
    return statement if viewer.role in READS_ACCOUNTS else statement.where(OutgoingMail.account_id == viewer.account)
