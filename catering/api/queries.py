"""What a viewer may read of the requests that clients marked with a key: their own."""

from sqlalchemy import Select, select

from catering.api.models import ClientRequest
from catering.people.viewer import Viewer


def requests_visible_to(viewer: Viewer) -> Select[ClientRequest]:
    """Requests that this identity made: two people may use the same key."""
    return select(ClientRequest).where(ClientRequest.actor == viewer.actor)


def request(viewer: Viewer, key: str) -> Select[ClientRequest]:
    """The request that was made with a key: none or one row."""
    return requests_visible_to(viewer).where(ClientRequest.key == key)
