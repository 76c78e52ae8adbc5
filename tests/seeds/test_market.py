"""The demonstration market keeps its promises: all can always be bought, farms are small, seasonal and in the 62."""

import csv
import datetime as dt
import re
import subprocess
import sys
from collections import Counter, defaultdict
from decimal import Decimal
from math import cos, hypot, radians
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MARKET = ROOT / "seeds" / "market"
TABLES = ("suppliers.csv", "certificates.csv", "offers.csv", "capacities.csv", "permits.csv")
HORIZON = dt.date(2025, 9, 1), dt.date(2027, 8, 31)
PREMIUM_LABELS = {"BIO", "CONVERSION_BIO"}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


SUPPLIERS = {row["id"]: row for row in rows(MARKET / "suppliers.csv")}
OFFERS = {row["id"]: row for row in rows(MARKET / "offers.csv")}
CERTIFICATES = {row["id"]: row for row in rows(MARKET / "certificates.csv")}
CAPACITIES: dict[str, list[dict[str, str]]] = defaultdict(list)
for capacity in rows(MARKET / "capacities.csv"):
    CAPACITIES[capacity["offer"]].append(capacity)
WHOLESALERS = {key for key, row in SUPPLIERS.items() if row["kind"] == "wholesaler"}


def kilometres(here: dict[str, str], there: tuple[float, float]) -> float:
    lat, lon = float(here["lat"]), float(here["lon"])
    return hypot(lat - there[0], (lon - there[1]) * cos(radians(lat))) * 111.2


def is_open(offer: str, monday: dt.date) -> int | None:
    """Grams for sale in the week: -1 when unlimited, None when closed."""
    for row in CAPACITIES[offer]:
        if dt.date.fromisoformat(row["valid_from"]) <= monday <= dt.date.fromisoformat(row["valid_to"]):
            return -1 if row["grams_per_week"] == "unlimited" else int(row["grams_per_week"])
    return None


def farmed(ingredient: str) -> list[str]:
    """Offers of an ingredient by producers and hubs."""
    return [
        key for key, row in OFFERS.items() if row["ingredient"] == ingredient and row["supplier"] not in WHOLESALERS
    ]


def test_the_market_is_as_large_as_announced_and_all_fictional() -> None:
    kinds = Counter(row["kind"] for row in SUPPLIERS.values())
    assert kinds["wholesaler"] == 5
    assert kinds["producer"] >= 340
    assert set(kinds) == {"wholesaler", "producer", "hub"}
    assert len(OFFERS) >= 1_600
    assert {row["fictional"] for row in SUPPLIERS.values()} == {"true"}
    names = [row["name"] for row in SUPPLIERS.values()]
    assert len(set(names)) == len(names)
    assert all(name.endswith("(fictif)") for name in names)


def test_identifiers_are_unique_slugs() -> None:
    for table in ("suppliers.csv", "certificates.csv", "offers.csv"):
        ids = [row["id"] for row in rows(MARKET / table)]
        assert len(ids) == len(set(ids))
        assert all(re.fullmatch(r"[a-z0-9_]+", key) for key in ids)


def test_references_hold() -> None:
    ingredients = {row["id"] for row in rows(ROOT / "seeds" / "ingredients" / "ingredients.csv")}
    for offer in OFFERS.values():
        assert offer["supplier"] in SUPPLIERS, offer["id"]
        assert offer["ingredient"] in ingredients, offer["id"]
        if offer["label"]:
            certificate = CERTIFICATES[offer["certificate"]]
            assert (certificate["supplier"], certificate["label"]) == (offer["supplier"], offer["label"])
        else:
            assert offer["certificate"] == "", offer["id"]
    assert CAPACITIES.keys() == OFFERS.keys()
    assert {offer["supplier"] for offer in OFFERS.values()} == SUPPLIERS.keys(), "a supplier sells nothing"
    assert {offer["certificate"] for offer in OFFERS.values()} - {""} == CERTIFICATES.keys()


def test_every_ingredient_can_be_bought_from_a_wholesaler_in_every_week_of_the_horizon() -> None:
    covered = set()
    for key, offer in OFFERS.items():
        whole = [(row["valid_from"], row["valid_to"], row["grams_per_week"]) for row in CAPACITIES[key]]
        if offer["supplier"] in WHOLESALERS and offer["label"] != "BIO":
            assert whole == [(HORIZON[0].isoformat(), HORIZON[1].isoformat(), "unlimited")], key
            covered.add(offer["ingredient"])
    assert covered == {row["id"] for row in rows(ROOT / "seeds" / "ingredients" / "ingredients.csv")}


def test_wholesalers_deliver_to_every_kitchen_every_working_day() -> None:
    kitchens = rows(ROOT / "seeds" / "kitchens" / "kitchens.csv")
    for key in WHOLESALERS:
        supplier = SUPPLIERS[key]
        assert supplier["delivery_weekdays"] == "mon tue wed thu fri"
        furthest = max(kilometres(row, (float(supplier["lat"]), float(supplier["lon"]))) for row in kitchens)
        assert 1.4 * furthest < int(supplier["max_km"])


