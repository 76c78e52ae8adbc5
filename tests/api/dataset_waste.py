"""What the small Département weighed: each kitchen two days of all stages, a file about waste, and a diagnostic.

Rows of the n-th kitchen are numbered from ``n × PER_KITCHEN + 1``, whatever the size.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from catering.attendance.models import AttendanceEvent, AttendanceEventKind, CoversForecast, ForecastBasis
from catering.db import Base
from catering.planning.models import ScenarioCovers, ScenarioForecast
from catering.recipes.models import PortionChange
from catering.waste.models import (
    BiowasteNote,
    DishInKitchenLesson,
    DishLesson,
    DonationAgreement,
    KitchenLesson,
    ServiceCovers,
    WasteAction,
    WasteDiagnostic,
    WasteFinding,
    WasteLesson,
    WasteSite,
    Weighing,
    WeighingCampaign,
)
from catering.waste.vocabulary import (
    ActionKind,
    ActionStatus,
    BiowasteStream,
    FoodGroup,
    KitchenKind,
    Part,
    Service,
    Stage,
    Treatment,
    WasteCause,
)
from tests.api.dataset import MOMENT, MONDAYS, Size

SPRING = date(2026, 3, 3)
"""A day of the campaign: the plates of a dish were weighed, nothing else."""
DAYS = (MONDAYS[0], date(2026, 9, 8))
PER_KITCHEN = 100
MADE = {"made_at": MOMENT, "made_by": "test"}


def first_row(number: int) -> int:
    """The first row of the n-th kitchen in each table."""
    return number * PER_KITCHEN + 1


async def fill_waste(session: AsyncSession, size: Size) -> None:
    """Every table of the room."""
    for row in (*learnt(), ScenarioForecast(scenario_id=1, made_on=date(2026, 9, 1))):
        session.add(row)
        await session.flush()
    for number in range(size.kitchens):
        session.add_all(about(number))
        await session.flush()
        session.add_all(weighed(number))
    await session.flush()


def learnt() -> Iterator[Base]:
    """One lesson from all kitchens, and a portion that follows from it."""
    yield WasteLesson(
        id=1, first_day=date(2026, 3, 1), last_day=date(2026, 6, 30), last_weighing_id=0, model="pooling/2", rows=40,
        left_out=2, eur_per_kg=Decimal(6), variances={"dish": "0.0025"}, **MADE,
    )  # fmt: skip
    ranks = {"best_rank": 1, "worst_rank": 2, "ranked": 2}
    for dish_id in (1, 2, 3):
        yield DishLesson(
            lesson_id=1, dish_id=dish_id, family="starter.other", share=Decimal("0.35"), error=Decimal("0.04"),
            weight=Decimal("0.8"), alone=12, together=3, served_g=120, **(ranks if dish_id < 3 else {}),
        )  # fmt: skip
    yield KitchenLesson(lesson_id=1, kitchen_id=1, effect=Decimal("0.02"))
    yield DishInKitchenLesson(lesson_id=1, kitchen_id=1, dish_id=1, effect=Decimal("0.01"))
    yield PortionChange(
        id=1, dish_id=1, before_g=120, served_g=110, least_g=80, most_g=125, grammage="salade_composee",
        valid_from=date(2026, 9, 2), reason="Il en revient", evidence="Bilan 1", decided_at=MOMENT, decided_by="test",
    )  # fmt: skip


def about(number: int) -> Iterator[Base]:
    """What the n-th kitchen states, wrote and counted."""
    key = {"kitchen_id": number + 1}
    row = {"id": first_row(number), **key}
    yield WasteSite(
        **key, **MADE, kind=KitchenKind.COLLEGE, meals_per_day=300, meals_per_year=42_000, base_year=2019,
        base_g_per_cover=Decimal(135), biowaste_sorted_since=date(2024, 1, 1), collector="Collecteur",
    )  # fmt: skip
    yield WeighingCampaign(**row, **MADE, first_day=date(2026, 3, 2), last_day=date(2026, 3, 9), note="Printemps")
    yield DonationAgreement(
        **row, **MADE, association="Aide", proposed_on=date(2026, 1, 5), signed_on=date(2026, 1, 12), what="Pain"
    )
    yield BiowasteNote(
        **row, **MADE, entry_key=f"bordereau-{number}", day=date(2026, 8, 31), stream=BiowasteStream.USED_OIL,
        treatment=Treatment.BIOFUEL, quantity=20_000, collector="Huiles", slip="B1",
    )  # fmt: skip
    yield WasteDiagnostic(
        **row, **MADE, version=1, written_on=date(2026, 6, 1), pilot="Gestionnaire", team="Chef, infirmière",
        situation="On jette des légumes.", measured_from=date(2026, 3, 2), measured_to=date(2026, 3, 9),
        findings=[WasteFinding(position=1, stage=Stage.PLATES, cause=WasteCause.DISLIKED, seen="Épinards")],
        actions=[
            WasteAction(
                position=1, kind=ActionKind.PORTIONS, what="Petite et grande faim", who="Chef",
                due_on=date(2026, 10, 1), status=ActionStatus.ONGOING,
            )
        ],
    )  # fmt: skip
    yield AttendanceEvent(
        **row, **MADE, kind=AttendanceEventKind.TRIP, first_day=DAYS[0], last_day=DAYS[0], difference=-20, note="Sortie"
    )
    for day in DAYS:
        forecast = CoversForecast(
            **key, day=day, made_on=date(2026, 9, 1), basis=ForecastBasis.ANNOUNCED, expected=280, recommended=280,
            missing_eur=Decimal("7.50"), wasted_eur=Decimal("2.50"), reasons=["Sortie"], model_version="test",
        )  # fmt: skip
        yield forecast
        yield ScenarioCovers(scenario_id=1, **key, day=day, forecast=forecast)
    for day in (SPRING, *DAYS):
        yield ServiceCovers(
            **key, day=day, service=Service.LUNCH, planned=300, prepared=300, served=290, made_by="test"
        )


def weighed(number: int) -> Iterator[Weighing]:
    """Two days of the three stages, the plates of a dish apart; in spring the plates of a dish."""
    grams = 3_600 + 10 * number
    yield Weighing(
        id=first_row(number) + PER_KITCHEN // 2, kitchen_id=number + 1, entry_key="tablette-printemps", day=SPRING,
        service=Service.LUNCH, stage=Stage.PLATES, part=Part.EDIBLE, gross_g=grams + 500, tare_g=500, net_g=grams,
        dish_id=1, noted_at=MOMENT, note="Remarque", **MADE,
    )  # fmt: skip
    for rank, day in enumerate(DAYS):
        for place, (stage, part, grams, given) in enumerate(BINS):
            yield Weighing(
                id=first_row(number) + rank * len(BINS) + place,
                kitchen_id=number + 1,
                entry_key=f"tablette-{rank}-{place}",
                day=day,
                service=Service.LUNCH,
                stage=stage,
                part=part,
                gross_g=grams + 500 + 10 * number,
                tare_g=500,
                net_g=grams + 10 * number,
                noted_at=MOMENT,
                note="Remarque",
                **MADE,
                **given,
            )


BINS = (
    (Stage.PREPARATION, Part.EDIBLE, 1_500, {}),
    (Stage.UNSERVED, Part.UNSORTED, 9_000, {"cause": WasteCause.TOO_MUCH_COOKED}),
    (Stage.PLATES, Part.UNSORTED, 12_000, {"food_group": FoodGroup.SIDE}),
    (Stage.PLATES, Part.EDIBLE, 4_000, {"dish_id": 1, "cause": WasteCause.DISLIKED}),
)
