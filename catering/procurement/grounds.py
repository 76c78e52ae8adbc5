"""By which way a purchase is lawful: a contract line, an award, or below the first threshold. Pure: orders call it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from catering.figures import round_euros
from catering.procurement import refusals
from catering.procurement.need import Level, Standing, reached, standings
from catering.procurement.revision import Revised, price_on
from catering.procurement.vocabulary import GroundKind
from catering.rules import RuleBook, law


class PricedBy(NamedTuple):
    """The line (row id) of a contract or of a consultation whose price makes an amount; neither: the seller's own."""

    contract_line: int | None = None
    award_line: int | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """One line a collège wants to order. ``amount`` is excl. tax, rounded to the cent; numbers are row ids.

    ``priced_by`` tells whose price makes the amount: it is then bought on no other line; None when nobody says.
    ``delivered_on`` tells of which day the agreed price is; the day of the order when nobody says.
    """

    kitchen: int
    supplier: int
    ingredient: int
    offer: int
    family: str
    amount: Decimal
    priced_by: PricedBy | None = None
    delivered_on: date | None = None
    bare: bool = False
    """Delivered under no sign of quality."""


@dataclass(frozen=True, slots=True)
class ContractTerm:
    """A line of a contract: who may order what, when, at which price, and what is left before the maximum.

    ``revisions`` are those of the days asked about, in the order in which they hold; prices are delivered prices
    (decision 0051).
    """

    contract: int
    number: str
    line: int
    supplier: int
    kitchens: frozenset[int]
    grouped: bool
    ingredient: int
    offer: int | None
    start: date
    end: date
    base_price_eur_per_kg: Decimal
    left: Decimal
    revisions: tuple[Revised, ...] = ()
    in_need: bool = False
    """Made below the first threshold: its maximum stands in the need already, whatever is ordered on it."""

    def price_on(self, day: date) -> Decimal:
        """€/kg excl. tax on a day, delivered."""
        return price_on(self.base_price_eur_per_kg, self.revisions, day)

    def covers(self, supplier: int, ingredient: int, offer: int) -> bool:
        """Whether it is this product of this supplier, or any product of the ingredient."""
        return (self.supplier, self.ingredient) == (supplier, ingredient) and self.offer in (None, offer)


@dataclass(frozen=True, slots=True)
class AwardTerm:
    """A line of the award of a lot: what may be ordered for which collège, when, at which price, what is left of it."""

    consultation: int
    lot: int
    """Its row; ``lot_number`` is how people call it."""
    lot_number: int
    line: int
    """Of the consultation, its row."""
    supplier: int
    kitchen: int
    ingredient: int
    first: date
    last: date
    """Days of delivery, both included."""
    price_eur_per_kg: Decimal
    """Excl. tax, delivered: offers to a consultation are asked for so."""
    left: Decimal
    bare_left: Decimal | None = None
    """Of what is left, what goods under no sign of quality may take: the share that its offer did not promise under
    one. None when it promised none."""
    under_label: bool = False
    """Won by goods wholly under a sign of quality: at its price nothing else is sold."""

    @property
    def name(self) -> str:
        """As people call it: ``5, lot 2``."""
        return f"{self.consultation}, lot {self.lot_number}"

    def covers(self, supplier: int, ingredient: int, delivered_on: date) -> bool:
        """Whether it is this ingredient of this supplier, delivered while the award lasts."""
        same = (self.supplier, self.ingredient) == (supplier, ingredient)
        return same and self.first <= delivered_on <= self.last

    def room(self, *, bare: bool) -> Decimal:
        """What goods may take of it, under a sign of quality or under none."""
        return self.left if self.bare_left is None or not bare else min(self.left, self.bare_left)


def is_bare(label: str | None, delivered_on: date) -> bool:
    """Whether goods sold under a label, or under none, are delivered under no sign of quality."""
    return label is None or not of_quality(label, delivered_on)


