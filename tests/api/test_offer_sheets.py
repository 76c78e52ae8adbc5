"""What a sheet of an offer may say: what cannot be is refused with its line, what was left open is told by the rest."""

from typing import Any

import pytest

from catering.market.models import Offer
from tests.api.conftest import PRODUCER, Client
from tests.api.dataset_market import DAY
from tests.api.operations import OFFER
from tests.api.test_market import OPERATIONS, ask, count

BEEF = {"ingredient": "ingredient_01", "product": "Rôti de porc", "rearedIn": "FR", "slaughteredIn": "FR"}

MADE = {"animalProduct": "MEAT_PRODUCT"}
MILK = {"ingredient": "ingredient_00", "product": "Lait entier UHT", "animalProduct": "HEATED_MILK"}
GERMAN = BEEF | {"rearedIn": "DE", "slaughteredIn": "DE", "origin": "Allemagne", "originCountry": None}


@pytest.mark.parametrize(
    ("changed", "column", "says"),
    [
        ({"ingredient": "ingredient_99"}, "ingredient", "inconnu"),
        ({"product": "Caro\u200btte"}, "product", "invisible"),
        ({"product": "Саrotte"}, "product", "lettres latines"),
        ({"packG": -5}, "pack_g", "négatif"),
        ({"packG": 0}, "pack_g", "plus petit que 1"),
        ({"packG": 50_000_000}, "pack_g", "plus grand que"),
        ({"priceEurPerPack": "0"}, "price_eur_per_pack", "0 n'est pas admis"),
        ({"priceEurPerPack": "-3"}, "price_eur_per_pack", "négatif"),
        ({"priceEurPerPack": "9999999"}, "price_eur_per_pack", "plus grand que"),
        ({"priceEurPerPack": "1.00001"}, "price_eur_per_pack", "décimales"),
        ({"packG": 1, "priceEurPerPack": "99999"}, "price_eur_per_pack", "99\u00a0999\u00a0000,00\u00a0€ le kilo"),
        ({"packG": 2_000_000, "priceEurPerPack": "0.0001"}, "price_eur_per_pack", "le kilogramme"),
        ({"vatPct": "19.6"}, "vat_pct", "taux de TVA inconnu"),
        ({"label": "BIO"}, "label", "sans certificat"),
        ({"label": "HVE", "certificate": "certificat_01"}, "certificate", "sans certificat"),
        ({"label": "BIO", "certificate": "certificat_00"}, "certificate", "aucun de vos certificats"),
        ({"label": "BIO", "certificate": "certificat_01", "validFrom": "2027-01-01"}, "certificate", "vaut du"),
        ({"certificate": "certificat_01"}, "certificate", "certificat sans signe"),
        ({"product": "Carottes BIO"}, "product", "« bio » dit un signe sans certificat (EGA-20)"),
        ({"packLabel": "caisse A.B. de 10 kg"}, "pack_label", "« ab » dit un signe"),
        ({"origin": "Licques (IGP)"}, "origin", "« igp » dit un signe"),
        ({"product": "Poulet Label Rouge", "label": "BIO", "certificate": "certificat_01"}, "product", "label rouge"),
        ({"originCountry": "France"}, "origin_country", "pays inconnu"),
        ({"origin": "Espagne"}, "origin", "autre pays que France"),
        ({"origin": "Pas-de-Calais", "originCountry": "ES"}, "origin", "autre pays que Espagne"),
        ({"limitCelsius": "4"}, "limit_celsius", "froid à tenir"),
        ({"limitCelsius": "-99", "category": "PERISHABLE"}, "limit_celsius", "plus petit que -40"),
        (BEEF | {"limitCelsius": "7"}, "limit_celsius", "plus que la loi"),
        (BEEF | {"rearedIn": None}, "reared_in", "élevé"),
        (GERMAN | {"origin": "France"}, "origin", "les pays de l'animal"),
        (GERMAN | {"origin": "Licques"}, "origin", "les pays de l'animal"),
        (GERMAN | {"originCountry": "FR"}, "origin_country", "toute la vie"),
        (GERMAN | {"slaughteredIn": "FR", "originCountry": "FR", "origin": "GAEC"}, "origin_country", "toute la vie"),
        (GERMAN | {"slaughteredIn": "FR", "origin": "France"}, "origin", "les pays de l'animal"),
        (BEEF | {"animalProduct": "DAIRY"}, "animal_product", "ne va pas"),
        (BEEF | {"product": "Steak haché de porc"}, "animal_product", "viande est hachée"),
        (BEEF | {"product": "Farce de porc hachee"}, "animal_product", "viande est hachée"),
        (BEEF | {"product": "Burger de porc 100 g"}, "animal_product", "viande est hachée"),
        (BEEF | {"product": "Kefta"}, "animal_product", "viande est hachée"),
        (BEEF | MADE | {"product": "Steak haché frais de porc 15 % MG"}, "animal_product", "viande est hachée"),
        (BEEF | MADE | {"product": "Chair à saucisse crue"}, "animal_product", "viande est hachée"),
        (BEEF | MADE | {"product": "Échine de porc fraîche"}, "animal_product", "viande est fraîche"),
        (BEEF | MADE | {"product": "Rôti de porc cuit", "category": "AMBIENT"}, "category", "température ambiante"),
        ({"product": "Carottes aux œufs crus"}, "animal_product", "à dire"),
        (BEEF | {"category": "MINCED_MEAT"}, "category", "non pour l'agrément"),
        (BEEF | {"animalProduct": "MINCED_MEAT", "category": "MEAT_CUT"}, "category", "viande hachée"),
        (BEEF | {"category": "AMBIENT"}, "category", "viande fraîche de boucherie"),
        (BEEF | {"category": "PRODUCER_DEFINED"}, "category", "viande fraîche de boucherie"),
        (BEEF | {"animalProduct": "MINCED_MEAT", "category": "FROZEN_OTHER"}, "category", "viande hachée"),
        ({"animalProduct": "DAIRY"}, "animal_product", "ne va pas"),
        ({"product": "Carottes surgelées", "category": "AMBIENT"}, "category", "surgelé"),
        (MILK | {"allergens": []}, "allergens", "ALL-01"),
        (MILK | {"allergens": ["SOY"]}, "allergens", "ALL-01"),
        ({"unitG": 500}, "unit_g", "kilogramme"),
        ({"unit": "PIECE", "unitG": 300}, "pack_g", "nombre entier"),
        ({"allergens": ["MILK"], "traces": ["MILK"]}, "traces", "contenu et en traces"),
        ({"validFrom": "2026-10-02", "validTo": "2026-10-01"}, "valid_to", "précède"),
    ],
)  # fmt: skip
async def test_an_offer_that_cannot_be_is_refused_with_its_line(
    changed: dict[str, Any], column: str, says: str, client: Client
) -> None:
    before = await count(client, Offer)
    refused = await ask(client, "ListOffers", offers=[OFFER, OFFER | changed])
    assert refused["__typename"] == "OffersRefused", refused
    (fault,) = refused["faults"]
    assert (fault["line"], fault["column"], says in fault["message"]) == (2, column, True), fault
    assert fault["repair"]
    assert await count(client, Offer) == before


