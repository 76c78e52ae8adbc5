"""The rows of the matrix for accounts, tokens, passkeys and sessions."""

from collections.abc import Callable
from typing import Any

from tests.api.matrix import Entry, Of, Outcome, Subject
from tests.api.operations import VARIABLES

SHOWN, OPEN, NOTHING, DONE, REFUSED = Outcome
OWN = {"buyers": SHOWN, "sellers": SHOWN, "nutrition": SHOWN, "departement": SHOWN, "auditor": SHOWN}
IN_PERSON = {"buyers": DONE, "sellers": DONE, "nutrition": DONE, "departement": DONE, "auditor": DONE}
OWN_ONLY = dict.fromkeys(IN_PERSON, (DONE, REFUSED))
KEEPER = {"departement": DONE}


def naming(operation: str, variable: str) -> Callable[[Subject], dict[str, Any]]:
    """The variables of an operation, of which one is the number of the subject's account, token or passkey."""
    return lambda subject: VARIABLES[operation] | {variable: str(subject.account)}


CELLS = {
    "administrator/Accounts": Entry(Of.ACCOUNT, **OWN),
    "administrator/Account": Entry(
        Of.ACCOUNT, naming("administrator/Account", "id"),
        buyers=(SHOWN, NOTHING), sellers=(SHOWN, NOTHING), nutrition=(SHOWN, NOTHING), departement=SHOWN, auditor=SHOWN,
    ),
    "administrator/InviteAccount": Entry(**KEEPER),
    "administrator/LockAccount": Entry(
        Of.ACCOUNT, naming("administrator/LockAccount", "accountId"), departement=(REFUSED, DONE)
    ),
    "administrator/UnlockAccount": Entry(
        Of.ACCOUNT, naming("administrator/UnlockAccount", "accountId"), departement=(REFUSED, DONE)
    ),
    "administrator/GrantAccess": Entry(
        Of.ACCOUNT, naming("administrator/GrantAccess", "accountId"), departement=(REFUSED, DONE)
    ),
    "administrator/WithdrawAccess": Entry(
        Of.ACCOUNT, naming("administrator/WithdrawAccess", "accountId"), departement=DONE
    ),
    "account/MyAccount": Entry(Of.ACCOUNT, **OWN),
    "account/CreateApiToken": Entry(**IN_PERSON),
    "account/RevokeApiToken": Entry(
        Of.ACCOUNT, naming("account/RevokeApiToken", "tokenId"), **(OWN_ONLY | {"departement": DONE})
    ),
    "account/RemovePasskey": Entry(Of.ACCOUNT, naming("account/RemovePasskey", "passkeyId"), **OWN_ONLY),
    "account/CloseSessions": Entry(**IN_PERSON),
    "account/EndVisit": Entry(**IN_PERSON),
    "account/PutAwayNotice": Entry(**IN_PERSON),
}  # fmt: skip