def of_quality(label: str, delivered_on: date) -> bool:
    """Whether a sign (code) is one of quality or of organic farming on the day of a delivery, by the tables of EGAlim:
    signs come and end within a year."""
    rows = law().tables.labels.get(label, ())
    return any(row.counts_as_quality for row in rows if row.in_force(delivered_on))


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a purchase is lawful. ``price_eur_per_kg`` is the price agreed, None when none is; notices are French."""

    kind: GroundKind
    contract: int | None = None
    contract_number: str | None = None
    contract_line: int | None = None
    consultation: int | None = None
    lot: int | None = None
    """Row of the lot awarded; ``lot_number`` is how people call it."""
    lot_number: int | None = None
    grouped: bool = False
    in_need: bool = False
    """Bought on a contract whose maximum stands in the need already."""
    price_eur_per_kg: Decimal | None = None
    under_label: bool = False
    """Bought on an award that was won by goods under a sign of quality."""
    notices: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What an order keeps beside the line, in French."""
        if self.kind is GroundKind.CONTRACT_LINE:
            return f"Marché {self.contract_number}, ligne {self.contract_line}"
        if self.kind is GroundKind.CONSULTATION_AWARD:
            promised = ", sous signe de qualité" if self.under_label else ""
            return f"Attribution de la consultation {self.consultation}, lot {self.lot_number}{promised}"
        return "Achat sous le seuil, sans publicité ni mise en concurrence (CCP-10)"


def ground_of_purchase(
    wish: Wish,
    day: date,
    contracts: Sequence[ContractTerm],
    awards: Sequence[AwardTerm],
    need: Decimal,
    book: RuleBook | None = None,
) -> Ground:
    """The way by which one purchase is lawful: a contract line first, then an award, then below the threshold.

    Args:
        wish: what is to be bought.
        day: on which it is ordered.
        contracts: lines of contracts, in any number: those that do not fit are passed over.
        awards: lines of awards, likewise.
        need: of the buyer in the family of the wish over twelve months, small contracts included (CCP-20).
        book: the law; that of the platform by default.

    Raises:
        refusals.BeyondMaximum: a contract line fits, and its contract has not enough left.
        refusals.BeyondAward: it has the price of an award that has not enough left.
        refusals.AboveThreshold: neither contract nor award fits, and with this purchase the need reaches a threshold.
    """
    fitting = [term for term in contracts if _contract_fits(term, wish, day)]
    if fitting:
        term = first_term(fitting, lambda _: wish.amount)
        return _on_contract(term, wish, day, _with_room(contracts, wish, day) if term.left < wish.amount else None)
    for award in awards:
        if _award_fits(award, wish, day):
            return Ground(
                GroundKind.CONSULTATION_AWARD,
                consultation=award.consultation,
                lot=award.lot,
                lot_number=award.lot_number,
                price_eur_per_kg=award.price_eur_per_kg,
                under_label=award.under_label,
            )
    notices = _other_contracts(wish, day, contracts)
    return _below_threshold(need + wish.amount, day, notices, book or law())


def first_term(fitting: Iterable[ContractTerm], amount: Callable[[ContractTerm], Decimal]) -> ContractTerm:
    """Of the lines that fit a purchase, the one it is bought on, and whose price it thus has.

    One with enough left goes first, then one that names the very product, then the oldest.

    Args:
        fitting: one line at least.
        amount: what the purchase takes of a line, € excl. tax.
    """
    return min(fitting, key=lambda term: (term.left < amount(term), term.offer is None, term.line))


def _with_room(contracts: Iterable[ContractTerm], wish: Wish, day: date) -> str | None:
    """Number of another contract on which a purchase could be made, at the price of that one; None when there is none.

    Each line of a basket has the price of the contract that has room for it alone: together they may be too much for
    that contract, and not for two.
    """
    anybodys = replace(wish, priced_by=None)
    fitting = [term for term in contracts if _contract_fits(term, anybodys, day) and term.left >= wish.amount]
    return first_term(fitting, lambda _: wish.amount).number if fitting else None


def _on_contract(term: ContractTerm, wish: Wish, day: date, other: str | None) -> Ground:
    if term.left < wish.amount:
        raise refusals.BeyondMaximum(term.number, term.left, wish.amount, other)
    return Ground(
        GroundKind.CONTRACT_LINE,
        contract=term.contract,
        contract_number=term.number,
        contract_line=term.line,
        grouped=term.grouped,
        in_need=term.in_need,
        price_eur_per_kg=term.price_on(wish.delivered_on or day),
    )


def _contract_fits(term: ContractTerm, wish: Wish, day: date) -> bool:
    named = None if wish.priced_by is None else wish.priced_by.contract_line
    same = term.covers(wish.supplier, wish.ingredient, wish.offer) and named in (None, term.line)
    return same and wish.kitchen in term.kitchens and term.start <= day <= term.end


