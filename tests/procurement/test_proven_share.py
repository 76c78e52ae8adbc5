"""A share sold under a sign of quality: proven when it is offered, and alone sold at the price it has won."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from catering.db import Database
from catering.kitchens.models import Kitchen
from catering.market.models import Certificate, Offer
from catering.orders.prices import Agreed, agreed_of, agreements
from catering.orders.vocabulary import PriceSource
from catering.people.viewer import Role, Viewer
from catering.procurement import refusals
from catering.procurement.grounds import Ground, PricedBy, of_quality
from catering.procurement.service.awarding import award, open_tenders
from catering.procurement.service.buying import LineToBuy, engage, release
from catering.procurement.service.tendering import TenderWish, submit
from catering.procurement.vocabulary import GroundKind
from catering.together import read_together
from tests.procurement.conftest import FARMS, REASON, SIGNS, deadline_passed, need, published

pytestmark = pytest.mark.filterwarnings("ignore:XDG_RUNTIME_DIR")
FIRST, LAST = date(2099, 2, 1), date(2099, 6, 30)
ORDERED_ON = date(2099, 1, 5)
OFFICE = Viewer("Commandes", Role.DEPARTEMENT)


async def asked(database: Database, until: date | None) -> int:
    """A consultation that scores the share of organic goods; the certificates of the farms last until a day."""
    async with database.unit_of_work() as session:
        await session.execute(update(Certificate).values(valid_to=until or date(2026, 12, 31), label="BIO"))
    return await published(database, need(criteria=[("price", 40), ("organic_or_siqo", 60)]))


async def declares(database: Database, number: int, share: str) -> int:
    first = 2 * number - 1
    wish = TenderWish(
        "ferme_00", dict.fromkeys((first, first + 1), Decimal("1.10")), {"organic_or_siqo": Decimal(share)}
    )
    async with database.unit_of_work() as session:
        (tender,) = await submit(session, FARMS[0], number, wish)
        return tender.id


async def test_a_share_under_a_sign_is_offered_with_a_certificate_of_the_first_delivery(market: Database) -> None:
    number = await asked(market, date(2099, 1, 31))
    with pytest.raises(refusals.InvalidTender, match="ne couvre le premier jour"):
        await declares(market, number, "100")
    assert await declares(market, number, "0")


async def test_a_certificate_that_covers_the_first_delivery_is_a_proof(market: Database) -> None:
    assert await declares(market, await asked(market, FIRST), "100")


@pytest.mark.parametrize(("share", "without_label"), [("100", PriceSource.OFFER), ("60", PriceSource.AWARD)])
async def test_what_is_won_by_labelled_goods_alone_buys_nothing_else(
    share: str, without_label: PriceSource, market: Database
) -> None:
    number = await asked(market, LAST)
    tender = await declares(market, number, share)
    await deadline_passed(market, number)
    async with market.unit_of_work() as session:
        await open_tenders(session, SIGNS, number)
        await award(session, SIGNS, number, tender, REASON)
    agreed, offer = await agreements_of(market)
    for label, source in (("BIO", PriceSource.AWARD), (None, without_label)):
        offer.label = label
        assert agreed.paid(offer, FIRST, 1, Decimal(0)).agreement.source is source


async def agreements_of(database: Database) -> tuple[Agreed, Offer]:
    """What the first collège has agreed for a product that won, and that product."""
    async with database.reading() as session:
        (uai,) = await session.scalars(select(Kitchen.uai).order_by(Kitchen.id).limit(1))
        mine = select(Offer).where(Offer.supplier_id == 1).order_by(Offer.id).limit(1)
        offer = (await session.scalars(mine)).one()
        session.expunge(offer)
        offer.ingredient_id = 4
        reads = agreements(OFFICE, [uai], [offer], ORDERED_ON, (FIRST, LAST))
        return agreed_of([uai], *await read_together(session, reads))[uai], offer


def test_an_order_says_that_its_award_was_won_under_a_sign() -> None:
    ground = Ground(GroundKind.CONSULTATION_AWARD, consultation=5, lot_number=2, under_label=True)
    assert ground.words == "Attribution de la consultation 5, lot 2, sous signe de qualité"


def test_a_sign_counts_on_the_day_of_the_delivery_and_not_after_its_end() -> None:
    """The certification of level 2 (CE2) ends with 2026 (EGA-15)."""
    last, after = date(2026, 12, 31), date(2027, 1, 4)
    assert [of_quality("CE2", day) for day in (last, after)] == [True, False]
    assert (of_quality("LABEL_ROUGE", after), of_quality("inconnu", last)) == (True, False)


async def test_goods_without_a_sign_take_of_an_award_what_it_did_not_promise_under_one(market: Database) -> None:
    """60 % of 385 € are promised: 154 € may be bought without a sign, whoever buys again what he gave back."""
    number = await asked(market, LAST)
    tender = await declares(market, number, "60")
    await deadline_passed(market, number)
    async with market.unit_of_work() as session:
        await open_tenders(session, SIGNS, number)
        award_made = await award(session, SIGNS, number, tender, REASON)
    assert award_made.amount == Decimal("385.00")
    line = 2 * number - 1

    def to_buy(amount: str, source: str, *, bare: bool) -> LineToBuy:
        return LineToBuy(1, 4, 1, Decimal(amount), source, PricedBy(award_line=line), FIRST, bare)

    async with market.unit_of_work() as session:
        await engage(session, SIGNS, 1, ORDERED_ON, [to_buy("150.00", "order 1 line 1", bare=True)])
    agreed, offer = await agreements_of(market)
    offer.label, offer.pack_g = None, 10_000
    assert agreed.paid(offer, FIRST, 1, Decimal(0)).agreement.source is PriceSource.OFFER, "11 € of the 4 € left"
    offer.label = "BIO"
    assert agreed.paid(offer, FIRST, 1, Decimal(0)).agreement.source is PriceSource.AWARD
    with pytest.raises(refusals.BeyondPromise, match=r"reste 4\s€ .*10\s€ demandés"):
        async with market.unit_of_work() as session:
            await engage(session, SIGNS, 1, ORDERED_ON, [to_buy("10.00", "order 2 line 1", bare=True)])
    async with market.unit_of_work() as session:
        await engage(session, SIGNS, 1, ORDERED_ON, [to_buy("200.00", "order 3 line 1", bare=False)])
        await release(session, SIGNS, "order 1 line 1")
        await engage(session, SIGNS, 1, ORDERED_ON, [to_buy("154.00", "order 4 line 1", bare=True)])


@pytest.mark.parametrize("label", ["CE2", "LABEL_ROUGE"])
async def test_a_certificate_of_a_sign_that_has_ended_by_the_first_delivery_proves_no_share(
    label: str, market: Database
) -> None:
    number = await asked(market, LAST)
    async with market.unit_of_work() as session:
        await session.execute(update(Certificate).values(label=label))
    if label == "CE2":
        with pytest.raises(refusals.InvalidTender, match="signe reconnu"):
            await declares(market, number, "100")
    else:
        assert await declares(market, number, "100")


async def test_at_the_price_of_a_labelled_award_nothing_is_sold_once_its_sign_has_ended(market: Database) -> None:
    number = await asked(market, LAST)
    tender = await declares(market, number, "100")
    await deadline_passed(market, number)
    async with market.unit_of_work() as session:
        await open_tenders(session, SIGNS, number)
        await award(session, SIGNS, number, tender, REASON)
    agreed, offer = await agreements_of(market)
    offer.label = "CE2"
    assert agreed.paid(offer, FIRST, 1, Decimal(0)).agreement.source is PriceSource.OFFER
