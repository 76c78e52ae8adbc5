"""Accounts of the small Département: one of each role, and others whose data the first must never see."""

from datetime import timedelta

from catering.people.models import Account, AccountKitchen, AccountSupplier, ApiToken, Passkey, Session
from catering.people.rules import Way, sha256
from catering.people.viewer import BUYS, SELLS, Role, Viewer
from tests.api.dataset import MOMENT, Size, uai

OWN_KITCHEN, OTHER_KITCHEN = uai(0), uai(1)
OWN_SUPPLIER, OTHER_SUPPLIER = "ferme_01", "ferme_00"
NUMBERS = {role: number for number, role in enumerate(Role, start=1)}
"""Number of the account of each role; its token, its passkey and its session have the same."""
OTHER_BUYER, OTHER_SELLER = len(NUMBERS) + 1, len(NUMBERS) + 2
YEARS = timedelta(days=36_525)
"""A century: these tests outlive no token."""


def viewer_of(role: Role) -> Viewer:
    """The person of a role, as signed in."""
    return Viewer(
        f"Personne {NUMBERS[role]}",
        role,
        kitchens=frozenset({OWN_KITCHEN} if role in BUYS else ()),
        suppliers=frozenset({OWN_SUPPLIER} if role in SELLS else ()),
        account=NUMBERS[role],
    )


def accounts(size: Size) -> list[object]:
    """The accounts, then what each acts for and is opened by: add them in this order."""
    roles = {number: role for role, number in NUMBERS.items()} | {OTHER_BUYER: Role.CHEF, OTHER_SELLER: Role.PRODUCER}
    crowd = {OTHER_SELLER + 1 + number: Role.CHEF for number in range(size.kitchens)}
    return [account(number, role) for number, role in (roles | crowd).items()]


def account(number: int, role: Role) -> Account:
    """The account of a number."""
    return Account(
        id=number,
        email=f"personne{number}@exemple.fr",
        name=f"Personne {number}",
        role=role,
        created_at=MOMENT,
        demonstration=False,
    )


def openings(size: Size) -> list[object]:
    """What the accounts act for, and what opens them."""
    buyers = {NUMBERS[Role.CHEF]: OWN_KITCHEN, NUMBERS[Role.GESTIONNAIRE]: OWN_KITCHEN, OTHER_BUYER: OTHER_KITCHEN}
    crowd = {OTHER_SELLER + 1 + number: uai(number) for number in range(size.kitchens)}
    sellers = {
        NUMBERS[Role.PRODUCER]: OWN_SUPPLIER,
        NUMBERS[Role.HUB]: OWN_SUPPLIER,
        OTHER_SELLER: OTHER_SUPPLIER,
    }
    numbers = [*range(1, OTHER_SELLER + 1), *crowd]
    return [
        *(AccountKitchen(account_id=number, kitchen=kitchen) for number, kitchen in (buyers | crowd).items()),
        *(AccountSupplier(account_id=number, supplier=supplier) for number, supplier in sellers.items()),
        *(opening for number in numbers for opening in openings_of(number)),
    ]


def openings_of(number: int) -> list[object]:
    """A token, a passkey and a session of one account."""
    return [
        ApiToken(
            id=number,
            account_id=number,
            name=f"Logiciel {number}",
            prefix=f"cat_{number:08d}",
            token_sha256=sha256(f"token {number}"),
            scopes=["read"],
            created_at=MOMENT,
            expires_at=MOMENT + YEARS,
        ),
        Passkey(
            id=number,
            account_id=number,
            name=f"Tablette {number}",
            credential_id=bytes([number]),
            public_key=b"none",
            sign_count=0,
            created_at=MOMENT,
        ),
        Session(
            id=number,
            token_sha256=sha256(f"session {number}"),
            account_id=number,
            way=Way.LINK,
            created_at=MOMENT,
            last_seen_at=MOMENT,
            expires_at=MOMENT + YEARS,
        ),
    ]
