"""House rules of the schema: everything is explained, nothing is a binary float, lists that grow are pages."""

from collections.abc import Iterator

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_list_type,
    is_non_null_type,
)

from catering.api import schema

TYPES = {name: kind for name, kind in schema._schema.type_map.items() if not name.startswith("__")}
ROOTS = {"Query", "Mutation", "Subscription"}
SHORT_LISTS = {
    # Ten changes at most; never more than `first`, and the answer says of how many.
    "PlanSupposition.changes",
    "PlanSupposition.differences",
    "PlanSupposition.rules",
    # Four groups of farms.
    "PlanFairness.groups",
    # Never more than `first`, and the answer says of how many.
    "ThirdCountryPurchases.products",
    # A week of one kitchen, and the weeks of a year.
    "RateAhead.lines",
    "RateAhead.weeks",
    # Never more than `first`, and the lesson says of how many.
    "WasteLesson.dishes",
    # Orders to come of one supplier that rest on the permit.
    "HygienePermitEnded.orders",
    # Signs by which a lot was judged.
    "ContractLot.qualities",
    "Query.portionChanges",
    "Query.portionProposals",
    "Query.schoolYears",
    "Kitchen.covers",
    "Kitchen.serviceDays",
    "Kitchen.coversForecast",
    "Kitchen.attendanceEvents",
    "Supplier.certificates",
    "Account.tokens",
    "OwnAccount.passkeys",
    "Supplier.permits",
    "Supplier.pauses",
    "Offer.capacities",
    "Offer.availability",
    "Offer.photos",
    "InvalidEstablishment.faults",
    "OffersRefused.faults",
    "PurchasesRefused.faults",
    "Purchase.notCounted",
    "EgalimYear.ratios",
    "EgalimYear.simpleForm",
    "EgalimYear.information",
    "DeclarationFile.checks",
    "DeclarationFile.campaign",
    "DeclarationFile.fields",
    "DeclarationFile.shares",
    "DeclarationFile.parts",
    "DeclarationFile.versions",
    "DeclarationComparison.fields",
    "DeclaredLineDifference.moves",
    "Declaration.fields",
    "Declaration.shares",
    "Declaration.parts",
    "SatellitePart.simple",
    "SatellitePart.detailed",
    "SatellitesStated.satellites",
    "EgalimDisplay.shares",
    "EssentialData.data",
    "NotDeclarable.checks",
    "NotAcknowledged.checks",
    "EgalimOutlook.switches",
    "EgalimOutlook.shortfalls",
    "Dish.lines",
    "DishFacts.attributes",
    "DishAttribute.missing",
    "PlanRun.rules",
    "PlanRun.indicators",
    "SupplierExplanation.months",
    "PlanChanges.kitchens",
    "PlanChanges.suppliers",
    "PlanFlows.places",
    "PlanFlows.rows",
    "PlanFlows.suppliers",
    "PlanRun.conflicts",
    "PlanRun.purchases",
    "PlanRun.ruleSummary",
    "KitchenPlan.ratios",
    "SwapCandidates.candidates",
    "SwapCandidate.rules",
    "SwapCandidate.shares",
    "DishSwap.rules",
    "KitchenWeek.days",
    "KitchenWeek.drops",
    "KitchenWeek.purchases",
    "MenuDay.dishes",
    "Drop.lines",
    "Query.homogeneousFamilies",
    "Query.awardCriteria",
    "Query.priceIndices",
    "Query.purchaseThresholds",
    "Query.purchaseNeeds",
    "Query.purchasesBesideNeeds",
    "Query.thresholdAlerts",
    "PurchaseNeed.thresholds",
    "Contract.members",
    "Contract.lots",
    "ContractLot.lines",
    "ContractLine.revisions",
    "Consultation.lines",
    "Consultation.criteria",
    "Consultation.questions",
    "Consultation.sentTo",
    "Consultation.tenders",
    "Consultation.log",
    "Tender.lines",
    "Tender.facts",
    # Ten at most.
    "Tender.papers",
    "TenderScore.byCriterion",
    "Basket.lines",
    "Basket.drops",
    "Basket.leftOvers",
    "Basket.ratios",
    "BasketLine.substitutes",
    "Substitute.ratios",
    "Kitchen.standingOrders",
    "Order.lines",
    "Order.events",
    "OrderEvent.packs",
    "ProposedChange.packs",
    "Supplier.harvest",
    "Supplier.packing",
    "PackingPlace.orders",
    "PackedOrder.lines",
    "TourSheet.stops",
    "BasketSent.orders",
    "FailureReported.orders",
    "TermsChanged.lines",
    "ChangedLine.changes",
    "BasketLine.changes",
    "StandingOrder.days",
    "NotEnough.shortages",
    "NotHygienic.faults",
    "TooLate.late",
    "Order.receptions",
    "Reception.lines",
    "Kitchen.temperatureTolerances",
    "Query.temperatureLimits",
    "PlanScenario.aims",
    "Invoice.lines",
    "Invoice.vatTotals",
    "Invoice.events",
    "Invoice.differences",
    "Purchase.labels",
    "LotsToTake.lots",
    "Chart.levels",
    "Chart.rows",
    "WasteDeclaration.fields",
    "WasteDiagnostic.actions",
    "WasteDiagnostic.findings",
    "WasteFile.agreements",
    "WasteFile.biowasteSums",
    "WasteFile.declaredActions",
    "WasteFile.duties",
    "WasteResult.causes",
    "WasteResult.days",
    "WasteResult.dishes",
    "WasteResult.foodGroups",
    "WasteResult.history",
    "WasteResult.publishedCosts",
    "WasteResult.references",
    "WasteResult.stages",
    "WasteResult.stockLosses",
    "WasteView.rows",
    "WeighingsRecorded.weighings",
    "SurplusAdvice.reasons",
    "Query.serviceCovers",
    "Kitchen.menus",
    "Kitchen.nutritionStandings",
    "Menu.choices",
    "MenusImported.menus",
    "MenusRefused.faults",
    "NutritionCheck.findings",
    "NutritionCheck.windows",
    "NutritionCheck.balance",
    "NutritionFinding.counted",
    "CountedMeal.dishes",
    "CountedDish.missing",
    "NutrientBalance.nutrients",
    "ComplianceGrid.rows",
    "ComplianceGrid.rules",
    "ComplianceRow.cells",
    "GridCell.cures",
    "ComplianceAlerts.curable",
    "ComplianceAlerts.lost",
    "Query.nutritionGrid",
    "NutritionRow.cells",
    "Query.dinersColleges",
    "DinersMonth.days",
    "DinersWeek.days",
    "DinersMenu.choices",
    "DinersChoice.meats",
    "Consultation.lots",
    "ConsultationLot.lines",
    "ConsultationLot.tenders",
    "Contract.changes",
    "ContractChange.prices",
    "Query.nearbyNeeds",
}
"""Lists whose length something real bounds: a tray, a week, a day's deliveries, a recipe, the rules of the law, the
collèges of the Département in a grid that is read whole."""


