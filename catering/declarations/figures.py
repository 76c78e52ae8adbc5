"""The figures that are declared of a year: both forms and the shares, of a kitchen and what it serves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from catering.declarations.models import DeclarationForm, Satellite
from catering.purchases.figures import BUCKET_FIELDS, detailed_form, percent, shares, simple_form
from catering.purchases.satellites import shared
from catering.rules.declarations import form_doubt, form_version
from catering.rules.egalim_year import CENTS, Tally, YearOfPurchases, year_of

Fields: TypeAlias = Mapping[str, Decimal]
HUNDRED = 100
MEAT_AND_FISH = ("valeur_viandes_volailles", "valeur_produits_de_la_mer")
AMOUNTS = {
    "quality": (tuple(f"valeur_{name}" for name in BUCKET_FIELDS.values()), ("valeur_totale",)),
    "bio": (("valeur_bio",), ("valeur_totale",)),
    "meat_and_fish": (tuple(f"{name}_egalim" for name in MEAT_AND_FISH), MEAT_AND_FISH),
}
"""What counts, and of what, in the shares for which the law has a rate."""
VERSIONED = {DeclarationForm.SIMPLE: "simple", DeclarationForm.DETAILED: "detaille"}


@dataclass(frozen=True, slots=True)
class Figures:
    """Euros by field of each form, in the order of the form, and percents; None when there is nothing to divide by."""

    simple: Fields
    detailed: Fields
    shares: Mapping[str, Decimal | None]

    @property
    def every(self) -> dict[str, Decimal]:
        """Every field by its name; what both forms have is the same in both."""
        return {**self.simple, **self.detailed}

    def of(self, form: DeclarationForm) -> Fields:
        """Those of one form."""
        return self.simple if form is DeclarationForm.SIMPLE else self.detailed


@dataclass(frozen=True, slots=True)
class Part:
    """What is declared for one restaurant that a kitchen serves."""

    siret: str
    name: str
    cantine_id: int | None
    yearly_meals: int
    figures: Figures


def reaches(figures: Figures, figure: str, least: Decimal) -> bool | None:
    """Whether a share reaches a percent, compared exactly and not by its two decimals; None of nothing."""
    every = figures.every
    part, whole = (sum((every[name] for name in names), Decimal(0)) for names in AMOUNTS[figure])
    return part * HUNDRED >= least * whole if whole else None


def figures_of(tally: Tally, year: int) -> Figures:
    """What a year of purchases declares."""
    found = year_of(tally, year)
    return Figures(simple_form(found), detailed_form(found), shares_of(found))


def shares_of(year: YearOfPurchases) -> dict[str, Decimal | None]:
    """Percents told to diners and compared with the law, by the word of ``catering/rules/egalim/display.csv``.

    None when there is nothing to divide by, and of territorial projects (PAT) when no purchase is said to be under one:
    nobody measured anything, and 0 % would be a false notice (EGA-30).
    """
    part = shares(year)
    pat = [cents for cell, cents in year.tally.items() if cell.pat]
    return {
        "quality": part.egalim,
        "bio": part.bio,
        "meat_and_fish": part.meat_and_fish,
        "pat": percent(sum(pat), int(year.total * CENTS)) if pat else None,
    }


def parts_of(tally: Tally, year: int, satellites: Sequence[Satellite]) -> list[Part]:
    """What each restaurant declares of the purchases of its kitchen; none when the kitchen serves none."""
    if not satellites:
        return []
    split = shared(tally, {each.siret: each.yearly_meals for each in satellites}, year)
    return [
        Part(each.siret, each.name, each.cantine_id, each.yearly_meals, figures_of(split[each.siret], year))
        for each in sorted(satellites, key=lambda each: each.siret)
    ]


def version_of(form: DeclarationForm, year: int) -> str:
    """The version of the form for a data year."""
    return form_version(VERSIONED[form], year)


def doubt_of(form: DeclarationForm, year: int) -> str | None:
    """What is not sure of the columns of a form for a data year, in French; None when its schema was read."""
    return form_doubt(VERSIONED[form], year)


def written(figures: Figures) -> dict[str, dict[str, str]]:
    """Figures as they are kept: amounts and percents as text, nothing where there is no percent."""
    return {
        "simple": {name: f"{amount:f}" for name, amount in figures.simple.items()},
        "detailed": {name: f"{amount:f}" for name, amount in figures.detailed.items()},
        "shares": {name: f"{share:f}" for name, share in figures.shares.items() if share is not None},
    }


def read(kept: Mapping[str, Mapping[str, str]]) -> Figures:
    """Figures as ``written`` kept them."""
    known = kept["shares"]
    return Figures(
        {name: Decimal(text) for name, text in kept["simple"].items()},
        {name: Decimal(text) for name, text in kept["detailed"].items()},
        {name: Decimal(known[name]) if name in known else None for name in ("quality", "bio", "meat_and_fish", "pat")},
    )


def part_written(part: Part) -> dict[str, Any]:
    """A part as it is kept."""
    return {
        "siret": part.siret,
        "name": part.name,
        "cantine_id": part.cantine_id,
        "yearly_meals": part.yearly_meals,
        "figures": written(part.figures),
    }


def part_read(kept: Mapping[str, Any]) -> Part:
    """A part as ``part_written`` kept it."""
    named = (kept["siret"], kept["name"], kept["cantine_id"], kept["yearly_meals"])
    return Part(*named, figures=read(kept["figures"]))
