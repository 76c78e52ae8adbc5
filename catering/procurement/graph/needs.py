"""The live counter of needs, as GraphQL shows it: per buyer and famille homogène, over twelve months."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

import strawberry

from catering.figures import round_euros
from catering.graph.documented import documented
from catering.graph.errors import PageSizeError
from catering.graph.loading import Loader
from catering.graph.paging import DEFAULT_ROWS, MOST_ROWS, First
from catering.graph.request import Ask, Request
from catering.kitchens.graph import Kitchen, KitchenById, show_kitchen
from catering.kitchens.models import Kitchen as KitchenRow
from catering.kitchens.queries import kitchens
from catering.market.graph import Supplier, show_supplier
from catering.market.loaders import SupplierById
from catering.market.models import Offer
from catering.market.queries import offers_visible_to
from catering.procurement.counting import counted_in_needs, needs_on
from catering.procurement.estimate import Estimate, Needs
from catering.procurement.graph.law import (
    HomogeneousFamily,
    OnDay,
    PurchaseThreshold,
    day_asked,
    show_family,
    show_threshold,
)
from catering.procurement.models import Engagement
from catering.procurement.need import (
    ZERO,
    Duty,
    Level,
    SameSupplier,
    Standing,
    Win,
    always_the_same,
    standings,
    window_of,
)
from catering.procurement.queries import engagements
from catering.procurement.vocabulary import GroundKind
from catering.recipes.models import Ingredient as IngredientRow
from catering.rules.procurement import procurement_law
from catering.together import read_together

strawberry.enum(Level, name="ThresholdLevel", description="How near a need is to a threshold.")


@dataclass(frozen=True, slots=True)
class NeedKey:
    """The need of one buyer in one family, over the months that end on a day."""

    kitchen_id: int
    family: str
    day: date


class CountedByNeed(Loader[NeedKey, Sequence[Engagement]]):
    """Commitments that count in needs: a few a week."""

    async def fetch(self, keys: list[NeedKey]) -> Mapping[NeedKey, Sequence[Engagement]]:
        """The commitments by need: one statement per distinct day."""
        found: dict[NeedKey, list[Engagement]] = defaultdict(list)
        for day in {key.day for key in keys}:
            some = [key for key in keys if key.day == day]
            kitchen_ids, families = {key.kitchen_id for key in some}, {key.family for key in some}
            asked = engagements(self.request.viewer, *window_of(day), kitchen_ids=kitchen_ids, families=families)
            for row in await self.request.objects(asked):
                found[NeedKey(row.kitchen_id, row.family, day)].append(row)
        return found

    def missing(self, key: NeedKey) -> Sequence[Engagement]:
        """Nothing."""
        del key
        return ()


class EstimateByNeed(Loader[NeedKey, Mapping[Duty, Estimate]]):
    """What needs are worth, by the duty whose threshold they are compared with."""

    async def fetch(self, keys: list[NeedKey]) -> Mapping[NeedKey, Mapping[Duty, Estimate]]:
        """The estimates by need: one statement per distinct day."""
        found: dict[NeedKey, Mapping[Duty, Estimate]] = {}
        for day in dict.fromkeys(key.day for key in keys):
            needs = await _read(self.request, day, {key.kitchen_id for key in keys})
            found |= {key: _estimates(needs, key) for key in keys if key.day == day}
        return found


async def _read(request: Request, day: date, kitchen_ids: Collection[int] | None) -> Needs:
    async with request.reading() as session:
        return needs_on(day, await read_together(session, counted_in_needs(request.viewer, day, kitchen_ids)))


def _estimates(needs: Needs, key: NeedKey) -> Mapping[Duty, Estimate]:
    return {duty: needs.of([key.kitchen_id], key.family, duty) for duty in Duty}


def against(estimates: Mapping[Duty, Estimate], more: Decimal, day: date) -> list[Standing]:
    """A need with something more, € excl. tax, against every threshold of a day."""
    return standings({duty: each.total + more for duty, each in estimates.items()}, day)


class SameSupplierByNeed(Loader[NeedKey, SameSupplier | None]):
    """Who won all the last purchases below the threshold, when others could have answered (CCP-45)."""

    async def fetch(self, keys: list[NeedKey]) -> Mapping[NeedKey, SameSupplier | None]:
        """The suppliers by need: the commitments that count, and one statement for who sells what."""
        rows = await self.request.loader(CountedByNeed).load_many(keys)
        repeated = {key: always_the_same(_wins(some), key.day) for key, some in zip(keys, rows, strict=True)}
        if not any(repeated.values()):
            return repeated
        sellers = await self._sellers(max(key.day for key in keys))
        return {key: same if same and sellers[key.family] - {same.supplier} else None for key, same in repeated.items()}

    async def _sellers(self, day: date) -> Mapping[str, set[int]]:
        """Suppliers that sell something of each family."""
        pairs = (
            offers_visible_to(self.request.viewer)
            .join(IngredientRow, IngredientRow.id == Offer.ingredient_id)
            .with_only_columns(IngredientRow.slug, IngredientRow.kind, Offer.supplier_id)
            .distinct()
        )
        found: dict[str, set[int]] = defaultdict(set)
        for slug, kind, supplier in await self.request.rows(pairs):
            found[procurement_law().family_of(slug, kind.value, day)].add(supplier)
        return found


def _wins(counted: Iterable[Engagement]) -> list[Win]:
    """Decisions below the threshold that were not taken back, in order of time."""
    decided: dict[str, list[Engagement]] = defaultdict(list)
    for row in counted:
        if row.ground is not GroundKind.CONTRACT_LINE:
            decided[row.purchase].append(row)
    standing = [min(rows, key=lambda row: row.id) for rows in decided.values() if sum(row.amount for row in rows) > 0]
    return [Win(row.day, row.supplier_id) for row in sorted(standing, key=lambda row: (row.day, row.id))]


@strawberry.type(description="A need against one threshold.")
class ThresholdStanding:
    threshold: PurchaseThreshold = strawberry.field(description="The threshold in force.")
    level: Level = strawberry.field(description="How near.")
    left_eur: Decimal = strawberry.field(description="What may still be committed below it, € excl. tax.")
    notice: str = strawberry.field(description="In French, what to do.")


@strawberry.type(description="One supplier won all the last purchases below the threshold, and others could answer.")
class RotationWarning:
    row: strawberry.Private[SameSupplier]
    times: int = strawberry.field(description="How many purchases in a row.")

    @documented
    async def supplier(self, info: Ask) -> Supplier | None:
        """Who won them."""
        row = await info.context.loader(SupplierById).load(self.row.supplier)
        return None if row is None else show_supplier(row)

    @documented
    def notice(self) -> str:
        """In French, what to do."""
        return (
            f"Les {self.times} derniers achats de cette famille sont allés au même fournisseur alors que d'autres "
            "vendent ces produits : consulter aussi les autres (CCP-45)."
        )


@strawberry.type(description="What the need of a buyer in one famille homogène is worth over twelve months.")
class PurchaseNeed:
    key: strawberry.Private[NeedKey]
    estimates: strawberry.Private[Mapping[Duty, Estimate]]
    first_day: date = strawberry.field(description="First day counted.")
    last_day: date = strawberry.field(description="Last day counted, included.")
    amount: Decimal = strawberry.field(
        description="€ excl. tax, organic or not, through a groupement or not: the sum of the three parts that follow. "
        "For the formal procedure, adapted contracts count for their maximum too: see the notice of that threshold."
    )
    committed_eur: Decimal = strawberry.field(description="Ordered and awarded, € excl. tax.")
    contracts_eur: Decimal = strawberry.field(
        description="Still to be ordered on contracts made below the threshold, up to their maximum, € excl. tax."
    )
    consultations_eur: Decimal = strawberry.field(
        description="Estimated in consultations that are published and not decided, € excl. tax."
    )

    @documented
    async def buyer(self, info: Ask) -> Kitchen | None:
        """Whose need it is."""
        row = await info.context.loader(KitchenById).load(self.key.kitchen_id)
        return None if row is None else show_kitchen(row)

    @documented
    def family(self) -> HomogeneousFamily:
        """Of which family."""
        return show_family(self.key.family)

    @documented
    def thresholds(self) -> list[ThresholdStanding]:
        """Against each threshold in force on the last day, the lowest first."""
        return [show_standing(each) for each in against(self.estimates, ZERO, self.key.day)]

    @documented
    def arithmetic(self) -> str:
        """How the amount is made, in French."""
        parts = (
            f"{round_euros(self.committed_eur)} commandés ou attribués",
            f"{round_euros(self.contracts_eur)} que les marchés passés sous le seuil permettent encore",
            f"{round_euros(self.consultations_eur)} estimés dans les consultations en cours",
        )
        return f"{' + '.join(parts)} = {round_euros(self.amount)} hors taxes."

    @documented
    async def same_supplier(self, info: Ask) -> RotationWarning | None:
        """A warning when one supplier always wins below the threshold; null when there is nothing to say."""
        found = await info.context.loader(SameSupplierByNeed).load(self.key)
        return None if found is None else RotationWarning(row=found, times=found.times)


def show_standing(standing: Standing) -> ThresholdStanding:
    """A standing as GraphQL shows it."""
    return ThresholdStanding(
        threshold=show_threshold(standing.threshold),
        level=standing.level,
        left_eur=standing.left,
        notice=standing.message,
    )


async def needs_read(info: Ask, day: date, uai: str | None) -> list[PurchaseNeed]:
    """Needs the viewer may read, in order of buyer and family."""
    first, last = window_of(day)
    viewer, kitchen_ids = info.context.viewer, None
    if uai is not None:
        found = await info.context.one(kitchens(viewer, uais=[uai]).with_only_columns(KitchenRow.id))
        kitchen_ids = [] if found is None else [found]
    needs = await _read(info.context, day, kitchen_ids)
    return [_shown(needs, NeedKey(kitchen, family, day), first, last) for kitchen, family in needs.pairs()]


def _shown(needs: Needs, key: NeedKey, first: date, last: date) -> PurchaseNeed:
    estimates = _estimates(needs, key)
    worth = estimates[Duty.COMPETITION]
    return PurchaseNeed(
        key=key,
        estimates=estimates,
        first_day=first,
        last_day=last,
        amount=worth.total,
        committed_eur=worth.committed,
        contracts_eur=worth.contracts,
        consultations_eur=worth.consultations,
    )


def pressing(each: PurchaseNeed) -> bool:
    """Whether a need is near a threshold, or has reached one."""
    return any(standing.level is not Level.FAR for standing in against(each.estimates, ZERO, each.key.day))


@strawberry.type
class Query:
    @documented
    async def purchase_needs(
        self,
        info: Ask,
        kitchen: Annotated[strawberry.ID, strawberry.argument(description="UAI of the buyer.")],
        on: OnDay = None,
    ) -> list[PurchaseNeed]:
        """The live counter of one buyer: each family of which something counts over twelve months (15 at most)."""
        return await needs_read(info, day_asked(on), kitchen)

    @documented
    async def threshold_alerts(self, info: Ask, on: OnDay = None, first: First = DEFAULT_ROWS) -> list[PurchaseNeed]:
        """Needs that are near a threshold or have reached one, among the buyers you may read, the highest first."""
        if not 1 <= first <= MOST_ROWS:
            raise PageSizeError(first, MOST_ROWS)
        found = [each for each in await needs_read(info, day_asked(on), None) if pressing(each)]
        return sorted(found, key=lambda each: -each.amount)[:first]
