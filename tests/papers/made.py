"""Orders made up in memory, with names that are hard to print, and the text of a PDF."""

import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import segno
from pypdf import PdfReader

from catering.market.delivered import delivered_amount, vat_of
from catering.market.models import Supplier, SupplierKind
from catering.orders.models import Order, OrderLine
from catering.orders.vocabulary import OrderState
from catering.papers.facts import Drop, OrderFacts

DAY = date(2026, 9, 1)
SENT = datetime(2026, 8, 25, 8, tzinfo=UTC)
LONG = "Pommes de terre " + "très " * 30 + "belles"
PRICE = Decimal("3.33")


def supplier() -> Supplier:
    return Supplier(
        id=1, slug="ferme", name="Ferme de l’Œuf d’Or", kind=SupplierKind.PRODUCER, siret="12345678901234",
        address="12, chemin du Fossé-à-l’Âne", commune="Hesdin-la-Forêt", lat=Decimal(50), lon=Decimal(2),
    )  # fmt: skip


def place(number: int = 1) -> SimpleNamespace:
    return SimpleNamespace(
        id=number, uai=f"062{number:04d}A", name=f"Collège Sœur-Emmanuelle {number}", address="1 rue de l'École",
        postcode="62000", commune="Arras", siren="196200045", lat=Decimal("50.29"), lon=Decimal("2.78"),
    )  # fmt: skip


def line(position: int, vat_pct: Decimal = Decimal("5.5"), packs: int = 1, product: str = "Œufs") -> OrderLine:
    amount = delivered_amount(packs * 1500, PRICE, 1500, Decimal("0.1"))
    return OrderLine(
        id=position, position=position, offer_id=position, product=product, pack_g=1500, pack_label="plateau",
        packs_ordered=10, packs=packs, price_eur_per_pack=PRICE, delivery_eur_per_kg=Decimal("0.1"), vat_pct=vat_pct,
        label="BIO", certificate_number="FR-BIO-01/7", certifier="Ecocert", origin="France", amount=amount,
        vat=vat_of(amount, vat_pct),
    )  # fmt: skip


def drop(*lines: OrderLine, state: OrderState = OrderState.ACCEPTED, number: int = 1) -> Drop:
    order = Order(id=7, kitchen_id=number, supplier_id=1, day=DAY, state=state, sent_at=SENT)
    return Drop(supplier(), place(number), DAY, [OrderFacts(order, lines)])


def pages(content: bytes) -> list[str]:
    """The text of each page; no-break spaces as spaces."""
    return [page.extract_text().replace("\u00a0", " ") for page in PdfReader(io.BytesIO(content)).pages]


SQUARE = re.compile(rb"(-?[\d.]+) (-?[\d.]+) (-?[\d.]+) (-?[\d.]+) re f")


def modules(content: bytes) -> set[tuple[int, int]]:
    """The dark modules of the QR code of a one-page paper, by row and column from its upper left corner."""
    drawn = PdfReader(io.BytesIO(content)).pages[0].get_contents()
    assert drawn is not None
    found = [tuple(map(float, each)) for each in SQUARE.findall(drawn.get_data())]
    squares = [(x, y, side) for x, y, side, height in found if abs(side + height) < side / 100]
    left, top = min(x for x, _, _ in squares), max(y for _, y, _ in squares)
    return {(round((top - y) / side), round((x - left) / side)) for x, y, side in squares}


def dark(text: str) -> set[tuple[int, int]]:
    """The dark modules of the QR code that says a text."""
    rows = segno.make(text, micro=False).matrix_iter(border=0)
    return {(down, across) for down, row in enumerate(rows) for across, module in enumerate(row) if module}
