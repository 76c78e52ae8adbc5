"""Pure decisions of the market: is a label proven, who pays what on a day, when something is for sale."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

from catering.market import refusals
from catering.refusal import Refusal

ONE_DAY = timedelta(days=1)
ONE_WEEK = timedelta(days=7)
FRIDAY = 4


class Spanned(Protocol):
    """Anything that stands from one day to another, both included."""

    @property
    def valid_from(self) -> date:
        """First day."""

    @property
    def valid_to(self) -> date | None:
        """Last day; None is without end."""


class Range(Protocol):
    """What an offer can deliver per week between two days."""

    @property
    def valid_from(self) -> date:
        """First day, included."""

    @property
    def valid_to(self) -> date:
        """Last day, included."""

    @property
    def grams_per_week(self) -> int | None:
        """None is unlimited."""


class Proof(Spanned, Protocol):
    """A certificate."""

    @property
    def label(self) -> str:
        """Code of what it certifies."""

    @property
    def number(self) -> str:
        """As its certifier gave it."""


class Away(Protocol):
    """A supplier's holiday."""

    @property
    def first_day(self) -> date:
        """First day without deliveries."""

    @property
    def last_day(self) -> date:
        """Last one."""


def in_force(span: Spanned, on: date) -> bool:
    """Whether something stands on a day: a certificate, a permit, a price list."""
    return span.valid_from <= on and (span.valid_to is None or on <= span.valid_to)


def for_sale(valid_from: date | None, valid_to: date | None, on: date) -> bool:
    """Whether an offer with these dates may be ordered on a day; no date is no limit."""
    return (valid_from is None or valid_from <= on) and (valid_to is None or on <= valid_to)


def label_fault(label: str | None, certificate: Proof | None, on: date) -> Refusal | None:
    """Why goods may not be delivered under a label on a day; None when they may.

    Args:
        label: code of the label they are sold under; None is no label, which nothing has to prove.
        certificate: the proof of the supplier's right to it.
        on: day of delivery.
    """
    if label is None:
        return None
    if certificate is None or certificate.label != label:
        return refusals.LabelWithoutCertificate(label)
    return None if in_force(certificate, on) else refusals.CertificateNotValid(label, certificate, on)


def paused(holidays: Iterable[Away], on: date) -> bool:
    """Whether the supplier delivers nothing on a day."""
    return any(away.first_day <= on <= away.last_day for away in holidays)


@dataclass(frozen=True, slots=True)
class ListedPrice:
    """One line of a price list (slug) that a kitchen belongs to: € excl. tax of a pack, from ``since`` on."""

    slug: str
    valid_from: date
    valid_to: date | None
    since: date
    price_eur_per_pack: Decimal


def list_on(day: date, listed: Iterable[ListedPrice]) -> ListedPrice | None:
    """The line of the price lists that a kitchen pays for an offer delivered on a day; None when none is in force.

    In one list the latest line counts; of several lists the lowest price. That a list names a contract gives it no
    rank: its supplier alone says so, while a contract that the buyer has recorded sets its price before any list.

    Args:
        day: of the delivery.
        listed: the lines of the kitchen's lists for this offer, in any order, whatever their dates.
    """
    latest: dict[str, ListedPrice] = {}
    for line in listed:
        if not (in_force(line, day) and line.since <= day):
            continue
        if line.slug not in latest or latest[line.slug].since < line.since:
            latest[line.slug] = line
    order = sorted(latest.values(), key=lambda line: (line.price_eur_per_pack, line.slug))
    return order[0] if order else None


@dataclass(frozen=True, slots=True)
class Supply:
    """Grams per week between two days, both included; None is unlimited."""

    valid_from: date
    valid_to: date
    grams_per_week: int | None


def fill_weeks(months: Mapping[int, int | None], first: date, last: date) -> list[Supply]:
    """What a template makes of a period: one range per run of weeks with the same quantity, in order.

    A week takes the quantity of the month of its Monday; the first week is that of the Monday on or after ``first``.

    Args:
        months: grams per week of each month sold (1 to 12); None is unlimited.
        first: first day of the period.
        last: last day of the period; a week that starts in it is filled to its Sunday, or to ``last`` when it is cut.
    """
    found: list[Supply] = []
    monday = first + ONE_DAY * (-first.weekday() % ONE_WEEK.days)
    while monday <= last:
        if monday.month in months:
            _extend(found, monday, min(monday + ONE_WEEK - ONE_DAY, last), months[monday.month])
        monday += ONE_WEEK
    return found


def whole_weeks(away: Away) -> tuple[date, date] | None:
    """First Monday and last Sunday of the weeks in which a holiday leaves no working day; None when it leaves some."""
    first = away.first_day + ONE_DAY * (-away.first_day.weekday() % ONE_WEEK.days)
    friday = away.last_day - ONE_DAY * ((away.last_day.weekday() - FRIDAY) % ONE_WEEK.days)
    return (first, friday + 2 * ONE_DAY) if first < friday else None


def sold_ranges(
    capacities: Iterable[Range], valid_from: date | None, valid_to: date | None, holidays: Iterable[Away]
) -> list[Supply]:
    """What an offer can deliver: its capacities within its own dates, the weeks of holidays left out, in order of date.

    Args:
        capacities: as stated.
        valid_from: first day of the offer, if it has one.
        valid_to: last day of the offer, if it has one.
        holidays: of its supplier.
    """
    ranges = [Supply(each.valid_from, each.valid_to, each.grams_per_week) for each in capacities]
    if valid_from is not None:
        ranges = without(ranges, date.min, valid_from - ONE_DAY)
    if valid_to is not None:
        ranges = without(ranges, valid_to + ONE_DAY, date.max)
    for weeks in filter(None, map(whole_weeks, holidays)):
        ranges = without(ranges, *weeks)
    return ranges


def _extend(found: list[Supply], first: date, last: date, grams: int | None) -> None:
    if found and found[-1].valid_to + ONE_DAY == first and found[-1].grams_per_week == grams:
        found[-1] = Supply(found[-1].valid_from, last, grams)
    else:
        found.append(Supply(first, last, grams))


def without(ranges: Iterable[Supply], first: date, last: date) -> list[Supply]:
    """The ranges with the days from ``first`` to ``last`` cut out of them, in order of date."""
    kept: list[Supply] = []
    for each in ranges:
        if each.valid_from < first:
            kept.append(Supply(each.valid_from, min(each.valid_to, first - ONE_DAY), each.grams_per_week))
        if last < each.valid_to:
            kept.append(Supply(max(each.valid_from, last + ONE_DAY), each.valid_to, each.grams_per_week))
    return sorted(kept, key=lambda each: each.valid_from)
