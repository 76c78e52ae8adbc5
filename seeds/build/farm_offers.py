"""Offers of the producers: who grows what, how much of it, under which label and at which price."""

from dataclasses import dataclass
from decimal import Decimal

from catering.demonstration.draws import Draws
from seeds.build.market_inputs import MarketInputs, Price, Product
from seeds.build.offers import Offer, make_offer
from seeds.build.suppliers import Supplier

# Part of a price's distance to wholesale that is the farm's habit; the rest is the product's.
SUPPLIER_SHARE = Decimal("0.6")
# The largest grower of a product sells about eight times what the smallest does.
SMALLEST_WEIGHT, WEIGHT_SPREAD = Decimal("0.3"), Decimal("2")
PERCENT = Decimal(100)


@dataclass(frozen=True)
class FarmOffer:
    """An offer with its product row and its own kg a week in full season."""

    offer: Offer
    product: Product
    kg_per_week: int


class FarmMarket:
    """Deals the products of each trade to its suppliers and prices them."""

    def __init__(self, inputs: MarketInputs, draws: Draws, suppliers: list[Supplier]) -> None:
        self._inputs = inputs
        self._draws = draws
        self._suppliers = suppliers
        self._price_pct = {
            trade["trade"]: (Decimal(trade["price_pct_min"]), Decimal(trade["price_pct_max"]))
            for trade in inputs.trades
        }

    def offers(self) -> list[FarmOffer]:
        """Return every producer's offers; each producer has at least one. Raises `ValueError` otherwise."""
        offers = [offer for product in self._inputs.products for offer in self._of_product(product)]
        idle = {supplier.id for supplier in self._suppliers} - {farm.offer.supplier for farm in offers}
        if idle:
            raise ValueError(f"suppliers without any product: {', '.join(sorted(idle))}")
        return offers

    def _of_product(self, product: Product) -> list[FarmOffer]:
        growers = self._growers(product)
        weights = [self._weight(product, grower) for grower in growers]
        return [
            FarmOffer(self._offer(product, grower), product, max(1, int(product.kg_per_week * weight / sum(weights))))
            for grower, weight in zip(growers, weights, strict=True)
        ]

    def _growers(self, product: Product) -> list[Supplier]:
        """Draw the growers among those of the trade who may sell it, plus those who would have nothing else to sell."""
        trade = {supplier.id: supplier for supplier in self._suppliers if supplier.trade == product.trade}
        able = [supplier for supplier in trade if self._may_sell(product, trade[supplier])]
        order = self._draws.shuffled(able, "grower", product.ingredient)
        count = max(1, round(Decimal(len(trade) * product.growers_pct) / 100))
        main = max(row.growers_pct for row in self._inputs.products if row.trade == product.trade)
        return [trade[supplier] for supplier in (order if product.growers_pct == main else order[:count])]

    def _may_sell(self, product: Product, supplier: Supplier) -> bool:
        """A bio farm sells what can be bio, or what its official sign alone defines."""
        return supplier.regime != "BIO" or product.organic or product.sign_pct == PERCENT

    def _weight(self, product: Product, grower: Supplier) -> Decimal:
        unit = self._draws.unit("weight", product.ingredient, grower.id)
        return SMALLEST_WEIGHT + WEIGHT_SPREAD * unit * unit

    def _offer(self, product: Product, grower: Supplier) -> Offer:
        price = self._inputs.prices[product.ingredient]
        label = self._label(product, grower)
        told = {
            "product": self._draws.choice(product.names, "name", product.ingredient, grower.id),
            "label": label,
            "origin": grower.origin,
        }
        eur_per_kg = self._base_price(product, price, label, grower) * self._distance(product, grower)
        return make_offer(self._inputs, grower.id, price, product.pack, eur_per_kg, **told)

    def _label(self, product: Product, grower: Supplier) -> str:
        if grower.regime == "BIO" and product.organic:
            return "BIO"
        ticket = self._draws.number("sign", product.ingredient, grower.id) % 100
        if product.sign and ticket < product.sign_pct:
            return product.sign
        return grower.regime if product.farm_label else ""

    def _base_price(self, product: Product, price: Price, label: str, grower: Supplier) -> Decimal:
        """Return the wholesale price per kg of the same quality."""
        if label == "BIO":
            if price.bio_eur_per_kg is None:
                raise ValueError(f"prices.csv: {price.ingredient} is grown organic but has no bio price")
            return price.bio_eur_per_kg
        if label == product.sign:
            return price.eur_per_kg * product.sign_factor
        low, high = self._inputs.premiums[label]
        premium = self._draws.between(low, high, "premium", product.ingredient, grower.id)
        return price.eur_per_kg * (1 + premium / PERCENT)

    def _distance(self, product: Product, grower: Supplier) -> Decimal:
        """Return how far from wholesale this farm prices this product, as a factor."""
        habit = self._draws.unit("price", grower.id) * SUPPLIER_SHARE
        here = habit + self._draws.unit("price", grower.id, product.ingredient) * (1 - SUPPLIER_SHARE)
        low, high = self._price_pct[product.trade]
        return (low + (high - low) * here) / PERCENT
