"""Recording contracts that were signed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from catering import moment
from catering.kitchens.models import Kitchen
from catering.market.models import Offer, Supplier
from catering.market.queries import offers
from catering.people.models import ChangeEvent
from catering.people.viewer import Role, Viewer
from catering.procurement import refusals
from catering.procurement.contract_rules import (
    ContractTerms,
    LineTerms,
    LotTerms,
    check_contract,
    check_start,
)
from catering.procurement.criteria import check_wording
from catering.procurement.models import (
    Contract,
    ContractLine,
    ContractLot,
    ContractMember,
)
from catering.procurement.revision import Clause
from catering.procurement.service.access import buyers, goods, require_signatory, supplier_named
from catering.procurement.service.needs import refuse_above_threshold, values_of
from catering.procurement.service.revising import revise_by_known
from catering.procurement.vocabulary import Procedure
from catering.recipes.models import Ingredient
from catering.rules.procurement import procurement_law
from catering.spelling import tidy, unfit

LONGEST_NUMBER = 60  # legal-number: characters of the number of a contract
LONGEST_TEXT = 200  # legal-number: characters of a title or a product
MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class LineWish:
    """A product of a lot: its ingredient (slug), perhaps one offer only (slug), its base price and its clause."""

    ingredient: str
    product: str
    price_eur_per_kg: Decimal
    offer: str | None = None
    clause: Clause | None = None


@dataclass(frozen=True, slots=True)
class LotWish:
    """A lot as its buyer records it; ``estimated`` is excl. tax over the whole duration."""

    number: int
    title: str
    estimated: Decimal
    lines: Sequence[LineWish]
    small: bool = False


@dataclass(frozen=True, slots=True)
class ContractWish:
    """A contract as its buyer records it. ``members`` are the UAI that may order, the buyer's among them or not."""

    kitchen: str
    members: Sequence[str]
    number: str
    title: str
    supplier: str
    procedure: Procedure
    start: date
    end: date
    least: Decimal
    most: Decimal
    lots: Sequence[LotWish]


async def record_contract(session: AsyncSession, viewer: Viewer, wish: ContractWish) -> Contract:
    """Record a contract that was signed, so that orders may be drawn on it.

    The gestionnaire of all its members records it; for a groupement of other collèges, the Département does.

    Raises:
        refusals.Refusal: the viewer may not, the contract names what does not exist, or the law does not allow it.
    """
    if viewer.role is not Role.DEPARTEMENT:
        require_signatory(viewer)
    _check_texts(wish)
    check_start(wish.start)
    together = await buyers(session, viewer, {wish.kitchen, *wish.members})
    supplier = await supplier_named(session, viewer, wish.supplier)
    found = await goods(session, viewer, {line.ingredient for lot in wish.lots for line in lot.lines})
    terms = _terms(wish, found)
    check_contract(terms)
    ids = {kitchen.id for kitchen in together.values()}
    # The law of its first day; and what was committed since then, when it is recorded later.
    for day in sorted({wish.start, max(wish.start, moment.today())}):
        await refuse_above_threshold(session, viewer, ids, values_of(terms), day)
    await _require_new(session, together[wish.kitchen], tidy(wish.number))
    products = await _products(session, viewer, supplier, wish, found)
    contract = _made(viewer, wish, terms, together, supplier)
    contract.lots = [
        _lot(lot, stated.family, found, products) for lot, stated in zip(wish.lots, terms.lots, strict=True)
    ]
    session.add(contract)
    await session.flush()
    await _revise(session, contract)
    session.add(_trace(viewer, contract, wish))
    await session.flush()
    return contract


async def _revise(session: AsyncSession, contract: Contract) -> None:
    """A contract that is recorded late has the prices of one that was recorded on its first day."""
    try:
        await revise_by_known(session, contract)
    except refusals.InvalidIndexValues as fault:
        raise refusals.InvalidContract(str(fault)) from fault


def _check_texts(wish: ContractWish) -> None:
    texts = [(wish.number, LONGEST_NUMBER), (wish.title, LONGEST_TEXT)]
    texts += [(lot.title, LONGEST_TEXT) for lot in wish.lots]
    texts += [(line.product, LONGEST_TEXT) for lot in wish.lots for line in lot.lines]
    for text, longest in texts:
        if (why := unfit(text, longest)) is not None:
            raise refusals.InvalidContract(
                f"Un numéro, un titre ou un produit {why} : l'écrire au clavier, en 1 à {longest} caractères."
            )
    # A line names what its holder sells, by the name it has; how a need may be worded is asked of consultations.
    check_wording([wish.title, *(lot.title for lot in wish.lots)], moment.today())
    if sum(len(lot.lines) for lot in wish.lots) > MOST_LINES:
        raise refusals.InvalidContract(f"Un contrat compte {MOST_LINES} produits au plus : en faire plusieurs.")


