"""The story from its first order to the present, told once per school year."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random

from sqlalchemy.ext.asyncio import AsyncSession

from catering.demonstration.agreements import publish_indices, record_agreements
from catering.demonstration.answering import answer, choose
from catering.demonstration.attending import tell_the_lunches
from catering.demonstration.billing import bill, bill_on_paper, credit
from catering.demonstration.cast import ADMINISTRATION, Cast, cast_sellers, gather
from catering.demonstration.consulting import conclude, consult
from catering.demonstration.cooking import clear_out, cook
from catering.demonstration.delivering import Incidents, check_in
from catering.demonstration.habits import keep_a_habit
from catering.demonstration.history import tell_the_year
from catering.demonstration.ordering import Sent, fill, order
from catering.demonstration.playing import Play
from catering.demonstration.queries import SUBJECT, told
from catering.demonstration.stage import Stage, Weeks, service_days, set_stage, weeks_around
from catering.demonstration.weighing import open_campaign, weigh
from catering.kitchens.models import Kitchen
from catering.market.models import Supplier
from catering.moment import PARIS, now, paris_day, today
from catering.orders.service import prepare, ship
from catering.people.models import ChangeEvent
from catering.planning.models import PlanRun

SEED = "circuits courts"
"""The same story for the same plan and day."""
DAYS_AHEAD = timedelta(days=13)
"""Baskets are sent so long before the Monday they serve: every lead time of the market fits."""
WEEKS_WEIGHED = 2
"""A campaign is five days of service at least; a week has four."""
DAY = timedelta(days=1)
MONDAY_AFTER = timedelta(days=7)


@dataclass(slots=True)
class Story:
    """What the acts of the story share. ``received``: orders checked in, by kitchen and supplier (row ids)."""

    session: AsyncSession
    stage: Stage
    cast: Cast
    weeks: Weeks
    play: Play
    incidents: Incidents = field(default_factory=Incidents)
    received: dict[tuple[int, int], list[Sent]] = field(default_factory=lambda: defaultdict(list))
    sent: list[Sent] = field(default_factory=list)

    def chance(self, *about: object) -> Random:
        """Chance that depends on nothing but what it decides."""
        return Random(" ".join([SEED, *map(str, about)]))


async def tell(session: AsyncSession, run: PlanRun) -> list[str]:
    """Tell the trade that follows a published plan; what was told or done before stays as it is.

    Contracts are completed for a new plan; everything else is told once per school year. ``run`` comes with its
    scenario.

    Returns:
        What was told, in French, a line each.
    """
    stage = await set_stage(session, ADMINISTRATION, run)
    cast = await gather(session, stage)
    weeks = weeks_around(stage.planned_weeks, today())
    history = await tell_the_year(session, stage, weeks)
    contracts = await record_agreements(session, stage, cast)
    if await session.scalar(told(ADMINISTRATION, stage.school_year.label)):
        return [f"Activité de démonstration : déjà là, {contracts} contrats ajoutés.", *history]
    consulted = await consult(session, stage, cast, SEED)
    await publish_indices(session, stage)
    history += await tell_the_lunches(session, stage)
    story = Story(session, stage, cast, weeks, Play(now()))
    await _trade(story)
    await cast_sellers(session, _most_asked(story))
    await conclude(session, consulted)
    lines = [*_lines(story, contracts, len(consulted)), *history]
    session.add(
        ChangeEvent(
            at=now(), actor=ADMINISTRATION.actor, subject=SUBJECT, key=stage.school_year.label, after={"told": lines}
        )
    )
    await session.flush()
    return lines


def _lines(story: Story, contracts: int, consultations: int) -> list[str]:
    received = sum(len(orders) for orders in story.received.values())
    found = [
        f"Activité de démonstration (inventée) : {contracts} contrats, {consultations} consultations, "
        f"{len(story.sent)} commandes dont {received} reçues, dans {len(story.stage.told_kitchens)} cuisines."
    ]
    return found + ([story.weeks.notice] if story.weeks.notice else [])


def _most_asked(story: Story) -> list[Supplier]:
    """Suppliers of the orders, those with most orders of the weeks to come first, then of all weeks."""
    coming = Counter(sent.supplier for sent in story.sent if sent.week in story.weeks.coming)
    every = Counter(sent.supplier for sent in story.sent)
    ranked = sorted(every, key=lambda each: (-coming[each], -every[each], each))
    return [story.stage.suppliers[each] for each in ranked]


async def _trade(story: Story) -> None:
    """Have every kitchen order its weeks; what follows from an order follows by itself."""
    present = story.play.until
    for kitchen in story.stage.told_kitchens:
        for week in story.weeks.every:
            at = min(_at(week - DAYS_AHEAD, time(14)), present)
            story.play.follow(at, partial(_order, story, kitchen, week))
    if story.weeks.past:
        over = story.weeks.past[-1] + MONDAY_AFTER
        story.play.follow(_at(over, time(9)), partial(_bill, story))
    await _campaign(story)
    await story.play.run()
    await _left_to_do(story, present)


async def _campaign(story: Story) -> None:
    """The first kitchen weighs the last two weeks that are over."""
    if len(story.weeks.past) < WEEKS_WEIGHED:
        return
    kitchen, weeks = story.stage.told_kitchens[0], story.weeks.past[-WEEKS_WEIGHED:]
    chef = story.cast.chef(kitchen.uai)
    days = [day for week in weeks for day in await service_days(story.session, chef, story.stage, kitchen.id, week)]
    story.play.follow(_at(days[0], time(7)), partial(_open_campaign, story, kitchen, days[0], days[-1]))
    for day in days:
        story.play.follow(_at(day, time(14)), partial(_weigh, story, kitchen))


async def _open_campaign(story: Story, kitchen: Kitchen, first: date, last: date, at: datetime) -> None:
    del at
    await open_campaign(story.session, story.cast, kitchen, first, last)


async def _weigh(story: Story, kitchen: Kitchen, at: datetime) -> None:
    await weigh(story.session, story.cast, kitchen, story.chance("weigh", kitchen.uai, paris_day(at)), at)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, PARIS)


def _left_open(story: Story, kitchen: Kitchen, week: date) -> bool:
    """Whether a basket is left to the visitor: the last week to come of the kitchens of the cast's chefs."""
    return kitchen.uai in story.cast.chefs and story.weeks.coming[-1:] == (week,)


