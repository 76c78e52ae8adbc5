"""What was learnt from weighings, portions that changed, and what changed with them, as GraphQL shows it."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

import strawberry

from catering.charts import ChartRow, Picture, bars
from catering.graph.arguments import row_number
from catering.graph.charts import Chart, show_chart
from catering.graph.documented import documented
from catering.graph.errors import BadDatesError
from catering.graph.paging import DEFAULT_ROWS, require_size
from catering.graph.request import Ask
from catering.kitchens.graph import Kitchen
from catering.menus.queries import portion_changes_visible_to
from catering.recipes.graph import Dish, show_dish
from catering.recipes.loaders import DishById
from catering.recipes.models import Dish as DishRow
from catering.recipes.models import PortionChange as ChangeRow
from catering.recipes.queries import dishes
from catering.rules.portions import portion_name
from catering.waste.graph.weighings import HowMany, kitchen_of
from catering.waste.graph.words import AcceptanceStanding
from catering.waste.models import DishLesson as DishLessonRow
from catering.waste.models import WasteLesson as LessonRow
from catering.waste.queries_learning import lesson
from catering.waste.reading_learning import Proposal, comparison, lesson_dishes, proposals
from catering.waste.rules.acceptance import score
from catering.waste.rules.before_after import Comparison, Side
from catering.waste.rules.pooling import Z

HUNDREDTH = Decimal("0.01")
DAYS, MOST_DAYS = 60, 366  # legal-number: how far a comparison looks by default, and at most
PER_COVER = "g par couvert"
Number = Annotated[strawberry.ID | None, strawberry.argument(description="Number of a lesson; the latest by default.")]


@strawberry.type(description="How one dish is accepted: a hundred less the share in percent that comes back on plates.")
class DishAcceptance:
    row: strawberry.Private[DishLessonRow]

    @documented
    async def dish(self, info: Ask) -> Dish | None:
        """Which."""
        found = await info.context.loader(DishById).load(self.row.dish_id)
        return None if found is None else show_dish(found)

    @documented
    def family(self) -> str:
        """Component and family that it is taken for as long as few weighed it, e.g. `main.main_fish`."""
        return self.row.family

    @documented
    def standing(self) -> AcceptanceStanding:
        """`NOT_ENOUGH` weighings: do not judge it."""
        return AcceptanceStanding.NOT_ENOUGH if self.row.ranked is None else AcceptanceStanding.KNOWN

    @documented
    def score(self) -> Decimal:
        """0 to 100, to a tenth."""
        return _scores(self.row)[0]

    @documented
    def low(self) -> Decimal:
        """Lower end of the interval that holds the score 95 times in 100."""
        return _scores(self.row)[1]

    @documented
    def high(self) -> Decimal:
        """Upper end."""
        return _scores(self.row)[2]

    @documented
    def alone(self) -> int:
        """Weighings of the dish by itself."""
        return self.row.alone

    @documented
    def together(self) -> int:
        """Trays weighed whole with the dish on them: they tell less."""
        return self.row.together

    @documented
    def own_weight(self) -> Decimal:
        """How much of the figure is its own weighings' doing, 0 to 1; the rest is its family's."""
        return self.row.weight.quantize(HUNDREDTH, ROUND_HALF_UP)

    @documented
    def best_rank(self) -> int | None:
        """Best rank it may have in its component, 1 being the best accepted; null while it is not judged."""
        return self.row.best_rank

    @documented
    def worst_rank(self) -> int | None:
        """Worst rank it may have."""
        return self.row.worst_rank

    @documented
    def ranked(self) -> int | None:
        """Among how many dishes."""
        return self.row.ranked


@strawberry.type(description="What the weighings of a period said on the day it was drawn; it never changes.")
class WasteLesson:
    row: strawberry.Private[LessonRow]
    found: strawberry.Private[Sequence[DishLessonRow]]
    id: strawberry.ID = strawberry.field(description="Its number: a plan names it.")
    first_day: date = strawberry.field(description="First day looked at.")
    last_day: date = strawberry.field(description="Last day looked at.")
    last_weighing: strawberry.ID = strawberry.field(description="It rests on weighings of the period up to this one.")
    model: str = strawberry.field(description="Version of the model.")
    rows: int = strawberry.field(description="Dishes weighed by themselves and trays weighed whole that it rests on.")
    left_out: int = strawberry.field(description="Bins that could not be used: no covers, no menu, several choices.")
    eur_per_kg: Decimal = strawberry.field(description="Price of a kilogram that comes back, in plans (GAS-PRIX-KG).")
    made_at: datetime = strawberry.field(description="When it was drawn.")
    made_by: str = strawberry.field(description="By whom.")

    @documented
    def dish_count(self) -> int:
        """How many dishes it has a figure of, weighed or not."""
        return len(self.found)

    @documented
    def judged(self) -> int:
        """How many were weighed enough to be judged."""
        return sum(row.ranked is not None for row in self.found)

    @documented
    def dishes(self, first: HowMany = DEFAULT_ROWS) -> list[DishAcceptance]:
        """Dishes that may be judged first, the best accepted first; `dishCount` says of how many."""
        require_size(first)
        return [DishAcceptance(row=row) for row in self.found[:first]]

    @documented
    async def chart(self, info: Ask, first: HowMany = DEFAULT_ROWS) -> Chart:
        """Scores with their intervals, of the dishes that may be judged."""
        require_size(first)
        shown = [row for row in self.found[:first] if row.ranked is not None]
        named = await info.context.loader(DishById).load_many([row.dish_id for row in shown])
        rows = [
            ChartRow("Plat inconnu" if dish is None else dish.name, *_scores(row))
            for row, dish in zip(shown, named, strict=True)
        ]
        return show_chart(Picture("Acceptation des plats assez pesés", "sur 100", rows), bars)


@strawberry.type(description="A smaller portion that might be decided: nothing changes until somebody does.")
class PortionProposal:
    row: strawberry.Private[Proposal]
    served_g: int = strawberry.field(description="Grams served of a cover now.")
    proposed_g: int = strawberry.field(description="Grams served that are proposed.")
    least_g: int = strawberry.field(description="Least that the grammage allows.")
    most_g: int = strawberry.field(description="Most that it allows.")
    grammage: str = strawberry.field(description="Row of the table of grammages.")
    grammage_name: str = strawberry.field(description="What that table calls it, in French.")
    bought_g: int = strawberry.field(description="Raw grams a cover no longer takes.")
    saved_low_g: Decimal = strawberry.field(description="Grams per cover that no longer come back, at least.")
    saved_high_g: Decimal = strawberry.field(description="At most: if those who leave food get less.")
    eur_low: Decimal | None = strawberry.field(description="€ excl. tax of 1,000 covers at the lowest offers.")
    eur_high: Decimal | None = strawberry.field(description="The same at the highest; null when nobody offers a part.")
    co2e_kg: Decimal | None = strawberry.field(description="kg CO2e of 1,000 covers, without transport.")

    @documented
    def dish(self) -> Dish:
        """Of which."""
        return show_dish(self.row.dish)

    @documented
    def acceptance(self) -> DishAcceptance:
        """Why."""
        return DishAcceptance(row=self.row.found)


@strawberry.type(description="Another portion of a dish, decided by somebody, in one kitchen or in all.")
class PortionChange:
    row: strawberry.Private[ChangeRow]
    id: strawberry.ID = strawberry.field(description="Its number.")
    before_g: int = strawberry.field(description="Grams served before.")
    served_g: int = strawberry.field(description="Grams served while it holds.")
    least_g: int = strawberry.field(description="Least of the grammage when it was decided.")
    most_g: int = strawberry.field(description="Most of it.")
    grammage: str = strawberry.field(description="Row of the table of grammages.")
    valid_from: date = strawberry.field(description="First day.")
    valid_to: date | None = strawberry.field(description="Last day; null while nobody took it back.")
    reason: str = strawberry.field(description="Why, in the words of who decided.")
    evidence: str = strawberry.field(description="What was known of the dish then.")
    decided_at: datetime = strawberry.field(description="When it was decided.")
    decided_by: str = strawberry.field(description="By whom.")

    @documented
    async def dish(self, info: Ask) -> Dish | None:
        """Of which."""
        found = await info.context.loader(DishById).load(self.row.dish_id)
        return None if found is None else show_dish(found)

    @documented
    async def kitchen(self, info: Ask) -> Kitchen | None:
        """The only kitchen it holds in; null: in all."""
        return None if self.row.kitchen_id is None else await kitchen_of(info, self.row.kitchen_id)


@strawberry.type(description="Weighings of one side of a day.")
class ComparisonSide:
    weighings: int = strawberry.field(description="Kitchen-days on which the dish was weighed by itself.")
    kitchens: int = strawberry.field(description="In how many kitchens.")
    mean: Decimal | None = strawberry.field(description="Grams per cover that came back; null without a weighing.")
    low: Decimal | None = strawberry.field(description="Lower end of its interval; null below two weighings.")
    high: Decimal | None = strawberry.field(description="Upper end.")


@strawberry.type(description="What came back of a dish before and after a day, in grams per cover.")
class PortionComparison:
    row: strawberry.Private[Comparison]
    name: strawberry.Private[str]
    difference: Decimal | None = strawberry.field(description="After minus before, in kitchens that weighed both.")
    low: Decimal | None = strawberry.field(description="Lower end of the interval of the difference (95 of 100).")
    high: Decimal | None = strawberry.field(description="Upper end.")
    kitchens: int = strawberry.field(description="Kitchens that weighed on both sides.")
    sure: bool = strawberry.field(description="Whether the interval holds no zero. Not sure is not the same as equal.")

    @documented
    def before(self) -> ComparisonSide:
        """Before the day."""
        return _side(self.row.before)

    @documented
    def after(self) -> ComparisonSide:
        """The day and after it."""
        return _side(self.row.after)

    @documented
    def chart(self) -> Chart:
        """Both sides with their intervals."""
        sides = ((f"Avant ({self.row.before.weighings} pesées)", self.row.before),
                 (f"Après ({self.row.after.weighings} pesées)", self.row.after))  # fmt: skip
        rows = [ChartRow(label, side.mean, side.low, side.high) for label, side in sides]
        return show_chart(Picture(f"{self.name} : ce qui revient", PER_COVER, rows), bars)


def _scores(row: DishLessonRow) -> tuple[Decimal, Decimal, Decimal]:
    """Score, and the ends of its interval."""
    share, half = float(row.share), Z * float(row.error)
    return score(share), score(share + half), score(share - half)


def _side(side: Side) -> ComparisonSide:
    return ComparisonSide(
        weighings=side.weighings, kitchens=side.kitchens, mean=side.mean, low=side.low, high=side.high
    )


async def show_lesson(info: Ask, row: LessonRow) -> WasteLesson:
    """A lesson with its dishes."""
    return WasteLesson(
        row=row, found=await lesson_dishes(info.context, row), id=strawberry.ID(str(row.id)), first_day=row.first_day,
        last_day=row.last_day, last_weighing=strawberry.ID(str(row.last_weighing_id)), model=row.model, rows=row.rows,
        left_out=row.left_out, eur_per_kg=row.eur_per_kg, made_at=row.made_at, made_by=row.made_by,
    )  # fmt: skip


def show_change(row: ChangeRow) -> PortionChange:
    """A changed portion as GraphQL shows it."""
    return PortionChange(
        row=row, id=strawberry.ID(str(row.id)), before_g=row.before_g, served_g=row.served_g, least_g=row.least_g,
        most_g=row.most_g, grammage=row.grammage, valid_from=row.valid_from, valid_to=row.valid_to, reason=row.reason,
        evidence=row.evidence, decided_at=row.decided_at, decided_by=row.decided_by,
    )  # fmt: skip


def show_proposal(row: Proposal) -> PortionProposal:
    """A proposal as GraphQL shows it."""
    low, high = row.eur or (None, None)
    return PortionProposal(
        row=row, served_g=row.served_g, proposed_g=row.target_g, least_g=row.bounds.least, most_g=row.bounds.most,
        grammage=row.bounds.grammage, grammage_name=portion_name(row.bounds.grammage), bought_g=row.effect.bought_g,
        saved_low_g=row.effect.least_g, saved_high_g=row.effect.most_g, eur_low=low, eur_high=high, co2e_kg=row.co2e_kg,
    )  # fmt: skip


def show_comparison(found: Comparison, name: str) -> PortionComparison:
    """A comparison as GraphQL shows it."""
    return PortionComparison(
        row=found, name=name, difference=found.difference, low=found.low, high=found.high, kitchens=found.kitchens,
        sure=found.sure,
    )  # fmt: skip


@strawberry.type
class Query:
    @documented
    async def waste_lesson(self, info: Ask, number: Number = None) -> WasteLesson | None:
        """What weighings taught; null when there is none that you may read."""
        asked = None if number is None else row_number(str(number), "bilan")
        row = await info.context.one(lesson(info.context.viewer, asked))
        return None if row is None else await show_lesson(info, row)

    @documented
    async def portion_proposals(self, info: Ask, first: HowMany = DEFAULT_ROWS) -> list[PortionProposal]:
        """Smaller portions within the grammages, of dishes weighed enough, those that save most first."""
        require_size(first)
        return [show_proposal(row) for row in (await proposals(info.context))[:first]]

    @documented
    async def portion_changes(self, info: Ask, first: HowMany = DEFAULT_ROWS) -> list[PortionChange]:
        """Portions that were decided, the newest first, taken back or not."""
        require_size(first)
        newest = portion_changes_visible_to(info.context.viewer).order_by(ChangeRow.id.desc()).limit(first)
        return [show_change(row) for row in await info.context.objects(newest)]

    @documented
    async def portion_comparison(
        self,
        info: Ask,
        dish: Annotated[strawberry.ID, strawberry.argument(description="Id of the dish.")],
        on: Annotated[date, strawberry.argument(description="First day of what is compared with before.")],
        days: Annotated[int, strawberry.argument(description="How far to look on each side, 1 to 366.")] = DAYS,
    ) -> PortionComparison | None:
        """Weighings of a dish by itself before and after a day, in the kitchens you may read; null without the dish."""
        if not 1 <= days <= MOST_DAYS:
            raise BadDatesError(f"{days} jours : en donner de 1 à {MOST_DAYS}.")
        viewer = info.context.viewer
        row: DishRow | None = None if viewer.sells else await info.context.one(dishes(viewer, slugs=[str(dish)]))
        if row is None:
            return None
        return show_comparison(await comparison(info.context, row, on, days), row.name)
