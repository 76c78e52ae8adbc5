"""The small tables behind the demonstration market (`seeds/build/market/`), typed."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TypeVar

from seeds.build.sheets import sheet_of
from seeds.build.tables import BUILD, SEEDS, Row, read_table

Item = TypeVar("Item")
FOLDER = BUILD / "market"


@dataclass(frozen=True)
class Pack:
    """A packing: grams (net) and what the trade calls it."""

    grams: int
    label: str


@dataclass(frozen=True)
class Price:
    """Wholesale price of an ingredient, € excl. tax per kg as bought, and who sells it with which label."""

    ingredient: str
    product: str
    eur_per_kg: Decimal
    sold_by: tuple[str, ...]
    label: str
    bio_eur_per_kg: Decimal | None
    bio_sold_by: tuple[str, ...]
    pack: str
    origin: str
    vat_pct: str

    @classmethod
    def of(cls, row: Row) -> "Price":
        """Read a row of `prices.csv`."""
        bio = row["bio_eur_per_kg"]
        return cls(
            ingredient=row["ingredient"],
            product=row["product"],
            eur_per_kg=Decimal(row["eur_per_kg"]),
            sold_by=tuple(row["sold_by"].split()),
            label=row["label"],
            bio_eur_per_kg=Decimal(bio) if bio else None,
            bio_sold_by=tuple(row["bio_sold_by"].split()),
            pack=row["pack"],
            origin=row["origin"],
            vat_pct=row["vat_pct"],
        )


@dataclass(frozen=True)
class Product:
    """What a trade grows or makes of one ingredient: kg a week in full season, all its growers together."""

    trade: str
    ingredient: str
    names: tuple[str, ...]
    growers_pct: int
    kg_per_week: int
    profile: str
    months: frozenset[int]
    pack: str
    sign: str
    sign_factor: Decimal
    sign_pct: int
    farm_label: bool
    organic: bool

    @classmethod
    def of(cls, row: Row) -> "Product":
        """Read a row of `products.csv`."""
        return cls(
            trade=row["trade"],
            ingredient=row["ingredient"],
            names=tuple(row["products"].split("|")),
            growers_pct=int(row["growers_pct"]),
            kg_per_week=int(row["kg_per_week"]),
            profile=row["profile"],
            months=frozenset(map(int, row["months"].split())),
            pack=row["pack"],
            sign=row["sign"],
            sign_factor=Decimal(row["sign_factor"] or 1),
            sign_pct=int(row["sign_pct"] or 0),
            farm_label=row["farm_label"] == "true",
            organic=row["organic"] == "true",
        )


@dataclass(frozen=True)
class Profile:
    """How a week's capacity moves over the year, in % of full season."""

    first_month_pct: int
    last_month_pct: int
    monthly_pct: tuple[int, ...]
    month_spread_pct: int
    year_spread_pct: int

    @classmethod
    def of(cls, row: Row) -> "Profile":
        """Read a row of `profiles.csv`."""
        return cls(
            first_month_pct=int(row["first_month_pct"]),
            last_month_pct=int(row["last_month_pct"]),
            monthly_pct=tuple(map(int, row["monthly_pct"].split())),
            month_spread_pct=int(row["month_spread_pct"]),
            year_spread_pct=int(row["year_spread_pct"]),
        )


def _by(name: str, key: str, make: Callable[[Row], Item]) -> dict[str, Item]:
    return {row[key]: make(row) for row in read_table(FOLDER / name)}


class MarketInputs:
    """Every input table, read once. Raises `ValueError` naming the ingredients that have no price."""

    def __init__(self) -> None:
        foods = read_table(SEEDS / "ingredients" / "ingredients.csv")
        self.ingredients = [row["id"] for row in foods]
        self.kinds = {row["id"]: row["kind"] for row in foods}
        self.sheets = {row["id"]: sheet_of(row) for row in foods}
        self.packs = _by("packs.csv", "pack", lambda row: Pack(int(row["pack_g"]), row["pack_label"]))
        self.prices = _by("prices.csv", "ingredient", Price.of)
        self.profiles = _by("profiles.csv", "profile", Profile.of)
        self.certifiers = _by("certifiers.csv", "label", lambda row: row["certifier"])
        self.premiums = _by(
            "farm_premiums.csv", "label", lambda row: (Decimal(row["premium_pct_min"]), Decimal(row["premium_pct_max"]))
        )
        self._check_prices()

    def _check_prices(self) -> None:
        unpriced = [ingredient for ingredient in self.ingredients if ingredient not in self.prices]
        if unpriced:
            raise ValueError(f"add a row to {FOLDER / 'prices.csv'} for: {', '.join(unpriced)}")

    @cached_property
    def products(self) -> list[Product]:
        """Products of ingredients that exist, in file order."""
        known = set(self.ingredients)
        products = map(Product.of, read_table(FOLDER / "products.csv"))
        return [product for product in products if product.ingredient in known]

    @cached_property
    def signs(self) -> list[tuple[str, str, Decimal]]:
        """(ingredient, label, price factor) sold by wholesalers besides the plain and the bio offer."""
        rows = read_table(FOLDER / "signs.csv")
        known = set(self.ingredients)
        return [
            (row["ingredient"], row["label"], Decimal(row["price_factor"]))
            for row in rows
            if row["ingredient"] in known
        ]

    @cached_property
    def trades(self) -> list[Row]:
        """Rows of `trades.csv`."""
        return read_table(FOLDER / "trades.csv")

    @cached_property
    def places(self) -> list[Row]:
        """Rows of `places.csv`: a commune once per zone it belongs to."""
        return read_table(FOLDER / "places.csv")

    @cached_property
    def wholesalers(self) -> list[Row]:
        """Rows of `wholesalers.csv`."""
        return read_table(FOLDER / "wholesalers.csv")

    @cached_property
    def terms(self) -> list[Row]:
        """Rows of `certificate_terms.csv`: how long a certificate runs, by label and holder, with weights."""
        return read_table(FOLDER / "certificate_terms.csv")
