"""Use cases of the purchases: enter what a reception accepted, write the invoice into it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.db import add_many
from catering.kitchens.models import Kitchen
from catering.market.models import Certificate, Supplier, SupplierKind
from catering.market.queries import suppliers_visible_to
from catering.people.viewer import Viewer
from catering.purchases.judging import Known, bring_under_project, judge, read_with_facts
from catering.purchases.models import OriginZone, PatSupply, PurchaseLine, PurchaseMonth, PurchaseSource, PurchaseSum
from catering.purchases.provenance import is_local
from catering.purchases.queries import purchases
from catering.purchases.summing import Sums, rebuild
from catering.purchases.tendered import proven_by_tender
from catering.recipes.vocabulary import Family
from catering.rules.zones import zone_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """One reception line as it enters the purchases: grams and € excl. tax it adds, negative when it takes back.

    ``corrects``: the reception lines it replaces, the first one first; the purchase of one of them is mended.
    """

    reception_line_id: int
    ingredient_id: int
    kind: str
    """Word of the ingredients' vocabulary: beef, egg …"""
    product: str
    family: Family
    label: str | None
    certificate_id: int | None
    certificate_number: str | None
    origin: str
    origin_country: str | None
    grams: int
    amount_excl_tax: Decimal
    vat_pct: Decimal
    contract_line_id: int | None = None
    """Of the contract that gave its price, when one did."""
    corrects: Sequence[int] = ()


async def enter(
    session: AsyncSession, viewer: Viewer, kitchen: Kitchen, supplier: Supplier, day: date, lines: Sequence[Bought]
) -> None:
    """Add what was bought to the purchases of a kitchen; one row per line."""
    mended = await _mended(session, viewer, lines)
    certificates, project = await _proofs(session, viewer, supplier, day, lines)
    tenders = await proven_by_tender(session, viewer, {line.contract_line_id for line in lines})
    now = moment.now()
    rows = [
        PurchaseLine(
            kitchen_id=kitchen.id,
            supplier_id=supplier.id,
            ingredient_id=line.ingredient_id,
            source=PurchaseSource.CORRECTION if line.reception_line_id in mended else PurchaseSource.RECEPTION,
            bought_on=day,
            product=line.product,
            family=line.family,
            labels=" ".join([*filter(None, [line.label]), *tenders.signs(line.contract_line_id)]),
            certificate_id=line.certificate_id,
            certificate_number=line.certificate_number,
            origin=line.origin,
            origin_zone=_zone(line.origin_country, day),
            circuit_court=circuit_court(supplier.kind),
            local=is_local(supplier, kitchen.insee, line.origin, line.origin_country),
            grams=line.grams,
            amount_excl_tax=line.amount_excl_tax,
            vat_pct=line.vat_pct,
            document_id=_proof(line, certificates) or tenders.document(line.contract_line_id),
            reception_line_id=line.reception_line_id,
            corrects_id=mended.get(line.reception_line_id),
            entered_at=now,
            entered_by=viewer.actor,
        )
        for line in lines
    ]
    known = Known(certificates, {line.ingredient_id: line.kind for line in lines})
    added = Sums()
    for row in rows:
        if project:
            bring_under_project(row)
        judge(row, known)
        added.add(row)
    await add_many(session, rows)
    await added.store(session)


async def write_invoice(
    session: AsyncSession, reception_line_ids: Collection[int], number: str, issued_on: date
) -> None:
    """Write an invoice into the purchases it bills, once: a purchase that has its invoice keeps it.

    The law counts a purchase by the date of its invoice, so the line is judged again and its sums move with it.
    """
    of_reception = PurchaseLine.reception_line_id.in_(reception_line_ids)
    await _bill(session, of_reception & PurchaseLine.invoice_number.is_(None), number, issued_on)


async def take_back_invoice(
    session: AsyncSession, reception_line_ids: Collection[int], number: str, issued_on: date
) -> None:
    """Leave the purchases that an invoice was written into without one: it was rejected, and its events tell it."""
    of_reception = PurchaseLine.reception_line_id.in_(reception_line_ids)
    billed = (PurchaseLine.invoice_number == number) & (PurchaseLine.invoiced_on == issued_on)
    await _bill(session, of_reception & billed, None, None)