def _terms(wish: ContractWish, found: Mapping[str, Ingredient]) -> ContractTerms:
    return ContractTerms(
        wish.procedure,
        wish.start,
        wish.end,
        wish.least,
        wish.most,
        [
            LotTerms(
                lot.number,
                _family(lot, found, wish.start),
                lot.estimated,
                lot.small,
                [LineTerms(line.product, line.price_eur_per_kg, line.clause) for line in lot.lines],
            )
            for lot in wish.lots
        ],
    )


def _family(lot: LotWish, found: Mapping[str, Ingredient], on: date) -> str:
    rows = [found[line.ingredient] for line in lot.lines]
    families = {procurement_law().family_of(row.slug, row.kind.value, on) for row in rows}
    if len(families) != 1:
        raise refusals.InvalidContract(
            f"Le lot {lot.number} mêle les familles homogènes {', '.join(sorted(families)) or '(aucune)'} : "
            "un lot par famille (CCP-30)."
        )
    return families.pop()


async def _require_new(session: AsyncSession, kitchen: Kitchen, number: str) -> None:
    taken = select(Contract.id).where(Contract.kitchen_id == kitchen.id, Contract.number == number)
    if (await session.scalars(taken)).first() is not None:
        raise refusals.InvalidContract(f"Le marché {number} est déjà enregistré pour ce collège.")


async def _products(
    session: AsyncSession, viewer: Viewer, supplier: Supplier, wish: ContractWish, found: Mapping[str, Ingredient]
) -> Mapping[str, Offer]:
    """The offers that lines name: of this supplier, of the ingredient of their line."""
    named = {line.offer: line.ingredient for lot in wish.lots for line in lot.lines if line.offer is not None}
    if not named:
        return {}
    rows = {row.slug: row for row in await session.scalars(offers(viewer, slugs=named, supplier=supplier.slug))}
    wrong = [
        slug
        for slug, ingredient in named.items()
        if slug not in rows or rows[slug].ingredient_id != found[ingredient].id
    ]
    if wrong:
        raise refusals.UnknownGoods("Produit de ce fournisseur", sorted(wrong))
    return rows


def _made(
    viewer: Viewer,
    wish: ContractWish,
    terms: ContractTerms,
    together: Mapping[str, Kitchen],
    supplier: Supplier,
) -> Contract:
    return Contract(
        kitchen_id=together[wish.kitchen].id,
        number=tidy(wish.number),
        title=tidy(wish.title),
        supplier_id=supplier.id,
        procedure=wish.procedure,
        start_day=wish.start,
        end_day=wish.end,
        min_amount=terms.least,
        max_amount=terms.most,
        ordered_amount=Decimal("0.00"),  # as it will be read: no amount is drawn yet
        created_at=moment.now(),
        created_by=viewer.actor,
        members=[ContractMember(kitchen_id=kitchen.id) for kitchen in together.values()],
    )


def _lot(lot: LotWish, family: str, found: Mapping[str, Ingredient], products: Mapping[str, Offer]) -> ContractLot:
    return ContractLot(
        number=lot.number,
        title=tidy(lot.title),
        family=family,
        estimated_amount=lot.estimated,
        small=lot.small,
        lines=[
            ContractLine(
                position=position,
                ingredient_id=found[line.ingredient].id,
                offer_id=None if line.offer is None else products[line.offer].id,
                product=tidy(line.product),
                base_price_eur_per_kg=line.price_eur_per_kg,
                index_code=line.clause and line.clause.index,
                base_index=line.clause and line.clause.base_index,
                fixed_share=line.clause and line.clause.fixed_share,
                rhythm=line.clause and line.clause.rhythm,
            )
            for position, line in enumerate(lot.lines, start=1)
        ],
    )


def _trace(viewer: Viewer, contract: Contract, wish: ContractWish) -> ChangeEvent:
    after = {"number": contract.number, "supplier": wish.supplier, "max_amount": f"{contract.max_amount}"}
    return ChangeEvent(
        at=contract.created_at,
        actor=viewer.actor,
        subject=Contract.__tablename__,
        key=str(contract.id),
        before=None,
        after=after,
    )
