"""The whole trade, in any order and by all its people at once: every book agrees with every other, after every step.

The machine asks the stored operations, as pages and kitchen software do: offers change their price and capacity,
baskets are filled and sent, orders accepted in part, changed, moved, cancelled, shipped, lost; deliveries arrive in
parts, by weight, refused or with a reserve, and are corrected; stock is used, lost, counted, handed over; invoices are
issued, typed from paper rightly and wrongly, compared, approved, rejected; credits are granted or declined. Every third
request is sent twice with its key. After each step ``audit.faults`` compares the books, to the gram and to the cent; at
the end everything is billed, and what is billed is what was accepted.

That it can fail is shown by faults sown into the product; docs/reliability.md says which, and what it answered.
"""

import asyncio
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from catering.db import Database
from catering.market.delivered import vat_of
from catering.moment import Clock
from catering.orders.models import Basket, BasketLine, Order, OrderEvent, OrderLine
from catering.orders.vocabulary import OrderEventKind, OrderState
from catering.people.viewer import Viewer
from catering.purchases.models import PurchaseLine
from catering.receiving.models import CreditRequest, Invoice, InvoiceLine, ReceptionLine, StockLot
from catering.receiving.queries_invoices import counted_lines
from catering.receiving.rules.billing import amount_of
from catering.receiving.vocabulary import CreditState, InvoiceState
from tests.api.dataset import uai
from tests.orders.market import CARROT, CRATE_G, MONDAY, NOW, THURSDAY_BEFORE, WEEK, buyer, seller
from tests.trade.audit import Totals, faults
from tests.trade.doors import AFTERWARDS, ARRIVAL, BOTH, Doors
from tests.trade.grounds import Ground, on_file, on_server
from tests.trade.killing import changed
from tests.trade.notes import noted

OFFERS = [f"{name}_{farm}" for farm in range(3) for name in ("carottes", "poireaux")]
INGREDIENTS = ["ingredient_02", "ingredient_03"]
LATE = NOW.replace(day=13)
TODAY = AFTERWARDS.date().isoformat()
KITCHEN, FARM = st.integers(0, 1), st.integers(0, 2)
CHOSEN = st.integers(0, 60)
"""Which of the rows there are, counted around."""
PACKS = st.integers(0, 6)
DAY = st.sampled_from([MONDAY, THURSDAY_BEFORE])
ANSWERABLE = (OrderState.SENT, OrderState.CHANGE_PROPOSED, OrderState.ACCEPTED, OrderState.PARTLY_ACCEPTED)
ACCEPTED = (OrderState.ACCEPTED, OrderState.PARTLY_ACCEPTED, OrderState.PREPARED)
ARRIVED = (OrderState.PARTLY_RECEIVED, OrderState.RECEIVED)
PROPOSED = OrderEvent.kind == OrderEventKind.CHANGE_PROPOSED
ASKED = CreditRequest.state == CreditState.ASKED
REPLACED = select(ReceptionLine.corrects_id).where(ReceptionLine.corrects_id.is_not(None))


