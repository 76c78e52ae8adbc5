"""Marks that tell whose data an answer holds: the owner's name in every text, a figure of their own in every amount."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.documents.models import Document
from catering.kitchens.models import Kitchen
from catering.market.models import (
    Certificate,
    HygienePermit,
    Offer,
    PriceList,
    PriceListLine,
    Supplier,
    SupplierPause,
)
from catering.people.models import Account, ApiToken, ChangeEvent, Passkey
from catering.people.queries import READS_ACCOUNTS
from catering.people.viewer import Role, Viewer
from catering.planning.models import KitchenStanding
from catering.procurement.models import (
    Consultation,
    ConsultationAward,
    ConsultationEvent,
    ConsultationLine,
    ConsultationLot,
    ConsultationQuestion,
    Contract,
    ContractLine,
    ContractLot,
    Engagement,
    PriceRevision,
    Tender,
    TenderLine,
    TenderOutcome,
)
from catering.procurement.vocabulary import SEALED_EVENTS, ConsultationStatus, Procedure
from tests.api import dataset_market, dataset_procurement, marks_trade, marks_waste
from tests.api.dataset import SMALL
from tests.api.dataset_market import OTHER_SHIFT
from tests.api.dataset_people import NUMBERS, OTHER_SELLER
from tests.api.dataset_procurement import AWARDED, OPEN, OPENED, SHIFT, tender_number
from tests.api.matrix import OTHER, Entry, Of, Subject

GRAMS_PER_KG = 1000
KITCHEN_FIGURES, SUPPLIER_FIGURES, SEALED_FIGURES = 900_000, 700_000, 500_000
SEALED = (OPEN, OPEN + SHIFT)
"""Consultations that no operation of the matrix opens."""
OPENED_SMALL = (OPENED, OPENED + SHIFT)
"""Their offers may be retained: an amount that is a mark would pass the first threshold."""


@dataclass(frozen=True, slots=True)
class Owners:
    """Everybody who owns marked rows: number by UAI and by id, and numbers of accounts."""

    kitchens: Mapping[str, int]
    suppliers: Mapping[str, int]
    accounts: frozenset[int]

    def places(self, uai: str) -> set[str]:
        """What tells which kitchen it is, and where."""
        return {uai, word("lieu", uai)}

    def spends(self, uai: str) -> set[str]:
        """What a kitchen may spend or spends: for itself and who controls."""
        return {f"{KITCHEN_FIGURES + self.kitchens[uai]}.00"}

    def sells(self, slug: str) -> set[str]:
        """Anything of a supplier, its prices among them."""
        return {slug, word("fournisseur", slug), f"{SUPPLIER_FIGURES + self.suppliers[slug]}.00"}

    def sealed(self, slug: str) -> set[str]:
        """What a supplier offers in a consultation that nobody opened: for itself alone, whoever controls."""
        return {word("pli", slug), f"{SEALED_FIGURES + self.suppliers[slug]}.00"}

    def asked(self, slug: str) -> set[str]:
        """Questions of a supplier that wait for an answer: for itself, and for buyers, who are not told whose."""
        return {word("question", self.suppliers[slug])}

    def past(self, slug: str) -> set[str]:
        """What the offers of a supplier were before: for itself and who controls, not for buyers."""
        return {word("histoire", slug)}

    def person(self, number: int) -> set[str]:
        """Anything of a person."""
        return {word("personne", number)}

    def everything(self) -> set[str]:
        """Every mark that the administration may read."""
        return set().union(
            *(self.places(uai) | self.spends(uai) for uai in self.kitchens),
            *(self.sells(slug) for slug in self.suppliers),
            *(self.person(number) for number in self.accounts),
        )


def word(kind: str, owner: object) -> str:
    """The mark of an owner in a text; its end keeps owner 1 apart from owner 10."""
    return f"{kind}-de-{owner}-"


async def mark(session: AsyncSession) -> Owners:
    """Mark every row that somebody owns; the owners."""
    owners = Owners(
        kitchens={each.uai: each.id for each in await session.scalars(select(Kitchen))},
        suppliers={each.slug: each.id for each in await session.scalars(select(Supplier))},
        accounts=frozenset(await session.scalars(select(Account.id))),
    )
    for marker in MARKERS:
        await marker(session, owners)
    await session.flush()
    return owners


async def mark_kitchens(session: AsyncSession, owners: Owners) -> None:
    """Kitchens: where they are, their budget, and what plans say they spend."""
    for each in await session.scalars(select(Kitchen)):
        each.name = each.address = each.commune = word("lieu", each.uai)
        each.budget_eur_per_meal = Decimal(KITCHEN_FIGURES + each.id)
    for standing in await session.scalars(select(KitchenStanding)):
        standing.cost = Decimal(KITCHEN_FIGURES + standing.kitchen_id)


async def mark_suppliers(session: AsyncSession, owners: Owners) -> None:
    """Suppliers, their certificates, offers and prices: the price per kilogram is the mark."""
    slugs = {number: slug for slug, number in owners.suppliers.items()}
    for each in await session.scalars(select(Supplier)):
        each.name = each.activity = each.commune = word("fournisseur", each.slug)
    for certificate in await session.scalars(select(Certificate)):
        certificate.number = certificate.certifier = word("fournisseur", slugs[certificate.supplier_id])
    for offer in await session.scalars(select(Offer)):
        offer.product = offer.pack_label = offer.origin = word("fournisseur", slugs[offer.supplier_id])
        offer.price_eur_per_pack = Decimal(SUPPLIER_FIGURES + offer.supplier_id) * offer.pack_g / GRAMS_PER_KG


async def mark_people(session: AsyncSession, owners: Owners) -> None:
    """Accounts and what opens them."""
    for each in await session.scalars(select(Account)):
        each.name, each.email = word("personne", each.id), f"{word('personne', each.id)}@exemple.fr"
    for table in (ApiToken, Passkey):
        for opening in await session.scalars(select(table)):
            opening.name = word("personne", opening.account_id)


async def mark_market(session: AsyncSession, owners: Owners) -> None:
    """Addresses, permits, holidays, price lists and their prices, documents, and what offers were before."""
    hub, seller = (f"account {number}" for number in (NUMBERS[Role.HUB], OTHER_SELLER))
    await dataset_market.fill_others(session, hub, seller)
    slugs = {number: slug for slug, number in owners.suppliers.items()}
    for each in await session.scalars(select(Supplier)):
        each.address = word("fournisseur", each.slug)
    for permit in await session.scalars(select(HygienePermit)):
        permit.number = word("fournisseur", slugs[permit.supplier_id])
    for pause in await session.scalars(select(SupplierPause)):
        pause.reason = word("fournisseur", slugs[pause.supplier_id])
    for document in await session.scalars(select(Document)):
        document.name = word("fournisseur", OTHER.supplier if document.actor == seller else slugs[2])
    for event in await session.scalars(select(ChangeEvent).where(ChangeEvent.subject == Offer.__tablename__)):
        event.after = {"product": word("histoire", event.key.removeprefix("vente_").removesuffix("_00"))}
    await mark_prices(session, slugs)


async def mark_prices(session: AsyncSession, slugs: Mapping[int, str]) -> None:
    """Price lists: of their supplier, and those of the second kitchen alone of that kitchen too."""
    sellers = {}
    for each in await session.scalars(select(PriceList)):
        sellers[each.id] = each.supplier_id
        alone = word("lieu", OTHER.kitchen) if each.id > OTHER_SHIFT else ""
        each.name = word("fournisseur", slugs[each.supplier_id]) + alone
    for line in await session.scalars(select(PriceListLine)):
        line.price_eur_per_pack = Decimal(SUPPLIER_FIGURES + sellers[line.price_list_id])


async def mark_contracts(session: AsyncSession, owners: Owners) -> None:
    """Contracts: of who buys and of who holds them. Base prices stay small, for an index must be able to move them."""
    await dataset_procurement.fill_others(session, SMALL)
    uais = {number: each for each, number in owners.kitchens.items()}
    slugs = {number: slug for slug, number in owners.suppliers.items()}
    words = {}
    for each in await session.scalars(select(Contract)):
        words[each.id] = word("lieu", uais[each.kitchen_id]) + word("fournisseur", slugs[each.supplier_id])
        each.title, each.number = words[each.id], f"{words[each.id]}{each.id}"
        each.max_amount = Decimal(SUPPLIER_FIGURES + each.supplier_id)
        # A maximum that is a mark is beyond what an adapted procedure may award (CCP-13).
        each.procedure = Procedure.FORMAL
    holders = {}
    for lot, contract in await session.execute(select(ContractLot, Contract).join(Contract)):
        lot.title, holders[lot.id] = words[lot.contract_id], contract.supplier_id
    for line, revision in await session.execute(select(ContractLine, PriceRevision).join(PriceRevision)):
        line.product = word("fournisseur", slugs[holders[line.lot_id]])
        revision.price_eur_per_kg = Decimal(SUPPLIER_FIGURES + holders[line.lot_id])
    for engagement in await session.scalars(select(Engagement)):
        parts = 1 if engagement.grouped else 4
        engagement.amount = Decimal(KITCHEN_FIGURES + engagement.kitchen_id) / parts


async def mark_consultations(session: AsyncSession, owners: Owners) -> None:
    """Consultations: suppliers may read where a need that was published is, never what it may cost nor a draft."""
    uais = {number: each for each, number in owners.kitchens.items()}
    drafts = {}
    lots = {lot.consultation_id: lot for lot in await session.scalars(select(ConsultationLot))}
    for each in await session.scalars(select(Consultation)):
        cost = Decimal(f"{KITCHEN_FIGURES + each.kitchen_id}.00")
        lot = lots[each.id]
        if each.status is ConsultationStatus.DRAFT:
            each.title = each.delivery = lot.title = drafts[each.id] = str(cost)
        else:
            each.title = each.delivery = lot.title = word("lieu", uais[each.kitchen_id])
            lot.estimated_amount = cost
            # An estimate that is a mark passes every threshold: it must not be of the family that others decide on.
            lot.family = "10.02" if each.id in OPENED_SMALL else "10.01"
        if each.reason is not None:
            each.reason = lot.reason = word("fournisseur", OTHER.supplier if each.id > SHIFT else "ferme_01")
    for line in await session.scalars(select(ConsultationLine)):
        line.product = drafts.get(line.consultation_id, word("lieu", uais[line.kitchen_id]))
    await mark_logs(session, owners)


async def mark_logs(session: AsyncSession, owners: Owners) -> None:
    """Logs name suppliers, and who asked is not told: a question that waits is read by who asked and by buyers."""
    session.add(dataset_procurement.question(SHIFT + SHIFT, OPEN, owners.suppliers[OTHER.supplier]))
    await session.flush()
    for asked in await session.scalars(select(ConsultationQuestion)):
        asked.question = word("question", asked.supplier_id)
    for event in await session.scalars(select(ConsultationEvent)):
        sealed = event.kind in SEALED_EVENTS and event.consultation_id in SEALED
        event.data = {"suppliers": [word("pli" if sealed else "fournisseur", slug) for slug in owners.suppliers]}


async def mark_tenders(session: AsyncSession, owners: Owners) -> None:
    """Offers to consultations, sealed or not; of the one that was awarded the second farm is the winner."""
    slugs = {number: slug for slug, number in owners.suppliers.items()}
    figures = {}
    for each in await session.scalars(select(Tender)):
        base = SEALED_FIGURES if each.consultation_id in SEALED else SUPPLIER_FIGURES
        figures[each.id] = Decimal(base + each.supplier_id)
        if each.consultation_id not in OPENED_SMALL:
            each.amount = figures[each.id]
    for line in await session.scalars(select(TenderLine)):
        line.price_eur_per_kg = figures[line.tender_id]
    for outcome, tender in await session.execute(select(TenderOutcome, Tender).join(Tender)):
        outcome.reason = word("fournisseur", slugs[tender.supplier_id])
    award = await session.get_one(ConsultationAward, AWARDED)
    award.tender_id, award.supplier_id = tender_number(AWARDED, 2), 2
    for made in await session.scalars(select(ConsultationAward)):
        made.amount = Decimal(SUPPLIER_FIGURES + made.supplier_id)


MARKERS: tuple[Callable[[AsyncSession, Owners], Awaitable[None]], ...] = (
    mark_kitchens, mark_suppliers, mark_people, mark_market, mark_contracts, mark_consultations, mark_tenders,
    *marks_trade.MARKERS, marks_waste.mark_waste,
)  # fmt: skip


def forbidden(viewer: Viewer, entry: Entry, owners: Owners) -> set[str]:
    """Marks that no answer to this viewer may hold."""
    marks: set[str] = set()
    for uai in owners.kitchens:
        if not viewer.sees_everything and uai not in viewer.kitchens:
            marks |= owners.spends(uai)
            told = entry.public or (viewer.sells and entry.shows_places)
            marks |= set() if told else owners.places(uai)
    for slug in owners.suppliers:
        own = slug in viewer.suppliers
        marks |= set() if own else owners.sealed(slug)
        marks |= owners.sells(slug) | owners.asked(slug) if viewer.sells and not own else set()
        marks |= set() if own or viewer.sees_everything else owners.past(slug)
    for number in owners.accounts:
        if viewer.role not in READS_ACCOUNTS and number != viewer.account:
            marks |= owners.person(number)
    return marks


def of_subject(entry: Entry, subject: Subject, owners: Owners) -> set[str]:
    """Marks of whom an operation is asked about, of which SHOWN must find one."""
    match entry.of:
        case Of.KITCHEN:
            return owners.places(subject.kitchen) | owners.spends(subject.kitchen)
        case Of.SUPPLIER:
            return owners.sells(subject.supplier) | owners.sealed(subject.supplier)
        case Of.ACCOUNT:
            return owners.person(subject.account)
        case Of.NOBODY:
            return owners.everything()
