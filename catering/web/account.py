"""One's own account: who one is, where one is signed in."""

from catering.graph.paging import DEFAULT_ROWS
from catering.web.messages import with_message
from catering.web.navigation import ACCOUNT, SIGN_IN
from catering.web.pages import Action, Page

PAGES: tuple[Page, ...] = (
    Page("account/mine", ACCOUNT, "Mon compte", "account/MyAccount", lambda _asked: {"first": DEFAULT_ROWS}),
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
)