def objects() -> Iterator[GraphQLObjectType]:
    return (kind for kind in TYPES.values() if isinstance(kind, GraphQLObjectType))


def test_everything_is_explained() -> None:
    unexplained: list[str] = []
    for kind in TYPES.values():
        named: GraphQLNamedType = kind
        if named.description is None and named.name not in ROOTS | {"Int", "String", "Boolean", "ID"}:
            unexplained.append(named.name)
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for name, field in kind.fields.items():
                if not field.description:
                    unexplained.append(f"{kind.name}.{name}")
                arguments = getattr(field, "args", {})
                unexplained += [f"{kind.name}.{name}({key})" for key, each in arguments.items() if not each.description]
    assert unexplained == []


def test_no_amount_passes_through_a_binary_float() -> None:
    assert "Float" not in TYPES
    for kind in objects():
        for name, field in kind.fields.items():
            if name.endswith(("Eur", "EurPerKg", "EurPerPack")) or name in {"share", "target", "gap", "value"}:
                assert get_named_type(field.type).name == "Decimal", f"{kind.name}.{name}"


def test_a_list_of_objects_is_a_page_unless_it_stays_short() -> None:
    lists = set()
    for kind in objects():
        for name, field in kind.fields.items():
            inner = field.type.of_type if is_non_null_type(field.type) else field.type
            if is_list_type(inner) and isinstance(get_named_type(inner), GraphQLObjectType) and name != "nodes":
                lists.add(f"{kind.name}.{name}")
    assert lists == SHORT_LISTS


def test_every_page_takes_its_size_and_cursor() -> None:
    pages = [
        (f"{kind.name}.{name}", set(field.args))
        for kind in objects()
        for name, field in kind.fields.items()
        if get_named_type(field.type).name.endswith("Page")
    ]
    assert len(pages) > 10
    assert [name for name, arguments in pages if not {"first", "after"} <= arguments] == []


def test_every_mutation_takes_a_key_and_answers_with_a_union_of_named_refusals() -> None:
    mutation = TYPES["Mutation"]
    assert isinstance(mutation, GraphQLObjectType)
    for name, field in mutation.fields.items():
        assert "idempotencyKey" in field.args, name
        answer = get_named_type(field.type)
        assert isinstance(answer, GraphQLUnionType), name
        done, *refused = answer.types
        assert [each.name for each in done.interfaces] == []
        assert refused
        assert all([face.name for face in each.interfaces] == ["Refusal"] for each in refused), name


def test_enums_speak_in_capitals() -> None:
    for kind in TYPES.values():
        if isinstance(kind, GraphQLEnumType):
            assert all(value == value.upper() for value in kind.values), kind.name
