"""A certificate that is withdrawn: what came before keeps its sign, what comes after loses it, and the trace tells."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from catering.market.models import Certificate
from catering.people.models import ChangeEvent
from catering.people.viewer import Viewer
from catering.purchases.models import PurchaseLine, PurchaseSum
from tests.api.conftest import ADMINISTRATOR, AUDITOR, CHEF, PRODUCER, Client
from tests.api.operations import VARIABLES, operations

TEXT = operations()["producer/EndCertificate"]
BOUGHT = date(2026, 9, 1)
NUMBER = 2


async def end(client: Client, key: str, viewer: Viewer = PRODUCER, **change: Any) -> Any:
    """The answer to a withdrawal, by its holder unless told otherwise."""
    given = VARIABLES["producer/EndCertificate"] | {"idempotencyKey": f"withdraw-{key}"} | change
    return (await client.data(TEXT, viewer, **given))["endCertificate"]


async def signs(client: Client) -> Counter[str]:
    """How many purchases count by each sign, of those that the certificate proves."""
    async with client.database.reading() as session:
        lines = await session.scalars(select(PurchaseLine.sign).where(PurchaseLine.certificate_id == NUMBER))
        return Counter(lines)


async def bio_amount(client: Client) -> Decimal:
    """What the sums of the year count as bio."""
    bio = select(PurchaseSum.amount_excl_tax).where(PurchaseSum.sign == "BIO", PurchaseSum.year == BOUGHT.year)
    async with client.database.reading() as session:
        return sum(await session.scalars(bio), Decimal(0))


async def test_what_was_delivered_from_that_day_on_no_longer_counts(client: Client) -> None:
    assert set(await signs(client)) == {"BIO"}
    assert await bio_amount(client) > 0
    answer = await end(client, "first", withdrawnFrom=BOUGHT.isoformat())
    assert answer["certificate"] == {
        "id": "certificat_01", "number": "N1", "validFrom": "2026-01-01", "validTo": "2026-08-31",
        "withdrawnFrom": "2026-09-01", "withdrawnReason": "contrôle non conforme",
    }  # fmt: skip
    assert set(await signs(client)) == {""}
    assert await bio_amount(client) == 0


async def test_what_was_delivered_before_keeps_its_sign(client: Client) -> None:
    before = await bio_amount(client)
    await end(client, "later", withdrawnFrom=(BOUGHT + timedelta(days=1)).isoformat())
    assert set(await signs(client)) == {"BIO"}
    assert await bio_amount(client) == before


async def test_the_trace_tells_who_when_and_why(client: Client) -> None:
    await end(client, "traced")
    async with client.database.reading() as session:
        asked = select(ChangeEvent).where(ChangeEvent.subject == "certificates", ChangeEvent.key == "certificat_01")
        (event,) = (await session.scalars(asked)).all()
    assert event.actor == PRODUCER.actor
    assert event.before == {"valid_to": "2026-12-31", "withdrawn_from": None, "reason": None}
    assert event.after == {
        "valid_to": "2026-08-31", "withdrawn_from": "2026-09-01", "reason": "contrôle non conforme"
    }  # fmt: skip


async def test_the_same_request_twice_is_one_withdrawal(client: Client) -> None:
    assert await end(client, "same") == await end(client, "same")
    async with client.database.reading() as session:
        asked = select(ChangeEvent.id).where(ChangeEvent.subject == "certificates")
        assert len((await session.scalars(asked)).all()) == 1


async def test_one_that_was_never_right_is_withdrawn_from_its_first_day(client: Client) -> None:
    answer = await end(client, "never", withdrawnFrom="2026-01-01")
    assert (answer["certificate"]["validFrom"], answer["certificate"]["validTo"]) == ("2026-01-01", "2025-12-31")
    async with client.database.reading() as session:
        row = (await session.scalars(select(Certificate).where(Certificate.id == NUMBER))).one()
    assert row.withdrawn_from == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"withdrawnFrom": "2025-12-31"}, "choisir un jour entre les deux"),
        ({"withdrawnFrom": "2027-01-01"}, "déjà échu"),
        ({"reason": "  "}, "motif du retrait est vide"),
        ({"reason": "a" * 201}, "plus de 200 caractères"),
        ({"reason": "pas\u200bconforme"}, "caractère invisible"),
        ({"certificate": "certificat_00"}, "Aucun certificat « certificat_00 » chez ce fournisseur"),
    ],
)
async def test_a_withdrawal_that_cannot_be_is_refused(change: dict[str, str], says: str, client: Client) -> None:
    answer = await end(client, "refused", **change)
    assert answer["__typename"] == "InvalidCertificate"
    assert says in answer["message"]
    assert set(await signs(client)) == {"BIO"}


async def test_a_withdrawal_is_not_taken_back_by_a_later_one(client: Client) -> None:
    await end(client, "one", withdrawnFrom="2026-09-01")
    later = await end(client, "two", withdrawnFrom="2026-10-01")
    assert "déjà retiré" in later["message"]
    earlier = await end(client, "three", withdrawnFrom="2026-06-01")
    assert earlier["certificate"]["withdrawnFrom"] == "2026-06-01"


async def test_the_administration_withdraws_what_a_certifier_reports(client: Client) -> None:
    answer = await end(client, "administration", ADMINISTRATOR, withdrawnFrom=BOUGHT.isoformat())
    assert answer["certificate"]["withdrawnFrom"] == "2026-09-01"
    assert answer["supplier"]["id"] == "ferme_01"
    assert set(await signs(client)) == {""}
    async with client.database.reading() as session:
        actors = await session.scalars(select(ChangeEvent.actor).where(ChangeEvent.subject == "certificates"))
        assert actors.all() == [ADMINISTRATOR.actor]


@pytest.mark.parametrize("viewer", [CHEF, AUDITOR])
async def test_nobody_else_withdraws_a_certificate(viewer: Viewer, client: Client) -> None:
    assert (await end(client, "others", viewer))["__typename"] == "NotAllowed"
    assert set(await signs(client)) == {"BIO"}


async def test_the_administration_names_the_supplier_of_the_certificate(client: Client) -> None:
    assert (await end(client, "nobody", ADMINISTRATOR, supplier="nobody"))["__typename"] == "UnknownSupplier"


async def test_a_certificate_that_was_withdrawn_is_not_brought_back_under_its_number(client: Client) -> None:
    await end(client, "before")
    again = VARIABLES["producer/AddCertificate"] | {"idempotencyKey": "brought-back-1"}
    again["certificate"] = again["certificate"] | {"number": "N1"}
    told = (await client.data(operations()["producer/AddCertificate"], PRODUCER, **again))["addCertificate"]
    assert told["__typename"] == "InvalidCertificate"
    assert "nouveau numéro" in told["message"]


async def test_the_end_of_a_permit_is_never_put_off(client: Client) -> None:
    text = operations()["producer/EndHygienePermit"]

    async def ended(day: str) -> str:
        given = VARIABLES["producer/EndHygienePermit"] | {"lastDay": day, "idempotencyKey": f"end-permit-{day}"}
        return str((await client.data(text, PRODUCER, **given))["endHygienePermit"]["__typename"])

    assert [await ended(day) for day in ("2026-10-01", "2150-01-01", "2026-09-30")] == [
        "HygienePermitEnded", "InvalidPermit", "HygienePermitEnded",
    ]  # fmt: skip