def test_capacities_are_dated_ordered_positive_and_do_not_overlap() -> None:
    for offer, ranges in CAPACITIES.items():
        previous = HORIZON[0] - dt.timedelta(days=1)
        for row in ranges:
            first, last = dt.date.fromisoformat(row["valid_from"]), dt.date.fromisoformat(row["valid_to"])
            assert previous < first <= last <= HORIZON[1], offer
            assert row["grams_per_week"] == "unlimited" or int(row["grams_per_week"]) > 0
            previous = last
        limited = {row["grams_per_week"] != "unlimited" for row in ranges}
        assert limited == {OFFERS[offer]["supplier"] not in WHOLESALERS}, offer


def test_a_farm_sells_between_a_few_kilos_and_two_tonnes_of_a_product_in_a_week() -> None:
    for ranges in CAPACITIES.values():
        for row in ranges:
            assert row["grams_per_week"] == "unlimited" or int(row["grams_per_week"]) <= 2_000_000, row


@pytest.mark.parametrize(
    ("ingredient", "out_of_season", "in_season"),
    [
        ("chou_fleur", dt.date(2027, 2, 1), dt.date(2026, 9, 14)),
        ("endive", dt.date(2026, 9, 7), dt.date(2027, 1, 11)),
        ("hareng", dt.date(2027, 5, 10), dt.date(2026, 11, 16)),
        ("fraise", dt.date(2026, 11, 16), dt.date(2027, 5, 31)),
    ],
)
def test_farms_sell_in_season_only(ingredient: str, out_of_season: dt.date, in_season: dt.date) -> None:
    offers = farmed(ingredient)
    assert offers
    assert not any(is_open(offer, out_of_season) for offer in offers)
    assert all(is_open(offer, in_season) for offer in offers)


def test_farms_open_only_in_the_months_of_the_ingredient() -> None:
    months = {row["id"]: row["months"].split() for row in rows(ROOT / "seeds" / "ingredients" / "ingredients.csv")}
    for key, ranges in CAPACITIES.items():
        if OFFERS[key]["supplier"] in WHOLESALERS:
            continue
        for row in ranges:
            first, last = (dt.date.fromisoformat(row[column]) for column in ("valid_from", "valid_to"))
            days = (first + dt.timedelta(n) for n in range((last - first).days + 1))
            assert {str(day.month) for day in days} <= set(months[OFFERS[key]["ingredient"]]), row


@pytest.mark.parametrize(
    ("ingredient", "grams_per_meal"),
    [
        ("pomme_de_terre", 48),
        ("carotte", 26),
        ("poireau", 10),
        ("endive", 12),
        ("chou_fleur", 9),
        ("pomme", 23),
        ("oeuf", 5),
    ],
)
def test_local_capacity_binds_but_matters(ingredient: str, grams_per_meal: int) -> None:
    """In October a plausible demand of 46,763 lunches, four days a week, is met by farms for a part only."""
    monday = dt.date(2026, 10, 5)
    local = sum(is_open(offer, monday) or 0 for offer in farmed(ingredient))
    share = local / (46_763 * 4 * grams_per_meal)
    assert 0.3 < share < 0.8, (ingredient, share)


def test_suppliers_stand_in_their_commune() -> None:
    places = {row["insee"]: row for row in rows(ROOT / "seeds" / "build" / "market" / "places.csv")}
    for supplier in SUPPLIERS.values():
        place = places[supplier["insee"]]
        assert supplier["insee"].startswith("62")
        assert supplier["commune"] == place["commune"]
        townhall = float(place["townhall_lat"]), float(place["townhall_lon"])
        centre = float(place["centre_lat"]), float(place["centre_lon"])
        assert min(kilometres(supplier, townhall), kilometres(supplier, centre)) < 2.5, supplier["id"]


def test_fish_is_landed_in_the_ports() -> None:
    landed = {row["supplier"] for row in OFFERS.values() if row["ingredient"] == "merlan"} - WHOLESALERS
    assert {SUPPLIERS[key]["commune"] for key in landed} <= {"Boulogne-sur-Mer", "Étaples", "Le Portel"}


def test_terms_of_delivery_are_usable() -> None:
    for supplier in SUPPLIERS.values():
        days = supplier["delivery_weekdays"].split()
        assert days
        assert set(days) <= {"mon", "tue", "wed", "thu", "fri"}
        assert 1 <= int(supplier["lead_days"]) <= 5
        assert int(supplier["min_drop_eur"]) > 0
        assert supplier["kind"] == "wholesaler" or 15 <= int(supplier["max_km"]) <= 120
        assert Decimal(supplier["delivery_eur_per_kg_base"]) >= 0
        assert Decimal(supplier["delivery_eur_per_kg_per_100km"]) >= 0


def test_prices_are_cents_per_pack_and_exact_per_kilo() -> None:
    for offer in OFFERS.values():
        price = Decimal(offer["price_eur_per_pack"])
        assert price > 0
        assert price == price.quantize(Decimal("0.01"))
        per_kilo = price * 1000 / int(offer["pack_g"])
        assert per_kilo == per_kilo.quantize(Decimal("0.0001")), offer["id"]
        assert offer["vat_pct"] in {"5.5", "20"}


