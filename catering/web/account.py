"""One's own account: who one is, where one is signed in."""

from catering.graph.paging import DEFAULT_ROWS
from catering.web.messages import with_message
from catering.web.navigation import ACCOUNT, SIGN_IN, home
from catering.web.pages import Action, Page
from catering.web.visits import start

PAGES: tuple[Page, ...] = (
    Page(
        "account/mine",
        ACCOUNT,
        "Mon compte",
        "account/MyAccount",
        lambda _asked: {"first": DEFAULT_ROWS},
        shows=lambda _answer, asked: {"visit_start": None if asked.viewer is None else start(asked.viewer)},
    ),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "account/close_sessions",
        "/compte/sessions",
        "account/CloseSessions",
        lambda asked: {"idempotencyKey": asked.text("cle")},
        done="SessionsClosed",
        leads=lambda _result, _asked: with_message(SIGN_IN, "sessions"),
        page="account/mine",
    ),
    Action(
        "account/end_visit",
        "/compte/visite",
        "account/EndVisit",
        lambda asked: {"idempotencyKey": asked.text("cle")},
        done="VisitEnded",
        leads=lambda _result, asked: with_message(home(asked.viewer), "visite"),
        page="account/mine",
    ),
)
