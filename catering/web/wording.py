"""How pages write days, amounts, weights and the words of the schema's enumerations, in French."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any

from catering import figures
from catering.moment import PARIS, paris_day
from catering.papers import french
from catering.web.words import WORDS

TENTH = Decimal("0.1")  # legal-number: rounding of a difference that is shown
HUNDREDTH = Decimal("0.01")  # legal-number: rounding of a percentage that is shown
MINUS = "\u2212"
SHORT_DAYS = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")


def day_of(value: date | datetime | str) -> date:
    """The day that a value of an answer names; of an instant, the day it was where the collèges are."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return paris_day(value) if isinstance(value, datetime) else value


def day(value: date | str) -> str:
    """``lundi 7 septembre 2026``."""
    return french.day_in_words(day_of(value))


def day_without_year(value: date | str) -> str:
    """``lundi 7 septembre``."""
    return day(value).rsplit(" ", 1)[0]


def short_day(value: date | str) -> str:
    """``lun. 7/09``."""
    on = day_of(value)
    return f"{SHORT_DAYS[on.weekday()]}\u00a0{on.day}/{on.month:02d}"


def moment_of(value: str) -> str:
    """``7 septembre 2026 à 10 h 05``, where the collèges are."""
    at = datetime.fromisoformat(value).astimezone(PARIS)
    return f"{french.day_in_words(at.date())} à {at.hour}\u00a0h\u00a0{at.minute:02d}"


def short_moment(value: str) -> str:
    """``sam. 12/09 à 12 h 00``, where the collèges are."""
    at = datetime.fromisoformat(value).astimezone(PARIS)
    return f"{short_day(at.date())} à {at.hour}\u00a0h\u00a0{at.minute:02d}"


def euros(value: Any) -> str:
    """An amount, to the cent."""
    return "inconnu" if value is None else figures.euros(Decimal(str(value)).quantize(Decimal("0.01")))


def weight(grams: Any) -> str:
    """A weight in kg."""
    return "inconnu" if grams is None else figures.kilograms(int(grams))


def kilos(grams: Any) -> str:
    """A sum of weighings in kg, to a tenth: shares of what is not sorted make it no finer. Below a kilogram, exact."""
    if grams is None or abs(int(grams)) < figures.GRAMS_PER_KG:
        return weight(grams)
    return f"{rounded(Decimal(int(grams)) / figures.GRAMS_PER_KG)}\u00a0kg"


def signed_euros(value: Any) -> str:
    """A difference of amounts, its sign said."""
    amount = Decimal(str(value)).quantize(Decimal("0.01"))
    return f"{'+' if amount > 0 else MINUS if amount < 0 else ''}{figures.euros(abs(amount))}"


def signed_number(value: Any) -> str:
    """A difference as French writes it, to a tenth, its sign said."""
    amount = Decimal(str(value)).quantize(TENTH, ROUND_HALF_UP)
    return f"{'+' if amount > 0 else MINUS if amount < 0 else ''}{figures.short(abs(amount))}"


def difference(value: Any, before: Any) -> str:
    """What an amount has more than the one before, its sign said; one that is not there counts as nothing."""
    return signed_euros(Decimal(str(value or 0)) - Decimal(str(before or 0)))


def rounded(value: Any, digits: int = 1) -> str:
    """A measured figure, half up."""
    return figures.short(Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def month(value: date | str) -> str:
    """``septembre 2026``."""
    on = day_of(value)
    return f"{french.MONTHS[on.month - 1]} {on.year}"


def points(value: Any) -> str:
    """A value in percent to two decimals, as files, commands and drawings write it: one rate is told in one way."""
    return "—" if value is None else figures.percent(Decimal(str(value)).quantize(HUNDREDTH, ROUND_FLOOR))


def number(value: Any) -> str:
    """A number as French writes it."""
    return figures.short(Decimal(str(value)))


def percent(share: Any, digits: int = 1) -> str:
    """A share of one in percent, rounded down so that what is not reached is not shown as reached."""
    if share is None:
        return "—"
    step = Decimal(1).scaleb(-digits)
    return figures.percent((Decimal(str(share)) * 100).quantize(step, ROUND_FLOOR))


def word(value: str, kind: str) -> str:
    """The French word of a value of an enumeration of the schema.

    Raises:
        KeyError: ``words.py`` does not know it, which a test finds first.
    """
    return WORDS[kind][value]


UNITS: Mapping[str, tuple[str, Decimal]] = {
    "celsius": ("°C", Decimal(1)),
    "minutes": ("min", Decimal(1)),
    "hours": ("h", Decimal(1)),
    "days": ("j", Decimal(1)),
    "meals_per_day": ("repas par jour", Decimal(1)),
    "millilitres_per_year": ("l par an", Decimal(1000)),
}
"""Units of figures of the law as pages write them, and how many of the unit of the law make one."""


def measured(value: Any, unit: str | None) -> str:
    """A figure of a rule with its unit; nothing told is a dash."""
    if value is None:
        return "—"
    name, many = UNITS[unit] if unit else ("", Decimal(1))
    return f"{figures.short(Decimal(str(value)) / many)}\u00a0{name}".strip()


def signer(actor: str) -> str:
    """Who did something, as traces name them: an account by its number, for its name is its own."""
    return re.sub(r"^account (\d+)$", "le compte n° \\1", actor)


FILTERS = {
    "signer": signer,
    "day": day,
    "day_without_year": day_without_year,
    "short_day": short_day,
    "moment": moment_of,
    "short_moment": short_moment,
    "euros": euros,
    "signed_euros": signed_euros,
    "signed_number": signed_number,
    "difference": difference,
    "rounded": rounded,
    "month": month,
    "points": points,
    "kilos": kilos,
    "weight": weight,
    "number": number,
    "measured": measured,
    "percent": percent,
    "word": word,
    "counted": figures.counted,
}
