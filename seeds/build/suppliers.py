"""The demonstration suppliers: where they stand, on which terms they deliver, how they farm.

All are fictional. Names are drawn from invented places and carry "(fictif)" so that none can be taken for a real firm.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from catering.demonstration.draws import Draws
from seeds.build.market_inputs import FOLDER, MarketInputs
from seeds.build.tables import Row, read_table

WORKING_DAYS = "mon tue wed thu fri"
REGIMES = (("BIO", "bio_pct"), ("CONVERSION_BIO", "conversion_pct"), ("HVE", "hve_pct"), ("CE2", "ce2_pct"))
OFFSET_DEGREES = Decimal("0.003")  # about 300 m: a farm is near its commune's town hall, not in it
HUB_DOOR_EUR = "30.00"
NO_SURVEY = {"ports", "bouchots"}  # on the shore a drawn offset could fall into the sea


@dataclass(frozen=True)
class Supplier:
    """A supplier; `trade` is its trade, or its role for a wholesaler; `regime` the label of the whole farm."""

    id: str
    name: str
    kind: str
    trade: str
    regime: str
    commune: str
    insee: str
    lat: Decimal
    lon: Decimal
    delivery_weekdays: str
    lead_days: int
    min_drop_eur: int
    max_km: int
    delivery_eur_per_kg_base: Decimal
    delivery_eur_per_kg_per_100km: Decimal
    activity: str
    origin: str

    @property
    def shared_door_eur(self) -> str:
        """What a hub leaves at one door at least when kitchens near each other share its delivery: an assumption."""
        return HUB_DOOR_EUR if self.kind == "hub" else ""


def slug(text: str) -> str:
    """Return the ASCII id of a French name: `Watergang Doré` → `watergang_dore`."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "Oe"))
    letters = "".join(char.lower() if char.isascii() and char.isalnum() else "_" for char in plain if char.isascii())
    return "_".join(filter(None, letters.split("_")))


def place_names(draws: Draws) -> Iterator[str]:
    """Yield invented place names with their article, each once: "du Riez Moussu", "des Sept Hérons"."""
    words: dict[str, list[Row]] = {}
    for row in read_table(FOLDER / "place_names.csv"):
        words.setdefault(row["part"], []).append(row)
    pairs = [(a, b) for a in words["noun"] for b in words["adjective"] if a["article"] == b["article"]]
    pairs += [(a, b) for a in words["count"] for b in words["many"]]
    yield from draws.shuffled((f"{a['article']} {a['word']} {b['word']}" for a, b in pairs), "place name")


def wholesalers(inputs: MarketInputs) -> list[Supplier]:
    """Return the wholesalers, who reach every kitchen on every working day."""
    places = {row["insee"]: row for row in inputs.places}
    return [
        Supplier(
            id=row["id"],
            name=row["name"],
            kind="wholesaler",
            trade=row["role"],
            regime="",
            commune=places[row["insee"]]["commune"],
            insee=row["insee"],
            lat=Decimal(places[row["insee"]]["townhall_lat"]),
            lon=Decimal(places[row["insee"]]["townhall_lon"]),
            delivery_weekdays=WORKING_DAYS,
            lead_days=int(row["lead_days"]),
            min_drop_eur=int(row["min_drop_eur"]),
            max_km=int(row["max_km"]),
            delivery_eur_per_kg_base=Decimal(row["delivery_eur_per_kg_base"]),
            delivery_eur_per_kg_per_100km=Decimal(row["delivery_eur_per_kg_per_100km"]),
            activity=row["activity"],
            origin="",
        )
        for row in inputs.wholesalers
    ]


def producers(inputs: MarketInputs, draws: Draws) -> list[Supplier]:
    """Return the producers and hubs of every trade, in the order of the trades."""
    names = place_names(draws)
    return [
        _producer(trade, next(names), place, regime, draws)
        for trade in inputs.trades
        for place, regime in zip(_places(trade, inputs, draws), _regimes(trade, draws), strict=True)
    ]


def _places(trade: Row, inputs: MarketInputs, draws: Draws) -> list[Row]:
    """Spread a trade over the communes of its zones before putting a second one anywhere."""
    zones = set(trade["zones"].split())
    communes = {row["insee"]: row for row in inputs.places if row["zone"] in zones}
    order = draws.shuffled(communes, "place", trade["trade"])
    return [communes[order[rank % len(order)]] for rank in range(int(trade["count"]))]


def _regimes(trade: Row, draws: Draws) -> list[str]:
    """Share the farm-wide labels in the trade's proportions, rounded, over a drawn order."""
    count = int(trade["count"])
    regimes: list[str] = []
    for label, column in REGIMES:
        regimes += [label] * round(Decimal(count * int(trade[column])) / 100)
    regimes += [""] * (count - len(regimes))
    order = draws.shuffled(map(str, range(count)), "regime", trade["trade"])
    return [regimes[int(rank)] for rank in order]


def _producer(trade: Row, place_name: str, place: Row, regime: str, draws: Draws) -> Supplier:
    supplier = slug(place_name.split(" ", 1)[1].removeprefix("la "))

    def drawn(name: str, step: str) -> Decimal:
        low, high = Decimal(trade[f"{name}_min"]), Decimal(trade[f"{name}_max"])
        unit = Decimal(step)
        return (draws.between(low, high, name, supplier) / unit).quantize(Decimal(1)) * unit

    lat, lon = _position(trade, place, supplier, draws)
    prefix = draws.choice(trade["prefixes"].split("|"), "prefix", supplier)
    return Supplier(
        id=supplier,
        name=f"{prefix} {place_name} (fictif)",
        kind=trade["kind"],
        trade=trade["trade"],
        regime=regime,
        commune=place["commune"],
        insee=place["insee"],
        lat=lat,
        lon=lon,
        delivery_weekdays=draws.choice(trade["weekdays"].split("|"), "weekdays", supplier),
        lead_days=int(drawn("lead_days", "1")),
        min_drop_eur=int(drawn("min_drop", "5")),
        max_km=int(drawn("max_km", "5")),
        delivery_eur_per_kg_base=drawn("delivery_base", "0.01"),
        delivery_eur_per_kg_per_100km=drawn("per_100km", "0.01"),
        activity=trade["activity"],
        origin=trade["origin"],
    )


def _position(trade: Row, place: Row, supplier: str, draws: Draws) -> tuple[Decimal, Decimal]:
    """Return a point between the town hall and the centre of the commune, moved a little off the line."""
    townhall = Decimal(place["townhall_lat"]), Decimal(place["townhall_lon"])
    if NO_SURVEY & set(trade["zones"].split()):
        return townhall
    centre = Decimal(place["centre_lat"]), Decimal(place["centre_lon"])
    way = draws.unit("way", supplier)
    aside = (draws.between(-OFFSET_DEGREES, OFFSET_DEGREES, axis, supplier) for axis in ("lat", "lon"))
    lat, lon = (
        (start + (end - start) * way + offset).quantize(Decimal("0.00001"))
        for start, end, offset in zip(townhall, centre, aside, strict=True)
    )
    return lat, lon
