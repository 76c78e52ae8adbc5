"""The visit of the handbook (docs/handbook/demonstration.md), each line of it, on a small demonstration."""

import io
import zipfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import ROUND_CEILING, Decimal
from typing import Any

import pytest
from sqlalchemy import select

from catering.api import Caller, schema
from catering.db import Database
from catering.graph.request import Request
from catering.market.models import Offer, Supplier
from catering.moment import PARIS, Clock
from catering.papers.control import control_archive
from catering.people.demonstration import PERSONAS
from catering.people.service import account_of_email, acts_for
from catering.people.viewer import Viewer
from catering.planning.models import PlanRun
from catering.settings import Settings, contract_folder
from tests.docs.pages import HANDBOOK, section, table_rows

WEEK = "2026-10-12"
"""The last week to come."""
PAGE = HANDBOOK / "demonstration.md"


def steps() -> list[tuple[str, str, str]]:
    """Identity, operation and answer of each line of the visit."""
    rows = [[cell.strip("`") for cell in cells[:3]] for cells in table_rows(section(PAGE, "Une visite"))]
    return [(who, operation, answer) for who, operation, answer in rows]


async def people_of(database: Database) -> Mapping[str, Viewer]:
    """The identities of the demonstration, as sessions recognise them."""
    found = {}
    async with database.reading() as session:
        for word, persona in PERSONAS.items():
            account = await account_of_email(session, persona.email)
            assert account is not None, word
            kitchens, suppliers = await acts_for(session, account.id)
            found[word] = Viewer(account.name, persona.role, kitchens, suppliers, account.id)
    return found


@dataclass
class Visit:
    """What the visitor has seen so far; ``basket`` as last read, ``order``: the one that is followed."""

    database: Database
    people: Mapping[str, Viewer]
    clock: Callable[[datetime], None]
    basket: Any = None
    line: Any = None
    substitute: str = ""
    order: Any = None
    invoice: str = ""
    asked: int = field(default=0)

    @property
    def uai(self) -> str:
        """Kitchen of the first chef."""
        return min(self.people["chef"].kitchens)

    @property
    def seller(self) -> str:
        """Supplier of the first producer."""
        return min(self.people["producer"].suppliers)

    def place(self) -> dict[str, Any]:
        """The basket, as last seen."""
        return {"kitchen": self.uai, "week": WEEK, "version": self.basket["version"]}

    async def ask(self, word: str, operation: str, **variables: Any) -> Any:
        """The data of a stored operation, asked by one of the people."""
        self.asked += 1
        text = (contract_folder() / "operations" / f"{operation}.graphql").read_text(encoding="utf-8")
        if "$idempotencyKey" in text:
            variables["idempotencyKey"] = f"visit-{self.asked:08d}"
        caller = Caller(self.database, self.people[word], Settings())
        result = await schema.execute(text, variable_values=variables, context_value=caller)
        assert result.errors is None, (operation, result.errors)
        return result.data

    async def read_basket(self) -> Any:
        """The basket as it stands."""
        self.basket = (await self.ask("chef", "chef/Basket", uai=self.uai, week=WEEK))["kitchen"]["basket"]
        return self.basket

    async def step(self, word: str, operation: str) -> Any:
        """One line of the visit."""
        variables = await WITH[operation](self) if operation in WITH else {}
        data = await self.ask(word, operation, **variables)
        if operation in AFTER:
            await AFTER[operation](self, data)
        return data


async def _basket(visit: Visit) -> dict[str, Any]:
    return {"uai": visit.uai, "week": WEEK}


async def _at_place(visit: Visit) -> dict[str, Any]:
    await visit.read_basket()
    return {"basket": visit.place()}


async def _a_line_with_substitutes(visit: Visit) -> dict[str, Any]:
    """The first line of the basket that something can replace."""
    for line in (await visit.read_basket())["lines"]:
        asked = {"uai": visit.uai, "week": WEEK, "offer": line["offer"]["id"], "day": line["day"]}
        found = await visit.ask("chef", "chef/Substitutes", **asked)
        if others := found["kitchen"]["basket"]["line"]["substitutes"]:
            visit.line, visit.substitute = line, others[0]["offer"]["id"]
            return asked
    raise AssertionError("nothing of the basket can be replaced")


