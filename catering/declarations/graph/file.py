"""What a kitchen would declare of a year today, its check list, and what it declared, version by version."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry

from catering.declarations import comparing, models
from catering.declarations.checks import Check, CheckLevel
from catering.declarations.comparing import LineChange, LineDifference, compare, line_difference
from catering.declarations.figures import Part, doubt_of, part_read, read, version_of
from catering.declarations.models import DeclarationForm
from catering.declarations.queries import CHANGED_KEY, changed_since
from catering.declarations.reading import Draft, draft_of
from catering.graph.documented import documented
from catering.graph.paging import DEFAULT_ROWS, After, First, Order, Page
from catering.graph.request import Ask
from catering.kitchens.queries import kitchens
from catering.purchases.graph import Purchase, show_purchase
from catering.purchases.graph_egalim import FormField, year_asked
from catering.rules.declarations import campaigns

IN_ORDER = Order(CHANGED_KEY)
OfForm: TypeAlias = Annotated[DeclarationForm, strawberry.argument(description="The form.")]

strawberry.enum(DeclarationForm, description="On which form of ma-cantine a year is declared.")
strawberry.enum(CheckLevel, name="DeclarationCheckLevel", description="What a point of the check list asks.")
strawberry.enum(LineChange, name="DeclaredLineChange", description="How a purchase counts otherwise than declared.")


@strawberry.type(description="A phase of the campaign on a data year (EGA-26).")
class CampaignPhase:
    phase: str = strawberry.field(description="`declaration` or `correction`.")
    first_day: date = strawberry.field(description="First day.")
    last_day: date | None = strawberry.field(description="Last day, included; null when not published.")
    source: str = strawberry.field(description="Key of its source.")
    verified: bool = strawberry.field(description="Whether the dates were read in their source.")


@strawberry.type(description="One point of the check list that is not in order.")
class DeclarationCheck:
    id: strawberry.ID = strawberry.field(description="Id of the point, e.g. `DEC-12`.")
    rule: strawberry.ID = strawberry.field(description="Id of the rule it serves, e.g. `EGA-24`.")
    level: CheckLevel = strawberry.field(description="Whether it blocks.")
    found: str = strawberry.field(description="What was found, in French.")
    repair: str = strawberry.field(description="What to do, in French.")


@strawberry.type(description="A percent of a declaration.")
class DeclaredShare:
    figure: strawberry.ID = strawberry.field(description="`quality`, `bio`, `meat_and_fish` or `pat`.")
    share_pct: Decimal | None = strawberry.field(description="Percent, two decimals; null of nothing.")


@strawberry.type(description="What is declared for one restaurant that the kitchen serves.")
class SatellitePart:
    siret: strawberry.ID = strawberry.field(description="14 digits.")
    name: str = strawberry.field(description="Name of the restaurant.")
    cantine_id: strawberry.ID | None = strawberry.field(description="Its number on ma-cantine; null when unknown.")
    yearly_meals: int = strawberry.field(description="Its meals of the year, by which purchases are shared.")
    simple: list[FormField] = strawberry.field(description="Fields of the simple form, in its order.")
    detailed: list[FormField] = strawberry.field(description="Fields of the detailed form, in its order.")


@strawberry.type(description="A field that is no longer what was declared.")
class FieldDifference:
    name: strawberry.ID = strawberry.field(description="As ma-cantine names it.")
    declared_eur: Decimal | None = strawberry.field(description="As declared; null when that form had no such field.")
    today_eur: Decimal | None = strawberry.field(description="As the books say today.")
    difference_eur: Decimal = strawberry.field(description="Today less declared.")


@strawberry.type(description="A purchase that counts otherwise than it was declared.")
class DeclaredLineDifference:
    change: LineChange = strawberry.field(description="How.")
    declared_sign: strawberry.ID | None = strawberry.field(
        description="Sign by which it was declared; empty outside EGAlim, null when it was not declared."
    )
    moves: list[FormField] = strawberry.field(description="What it moves: € added to each field, negative taken away.")
    purchase: Purchase = strawberry.field(description="The purchase as it stands.")


@strawberry.type(description="A declaration beside the books of today.")
class DeclarationComparison:
    row: strawberry.Private[models.Declaration]
    fields: list[FieldDifference] = strawberry.field(description="Fields of both forms that differ, in their order.")

    @documented
    async def lines(self, info: Ask, first: First = DEFAULT_ROWS, after: After = None) -> Page[DeclaredLineDifference]:
        """The purchases that made the difference, the first entered one first; their moves add up to the fields."""
        asked = IN_ORDER.limited(changed_since(info.context.viewer, self.row), first, after)
        rows = await info.context.rows(asked)
        found = [line_difference(row, sign, self.row.year) for row, sign in rows]
        return IN_ORDER.slice(found, first).shown(_line)


@strawberry.type(description="A year as it was declared; a version never changes.")
class Declaration:
    row: strawberry.Private[models.Declaration]
    version: int = strawberry.field(description="From 1; a correction is the next one.")
    year: int = strawberry.field(description="Civil year of the purchases.")
    form: DeclarationForm = strawberry.field(description="The form.")
    form_version: str = strawberry.field(description="Version of that form of ma-cantine.")
    siret: strawberry.ID = strawberry.field(description="SIRET it was declared under.")
    reason: str = strawberry.field(description="Why, in the words of who declared.")
    at: datetime = strawberry.field(description="When.")
    actor: str = strawberry.field(description="Who, as in traces.")

    @documented
    def id(self) -> strawberry.ID:
        """Number of the declaration."""
        return strawberry.ID(str(self.row.id))

    @documented
    def fields(self) -> list[FormField]:
        """Fields of its form, in the order of the form."""
        return _fields(read(self.row.figures).of(self.row.form))

    @documented
    def shares(self) -> list[DeclaredShare]:
        """Percents, as they were declared."""
        return _shares(read(self.row.figures).shares)

    @documented
    def acknowledged(self) -> list[strawberry.ID]:
        """Points of the check list that were open and that who declared had read."""
        return [strawberry.ID(each) for each in self.row.acknowledged.split()]

    @documented
    def parts(self) -> list[SatellitePart]:
        """What was declared for each restaurant that the kitchen serves; empty when it serves none."""
        return [_part(part_read(each)) for each in self.row.parts]


@strawberry.type(description="The declaration of a kitchen's civil year, as it would be made today.")
class DeclarationFile:
    draft: strawberry.Private[Draft]
    uai: strawberry.ID = strawberry.field(description="National id of the kitchen.")
    name: str = strawberry.field(description="Its name.")
    year: int = strawberry.field(description="Civil year.")
    version: int = strawberry.field(description="Last version declared, 0 before: give it as `baseVersion`.")
    checks: list[DeclarationCheck] = strawberry.field(description="What is not in order, what blocks first.")
    campaign: list[CampaignPhase] = strawberry.field(description="Phases on this data year; empty when unknown.")

    @documented
    def form_version(self, form: OfForm) -> str:
        """Version of a form of ma-cantine for this data year."""
        return version_of(form, self.year)

    @documented
    def form_doubt(self, form: OfForm) -> str | None:
        """What is not sure of its columns, in French: check them before depositing; null when its schema was read."""
        return doubt_of(form, self.year)

    @documented
    def daily_meals(self) -> int | None:
        """Meals of a day of service, as ma-cantine asks them; null while the calendar does not cover the year."""
        return None if self.draft.meals is None else self.draft.meals.daily

    @documented
    def yearly_meals(self) -> int | None:
        """Meals of the civil year, those of the restaurants served when they are stated; null likewise."""
        return None if self.draft.meals is None else self.draft.meals.yearly

    @documented
    def fields(self, form: OfForm) -> list[FormField]:
        """Fields of a form as they would be declared today, in its order."""
        return _fields(self.draft.figures.of(form))

    @documented
    def shares(self) -> list[DeclaredShare]:
        """Percents of today."""
        return _shares(self.draft.figures.shares)

    @documented
    def parts(self) -> list[SatellitePart]:
        """What each restaurant that the kitchen serves would declare; empty when it serves none."""
        return [_part(each) for each in self.draft.parts]

    @documented
    def declared(self) -> Declaration | None:
        """The last version declared; null before the first."""
        return None if self.draft.latest is None else show_declaration(self.draft.latest)

    @documented
    async def comparison(
        self,
        info: Ask,
        version: Annotated[
            int | None, strawberry.argument(description="Of this version; of the last when null.")
        ] = None,
    ) -> DeclarationComparison | None:
        """A declared version beside the books of today: what a correction would change; null before the first."""
        rows = {each.version: each for each in self.draft.declared}
        row = rows.get(self.version if version is None else version)
        if row is None:
            return None
        async with info.context.reading() as session:
            found = await compare(session, info.context.viewer, row)
        return _comparison(row, found)

    @documented
    def versions(self) -> list[Declaration]:
        """Every version, the latest first."""
        return [show_declaration(each) for each in self.draft.declared]


def show_declaration(row: models.Declaration) -> Declaration:
    """A declaration as GraphQL shows it."""
    return Declaration(
        row=row,
        version=row.version,
        year=row.year,
        form=row.form,
        form_version=row.form_version,
        siret=strawberry.ID(row.siret),
        reason=row.reason,
        at=row.at,
        actor=row.actor,
    )


def show_checks(found: Sequence[Check]) -> list[DeclarationCheck]:
    """Points of the check list as GraphQL shows them."""
    return [
        DeclarationCheck(
            id=strawberry.ID(each.id),
            rule=strawberry.ID(each.rule),
            level=each.level,
            found=each.message,
            repair=each.repair,
        )
        for each in found
    ]


def show_file(draft: Draft) -> DeclarationFile:
    """A year to declare as GraphQL shows it."""
    phases = [
        CampaignPhase(
            phase=each.phase,
            first_day=each.valid_from,
            last_day=each.valid_to,
            source=each.source,
            verified=each.confidence == "verified",
        )
        for each in campaigns(draft.year)
    ]
    return DeclarationFile(
        draft=draft,
        uai=strawberry.ID(draft.kitchen.uai),
        name=draft.kitchen.name,
        year=draft.year,
        version=draft.version,
        checks=show_checks(draft.checks),
        campaign=phases,
    )


def _comparison(row: models.Declaration, found: Sequence[comparing.FieldDifference]) -> DeclarationComparison:
    fields = [
        FieldDifference(
            name=strawberry.ID(each.name),
            declared_eur=each.declared,
            today_eur=each.today,
            difference_eur=each.difference,
        )
        for each in found
    ]
    return DeclarationComparison(row=row, fields=fields)


def _fields(found: Mapping[str, Decimal]) -> list[FormField]:
    return [FormField(name=strawberry.ID(name), amount_eur=amount) for name, amount in found.items()]


def _shares(found: Mapping[str, Decimal | None]) -> list[DeclaredShare]:
    return [DeclaredShare(figure=strawberry.ID(name), share_pct=share) for name, share in found.items()]


def _part(part: Part) -> SatellitePart:
    return SatellitePart(
        siret=strawberry.ID(part.siret),
        name=part.name,
        cantine_id=None if part.cantine_id is None else strawberry.ID(str(part.cantine_id)),
        yearly_meals=part.yearly_meals,
        simple=_fields(part.figures.simple),
        detailed=_fields(part.figures.detailed),
    )


def _line(each: LineDifference) -> DeclaredLineDifference:
    sign = None if each.declared_sign is None else strawberry.ID(each.declared_sign)
    return DeclaredLineDifference(
        change=each.change, declared_sign=sign, moves=_fields(each.moves), purchase=show_purchase(each.row)
    )


@strawberry.type
class Query:
    @documented
    async def declaration_file(
        self,
        info: Ask,
        kitchen: Annotated[strawberry.ID, strawberry.argument(description="UAI of a kitchen that you may read.")],
        year: Annotated[int, strawberry.argument(description="Civil year of the purchases, since 2022.")],
    ) -> DeclarationFile | None:
        """What a kitchen would declare of a year, what stands in the way, and what it declared; null when hidden."""
        viewer, asked = info.context.viewer, year_asked(year)
        found = await info.context.one(kitchens(viewer, uais=[str(kitchen)]))
        if found is None:
            return None
        async with info.context.reading() as session:
            return show_file(await draft_of(session, viewer, found, asked))