async def test_a_whole_sheet_is_kept_and_read_back(client: Client) -> None:
    pork = OFFER | BEEF | {
        "product": "Rôti de porc bio",
        "unit": "PIECE", "unitG": 1_200, "packG": 6_000, "variableWeight": True, "allergens": [], "traces": ["CELERY"],
        "dateKind": "DLC", "validFrom": "2026-09-07", "validTo": "2027-06-30", "label": "BIO",
        "certificate": "certificat_01", "limitCelsius": "2.5",
    }  # fmt: skip
    (offer,) = (await ask(client, "ListOffers", offers=[pork]))["kept"]["offers"]
    (sheet,) = (await client.data(OPERATIONS["producer/OfferSheet"], PRODUCER, id=offer)).values()
    kept = {name: sheet[name] for name in pork if name in sheet and name not in ("label", "certificate", "allergens")}
    exact = {"priceEurPerPack": "14.5000", "vatPct": "5.500000"}
    assert kept == {name: pork[name] for name in kept} | exact
    assert (sheet["category"], sheet["animalProduct"]) == ("MEAT_CUT", "BUTCHER_MEAT")
    assert sheet["meatOrigin"] == "origine : France"
    assert sheet["allergens"] == {"contains": [], "traces": ["CELERY"], "statedOn": DAY.isoformat(), "document": None}


async def test_minced_meat_is_minced_meat_for_the_thermometer_too(client: Client) -> None:
    """HYG-T-01: who states the one and leaves the other open gets the limit of minced meat, not of a cut."""
    minced = OFFER | BEEF | {"product": "Chair à saucisse", "animalProduct": "MINCED_MEAT"}
    (offer,) = (await ask(client, "ListOffers", offers=[minced]))["kept"]["offers"]
    (sheet,) = (await client.data(OPERATIONS["producer/OfferSheet"], PRODUCER, id=offer)).values()
    assert (sheet["category"], sheet["animalProduct"]) == ("MINCED_MEAT", "MINCED_MEAT")


async def test_a_meat_of_one_country_has_it_and_one_of_several_has_none(client: Client) -> None:
    """The zone of a purchase follows the country: German pork is no share of France."""
    born = {"bornIn": "FR", "origin": "né en France, élevé et abattu en Allemagne"}
    kept = (await ask(client, "ListOffers", offers=[OFFER | GERMAN, OFFER | GERMAN | born]))["kept"]["offers"]
    sheets = [(await client.data(OPERATIONS["producer/OfferSheet"], PRODUCER, id=each))["offer"] for each in kept]
    assert [(each["originCountry"], each["meatOrigin"]) for each in sheets] == [
        ("DE", "origine : Allemagne"), (None, "né : France, élevé : Allemagne, abattu : Allemagne"),
    ]  # fmt: skip