def _award_fits(award: AwardTerm, wish: Wish, day: date) -> bool:
    # Orders come before deliveries: who does not say when it is delivered may order until the last day.
    delivered_on = wish.delivered_on or max(day, award.first)
    if award.kitchen != wish.kitchen or not award.covers(wish.supplier, wish.ingredient, delivered_on):
        return False
    room = award.room(bare=wish.bare)
    if wish.priced_by is not None and wish.priced_by.award_line == award.line and room < wish.amount:
        promised = room < award.left
        raise (refusals.BeyondPromise if promised else refusals.BeyondAward)(award.consultation, room, wish.amount)
    return room >= wish.amount and (wish.priced_by is None or wish.priced_by.award_line == award.line)


def _other_contracts(wish: Wish, day: date, contracts: Sequence[ContractTerm]) -> tuple[str, ...]:
    numbers = sorted(
        {
            term.number
            for term in contracts
            if wish.kitchen in term.kitchens
            and term.ingredient == wish.ingredient
            and term.supplier != wish.supplier
            and term.start <= day <= term.end
        }
    )
    return tuple(
        f"Le marché {number} couvre déjà ce produit avec un autre fournisseur : y commander d'abord."
        for number in numbers
    )


def _below_threshold(need: Decimal, day: date, notices: tuple[str, ...], book: RuleBook) -> Ground:
    if above := reached(need, day, book):
        raise refusals.AboveThreshold(Standing(above, need, Level.REACHED))
    near = tuple(each.message for each in standings(need, day, book) if each.level is Level.NEAR)
    return Ground(GroundKind.FREE_PURCHASE, notices=(*notices, *near))


def grounds_of_order(
    wishes: Sequence[Wish],
    day: date,
    contracts: Sequence[ContractTerm],
    awards: Sequence[AwardTerm],
    needs: Mapping[tuple[int, str], Decimal],
    book: RuleBook | None = None,
) -> list[Ground]:
    """The ground of each line of an order, in order: what one line takes is no longer there for the next.

    Args:
        wishes: the lines.
        day: on which they are ordered.
        contracts: lines of contracts that may fit.
        awards: lines of awards that may fit.
        needs: over twelve months, small contracts included, per kitchen and family; nothing when missing.
        book: the law; that of the platform by default.

    Raises:
        refusals.Refusal: a line has no lawful ground; nothing is to be ordered.
    """
    book = book or law()
    needs, grounds = dict(needs), list[Ground]()
    for wish in wishes:
        key = wish.kitchen, wish.family
        ground = ground_of_purchase(wish, day, contracts, awards, needs.get(key, Decimal(0)), book)
        grounds.append(ground)
        contracts = [_less(term, wish.amount) if term.contract == ground.contract else term for term in contracts]
        awards = [_drawn(term, wish) if term.lot == ground.lot else term for term in awards]
        if not in_need_already(ground):
            needs[key] = needs.get(key, Decimal(0)) + wish.amount
    return _with_writing(wishes, grounds, day, book)


def in_need_already(ground: Ground) -> bool:
    """Whether what is bought on a ground adds nothing to the need: an award and a small contract count as a whole."""
    return ground.in_need or ground.kind is GroundKind.CONSULTATION_AWARD


def _less(term: ContractTerm, amount: Decimal) -> ContractTerm:
    return replace(term, left=term.left - amount)


def _drawn(award: AwardTerm, wish: Wish) -> AwardTerm:
    bare_left = award.bare_left
    if bare_left is not None and wish.bare:
        bare_left -= wish.amount
    return replace(award, left=award.left - wish.amount, bare_left=bare_left)


def _with_writing(wishes: Sequence[Wish], grounds: list[Ground], day: date, book: RuleBook) -> list[Ground]:
    free = [
        wish.amount for wish, ground in zip(wishes, grounds, strict=True) if ground.kind is GroundKind.FREE_PURCHASE
    ]
    least = book.parameter("CCP-10-ECRIT", day)
    if sum(free, Decimal(0)) < least:
        return grounds
    notice = f"Cette commande atteint {round_euros(least)} hors taxes : le contrat doit être écrit (CCP-10)."
    return [
        replace(ground, notices=(*ground.notices, notice)) if ground.kind is GroundKind.FREE_PURCHASE else ground
        for ground in grounds
    ]