class Trade(RuleBasedStateMachine):
    """Two kitchens, three farms, one of which has few crates, and a contract with a maximum."""

    ground: Ground

    def __init__(self) -> None:
        super().__init__()
        self.place = self.ground.copy()
        self.runner = asyncio.Runner()
        self.database = Database(self.place.url)
        self.doors = Doors(self.database)

    def teardown(self) -> None:
        try:
            self.everything_is_billed()
        finally:
            Clock.fixed = None
            self.runner.run(self.database.dispose())
            self.runner.close()
            self.place.leave()

    def ask(self, viewer: Viewer, name: str, at: datetime = NOW, **variables: Any) -> Any:
        """Ask for something; every third time twice, as a tablet does that heard no answer."""
        key = self.doors.key()
        told = self.runner.run(self.doors(viewer, name, at, key, **variables))
        if self.doors.asked % 3 == 0 and "message" not in told:
            before = self.place.rows()
            again = self.runner.run(self.doors(viewer, name, at, key, **variables))
            assert again["__typename"] == told["__typename"]
            assert changed(before, self.place.rows()) == {}, f"{name} was done twice"
        return told

    def read(self, statement: Any) -> list[Any]:
        async def do() -> list[Any]:
            async with self.database.reading() as session:
                return list((await session.scalars(statement)).all())

        return self.runner.run(do())

    def one_of(self, table: Any, chosen: int, *where: Any) -> Any:
        """One of the rows of a table, or none."""
        rows = self.read(select(table).where(*where).order_by(table.id))
        return rows[chosen % len(rows)] if rows else None

    def an_order(self, chosen: int, *states: OrderState) -> tuple[Order, Viewer, Viewer]:
        """An order with its lines, in one of some states if there is one, and who buys and sells it."""
        every = select(Order).order_by(Order.id).options(selectinload(Order.lines))
        orders = self.read(every.where(Order.state.in_(states))) or self.read(every)
        order = orders[chosen % len(orders)]
        return order, buyer(order.kitchen_id - 1), seller(order.supplier_id - 1)

    def basket(self, kitchen: int) -> dict[str, Any]:
        seen = self.read(select(Basket.version).where(Basket.kitchen_id == kitchen + 1))
        return {"kitchen": uai(kitchen), "week": WEEK.isoformat(), "version": seen[0] if seen else 0}

    @initialize(
        packs=st.lists(st.integers(2, 4), min_size=4, max_size=4),
        shipped=st.sampled_from([4, 2, 3, 0]),
        received=st.sampled_from([4, 2, 0]),
        corrected=st.sampled_from([2, 0]),
        billed=st.sampled_from([0, 2, 4]),
        notes=st.data(),
    )
    def first_orders(
        self, packs: list[int], shipped: int, received: int, corrected: int, billed: int, notes: st.DataObject
    ) -> None:
        """Both kitchens order of two farms: of few crates, and on the contract; some is there, recounted and billed."""
        for kitchen in range(2):
            self.put(kitchen, "carottes_1", packs[2 * kitchen], MONDAY)
            self.put(kitchen, "poireaux_0", packs[2 * kitchen + 1], MONDAY)
            self.put(kitchen, "carottes_0", 2, MONDAY)
            self.send(kitchen, accepting=False)
        assert self.read(select(func.count()).select_from(Order)) == [4]
        for order in [str(each) for each in range(1, shipped + 1)]:
            sells = seller(1 - int(order) % 2)
            self.ask(sells, "producer/AcceptOrder", orderId=order, packs=[])
            self.ask(sells, "producer/ShipOrder", LATE, orderId=order)
        for _ in range(received):
            self.receive(0, notes, complete=True)
        for chosen in range(corrected):
            self.correct(chosen + 1, notes)
        for chosen in range(billed):
            self.issue(chosen)

    # Offers

    @rule(offer=st.sampled_from(OFFERS), cents=st.one_of(st.none(), st.integers(1, 200_000)), crates=st.integers(0, 14))
    def change_offer(self, offer: str, cents: int | None, crates: int) -> None:
        """Another price, or another capacity."""
        farm = int(offer[-1])
        if cents is not None:
            change = {"id": offer, "priceEurPerPack": str(Decimal(cents).scaleb(-4) + 4)}
            self.ask(seller(farm), "producer/ChangeOffers", supplier=f"ferme_{farm}", changes=[change])
            return
        self.ask(
            seller(farm), "producer/StateCapacity", offer=offer, firstDay="2026-09-01",
            lastDay="2026-12-31", gramsPerWeek=str(crates * CRATE_G),
        )  # fmt: skip

    # Baskets

    @rule(kitchen=KITCHEN, offer=st.sampled_from(OFFERS), packs=st.integers(1, 6), day=DAY)
    def put(self, kitchen: int, offer: str, packs: int, day: date) -> None:
        self.ask(
            buyer(kitchen), "chef/PutBasketLine", basket=self.basket(kitchen), offer=offer, packs=packs,
            day=day.isoformat(),
        )  # fmt: skip

    @rule(kitchen=KITCHEN, chosen=CHOSEN, by=st.sampled_from(OFFERS))
    def substitute(self, kitchen: int, chosen: int, by: str) -> None:
        of_basket = select(BasketLine).select_from(Basket).join(Basket.lines)
        lines = self.read(of_basket.where(Basket.kitchen_id == kitchen + 1))
        if lines:
            line = lines[chosen % len(lines)]
            self.ask(
                buyer(kitchen), "chef/SubstituteLine", basket=self.basket(kitchen), offer=OFFERS[line.offer_id - 1],
                day=line.day.isoformat(), by=by,
            )  # fmt: skip

    @rule(kitchen=KITCHEN, accepting=st.booleans())
    def send(self, kitchen: int, accepting: bool) -> None:
        """Send; whoever is told that conditions have changed may accept those of now."""
        basket = self.basket(kitchen)
        told = self.ask(buyer(kitchen), "chef/SendBasket", basket=basket)
        if accepting and told["__typename"] == "TermsChanged":
            accepted = [{key: line[key] for key in ("offer", "day", "fingerprint")} for line in told["lines"]]
            again = self.ask(buyer(kitchen), "chef/SendBasket", basket=basket, acceptedTerms=accepted)
            assert again["__typename"] != "TermsChanged", again

    # Orders

    @rule(
        chosen=CHOSEN,
        how=st.sampled_from(["accept", "propose", "answer", "refuse"]),
        packs=st.dictionaries(st.integers(1, 3), PACKS, max_size=3),
        day=st.one_of(st.none(), DAY),
        agreed=st.booleans(),
    )
    def answer(self, chosen: int, how: str, packs: dict[int, int], day: date | None, agreed: bool) -> None:
        order, buys, sells = self.an_order(chosen, *ANSWERABLE)
        taken = [
            {"position": line.position, "packs": min(packs[line.position], line.packs)}
            for line in order.lines
            if line.position in packs
        ]
        that = {"orderId": str(order.id)}
        if how == "accept":
            self.ask(sells, "producer/AcceptOrder", **that, packs=taken)
        elif how == "propose":
            new = day.isoformat() if day else None
            self.ask(sells, "producer/ProposeChange", **that, packs=taken, reason="pluie", day=new)
        elif how == "answer":
            proposals = select(func.max(OrderEvent.seq)).where(OrderEvent.order_id == order.id, PROPOSED)
            self.ask(buys, "chef/AnswerChange", **that, seen=self.read(proposals)[0] or 0, agreed=agreed)
        else:
            self.ask(sells, "producer/RefuseOrder", **that, reason="gel")

    @rule(chosen=CHOSEN, how=st.sampled_from(["producer/PrepareOrder", "producer/ShipOrder"]))
    def prepare_or_ship(self, chosen: int, how: str) -> None:
        order, _, sells = self.an_order(chosen, *ACCEPTED)
        self.ask(sells, how, LATE, orderId=str(order.id))

    @rule(chosen=CHOSEN, at=st.sampled_from([NOW, LATE]), agreed=st.one_of(st.none(), st.booleans()))
    def cancel(self, chosen: int, at: datetime, agreed: bool | None) -> None:
        """Ask to cancel; after the cut-off the farm may answer."""
        order, buys, sells = self.an_order(chosen, *ANSWERABLE)
        self.ask(buys, "chef/CancelOrder", at, orderId=str(order.id), reason="grève")
        if agreed is not None:
            self.ask(sells, "producer/AnswerCancel", at, orderId=str(order.id), agreed=agreed)

    @precondition(lambda self: self.doors.asked % 4 == 0)
    @rule(farm=FARM, day=DAY)
    def fail(self, farm: int, day: date) -> None:
        """It happens less often than all the rest."""
        asked = {"supplier": f"ferme_{farm}", "day": day.isoformat(), "reason": "inondation"}
        self.ask(seller(farm), "producer/ReportFailure", **asked)

    # Deliveries

    @rule(chosen=CHOSEN, notes=st.data(), complete=st.booleans())
    def receive(self, chosen: int, notes: st.DataObject, complete: bool) -> None:
        order, buys, _ = self.an_order(chosen, OrderState.SHIPPED, OrderState.PARTLY_RECEIVED)
        lines = []
        for line in order.lines:
            already = self.looked_at(line)
            note = notes.draw(noted(max(line.packs - already, 0), by_weight=line.variable_weight))
            lines.append({"position": line.position, "alreadyPacks": already, **note})
        asked = {
            "orderId": str(order.id), "day": ARRIVAL.date().isoformat(), "notedAt": "2026-09-14T07:00:00+00:00",
            "lines": [line for line in lines if line["deliveredPacks"]], "complete": complete,
        }  # fmt: skip
        self.ask(buys, "chef/ReceiveDelivery", ARRIVAL, reception=asked)

    def looked_at(self, line: OrderLine) -> int:
        said = self.read(select(ReceptionLine).where(ReceptionLine.order_line_id == line.id))
        replaced = {row.corrects_id for row in said}
        return sum(row.delivered_packs for row in said if row.id not in replaced)

    @rule(chosen=CHOSEN, note=st.data())
    def correct(self, chosen: int, note: st.DataObject) -> None:
        lines = self.read(select(ReceptionLine).where(ReceptionLine.id.not_in(REPLACED)).order_by(ReceptionLine.id))
        waiting = set(self.read(select(CreditRequest.reception_line_id).where(ASKED)))
        # Most corrections are of what was refused: in two of three draws one of these, if there is one.
        told = [line for line in lines if line.id in waiting]
        if lines := told if told and chosen % 3 else lines:
            line = lines[chosen % len(lines)]
            (sold,) = self.read(select(OrderLine).where(OrderLine.id == line.order_line_id))
            new = note.draw(noted(sold.packs, by_weight=sold.variable_weight))
            self.ask(BOTH, "chef/CorrectReception", AFTERWARDS, lineId=str(line.id), noted=new, why="recompté")

    # Stock

    @rule(chosen=CHOSEN, how=st.sampled_from(["use", "lose", "count", "transfer"]), grams=st.integers(1, 9_000))
    def move_stock(self, chosen: int, how: str, grams: int) -> None:
        lot = self.one_of(StockLot, chosen, StockLot.on_hand_g > 0)
        if lot is None:
            return
        that = {"lotId": str(lot.id), "day": TODAY}
        if how == "lose":
            self.ask(BOTH, "chef/RecordLoss", AFTERWARDS, **that, grams=grams, why="tombé")
        elif how == "count":
            self.ask(BOTH, "chef/CountStock", AFTERWARDS, **that, countedG=grams, why="inventaire")
        elif how == "transfer":
            self.ask(BOTH, "chef/TransferStock", AFTERWARDS, **that, grams=grams, toKitchen=uai(2 - lot.kitchen_id))
        else:
            used = [{"ingredient": INGREDIENTS[lot.ingredient_id - CARROT], "grams": grams}]
            self.ask(BOTH, "chef/UseStock", AFTERWARDS, kitchen=uai(lot.kitchen_id - 1), menuDay=TODAY, used=used)

    # Money

    @rule(chosen=CHOSEN)
    def issue(self, chosen: int) -> None:
        order, _, _ = self.an_order(chosen, *ARRIVED)
        self.bill(order)

    def bill(self, order: Order) -> None:
        """Have the farm issue what the books say: it agrees with them."""
        asked = {"orderIds": [str(order.id)], "issuedOn": TODAY}
        told = self.ask(seller(order.supplier_id - 1), "producer/IssueInvoice", AFTERWARDS, **asked)
        assert "message" in told or told["invoice"]["state"] == "MATCHED", told

    @rule(chosen=CHOSEN, right=st.booleans(), back=st.booleans())
    def enter(self, chosen: int, right: bool, back: bool) -> None:
        """Type a paper: of what was accepted of a line or one euro more, or a credit note of it."""
        order, buys, _ = self.an_order(chosen, *ARRIVED)
        line = order.lines[chosen % len(order.lines)]
        grams = (line.received_g or 0) * (-1 if back else 1)
        amount = amount_of(line, grams) + (0 if right else 1)
        vat = vat_of(amount, line.vat_pct)
        typed = {
            "product": "Légumes", "grams": grams, "amountEur": str(amount), "vatPct": str(line.vat_pct),
            "vatEur": str(vat), "orderId": str(order.id), "position": line.position,
        }  # fmt: skip
        paper = {
            "kitchen": uai(order.kitchen_id - 1), "supplier": f"ferme_{order.supplier_id - 1}", "issuedOn": TODAY,
            "number": f"X{self.doors.asked}", "totalEur": str(amount + vat), "lines": [typed],
        }  # fmt: skip
        self.ask(buys, "chef/EnterInvoice", AFTERWARDS, invoice=paper)

    @rule(chosen=CHOSEN, how=st.sampled_from(["Reject", "Match", "Approve"]))
    def judge(self, chosen: int, how: str) -> None:
        invoice = self.one_of(Invoice, chosen, Invoice.state != InvoiceState.REJECTED)
        if invoice is not None:
            why = {"reason": "montant faux"} if how == "Reject" else {}
            self.ask(BOTH, f"chef/{how}Invoice", AFTERWARDS, invoiceId=str(invoice.id), **why)

    @rule(chosen=CHOSEN, granted=st.booleans())
    def answer_credit(self, chosen: int, granted: bool) -> None:
        asked = self.one_of(CreditRequest, chosen, CreditRequest.state == CreditState.ASKED)
        if asked is None:
            return
        that, sells = {"creditId": str(asked.id)}, seller(asked.supplier_id - 1)
        if granted:
            self.ask(sells, "producer/GrantCredit", AFTERWARDS, **that, issuedOn=TODAY)
        else:
            self.ask(sells, "producer/DeclineCredit", AFTERWARDS, **that, answer="livré conforme")

    # What holds

    @invariant()
    def the_books_agree(self) -> None:
        async def do() -> list[str]:
            async with self.database.reading() as session:
                return await faults(session)

        assert self.runner.run(do()) == []

    def everything_is_billed(self) -> None:
        """Once wrong papers are sent back and every farm has billed, what counts as billed is what was accepted."""
        for invoice in self.read(select(Invoice).where(Invoice.state == InvoiceState.DISPUTED)):
            self.ask(BOTH, "chef/RejectInvoice", AFTERWARDS, invoiceId=str(invoice.id), reason="montant faux")
        for order in self.read(select(Order)):
            # What is to be paid and what is to be given back are two papers.
            self.bill(order)
            self.bill(order)
        self.the_books_agree()
        every = set(self.read(select(OrderLine.id)))
        of_line = {row.id: row.order_line_id for row in self.read(select(ReceptionLine))}
        bought, billed = Totals(), Totals()
        for row in self.read(select(PurchaseLine)):
            bought.add(of_line[row.reception_line_id], row.grams, row.amount_excl_tax)
        for bill in self.read(counted_lines(BOTH, every).with_only_columns(InvoiceLine)):
            billed.add(bill.order_line_id, bill.grams, bill.amount_excl_tax)
        assert bought.that_are_something() == billed.that_are_something()


def run(ground: Ground, examples: int, steps: int) -> None:
    """The machine, so many times and so long."""
    Trade.ground = ground
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Trade,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # Shrinking forty steps takes minutes: the blob that is printed repeats the case as it was found.
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            print_blob=True,
        ),
    )


@pytest.mark.slow
def test_all_books_agree_whatever_happens(tmp_path: Path) -> None:
    run(on_file(tmp_path / "template.db"), examples=24, steps=40)


@pytest.mark.slow
def test_all_books_agree_on_a_server(libpq: str) -> None:
    """Shorter: the same rules and books, and the locks of a server."""
    run(on_server(libpq, "trade_template"), examples=6, steps=30)
