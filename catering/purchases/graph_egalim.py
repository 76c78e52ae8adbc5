"""Where a kitchen stands in the EGAlim rates of a civil year, as GraphQL shows it."""

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal
from typing import Annotated, TypeAlias

import strawberry

from catering.graph.documented import documented
from catering.graph.errors import BadArgumentError
from catering.graph.loading import Loader
from catering.graph.request import Ask
from catering.kitchens.graph import Kitchen
from catering.moment import today
from catering.purchases.figures import information_totals, objectives_met, percent, shares, simple_form
from catering.purchases.summing import tallies
from catering.rules import law
from catering.rules.egalim_year import CENTS, Ratio, Tally, YearOfPurchases, euros, year_of
from catering.rules.shapes import ValueRatio
from catering.rules.zones import THIRD_COUNTRY

FIRST_YEAR, LAST_YEAR = 2022, 2100
"""The rates are in force since 2022."""
HUNDRED = 100
OfYear: TypeAlias = Annotated[
    int | None, strawberry.argument(description="Civil year since 2022; the present one when null.")
]


@strawberry.type(description="A field of ma-cantine's simple form, € excl. tax.")
class FormField:
    name: strawberry.ID = strawberry.field(description="As ma-cantine names it, e.g. `valeur_bio`.")
    amount_eur: Decimal = strawberry.field(description="€ excl. tax, to the cent.")


@strawberry.type(description="One rate of the law in one year.")
class EgalimRatio:
    rule: strawberry.ID = strawberry.field(description="Id of the rule, e.g. `EGA-01`.")
    title: str = strawberry.field(description="What it asks, in French.")
    counted_eur: Decimal = strawberry.field(description="€ excl. tax that count.")
    value_eur: Decimal = strawberry.field(description="€ excl. tax of which they are a share.")
    least_pct: Decimal = strawberry.field(description="Least share, percent, in force on the year's last day.")
    share_pct: Decimal | None = strawberry.field(description="Share, percent, two decimals; null of nothing.")
    holds: bool | None = strawberry.field(description="Whether it is reached, compared exactly; null when undefined.")
    missing_eur: Decimal = strawberry.field(
        description="€ that would have to count instead of not counting; 0 when reached."
    )


@strawberry.type(description="Purchases of a civil year as EGAlim counts them: a line counts once (EGA-20).")
class EgalimYear:
    found: strawberry.Private[YearOfPurchases]
    year: int = strawberry.field(description="Civil year.")
    total_eur: Decimal = strawberry.field(description="All food purchases, € excl. tax.")
    ratios: list[EgalimRatio] = strawberry.field(description="Rates in force that year, in order of rule.")
    met: bool = strawberry.field(description="Whether something was bought and no rate is missed.")

    @documented
    def bio_pct(self) -> Decimal | None:
        """Bio, percent of the total (EGA-02)."""
        return shares(self.found).bio

    @documented
    def egalim_pct(self) -> Decimal | None:
        """Durable and quality products, bio included, percent of the total (EGA-01)."""
        return shares(self.found).egalim

    @documented
    def meat_and_fish_pct(self) -> Decimal | None:
        """Durable and quality meat and fish together, percent (EGA-03); charcuterie is outside (EGA-09)."""
        return shares(self.found).meat_and_fish

    @documented
    def meat_pct(self) -> Decimal | None:
        """The same of meat alone, for information (EGA-10)."""
        return shares(self.found).meat

    @documented
    def fish_pct(self) -> Decimal | None:
        """The same of fish alone, for information (EGA-10)."""
        return shares(self.found).fish

    @documented
    def simple_form(self) -> list[FormField]:
        """Fields of ma-cantine's simple form, in its order."""
        return _fields(simple_form(self.found))

    @documented
    def information(self) -> list[FormField]:
        """Origin, short chain and local, which count in no rate (EGA-23); as the data year defines them."""
        return _fields(information_totals(self.found))

    @documented
    def third_country_eur(self) -> Decimal:
        """Bought from outside the EU and the EEA: a reason is to be written down (EGA-51)."""
        return euros(sum(cents for cell, cents in self.found.tally.items() if cell.origin == THIRD_COUNTRY))

    @documented
    def pat_eur(self) -> Decimal:
        """Bought under a projet alimentaire territorial, shown to diners (EGA-30)."""
        return euros(sum(cents for cell, cents in self.found.tally.items() if cell.pat))


def show_year(found: YearOfPurchases) -> EgalimYear:
    """A year as GraphQL shows it."""
    ratios = [show_ratio(ratio) for _, ratio in sorted(found.ratios.items())]
    return EgalimYear(found=found, year=found.year, total_eur=found.total, ratios=ratios, met=objectives_met(found))


def show_ratio(ratio: Ratio) -> EgalimRatio:
    """A rate as GraphQL shows it."""
    rule = law().entry(ratio.rule)
    assert isinstance(rule, ValueRatio)
    return EgalimRatio(
        rule=strawberry.ID(ratio.rule),
        title=rule.title,
        counted_eur=ratio.numerator,
        value_eur=ratio.denominator,
        least_pct=HUNDRED * ratio.min_share,
        share_pct=percent(int(ratio.numerator * CENTS), int(ratio.denominator * CENTS)),
        holds=ratio.holds,
        missing_eur=ratio.missing.quantize(Decimal("0.01"), ROUND_CEILING),
    )


def _fields(found: Mapping[str, Decimal]) -> list[FormField]:
    return [FormField(name=strawberry.ID(name), amount_eur=amount) for name, amount in found.items()]


def year_asked(year: int | None) -> int:
    """The year that is asked about.

    Raises:
        BadArgumentError: no rate was in force then.
    """
    asked = today().year if year is None else year
    if not FIRST_YEAR <= asked <= LAST_YEAR:
        raise BadArgumentError(f"year vaut {asked} : donner une année civile de {FIRST_YEAR} à {LAST_YEAR}.")
    return asked


class TallyByKitchenAndYear(Loader[tuple[int, int], Tally]):
    """Purchases by cell of kitchens in years: one statement a year."""

    async def fetch(self, keys: list[tuple[int, int]]) -> Mapping[tuple[int, int], Tally]:
        """The tallies by kitchen number and year."""
        found: dict[tuple[int, int], Tally] = {}
        for year in sorted({year for _, year in keys}):
            async with self.request.reading() as session:
                wanted = [kitchen for kitchen, of in keys if of == year]
                of_year = await tallies(session, self.request.viewer, year, kitchen_ids=wanted)
            found.update({(kitchen, year): tally for kitchen, tally in of_year.items()})
        return found

    def missing(self, key: tuple[int, int]) -> Tally:
        """Nothing was bought."""
        del key
        return {}


@documented
async def egalim(kitchen: strawberry.Parent[Kitchen], info: Ask, year: OfYear = None) -> EgalimYear:
    """What was bought in a civil year as EGAlim counts it; what comes is in `egalimProjected`."""
    asked = year_asked(year)
    tally = await info.context.loader(TallyByKitchenAndYear).load((kitchen.row_id, asked))
    return show_year(year_of(tally, asked))


OF_KITCHEN = (egalim,)
