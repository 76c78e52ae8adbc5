"""The diagnostic of an establishment, what the law asks of it, and its record for ma-cantine, as GraphQL shows them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from catering.graph.arguments import known_law
from catering.graph.documented import documented
from catering.graph.pages_by_parent import PageKey
from catering.graph.paging import DEFAULT_ROWS, After, First, Page
from catering.graph.request import Ask
from catering.graph.shown import shown
from catering.graph.values import BigInt
from catering.kitchens.graph import CoversByKitchenId, Kitchen, KitchenById, show_kitchen
from catering.kitchens.models import Kitchen as KitchenRow
from catering.kitchens.queries import kitchens
from catering.moment import today
from catering.waste import models
from catering.waste.graph.protocols import WasteProtocol, show_protocol
from catering.waste.graph.weighings import FirstDay, KitchenUai, LastDay, kitchen_of, require_period
from catering.waste.graph.words import (
    ActionKind,
    ActionStatus,
    BiowasteStream,
    DutyState,
    KitchenKind,
    Service,
    Stage,
    Treatment,
    WasteCause,
)
from catering.waste.loaders import NotePageByKitchen, SiteByKitchenId
from catering.waste.queries_diagnostic import agreements
from catering.waste.reading import Measured, biowaste_sums, facts, kept, latest_diagnostic, measured, services_at
from catering.waste.reading_worth import year_measured
from catering.waste.rules import declaration
from catering.waste.rules.duties import duties
from catering.waste.rules.year import YearOfWaste


@strawberry.type(description="A cause that a diagnostic found.")
class WasteFinding:
    stage: Stage | None = strawberry.field(description="Where; null for the whole kitchen.")
    cause: WasteCause = strawberry.field(description="Which.")
    seen: str = strawberry.field(description="What was seen, in words.")


@strawberry.type(description="An action of the plan: who does what by when.")
class WasteAction:
    kind: ActionKind = strawberry.field(description="As ma-cantine names it.")
    what: str = strawberry.field(description="What is done.")
    who: str = strawberry.field(description="By whom, by function.")
    due_on: date = strawberry.field(description="By when.")
    status: ActionStatus = strawberry.field(description="Where it stands.")
    done_on: date | None = strawberry.field(description="When it was done; null before.")


@strawberry.type(
    description="What was weighed, carried over to a year: kilograms, euros, and what they would buy of organic food."
)
class WasteYear:
    row: strawberry.Private[YearOfWaste]
    meals: int = strawberry.field(description="Meals of a year, as the kitchen states them.")
    kg: Decimal = strawberry.field(description="Edible kilograms.")
    unpriced: Decimal | None = strawberry.field(description="Percent of the grams that no offer prices: left out of €.")

    @documented
    def kg_low(self) -> Decimal | None:
        """Lower end of the interval; null from a single day."""
        return None if self.row.kg_between is None else self.row.kg_between[0]

    @documented
    def kg_high(self) -> Decimal | None:
        """Upper end."""
        return None if self.row.kg_between is None else self.row.kg_between[1]

    @documented
    def eur_low(self) -> Decimal | None:
        """€ excl. tax of ingredients at the lowest offers; null when nothing has a price."""
        return None if self.row.eur is None else self.row.eur[0]

    @documented
    def eur_high(self) -> Decimal | None:
        """The same at the highest offers."""
        return None if self.row.eur is None else self.row.eur[1]

    @documented
    def organic_points_low(self) -> Decimal | None:
        """Percents of the purchases of that year that the money is: what organic food could gain; null if unknown."""
        return None if self.row.points is None else self.row.points[0]

    @documented
    def organic_points_high(self) -> Decimal | None:
        """The same at the highest offers."""
        return None if self.row.points is None else self.row.points[1]

    @documented
    def organic_percent(self) -> Decimal | None:
        """Organic food in the purchases of the civil year of the weighings; null when none are noted."""
        return None if self.row.bought is None else self.row.bought.bio

    @documented
    def egalim_percent(self) -> Decimal | None:
        """What counts for EGAlim in them."""
        return None if self.row.bought is None else self.row.bought.egalim


@strawberry.type(description="One version of the diagnostic and plan of action (GAS-02). Versions never change.")
class WasteDiagnostic:
    row: strawberry.Private[models.WasteDiagnostic]
    version: int = strawberry.field(description="From 1.")
    written_on: date = strawberry.field(description="Date of the document.")
    pilot: str = strawberry.field(description="Who answers for it, by function.")
    team: str = strawberry.field(description="Who took part.")
    situation: str = strawberry.field(description="What the establishment found, in its words.")
    measured_from: date | None = strawberry.field(description="First day of the weighings it rests on.")
    measured_to: date | None = strawberry.field(description="Last day of them.")
    made_at: datetime = strawberry.field(description="When it was kept.")

    @documented
    async def kitchen(self, info: Ask) -> Kitchen | None:
        """Whose."""
        return await kitchen_of(info, self.row.kitchen_id)

    @documented
    async def year(self, info: Ask) -> WasteYear | None:
        """What a year of it weighs and costs; null without weighings, or until the kitchen states its meals a year."""
        if self.row.measured_from is None or self.row.measured_to is None:
            return None
        place = await info.context.loader(KitchenById).load(self.row.kitchen_id)
        if place is None:
            return None
        found = await measured(info.context, place.uai, self.row.measured_from, self.row.measured_to)
        year = None if found is None else await year_measured(info.context, found)
        return None if year is None else shown(WasteYear, year, row=year)

    @documented
    def findings(self) -> list[WasteFinding]:
        """Causes found (a few dozen at most)."""
        return [shown(WasteFinding, each) for each in self.row.findings]

    @documented
    def actions(self) -> list[WasteAction]:
        """The plan (a few dozen lines at most)."""
        return [shown(WasteAction, each) for each in self.row.actions]


@strawberry.type(description="An agreement to give food to an aid association (GAS-04).")
class DonationAgreement:
    row: strawberry.Private[models.DonationAgreement]
    association: str = strawberry.field(description="With whom.")
    proposed_on: date = strawberry.field(description="When it was proposed.")
    signed_on: date | None = strawberry.field(description="When it was signed; null before.")
    ends_on: date | None = strawberry.field(description="Last day it holds; null until it is ended.")
    what: str | None = strawberry.field(description="What is given, and how often it is fetched.")
    authority: str | None = strawberry.field(
        description="By what it may receive food: habilitation, CCAS or CIAS; null: to be checked."
    )

    @documented
    def holds(self) -> bool:
        """Whether it is in force today."""
        return self.row.holds(today())

    @documented
    async def kitchen(self, info: Ask) -> Kitchen | None:
        """Who gives."""
        return await kitchen_of(info, self.row.kitchen_id)


@strawberry.type(description="Bio-waste or used oil that left, or the opposite row that takes a note back.")
class BiowasteNote:
    row: strawberry.Private[models.BiowasteNote]
    day: date = strawberry.field(description="When it left.")
    stream: BiowasteStream = strawberry.field(description="What.")
    treatment: Treatment = strawberry.field(description="What becomes of it.")
    quantity: int = strawberry.field(description="Grams of bio-waste, millilitres of oil; negative when taken back.")
    collector: str | None = strawberry.field(description="Who fetched it; null for compost on site.")
    slip: str | None = strawberry.field(description="Number of the collection slip.")

    @documented
    def id(self) -> strawberry.ID:
        """Number of the note."""
        return strawberry.ID(str(self.row.id))

    @documented
    async def kitchen(self, info: Ask) -> Kitchen | None:
        """From where."""
        return await kitchen_of(info, self.row.kitchen_id)


@strawberry.type(description="What a kitchen states of itself for its diagnostic.")
class WasteSite:
    kind: KitchenKind = strawberry.field(description="Kind of establishment.")
    meals_per_day: int | None = strawberry.field(description="Prepared on the busiest day, satellites included.")
    meals_per_year: int | None = strawberry.field(description="Meals of a year.")
    base_year: int | None = strawberry.field(description="Year against which the target is measured.")
    base_g_per_cover: Decimal | None = strawberry.field(description="Edible grams per cover of that year.")
    biowaste_sorted_since: date | None = strawberry.field(description="Since when bio-waste is sorted at source.")
    collector: str | None = strawberry.field(description="Who fetches it.")
    services: list[Service] = strawberry.field(description="Meals that a complete day has weighed; none: as counted.")
    many_meals_since: date | None = strawberry.field(description="Since when it is past the meals of GAS-04.")
    oil_l_per_year: int | None = strawberry.field(description="Litres of used oil a year, as stated.")


@strawberry.type(description="Bio-waste or used oil of a civil year and treatment, added up.")
class BiowasteSum:
    year: int = strawberry.field(description="Civil year.")
    stream: BiowasteStream = strawberry.field(description="What.")
    treatment: Treatment = strawberry.field(description="What became of it.")
    quantity: BigInt = strawberry.field(description="Grams of bio-waste, millilitres of oil.")
    times: int = strawberry.field(description="How many collections.")


@strawberry.type(description="A duty of the law about waste, and how it stands.")
class WasteDuty:
    rule: strawberry.ID = strawberry.field(description="Id of the rule.")
    title: str = strawberry.field(description="In French.")
    state: DutyState = strawberry.field(description="How it stands.")
    stated: Decimal | None = strawberry.field(description="The figure of the kitchen; null without one.")
    limit: Decimal | None = strawberry.field(description="The figure of the law.")
    unit: str | None = strawberry.field(description="Unit of both.")
    told: str = strawberry.field(description="What to do, in French.")


@strawberry.type(description="One field of ma-cantine's waste record.")
class DeclaredField:
    name: str = strawberry.field(description="As ma-cantine names it.")
    text: str = strawberry.field(description="Its value; empty when not given.")


@strawberry.type(description="All about waste of an establishment but its weighings.")
class WasteFile:
    row: strawberry.Private[KitchenRow]
    on: strawberry.Private[date]

    @documented
    def kitchen(self) -> Kitchen:
        """Whose."""
        return show_kitchen(self.row)

    @documented
    async def site(self, info: Ask) -> WasteSite | None:
        """What it states of itself; null while it said nothing."""
        row = await info.context.loader(SiteByKitchenId).load(self.row.id)
        return (
            None if row is None else shown(WasteSite, row, services=sorted(services_at(row), key=list(Service).index))
        )

    @documented
    async def duties(self, info: Ask) -> list[WasteDuty]:
        """What the law asks, and how it stands."""
        covers = await info.context.loader(CoversByKitchenId).load(self.row.id)
        busiest = max((each.covers for each in covers), default=None)
        known = await facts(info.context, self.row, self.on, busiest)
        with known_law(self.on):
            return [shown(WasteDuty, each, rule=strawberry.ID(each.rule)) for each in duties(known, self.on)]

    @documented
    async def declared_actions(self, info: Ask) -> list[DeclaredField]:
        """What ma-cantine's declaration asks about waste, from the latest diagnostic: actions under way or done."""
        row = await latest_diagnostic(info.context, self.row.uai)
        plan = [] if row is None else [(each.kind, each.status) for each in row.actions]
        asked = declaration.declared_actions(row is not None, plan)
        return [DeclaredField(name=name, text=str(said).lower()) for name, said in asked.items()]

    @documented
    async def agreements(self, info: Ask) -> list[DonationAgreement]:
        """Agreements to give food, by association (a handful)."""
        rows = await info.context.objects(agreements(info.context.viewer, self.row.id))
        return [show_agreement(row) for row in rows]

    @documented
    async def biowaste_sums(self, info: Ask) -> list[BiowasteSum]:
        """What left apart in this civil year and the four before, by year, stream and treatment."""
        first, last = date(self.on.year - 4, 1, 1), date(self.on.year, 12, 31)
        rows = await biowaste_sums(info.context, self.row.id, first, last)
        return [
            BiowasteSum(
                year=int(row.year), stream=row.stream, treatment=row.treatment, quantity=BigInt(row.quantity),
                times=row.times,
            )
            for row in rows
        ]  # fmt: skip

    @documented
    async def biowaste(self, info: Ask, first: First = DEFAULT_ROWS, after: After = None) -> Page[BiowasteNote]:
        """What left apart, the latest first, opposite rows among them."""
        found = await info.context.loader(NotePageByKitchen).load(PageKey(self.row.id, first, after))
        return found.shown(show_note)