def wholesale_price(ingredient: str, *, organic: bool) -> Decimal | None:
    """Cheapest wholesale € per kg, bio or not."""
    prices = [
        Decimal(row["price_eur_per_pack"]) * 1000 / int(row["pack_g"])
        for row in OFFERS.values()
        if row["ingredient"] == ingredient and row["supplier"] in WHOLESALERS and (row["label"] == "BIO") == organic
    ]
    return min(prices, default=None)


def test_bio_costs_more_and_farms_stay_near_the_wholesale_price() -> None:
    sold = {offer["ingredient"] for offer in OFFERS.values()}
    plain = {ingredient: wholesale_price(ingredient, organic=False) for ingredient in sold}
    for offer in OFFERS.values():
        price, base = Decimal(offer["price_eur_per_pack"]) * 1000 / int(offer["pack_g"]), plain[offer["ingredient"]]
        assert base is not None
        if offer["supplier"] in WHOLESALERS:
            assert price >= base
        if offer["supplier"] in WHOLESALERS and offer["label"] == "BIO":
            assert base < price <= Decimal("2.5") * base, offer["id"]
        if offer["supplier"] not in WHOLESALERS and offer["label"] not in PREMIUM_LABELS:
            assert Decimal("0.80") * base <= price <= Decimal("1.75") * base, offer["id"]


RAW_PRODUCE = {
    "carotte",
    "poireau",
    "endive",
    "chou_fleur",
    "pomme_de_terre",
    "pomme",
    "poire",
    "oeuf",
    "laitue",
    "tomate",
}


def delivered_30_km(offer: dict[str, str]) -> Decimal:
    """€ per kg brought to a kitchen 30 km away."""
    supplier = SUPPLIERS[offer["supplier"]]
    base, per_100_km = (Decimal(supplier[f"delivery_eur_per_kg_{part}"]) for part in ("base", "per_100km"))
    return Decimal(offer["price_eur_per_pack"]) * 1000 / int(offer["pack_g"]) + base + per_100_km * Decimal("0.3")


def test_raw_produce_of_a_farm_costs_about_what_the_wholesaler_asks_for_the_same_label_delivered() -> None:
    """A direct sale saves a margin and pays for a small van: some farms are below, some above, none far away."""
    wholesale: dict[tuple[str, str], Decimal] = {}
    for offer in OFFERS.values():
        if offer["supplier"] in WHOLESALERS:
            key = offer["ingredient"], offer["label"]
            wholesale[key] = min(wholesale.get(key, delivered_30_km(offer)), delivered_30_km(offer))
    compared = [
        delivered_30_km(offer) / wholesale[offer["ingredient"], offer["label"]]
        for offer in OFFERS.values()
        if offer["supplier"] not in WHOLESALERS
        and offer["ingredient"] in RAW_PRODUCE
        and (offer["ingredient"], offer["label"]) in wholesale
    ]
    assert len(compared) > 100
    assert Decimal("0.25") < Decimal(sum(ratio < 1 for ratio in compared)) / len(compared) < Decimal("0.6")
    assert Decimal("0.75") < min(compared)
    assert max(compared) < Decimal("1.4")


def test_certificates_are_fictional_dated_and_some_end_within_the_school_year() -> None:
    labels = {row["label"] for row in CERTIFICATES.values()}
    assert {"BIO", "LABEL_ROUGE", "AOCAOP", "IGP", "HVE", "CE2", "PECHE_DURABLE", "FERMIER"} <= labels
    numbers = [row["number"] for row in CERTIFICATES.values()]
    assert len(set(numbers)) == len(numbers)
    assert all(number.startswith("FICTIF-") for number in numbers)
    ends = [dt.date.fromisoformat(row["valid_to"]) for row in CERTIFICATES.values()]
    assert all(row["valid_from"] < row["valid_to"] for row in CERTIFICATES.values())
    ending = sum(dt.date(2026, 9, 1) <= end <= dt.date(2027, 7, 2) for end in ends)
    assert 0.05 < ending / len(ends) < 0.35


def test_about_a_quarter_of_the_farms_are_bio() -> None:
    bio = {row["supplier"] for row in OFFERS.values() if row["label"] == "BIO"} - WHOLESALERS
    assert 0.23 < len(bio) / (len(SUPPLIERS) - len(WHOLESALERS)) < 0.33


def test_animals_are_never_in_conversion() -> None:
    kinds = {row["id"]: row["kind"] for row in rows(ROOT / "seeds" / "ingredients" / "ingredients.csv")}
    animal = {"beef", "veal", "lamb", "pork", "poultry", "fish", "egg", "milk", "yoghurt", "cheese", "cream", "butter"}
    for offer in OFFERS.values():
        assert offer["label"] != "CONVERSION_BIO" or kinds[offer["ingredient"]] not in animal, offer["id"]


def test_rebuilding_reproduces_the_committed_market_byte_for_byte(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "seeds.build", "--out", tmp_path], cwd=ROOT, check=True)
    for table in TABLES:
        assert (tmp_path / "market" / table).read_bytes() == (MARKET / table).read_bytes(), table