async def _substitution(visit: Visit) -> dict[str, Any]:
    return {
        "basket": visit.place(),
        "offer": visit.line["offer"]["id"],
        "day": visit.line["day"],
        "by": visit.substitute,
    }


async def _goods_of_the_producer(visit: Visit) -> dict[str, Any]:
    """As much of an offer of the first producer as its minimum asks, that is in stock."""
    async with visit.database.reading() as session:
        of_seller = select(Offer, Supplier).join(Supplier).where(Supplier.slug == visit.seller)
        rows = (await session.execute(of_seller.order_by(Offer.price_eur_per_pack.desc()))).all()
    for offer, supplier in rows:
        packs = int((supplier.min_drop_eur / offer.price_eur_per_pack).to_integral_value(ROUND_CEILING))
        wish = {"basket": (await _at_place(visit))["basket"], "offer": offer.slug, "packs": packs}
        saved = (await visit.ask("chef", "chef/PutBasketLine", **wish))["putBasketLine"]
        if saved["__typename"] != "BasketSaved":
            continue
        (line,) = [each for each in (await visit.read_basket())["lines"] if each["offer"]["id"] == offer.slug]
        if line["packsLeft"] is None or line["packsLeft"] >= packs:
            return {**wish, "basket": visit.place(), "day": line["day"]}
        gone = {"basket": visit.place(), "offer": offer.slug, "day": line["day"]}
        await visit.ask("chef", "chef/RemoveBasketLine", **gone)
    raise AssertionError("the first producer sells nothing to the first chef")


async def _without_small_deliveries(visit: Visit) -> dict[str, Any]:
    """What nobody else brings and stays below a minimum is taken out, as the page says."""
    basket = await visit.read_basket()
    small = {
        (drop["supplier"]["id"], drop["day"])
        for drop in basket["drops"]
        if Decimal(drop["amountEur"]) < Decimal(drop["minimumEur"])
    }
    assert len(small) < len(basket["drops"]) / 4, "the basket as it was filled can nearly be sent"
    for line in basket["lines"]:
        if (line["offer"]["supplier"]["id"], line["day"]) in small:
            gone = {"basket": visit.place(), "offer": line["offer"]["id"], "day": line["day"]}
            await visit.ask("chef", "chef/RemoveBasketLine", **gone)
            await visit.read_basket()
    return {"basket": visit.place()}


async def _orders_of_the_producer(visit: Visit) -> dict[str, Any]:
    return {"id": visit.seller, "week": WEEK, "states": ["SENT"], "first": 50}


async def _accepted(visit: Visit) -> dict[str, Any]:
    return {"orderId": visit.order["id"], "packs": []}


async def _harvest(visit: Visit) -> dict[str, Any]:
    return {"id": visit.seller, "firstDay": visit.order["day"], "lastDay": visit.order["day"]}


async def _shipped(visit: Visit) -> dict[str, Any]:
    """On the morning of the delivery."""
    visit.clock(datetime.combine(date.fromisoformat(visit.order["day"]), time(6), PARIS))
    return {"orderId": visit.order["id"]}


async def _received(visit: Visit) -> dict[str, Any]:
    """Everything came, cold enough where the law has a limit, with a date."""
    arrived = datetime.combine(date.fromisoformat(visit.order["day"]), time(8), PARIS)
    visit.clock(arrived)
    lines = [
        {
            "position": line["position"],
            "decision": "ACCEPTED",
            "deliveredPacks": line["packs"],
            "lot": f"V{line['position']}",
            "celsius": str(Decimal(-20)) if "surgel" in line["product"].casefold() else "1.0",
        }
        for line in visit.order["lines"]
    ]
    given = {"orderId": visit.order["id"], "day": visit.order["day"], "notedAt": arrived.isoformat()}
    return {"reception": {**given, "lines": lines, "complete": True}}