async def _bill(session: AsyncSession, which: ColumnElement[bool], number: str | None, issued_on: date | None) -> None:
    """Write an invoice, or none, into some lines and judge them again."""

    # Whoever bills may be the seller, who reads invoices and no purchases: the lines are found by what is billed.
    def write(row: PurchaseLine) -> None:
        row.invoice_number, row.invoiced_on = number, issued_on

    await rejudge(session, which, write)


async def judge_again(session: AsyncSession, certificate_id: int, since: date) -> None:
    """Judge again what was delivered from a day on under a certificate: it was withdrawn.

    Whoever withdraws sells, and reads no purchases: the lines are found by what proves them.
    """
    proven = (PurchaseLine.certificate_id == certificate_id) & (PurchaseLine.bought_on >= since)
    await rejudge(session, proven, lambda _: None)


async def rejudge(session: AsyncSession, which: ColumnElement[bool], write: Callable[[PurchaseLine], None]) -> None:
    """Write something into some lines, judge them again, and move their sums."""
    found = select(PurchaseLine).where(which).order_by(PurchaseLine.id).with_for_update(of=PurchaseLine)
    rows, known = await read_with_facts(session, found)
    moved = Sums()
    for row in rows:
        moved.remove(row)
        write(row)
        judge(row, known)
        moved.add(row)
    await session.flush()
    await moved.store(session)


async def unjudged(session: AsyncSession) -> bool:
    """Whether there are purchases and no sums of them, or none by month: an older version entered them."""
    if await session.scalar(select(PurchaseLine.id).limit(1)) is None:
        return False
    kept = (select(PurchaseSum.year).limit(1), select(PurchaseMonth.year).limit(1))
    return any([await session.scalar(each) is None for each in kept])


async def recount(session: AsyncSession, viewer: Viewer) -> int:
    """Judge every visible line again by the law as it stands, and make the sums again; how many lines changed.

    Needed after a rule file changed: lines keep the verdict of the day they were entered.
    """
    rows, known = await read_with_facts(session, purchases(viewer).order_by(PurchaseLine.id))
    changed = 0
    for row in rows:
        before = (row.year, row.sign, row.not_counted)
        judge(row, known)
        changed += before != (row.year, row.sign, row.not_counted)
    await session.flush()
    await rebuild(session, viewer)
    return changed


def _proof(line: Bought, certificates: Mapping[int, Certificate]) -> int | None:
    """The document of the certificate that proves the label of a line."""
    proof = certificates.get(line.certificate_id or 0)
    return None if proof is None else proof.document_id


async def _proofs(
    session: AsyncSession, viewer: Viewer, supplier: Supplier, day: date, lines: Sequence[Bought]
) -> tuple[dict[int, Certificate], bool]:
    """The certificates that prove the labels of what is bought, by number, and whether its seller is under a
    territorial project that day; one statement.
    """
    proofs = {line.certificate_id for line in lines} - {None}
    proves = and_(Certificate.id.in_(proofs), Certificate.supplier_id == Supplier.id)
    projects = and_(PatSupply.supplier_id == Supplier.id, PatSupply.first_day <= day, day <= PatSupply.last_day)
    asked = suppliers_visible_to(viewer).where(Supplier.id == supplier.id)
    asked = asked.outerjoin(Certificate, proves).outerjoin(PatSupply, projects)
    found = (await session.execute(asked.with_only_columns(PatSupply.id, Certificate))).all()
    proven = {each.id: each for _, each in found if each is not None}
    return proven, any(project is not None for project, _ in found)


def _zone(country: str | None, day: date) -> OriginZone | None:
    zone = zone_of(country, day)
    return OriginZone(zone) if zone else None


def circuit_court(kind: SupplierKind) -> bool | None:
    """Whether at most one intermediary stands between farm and kitchen; what a wholesaler resells, nobody knows."""
    return None if kind is SupplierKind.WHOLESALER else True


async def _mended(session: AsyncSession, viewer: Viewer, lines: Sequence[Bought]) -> dict[int, int]:
    """The purchase line that each line mends, by its reception line; what was refused so far mends nothing."""
    replaced = {each for line in lines for each in line.corrects}
    if not replaced:
        return {}
    found = await session.scalars(purchases(viewer, reception_line_ids=replaced))
    entered = {row.reception_line_id: row.id for row in found}
    first = {
        line.reception_line_id: next((entered[each] for each in line.corrects if each in entered), None)
        for line in lines
    }
    return {line_id: purchase_id for line_id, purchase_id in first.items() if purchase_id is not None}