async def _order(story: Story, kitchen: Kitchen, week: date, at: datetime) -> None:
    if _left_open(story, kitchen, week):
        return
    sent = await order(story.session, story.cast, kitchen, week, at)
    story.sent += sent
    for each in sent:
        answered = min(at + DAY, story.play.until)
        story.play.follow(answered, partial(_answer, story, each))
    for day in await service_days(story.session, story.cast.chef(kitchen.uai), story.stage, kitchen.id, week):
        noon = _at(day, time(12))
        story.play.follow(noon, partial(_cook, story, kitchen, week, day))


async def _answer(story: Story, sent: Sent, at: datetime) -> None:
    chance = story.chance("answer", sent.kitchen.uai, sent.week, sent.supplier, sent.day)
    wished = choose(chance, settled=sent.week <= paris_day(story.play.until))
    given = await answer(story.session, story.stage, story.cast, sent, wished, at)
    if given.delivers:
        # What is harvested is prepared the day before; who lives off a warehouse says only that it left.
        if chance.choice((True, False)):
            story.play.follow(_at(sent.day - DAY, time(16)), partial(_prepare, story, sent))
        story.play.follow(_at(sent.day, time(5, 30)), partial(_ship, story, sent))
        arrives = time(chance.randint(7, 9), chance.choice((0, 15, 30, 45)))  # legal-number: a quarter of an hour
        story.play.follow(_at(sent.day, arrives), partial(_receive, story, sent))


async def _prepare(story: Story, sent: Sent, at: datetime) -> None:
    await prepare(story.session, story.cast.seller(story.stage.suppliers[sent.supplier]), sent.order_id, at)


async def _ship(story: Story, sent: Sent, at: datetime) -> None:
    await ship(story.session, story.cast.seller(story.stage.suppliers[sent.supplier]), sent.order_id, at)


async def _receive(story: Story, sent: Sent, at: datetime) -> None:
    chance = story.chance("delivery", sent.kitchen.uai, sent.week, sent.supplier, sent.day)
    await check_in(story.session, story.stage, story.cast, sent, story.incidents, chance, at)
    story.received[sent.kitchen.id, sent.supplier].append(sent)
    if story.incidents.refused[:1] == [sent]:
        story.play.follow(at + 2 * DAY, partial(_bill_on_paper, story, sent))


async def _cook(story: Story, kitchen: Kitchen, week: date, day: date, at: datetime) -> None:
    del at
    await clear_out(story.session, story.cast, kitchen, day)
    await cook(story.session, story.stage, story.cast, kitchen, week, day)


async def _bill_on_paper(story: Story, sent: Sent, at: datetime) -> None:
    invoice = await bill_on_paper(story.session, story.stage, story.cast, sent, at)
    story.play.follow(at + 3 * DAY, partial(_credit, story, sent, invoice.id))


async def _credit(story: Story, sent: Sent, invoice_id: int, at: datetime) -> None:
    await credit(story.session, story.stage, story.cast, sent, invoice_id, at)


async def _bill(story: Story, at: datetime) -> None:
    """Every supplier bills every kitchen once for the past weeks; what was billed on paper is left out."""
    on_paper = story.incidents.refused[:1]
    last = story.weeks.past[-1]
    for key, orders in story.received.items():
        of_past = [each for each in orders if each.week <= last and each not in on_paper]
        if of_past:
            await bill(story.session, story.stage, story.cast, of_past, story.chance("invoice", *key), at)


async def _left_to_do(story: Story, present: datetime) -> None:
    """What waits for the visitor: a standing order, and the filled basket of the second chef."""
    coming = story.weeks.coming
    if not coming:
        return
    first, *others = story.stage.told_kitchens
    await keep_a_habit(story.session, story.stage, story.cast, first, coming[-1], present)
    for kitchen in others[:1]:
        await fill(story.session, story.cast, kitchen, coming[-1], present)
