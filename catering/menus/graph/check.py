"""The nutrition check of a kitchen's school year, each criterion open down to the meals and the figures behind it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, TypeAlias

import strawberry

from catering.graph.documented import documented
from catering.graph.errors import BadArgumentError
from catering.graph.loading import Loader
from catering.graph.request import Ask
from catering.kitchens.calendar import CalendarUnknownError, Span
from catering.kitchens.graph import Kitchen
from catering.kitchens.queries import school_calendar
from catering.menus.balance import Balance, balance_of
from catering.menus.dishes import Book
from catering.menus.standings import YearOfMenus, check_year, read_book, read_portions, read_years, served_there
from catering.menus.trays import Taken, Tray, structure_fault
from catering.recipes.graph import MissingFigure
from catering.rules import Truth, law
from catering.rules.frequencies import Counted, Finding
from catering.rules.meals import Meal, Standing, Weight, menu_of, unsure_around
from catering.rules.shapes import Count, WeeklyCount

HUNDREDTH = Decimal("0.01")

strawberry.enum(Standing, description="How a criterion stands; undecided hangs on figures that nobody gave.")

SchoolYear: TypeAlias = Annotated[str, strawberry.argument(description="As `2026-27`.")]
WithStanding: TypeAlias = Annotated[
    list[Standing] | None, strawberry.argument(description="Only these answers; all by default.")
]
OfRule: TypeAlias = Annotated[str | None, strawberry.argument(description="Only this rule (id).")]


@dataclass(frozen=True, slots=True)
class YearWanted:
    """One kitchen's school year."""

    kitchen_id: int
    school_year: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A year as it was found, with the book that says what its dishes are."""

    year: YearOfMenus
    book: Book


class YearByKitchen(Loader[YearWanted, Checked | None]):
    """Years of kitchens, checked: a fixed number of statements per distinct school year."""

    async def fetch(self, keys: list[YearWanted]) -> Mapping[YearWanted, Checked | None]:
        """The years by kitchen.

        Raises:
            BadArgumentError: the school year is not known.
        """
        found: dict[YearWanted, Checked | None] = {}
        for label in {key.school_year for key in keys}:
            kitchens = {key.kitchen_id for key in keys if key.school_year == label}
            async with self.request.reading() as session:
                span = span_named((await school_calendar(session, self.request.viewer)).years, label)
                years = await read_years(session, self.request.viewer, kitchens, span)
                book = await read_book(session, self.request.viewer, years.values())
                portions = await read_portions(session, self.request.viewer)
            for kitchen, trays in years.items():
                there = served_there(book, portions, kitchen)
                found[YearWanted(kitchen, label)] = Checked(check_year(trays, there), there)
        return found

    def missing(self, key: YearWanted) -> None:
        """Nothing is served."""
        del key


def span_named(years: Sequence[Span], label: str) -> Span:
    """A school year by its name.

    Raises:
        BadArgumentError: it is not known.
    """
    for span in years:
        if span.label == label:
            return span
    known = ", ".join(span.label for span in years)
    raise BadArgumentError(f"schoolYear vaut « {label} » : années connues : {known}.") from CalendarUnknownError(label)


@strawberry.type(description="A dish of a meal that counts for a rule, or might.")
class CountedDish:
    name: str = strawberry.field(description="French name, as on the menu.")
    truth: Truth = strawberry.field(description="Whether it counts.")
    missing: list[MissingFigure] = strawberry.field(description="The figures that would tell; empty when it is known.")


@strawberry.type(description="A meal that counts for a rule, or might.")
class CountedMeal:
    counted: strawberry.Private[Counted]
    finding: strawberry.Private[Finding]
    checked: strawberry.Private[Checked]

    @documented
    def day(self) -> date:
        """The day."""
        return self.counted.day

    @documented
    def sure(self) -> Decimal:
        """How much of the meal surely counts, 0 to 1: with choices, the part of the diners."""
        return rounded(self.counted.tally.sure)

    @documented
    def possible(self) -> Decimal:
        """How much of it may count."""
        return rounded(self.counted.tally.possible)

    @documented
    def dishes(self) -> list[CountedDish]:
        """Its dishes that count, or might."""
        rule = law().entries[self.finding.rule]
        assert isinstance(rule, Count | WeeklyCount)
        year = self.checked.year
        at = next(at for at, tray in enumerate(year.trays) if tray.day == self.counted.day)
        return list(_counting_dishes(rule, year.trays[at], year.meals[at], self.checked.book))


def _counting_dishes(rule: Count | WeeklyCount, tray: Tray, meal: Meal, book: Book) -> Iterable[CountedDish]:
    slots = tray.by_slot()
    for slot in rule.slots:
        for served, taken in zip(meal.dishes.get(slot, ()), slots.get(slot, ()), strict=False):
            truth = served.truth(rule.attribute)
            if truth is not Truth.FALSE:
                yield CountedDish(name=served.name, truth=truth, missing=_missing(taken, rule.attribute, tray, book))
    yield from _around(rule, tray, meal, book)


def _around(rule: Count | WeeklyCount, tray: Tray, meal: Meal, book: Book) -> Iterable[CountedDish]:
    """The dishes beside, on which it hangs whether the menu is what the rule asks."""
    menu, slots = menu_of(rule), tray.by_slot()
    for slot, unsure in unsure_around(rule, meal) if menu else ():
        for served, taken in zip(meal.dishes[slot], slots.get(slot, ()), strict=False):
            if menu and served in unsure:
                yield CountedDish(name=served.name, truth=Truth.UNKNOWN, missing=_missing(taken, menu, tray, book))


def _missing(taken: Taken, attribute: str, tray: Tray, book: Book) -> list[MissingFigure]:
    facts = book.facts(taken.dish, tray.day)
    return [
        MissingFigure(ingredient=strawberry.ID(figure.ingredient), column=figure.column)
        for unknown in (() if facts is None else facts.unknowns)
        if unknown.attribute == attribute
        for figure in unknown.missing
    ]


@strawberry.type(description="How one criterion stands over some successive meals.")
class NutritionFinding:
    finding: strawberry.Private[Finding]
    checked: strawberry.Private[Checked]
    rule: strawberry.ID = strawberry.field(description="Id of the rule.")
    title: str = strawberry.field(description="In French.")
    first_day: date = strawberry.field(description="First meal.")
    last_day: date = strawberry.field(description="Last meal.")
    meals: int = strawberry.field(description="How many meals.")
    sure: Decimal = strawberry.field(description="How many surely count; choices make parts of a meal.")
    possible: Decimal = strawberry.field(description="How many may count, unknown figures being what they may.")
    minimum: int | None = strawberry.field(description="Least that is asked; null for no minimum.")
    maximum: int | None = strawberry.field(description="Most that is allowed; null for no maximum.")
    standing: Standing = strawberry.field(description="Whether it holds.")
    tolerated: bool = strawberry.field(
        description="A week that does not hold and has fewer days of service than usual: the CNRC tolerates it when a "
        "public holiday cut it (VEG-02, VEG-03); the law says nothing of it."
    )

    @documented
    def meaning(self) -> str:
        """What a dish must be to count, in French."""
        rule = law().entries[self.finding.rule]
        assert isinstance(rule, Count | WeeklyCount)
        return law().tables.attributes[rule.attribute].definition

    @documented
    def counted(self) -> list[CountedMeal]:
        """The meals that count, or might, in order of day."""
        return [CountedMeal(counted=each, finding=self.finding, checked=self.checked) for each in self.finding.counted]


def show_finding(finding: Finding, checked: Checked) -> NutritionFinding:
    """A finding as GraphQL shows it."""
    return NutritionFinding(
        finding=finding,
        checked=checked,
        rule=strawberry.ID(finding.rule),
        title=finding.title,
        first_day=finding.first,
        last_day=finding.last,
        meals=finding.meals,
        sure=rounded(finding.sure),
        possible=rounded(finding.possible),
        minimum=finding.minimum,
        maximum=finding.maximum,
        standing=finding.status,
        tolerated=finding.tolerated,
    )


def rounded(weight: Weight) -> Decimal:
    """A count to the hundredth, half up."""
    return (Decimal(weight.numerator) / weight.denominator).quantize(HUNDREDTH, ROUND_HALF_UP)


@strawberry.type(description="Mean of one nutrient per lunch, bread left out. No text gives a reference for it.")
class NutrientMean:
    nutrient: str = strawberry.field(description="As columns of ingredients name it, e.g. `protein_g`.")
    mean: Decimal | None = strawberry.field(description="Per lunch; null when it is known of no lunch.")
    known_meals: int = strawberry.field(description="Lunches of which every figure is known; the mean is theirs.")


@strawberry.type(description="What lunches bring on average over one block of successive meals.")
class NutrientBalance:
    first_day: date = strawberry.field(description="First meal.")
    last_day: date = strawberry.field(description="Last meal.")
    meals: int = strawberry.field(description="How many meals.")
    nutrients: list[NutrientMean] = strawberry.field(description="Energy first.")


def _show_balance(balance: Balance) -> NutrientBalance:
    return NutrientBalance(
        first_day=balance.first,
        last_day=balance.last,
        meals=balance.meals,
        nutrients=[
            NutrientMean(nutrient=name, mean=mean, known_meals=balance.known[name])
            for name, mean in balance.means.items()
        ],
    )


@strawberry.type(description="The nutrition check of a kitchen's school year, block by block from its first meal.")
class NutritionCheck:
    checked: strawberry.Private[Checked]
    school_year: strawberry.ID = strawberry.field(description="As `2026-27`.")
    meals: int = strawberry.field(description="Lunches on its menus.")

    @documented
    def findings(self, standing: WithStanding = None, rule: OfRule = None) -> list[NutritionFinding]:
        """Each criterion over each block of successive meals, or week; what binds."""
        return self._shown(self.checked.year.frequencies.blocks, standing, rule)

    @documented
    def windows(self, standing: WithStanding = None, rule: OfRule = None) -> list[NutritionFinding]:
        """Each criterion over every run of as many meals as a block has; what warns."""
        return self._shown(self.checked.year.frequencies.windows, standing, rule)

    def _shown(
        self, findings: Iterable[Finding], standing: list[Standing] | None, rule: str | None
    ) -> list[NutritionFinding]:
        return [
            show_finding(each, self.checked)
            for each in findings
            if (standing is None or each.status in standing) and rule in (None, each.rule)
        ]

    @documented
    def badly_composed(self) -> list[date]:
        """Days whose lunch has not the 4 or 5 components that are asked, side and dairy product among them (NUT-S1)."""
        return [tray.day for tray in self.checked.year.trays if structure_fault(tray, tray.day) is not None]

    @documented
    def balance(self) -> list[NutrientBalance]:
        """Means per lunch, block by block; nothing is judged by them."""
        year, first = self.checked.year, {each.first: each for each in self.checked.year.frequencies.blocks}
        blocks = sorted({(each.first, each.last) for each in first.values() if each.rule == LONGEST_STANDING})
        return [
            _show_balance(balance_of([tray for tray in year.trays if start <= tray.day <= end], self.checked.book))
            for start, end in blocks
        ]


LONGEST_STANDING = "NUT-01"
"""A rule whose blocks are those of all frequencies of the arrêté."""


@documented
async def nutrition_check(
    kitchen: strawberry.Parent[Kitchen], info: Ask, school_year: SchoolYear
) -> NutritionCheck | None:
    """The 15 frequencies, the vegetarian menu and its quality over a school year; null when nothing is on its menus."""
    checked = await info.context.loader(YearByKitchen).load(YearWanted(kitchen.row_id, school_year))
    if checked is None:
        return None
    return NutritionCheck(checked=checked, school_year=strawberry.ID(school_year), meals=len(checked.year.trays))


OF_KITCHEN = (nutrition_check,)
