"""Tables of the people: accounts and what they may act for, ways to sign in, and the trace of every change."""

from catering.people.models.accounts import Account, AccountKitchen, AccountSupplier
from catering.people.models.changes import ChangeEvent
from catering.people.models.passkeys import Passkey, PasskeyChallenge
from catering.people.models.put_away import NoticePutAway
from catering.people.models.sign_in import ProviderLogin, Session, SignInLink
from catering.people.models.tokens import ApiToken

__all__ = [
    "Account",
    "AccountKitchen",
    "AccountSupplier",
    "ApiToken",
    "ChangeEvent",
    "NoticePutAway",
    "Passkey",
    "PasskeyChallenge",
    "ProviderLogin",
    "Session",
    "SignInLink",
]
