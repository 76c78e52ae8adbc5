"""Keeping the accounts: by the Département alone, in person, every change traced with who and what."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from catering.people.models import Account, AccountKitchen, ChangeEvent
from catering.people.viewer import Role
from tests.api.conftest import ADMINISTRATOR, Client
from tests.api.dataset import uai
from tests.api.dataset_people import viewer_of
from tests.api.operations import operations

OPERATIONS = operations()
WHO = {"email": "nouvelle@exemple.fr", "name": "Nouvelle Cheffe", "role": "CHEF"}


async def change(client: Client, operation: str, key: str = "a-key-of-one", **variables: Any) -> Any:
    found = await client.data(OPERATIONS[f"administrator/{operation}"], idempotencyKey=key, **variables)
    (answer,) = found.values()
    return answer


async def changes(client: Client) -> list[tuple[str, str, str, Any, Any]]:
    """The trace of accounts, the oldest first: who, which table, which row, before, after."""
    of_accounts = ChangeEvent.subject.like("account%")
    async with client.database.reading() as session:
        rows = await session.scalars(select(ChangeEvent).where(of_accounts).order_by(ChangeEvent.id))
        return [(row.actor, row.subject, row.key, row.before, row.after) for row in rows]


async def test_an_invitation_opens_an_account_that_acts_for_what_it_names(client: Client) -> None:
    who = WHO | {"email": " Nouvelle@Exemple.fr ", "kitchens": [uai(1), uai(2)]}
    account = (await change(client, "InviteAccount", who=who))["account"]
    assert account == {
        "id": account["id"], "email": "nouvelle@exemple.fr", "name": "Nouvelle Cheffe", "role": "CHEF",
        "kitchens": [uai(1), uai(2)], "suppliers": [],
    }  # fmt: skip
    assert await changes(client) == [
        (ADMINISTRATOR.actor, "accounts", account["id"], None, WHO | {"role": "chef"}),
        (ADMINISTRATOR.actor, "account_kitchens", f"{account['id']} {uai(1)}", None, {"kitchen": uai(1)}),
        (ADMINISTRATOR.actor, "account_kitchens", f"{account['id']} {uai(2)}", None, {"kitchen": uai(2)}),
    ]


@pytest.mark.parametrize(
    ("changed", "refusal", "says"),
    [
        ({"email": "PERSONNE1@exemple.fr"}, "EmailTaken", "existe déjà"),
        ({"email": "nouvelle"}, "BadEmail", "prenom.nom@exemple.fr"),
        ({"email": "nоuvelle@exemple.fr"}, "BadEmail", "U+043E"),
        ({"name": "Nouvelle\u202e"}, "BadName", "U+202E"),
        ({"name": " "}, "BadName", "1 à 120"),
        ({"name": "x" * 121}, "BadName", "1 à 120"),
        ({"kitchens": ["0629999Z"]}, "UnknownPlaces", "0629999Z"),
        ({"role": "PRODUCER", "suppliers": ["ferme_99"]}, "UnknownPlaces", "ferme_99"),
        ({"suppliers": ["ferme_01"]}, "WrongRole", "chef de cuisine"),
        ({"role": "AUDITOR", "kitchens": [uai(0)]}, "WrongRole", "contrôleur"),
    ],
)
async def test_an_invitation_that_cannot_be_kept_leaves_nothing(
    client: Client, changed: dict[str, Any], refusal: str, says: str
) -> None:
    refused = await change(client, "InviteAccount", who=WHO | changed)
    assert (refused["__typename"], says in refused["message"]) == (refusal, True), refused
    assert await changes(client) == []


async def test_two_invitations_of_one_address_at_once_open_one_account(client: Client) -> None:
    keys = [f"key-number-{number}" for number in range(4)]
    answers = await asyncio.gather(*(change(client, "InviteAccount", key, who=WHO) for key in keys))
    assert sorted(answer["__typename"] for answer in answers) == ["AccountInvited"] + ["EmailTaken"] * 3
    async with client.database.reading() as session:
        assert await session.scalar(select(func.count()).where(Account.email == WHO["email"])) == 1


async def test_granting_what_is_there_already_changes_nothing(client: Client) -> None:
    asked = {"accountId": "1", "kitchens": [uai(0), uai(2), uai(2)]}
    granted = await change(client, "GrantAccess", **asked)
    assert granted["account"]["kitchens"] == [uai(0), uai(2)]
    assert [key for _, _, key, _, _ in await changes(client)] == [f"1 {uai(2)}"]


async def test_withdrawing_leaves_a_trace_and_what_is_not_there_is_left_out(client: Client) -> None:
    withdrawn = await change(client, "WithdrawAccess", accountId="1", kitchens=[uai(0), uai(1)])
    assert withdrawn["account"]["kitchens"] == []
    assert await changes(client) == [
        (ADMINISTRATOR.actor, "account_kitchens", f"1 {uai(0)}", {"kitchen": uai(0)}, None)
    ]
    async with client.database.reading() as session:
        others = await session.scalar(select(func.count()).where(AccountKitchen.kitchen == uai(0)))
    assert others == 2, "the gestionnaire's and one of the crowd's stay"


@pytest.mark.parametrize(
    ("variables", "refusal"),
    [
        ({"accountId": "999", "kitchens": [uai(0)]}, "UnknownAccount"),
        ({"accountId": "1", "kitchens": ["0629999Z"]}, "UnknownPlaces"),
        ({"accountId": "1", "suppliers": ["ferme_99"]}, "UnknownPlaces"),
        ({"accountId": "1", "suppliers": ["ferme_00"]}, "WrongRole"),
        ({"accountId": "3", "kitchens": [uai(0)]}, "WrongRole"),
        ({"accountId": "5", "kitchens": [uai(0)]}, "WrongRole"),
    ],
)
async def test_what_cannot_be_granted_is_refused_whole(client: Client, variables: dict[str, Any], refusal: str) -> None:
    assert (await change(client, "GrantAccess", **variables))["__typename"] == refusal
    assert await changes(client) == []


async def test_locking_twice_is_one_change_and_unlocking_another(client: Client) -> None:
    for number, (operation, typename) in enumerate(
        [("LockAccount", "AccountLocked"), ("LockAccount", "AccountLocked"), ("UnlockAccount", "AccountUnlocked")]
    ):
        answer = await change(client, operation, f"key-number-{number}", accountId="1")
        assert answer["__typename"] == typename
        assert (answer["account"]["lockedAt"] is not None) == (operation == "LockAccount")
    assert [(before, after) for _, _, _, before, after in await changes(client)] == [
        ({"locked": False}, {"locked": True}), ({"locked": True}, {"locked": False})
    ]  # fmt: skip


async def test_nobody_locks_themself_out(client: Client) -> None:
    own = str(ADMINISTRATOR.account)
    assert (await change(client, "LockAccount", accountId=own))["__typename"] == "OwnAccountRefused"


@pytest.mark.parametrize("number", ["", "abc", "-1", "1.0", "99999999999", "９"])
async def test_an_id_that_is_no_number_is_a_bad_argument(client: Client, number: str) -> None:
    answer = await client(OPERATIONS["administrator/Account"], id=number)
    assert [code for code, _ in answer.errors] == ["BAD_ARGUMENT"]


@pytest.mark.parametrize("role", [Role.NUTRITION_MANAGER, Role.CHEF, Role.PRODUCER])
async def test_names_and_addresses_of_others_are_for_who_keeps_or_controls_accounts(client: Client, role: Role) -> None:
    found = await client.data("{ accounts(first: 100) { nodes { id email } } }", viewer=viewer_of(role))
    assert [each["id"] for each in found["accounts"]["nodes"]] == [str(viewer_of(role).account)]