async def _kitchen(visit: Visit) -> dict[str, Any]:
    return {"uai": visit.uai}


async def _matched_invoices(visit: Visit) -> dict[str, Any]:
    """Of the kitchens of the gestionnaire, whichever has one to approve."""
    del visit
    return {"state": "MATCHED"}


async def _approved(visit: Visit) -> dict[str, Any]:
    return {"invoiceId": visit.invoice}


async def _needs(visit: Visit) -> dict[str, Any]:
    return {"kitchen": visit.uai}


async def _run(visit: Visit) -> dict[str, Any]:
    async with visit.database.reading() as session:
        return {"runId": str(await session.scalar(select(PlanRun.id)))}


WITH: Mapping[str, Callable[[Visit], Awaitable[dict[str, Any]]]] = {
    "chef/Basket": _basket,
    "chef/FillBasket": _at_place,
    "chef/Substitutes": _a_line_with_substitutes,
    "chef/SubstituteLine": _substitution,
    "chef/PutBasketLine": _goods_of_the_producer,
    "chef/SendBasket": _without_small_deliveries,
    "producer/SupplierOrders": _orders_of_the_producer,
    "producer/AcceptOrder": _accepted,
    "producer/HarvestList": _harvest,
    "producer/ShipOrder": _shipped,
    "chef/ReceiveDelivery": _received,
    "chef/KitchenStock": _kitchen,
    "chef/Invoices": _matched_invoices,
    "chef/ApproveInvoice": _approved,
    "chef/PurchaseNeeds": _needs,
    "nutrition/KitchenRatios": _run,
}


async def _follow(visit: Visit, data: Any) -> None:
    """Follow the order that the first chef has just sent."""
    nodes = data["supplier"]["orders"]["nodes"]
    (visit.order,) = [each for each in nodes if each["place"]["uai"] == visit.uai]


async def _note_invoice(visit: Visit, data: Any) -> None:
    visit.invoice = data["invoices"]["nodes"][0]["id"]


AFTER: Mapping[str, Callable[[Visit, Any], Awaitable[None]]] = {
    "producer/SupplierOrders": _follow,
    "chef/Invoices": _note_invoice,
}


def holds(data: Any, name: str) -> bool:
    """Whether an answer is of this type, or has this field with something in it, at any depth."""
    if isinstance(data, list):
        return any(holds(each, name) for each in data)
    if not isinstance(data, dict):
        return False
    return data.get("__typename") == name or bool(data.get(name)) or any(holds(each, name) for each in data.values())


async def test_the_visit_of_the_handbook_goes_as_it_says(told: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = Visit(told, await people_of(told), lambda at: monkeypatch.setattr(Clock, "fixed", at))
    assert {word for word, *_ in steps()} >= {"chef", "producer", "gestionnaire", "nutrition_manager", "departement"}
    for word, operation, answer in steps():
        data = await visit.step(word, operation)
        assert holds(data, answer), f"{word} {operation}: {answer} expected, {data}"


async def test_every_identity_of_the_page_can_be_chosen_and_has_its_places(told: Database) -> None:
    named = section(PAGE, "Être quelqu'un")
    people = await people_of(told)
    assert [word for word in PERSONAS if f"`{word}`" not in named] == []
    assert all(viewer.kitchens for viewer in people.values() if viewer.buys)
    assert all(viewer.suppliers for viewer in people.values() if viewer.sells)


async def test_the_auditor_takes_the_file_of_a_kitchen(told: Database) -> None:
    people = await people_of(told)
    asked = Request(told, people["auditor"], Settings())
    archive = await control_archive(asked, "0620004T", 2026)
    await asked.forget()
    assert archive is not None
    with zipfile.ZipFile(io.BytesIO(archive.read())) as files:
        sizes = {each.filename: len(files.read(each).splitlines()) for each in files.infolist()}
    archive.close()
    assert min(sizes[name] for name in ("commandes.csv", "marches.csv", "consultations.csv", "attributions.csv")) > 1