@strawberry.type(description="A period in the waste fields of ma-cantine (GAS-15), kilograms.")
class WasteDeclaration:
    row: strawberry.Private[declaration.WasteDeclaration]
    place: strawberry.Private[KitchenRow]
    found: strawberry.Private[Measured]

    @documented
    async def protocol(self, info: Ask) -> WasteProtocol:
        """Whether it is a campaign: declare it once it is; a period below the protocol is no measure of a year."""
        return show_protocol(await kept(info.context, self.found))

    @documented
    def kitchen(self) -> Kitchen:
        """Whose."""
        return show_kitchen(self.place)

    @documented
    def fields(self) -> list[DeclaredField]:
        """Each field, in the order of ma-cantine."""
        return [DeclaredField(name=name, text=value) for name, value in self.row.fields.items()]

    @documented
    def yearly_g(self) -> BigInt | None:
        """Estimate of a year in grams: mass / covers × meals of a year; null until the kitchen states them."""
        return None if self.row.yearly_kg is None else BigInt(int(self.row.yearly_kg * declaration.GRAMS_PER_KG))


def show_diagnostic(row: models.WasteDiagnostic) -> WasteDiagnostic:
    """A version as GraphQL shows it; the row was read with its causes and actions."""
    return shown(WasteDiagnostic, row, row=row)


