"""The delivery of one order, locked while it is checked in: what was agreed, what is known of it so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncSession

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.market.models import HygienePermit, Supplier
from catering.market.queries import permits_visible_to, suppliers_visible_to
from catering.orders.life import lock_order
from catering.orders.models import Order, OrderLine
from catering.orders.permitted import permitted
from catering.orders.refusals import UnknownLine
from catering.people.viewer import Viewer
from catering.receiving import refusals
from catering.receiving.models import Reception, ReceptionLine, TemperatureTolerance
from catering.receiving.queries import lines_of_orders, receptions, tolerances_visible_to
from catering.receiving.rules.billing import amount_of
from catering.receiving.rules.checks import category_of
from catering.recipes.models import Ingredient
from catering.recipes.queries import ingredients
from catering.rules.hygiene import ProductCategory
from catering.rules.temperatures import NO_TOLERANCE


@dataclass(frozen=True, slots=True)
class LineSoFar:
    """What is known of an order line: packs that somebody looked at, packs and grams accepted, who looked last."""

    checked_packs: int = 0
    accepted_packs: int = 0
    accepted_g: int = 0
    last: Reception | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One order while it is checked in. Lines by row id; ``said`` are all reception lines, corrected ones too."""

    order: Order
    kitchen: Kitchen
    supplier: Supplier
    lines: Mapping[int, OrderLine]
    ingredients: Mapping[int, Ingredient]
    tolerances: Mapping[ProductCategory, Decimal]
    permits: Sequence[HygienePermit]
    """Of the supplier, whatever their dates; not read when nothing is of animals."""
    said: Sequence[ReceptionLine]
    receptions: Mapping[int, Reception]

    @property
    def in_force(self) -> list[ReceptionLine]:
        """Reception lines that no other one replaces."""
        replaced = {line.corrects_id for line in self.said}
        return [line for line in self.said if line.id not in replaced]

    def at(self, position: int) -> OrderLine:
        """The line at a position of the order.

        Raises:
            UnknownLine: there is none.
        """
        for line in self.lines.values():
            if line.position == position:
                return line
        raise UnknownLine(f"ligne {position} de la commande {self.order.number}")

    def so_far(self, line_id: int) -> LineSoFar:
        """What is known of one order line."""
        of_line = [line for line in self.in_force if line.order_line_id == line_id]
        if not of_line:
            return LineSoFar()
        return LineSoFar(
            sum(line.delivered_packs for line in of_line),
            sum(line.accepted_packs for line in of_line),
            sum(line.accepted_g for line in of_line),
            self.receptions[of_line[-1].reception_id],
        )

    def category(self, line: OrderLine) -> ProductCategory:
        """What the product is to hygiene law: as it was sold, else as such products usually are."""
        return category_of(line.category, self.ingredients[line.ingredient_id], line.product)

    def permitted(self, line: OrderLine, on: date) -> bool | None:
        """As ``orders.permitted.permitted`` judges it."""
        return permitted(line, self.permits, on)

    def tolerance(self, category: ProductCategory) -> Decimal:
        """Degrees beyond the limit that the kitchen accepts with a reserve."""
        return self.tolerances.get(category, NO_TOLERANCE)

    def added(self, line: OrderLine, before_g: int, after_g: int) -> Decimal:
        """€ excl. tax by which the amount of an order line changes when its accepted grams do."""
        return amount_of(line, after_g) - amount_of(line, before_g)


async def open_delivery(session: AsyncSession, viewer: Viewer, order_id: int) -> Delivery:
    """Lock an order and read what is known of its delivery: as many statements whatever its lines.

    Whoever comes second, with another tablet or to cancel the order, waits, then sees what the first one did.

    Raises:
        refusals.Refusal: there is no such order, or the viewer does not buy for its kitchen.
    """
    order = await lock_order(session, viewer, order_id)
    if not viewer.buys:
        raise refusals.NotAllowed
    lines = {line.id: line for line in order.lines}
    said = (await session.scalars(lines_of_orders(viewer, lines))).all()
    made_of = ingredients(viewer).where(Ingredient.id.in_({line.ingredient_id for line in lines.values()}))
    tolerated = tolerances_visible_to(viewer).where(TemperatureTolerance.kitchen_id == order.kitchen_id)
    return Delivery(
        order=order,
        kitchen=(await session.scalars(kitchens_visible_to(viewer).where(Kitchen.id == order.kitchen_id))).one(),
        supplier=(await session.scalars(suppliers_visible_to(viewer).where(Supplier.id == order.supplier_id))).one(),
        lines=lines,
        ingredients={each.id: each for each in await session.scalars(made_of)},
        tolerances={row.category: row.celsius for row in await session.scalars(tolerated)},
        permits=await _permits(session, viewer, order),
        said=said,
        receptions={row.id: row for row in await session.scalars(receptions(viewer, order_ids=[order.id]))},
    )


async def _permits(session: AsyncSession, viewer: Viewer, order: Order) -> Sequence[HygienePermit]:
    if all(line.animal_product is None for line in order.lines):
        return ()
    held = permits_visible_to(viewer).where(HygienePermit.supplier_id == order.supplier_id)
    return (await session.scalars(held.order_by(HygienePermit.id))).all()
