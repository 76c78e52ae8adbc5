"""Marks that tell whose data an answer holds: the owner's name in every text, a figure of their own in every amount."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.market.models import Certificate, Offer, Supplier
from catering.people.models import Account, ApiToken, Passkey
from catering.people.queries import READS_ACCOUNTS
from catering.people.viewer import Viewer
from catering.planning.models import KitchenStanding
from tests.api.matrix import Entry, Of, Subject

GRAMS_PER_KG = 1000
KITCHEN_FIGURES, SUPPLIER_FIGURES = 900_000, 700_000


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
        return {slug, word("fournisseur", slug), f"{SUPPLIER_FIGURES + self.suppliers[slug]}.0000"}

    def person(self, number: int) -> set[str]:
        """Anything of a person."""
        return {word("personne", number)}

    def everything(self) -> set[str]:
        """Every mark there is."""
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


MARKERS: tuple[Callable[[AsyncSession, Owners], Awaitable[None]], ...] = (mark_kitchens, mark_suppliers, mark_people)


def forbidden(viewer: Viewer, entry: Entry, owners: Owners) -> set[str]:
    """Marks that no answer to this viewer may hold."""
    marks: set[str] = set()
    for uai in owners.kitchens:
        if not viewer.sees_everything and uai not in viewer.kitchens:
            marks |= owners.spends(uai)
            marks |= set() if viewer.sells and entry.shows_places else owners.places(uai)
    for slug in owners.suppliers:
        if viewer.sells and slug not in viewer.suppliers:
            marks |= owners.sells(slug)
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
            return owners.sells(subject.supplier)
        case Of.ACCOUNT:
            return owners.person(subject.account)
        case Of.NOBODY:
            return owners.everything()