def show_agreement(row: models.DonationAgreement) -> DonationAgreement:
    """An agreement as GraphQL shows it."""
    return shown(DonationAgreement, row, row=row)


def show_note(row: models.BiowasteNote) -> BiowasteNote:
    """A collection as GraphQL shows it."""
    return shown(BiowasteNote, row, row=row)


@strawberry.type
class Query:
    @documented
    async def waste_diagnostic(
        self,
        info: Ask,
        kitchen: KitchenUai,
        version: Annotated[int | None, strawberry.argument(description="This version; the latest by default.")] = None,
    ) -> WasteDiagnostic | None:
        """The diagnostic and plan of action of a kitchen; null when none is written or you may not read it."""
        row = await latest_diagnostic(info.context, str(kitchen), version)
        return None if row is None else show_diagnostic(row)

    @documented
    async def waste_file(
        self,
        info: Ask,
        kitchen: KitchenUai,
        on: Annotated[date | None, strawberry.argument(description="Law of this day; today by default.")] = None,
    ) -> WasteFile | None:
        """Duties, agreements and collections of an establishment; null when you may not read it."""
        row = await info.context.one(kitchens(info.context.viewer, uais=[str(kitchen)]))
        return None if row is None else WasteFile(row=row, on=on or today())

    @documented
    async def waste_declaration(
        self, info: Ask, kitchen: KitchenUai, first_day: FirstDay, last_day: LastDay
    ) -> WasteDeclaration | None:
        """A period for ma-cantine; null while no day is complete and counted, or when you may not read the kitchen."""
        require_period(first_day, last_day)
        found = await measured(info.context, str(kitchen), first_day, last_day)
        if found is None:
            return None
        yearly = None if found.site is None else found.site.meals_per_year
        record = declaration.declaration(found.result, first_day, last_day, yearly)
        return None if record is None else WasteDeclaration(row=record, place=found.kitchen, found=found)
