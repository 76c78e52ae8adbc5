"""What may be asked of people: the accounts by who keeps them, one's own tokens, passkeys and sessions."""

import strawberry

from catering.api.mutations.people.close_sessions import close_sessions
from catering.api.mutations.people.create_api_token import create_api_token
from catering.api.mutations.people.end_visit import end_visit
from catering.api.mutations.people.grant_access import grant_access
from catering.api.mutations.people.invite_account import invite_account
from catering.api.mutations.people.lock_account import lock_account
from catering.api.mutations.people.put_away_notice import put_away_notice
from catering.api.mutations.people.remove_passkey import remove_passkey
from catering.api.mutations.people.revoke_api_token import revoke_api_token
from catering.api.mutations.people.unlock_account import unlock_account
from catering.api.mutations.people.withdraw_access import withdraw_access


@strawberry.type
class Mutation:
    invite_account = invite_account
    lock_account = lock_account
    unlock_account = unlock_account
    grant_access = grant_access
    withdraw_access = withdraw_access
    create_api_token = create_api_token
    revoke_api_token = revoke_api_token
    remove_passkey = remove_passkey
    close_sessions = close_sessions
    end_visit = end_visit
    put_away_notice = put_away_notice
