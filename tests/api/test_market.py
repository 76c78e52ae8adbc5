"""What sellers do, as they notice it: registering, proving, listing, pricing; and what is refused, by name."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select, update
from strawberry.types.base import get_object_definition

from catering.api.mutations.market import Mutation
from catering.market.models import Supplier
from catering.people.models import ChangeEvent
from catering.people.service import acts_for
from catering.people.viewer import Role, Viewer
from catering.recipes.models import Ingredient
from catering.recipes.vocabulary import IngredientKind
from tests.api.conftest import ADMINISTRATOR, CHEF, PRODUCER, Client
from tests.api.dataset_market import CSV, SOLD
from tests.api.dataset_people import OTHER_SELLER
from tests.api.operations import IDENTITY, OFFER, TERMS, VARIABLES, operations

OPERATIONS = operations()
NEWCOMER = Viewer("Nouvelle venue", Role.PRODUCER, account=OTHER_SELLER)
OTHER = Viewer("Autre productrice", Role.PRODUCER, suppliers=frozenset({"ferme_00"}))
AUDITOR = Viewer("Contrôle", Role.AUDITOR)
MUTATIONS = sorted(
    f"producer/{field.python_name.title().replace('_', '')}"
    for field in get_object_definition(Mutation, strict=True).fields
)
KEYS = iter(range(10**6))


async def ask(client: Client, name: str, viewer: Viewer = PRODUCER, **changed: Any) -> Any:
    """The answer of a stored mutation of producers, with a key of its own."""
    operation = f"producer/{name}"
    variables = VARIABLES[operation] | {"idempotencyKey": f"market-{next(KEYS):08d}"} | changed
    (answer,) = (await client.data(OPERATIONS[operation], viewer, **variables)).values()
    return answer


async def count(client: Client, table: Any) -> int:
    async with client.database.reading() as session:
        return int((await session.scalars(select(func.count()).select_from(table))).one())


async def trace(client: Client, subject: str) -> list[ChangeEvent]:
    async with client.database.reading() as session:
        statement = select(ChangeEvent).where(ChangeEvent.subject == subject).order_by(ChangeEvent.id.desc())
        return list(await session.scalars(statement))


@pytest.mark.parametrize("viewer", [NEWCOMER, PRODUCER, ADMINISTRATOR])
async def test_anybody_registers_wherever_they_are(viewer: Viewer, client: Client) -> None:
    """Marseille is 900 km away: distance is no condition (CCP-40)."""
    done = await ask(client, "RegisterSupplier", viewer)
    assert done["__typename"] == "SupplierRegistered"
    assert (done["supplier"]["id"], done["supplier"]["siret"]) == ("gaec_du_pre_sale", "73282932000074")
    event = (await trace(client, "suppliers"))[0]
    assert (event.actor, event.before, event.after["siret"]) == (viewer.actor, None, "73282932000074")


async def test_who_registered_may_sell_as_it_from_the_next_request_on(client: Client) -> None:
    await ask(client, "RegisterSupplier", NEWCOMER)
    async with client.database.reading() as session:
        _, sells_as = await acts_for(session, OTHER_SELLER)
    assert "gaec_du_pre_sale" in sells_as
    granted = replace(NEWCOMER, suppliers=frozenset(sells_as))
    read = await client.data("{ suppliers { nodes { id } } }", granted)
    assert "gaec_du_pre_sale" in {each["id"] for each in read["suppliers"]["nodes"]}
    assert (await ask(client, "ListOffers", granted, supplier="gaec_du_pre_sale"))["__typename"] == "OffersListed"


async def test_the_departement_registers_for_others_and_sells_nothing(client: Client) -> None:
    await ask(client, "RegisterSupplier", ADMINISTRATOR)
    async with client.database.reading() as session:
        assert await acts_for(session, ADMINISTRATOR.account or 0) == (set(), set())


async def test_a_farm_of_another_country_registers_by_its_vat_number(client: Client) -> None:
    belgian = IDENTITY | {"siret": None, "vatNumber": "BE 0403.019.261", "commune": "Tournai", "insee": "99131"}
    done = await ask(client, "RegisterSupplier", identity=belgian)
    assert done["supplier"]["vatNumber"] == "BE0403019261"


@pytest.mark.parametrize(
    ("written", "kept", "insee"),
    [("IS 00621", "IS00621", "99102"), ("MA 001234567000089", "MA001234567000089", "99350")],
)
async def test_an_operator_of_any_country_registers(written: str, kept: str, insee: str, client: Client) -> None:
    done = await ask(
        client, "RegisterSupplier", identity=IDENTITY | {"siret": None, "vatNumber": written, "insee": insee}
    )
    assert done["supplier"]["vatNumber"] == kept


async def test_la_poste_has_a_key_of_its_own(client: Client) -> None:
    done = await ask(client, "RegisterSupplier", identity=IDENTITY | {"siret": "35600000009075"})
    assert done["__typename"] == "SupplierRegistered"


@pytest.mark.parametrize(
    ("changed", "refusal", "says"),
    [
        ({"siret": "73282932000075"}, "SiretRefused", "clé est fausse"),
        ({"siret": "7328293200007"}, "SiretRefused", "14 chiffres"),
        ({"siret": "35600000009071"}, "SiretRefused", "clé est fausse"),
        ({"siret": None}, "InvalidSupplier", "SIRET"),
        ({"siret": None, "vatNumber": "BE0403019262"}, "InvalidSupplier", "TVA"),
        ({"vatNumber": "FR83404833048"}, "InvalidSupplier", "FR44732829320"),
        ({"name": "Ferme\u202egnilboM"}, "InvalidSupplier", "invisible"),
        ({"name": "Fеrme"}, "InvalidSupplier", "lettres latines"),
        ({"name": "   "}, "InvalidSupplier", "manque"),
        ({"name": "\u2800\u2800"}, "InvalidSupplier", "U+2800"),
        ({"name": "..."}, "InvalidSupplier", "ni lettre ni chiffre"),
        ({"siret": None, "vatNumber": "XX1234567"}, "InvalidSupplier", "les deux lettres du pays"),
        ({"name": "F" * 161}, "InvalidSupplier", "160"),
        ({"insee": "6204"}, "InvalidSupplier", "INSEE"),
        ({"lat": "95"}, "InvalidSupplier", "Terre"),
        ({"insee": "62041"}, "InvalidSupplier", "Arras, la commune du code INSEE 62041"),
        (
            {"commune": "arras ", "lat": "50.29", "lon": "2.77"},
            "InvalidSupplier",
            "Arras a le code INSEE 62041, non 13055",
        ),
        (
            {"commune": "Campagne-lès-Wardrecques", "insee": "62205", "lat": "50.29", "lon": "2.77"},
            "InvalidSupplier",
            "Campagne-lès-Wardrecques",
        ),
    ],
)
async def test_a_false_identity_is_refused(changed: dict[str, Any], refusal: str, says: str, client: Client) -> None:
    before = await count(client, Supplier)
    refused = await ask(client, "RegisterSupplier", identity=IDENTITY | changed)
    assert (refused["__typename"], says in refused["message"]) == (refusal, True), refused
    assert await count(client, Supplier) == before


async def test_a_siret_is_registered_once(client: Client) -> None:
    await ask(client, "RegisterSupplier")
    again = await ask(client, "RegisterSupplier", NEWCOMER, identity=IDENTITY | {"siret": "73282932000074"})
    assert again["__typename"] == "AlreadyRegistered"
    namesake = await ask(client, "RegisterSupplier", identity=IDENTITY | {"siret": "55208131766522"})
    assert namesake["supplier"]["id"] == "gaec_du_pre_sale_2"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"deliveryWeekdays": []}, "au moins un jour"),
        ({"leadDays": -1}, "de 0 à 60"),
        ({"minDropEur": "-5"}, "de 0 à"),
        ({"minDropEur": "5.001"}, "décimales"),
        ({"sharedDoorEur": "60.01"}, "plus que celui de la livraison entière (60.00)"),
        ({"sharedDoorEur": "5.001"}, "décimales"),
        ({"maxKm": 0}, "de 1 à"),
        ({"deliveryEurPerKgBase": "1000"}, "de 0 à 50"),
        ({"activity": "Mara\u200bîchage"}, "invisible"),
    ],
)
async def test_absurd_terms_are_refused(changed: dict[str, Any], says: str, client: Client) -> None:
    refused = await ask(client, "StateSupplierTerms", terms=TERMS | changed)
    assert (refused["__typename"], says in refused["message"]) == ("InvalidSupplier", True), refused


async def test_the_offers_follow_when_vat_is_no_longer_due(client: Client) -> None:
    await ask(client, "StateSupplierTerms", terms=TERMS | {"vatRegime": "FRANCHISE"})
    rates = '{ supplier(id: "ferme_01") { offers { nodes { vatPct } } } }'
    told = await client.data(rates, PRODUCER)
    assert {offer["vatPct"] for offer in told["supplier"]["offers"]["nodes"]} == {"0.000000"}
    refused = await ask(client, "ListOffers")
    assert "ne facture pas de TVA" in refused["faults"][0]["message"]
    await ask(client, "StateSupplierTerms")
    told = await client.data(rates, PRODUCER)
    assert {offer["vatPct"] for offer in told["supplier"]["offers"]["nodes"]} == {"5.500000"}


STRANGERS = [
    pytest.param(name, viewer, id=f"{viewer.role.value}-{name}")
    for name in MUTATIONS
    if name != "producer/RegisterSupplier"
    for viewer in (OTHER, CHEF, AUDITOR, ADMINISTRATOR)
    # The administration withdraws certificates and permits too: tests/api/test_certificates.py.
    if viewer is not ADMINISTRATOR or name not in ("producer/EndCertificate", "producer/EndHygienePermit")
]


@pytest.mark.parametrize(("name", "viewer"), STRANGERS)
async def test_only_who_sells_as_the_supplier_changes_it(name: str, viewer: Viewer, client: Client) -> None:
    events = await count(client, ChangeEvent)
    refused = await ask(client, name.split("/")[1], viewer)
    expected = {"UnknownSupplier", "UnknownOffer", "InvalidPriceList"} if viewer is OTHER else {"NotAllowed"}
    assert refused["__typename"] in expected, refused
    assert await count(client, ChangeEvent) == events


@pytest.mark.parametrize("name", MUTATIONS)
async def test_the_same_key_changes_nothing_twice(name: str, client: Client) -> None:
    first = await client.data(OPERATIONS[name], PRODUCER, **VARIABLES[name])
    events = await count(client, ChangeEvent)
    assert await client.data(OPERATIONS[name], PRODUCER, **VARIABLES[name]) == first
    assert await count(client, ChangeEvent) == events


@pytest.mark.parametrize(
    ("changed", "refusal", "says"),
    [
        ({"label": "LOCAL_ET_BON"}, "InvalidCertificate", "inconnu"),
        ({"validTo": "2026-08-31"}, "InvalidCertificate", "a expiré"),
        ({"validTo": "2025-01-01"}, "InvalidCertificate", "invraisemblables"),
        ({"certifier": "Ecocert"}, "InvalidCertificate", "FR-BIO-nn"),
        ({"certifier": "FR-BIO-1"}, "InvalidCertificate", "FR-BIO-nn"),
        ({"number": "\u200b"}, "InvalidCertificate", "invisible"),
        ({"number": "..."}, "InvalidCertificate", "ni lettre ni chiffre"),
        ({"document": "99"}, "UnknownDocument", "99"),
        ({"document": str(CSV)}, "UnknownDocument", "justificatif"),
    ],
)
async def test_a_certificate_that_proves_nothing_is_refused(
    changed: dict[str, Any], refusal: str, says: str, client: Client
) -> None:
    given = VARIABLES["producer/AddCertificate"]["certificate"] | changed
    refused = await ask(client, "AddCertificate", certificate=given)
    assert (refused["__typename"], says in refused["message"]) == (refusal, True), refused


async def test_a_certificate_lets_a_label_be_sold(client: Client) -> None:
    added = await ask(client, "AddCertificate", certificate=VARIABLES["producer/AddCertificate"]["certificate"] | {
        "label": "HVE", "certifier": "Certipaq",
    })  # fmt: skip
    certificate = added["supplier"]["certificates"][-1]["id"]
    assert certificate == "ferme_01__hve"
    listed = await ask(client, "ListOffers", offers=[OFFER | {"label": "HVE", "certificate": certificate}])
    assert listed["kept"] == {"added": 1, "changed": 0, "offers": ["ferme_01__ingredient_03__hve"]}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"number": "62.506"}, "marque ovale"),
        ({"kind": "DEROGATION", "number": "2026-17", "maxKm": 79}, "de 80 à 200 km"),
        ({"kind": "DEROGATION", "number": "2026-17", "maxKm": 201}, "de 80 à 200 km"),
        ({"maxKm": 120}, "dérogation"),
        ({"validTo": "2025-12-31"}, "précède"),
        ({"validTo": "2026-08-31"}, "a pris fin le 31/08/2026"),
        ({"number": "FR 2A.004.1 CE"}, "marque ovale"),
        ({"kind": "DEROGATION", "number": "2026-0002"}, "déjà déclaré"),
    ],
)
async def test_a_permit_that_cannot_be_is_refused(changed: dict[str, Any], says: str, client: Client) -> None:
    given = VARIABLES["producer/AddHygienePermit"]["permit"] | changed
    refused = await ask(client, "AddHygienePermit", permit=given)
    assert (refused["__typename"], says in refused["message"]) == ("InvalidPermit", True), refused


@pytest.mark.parametrize(
    "number", ["FR 2A.004.001 CE", "BE KF125 CE", "DE NW 20001 EG", "ES 10.12345/V CE", "PL 10025103 WE"]
)
async def test_an_approval_is_numbered_as_its_country_does(number: str, client: Client) -> None:
    """CCP-01, CCP-40: a dairy of Tournai states its approval as one of Arras does."""
    given = VARIABLES["producer/AddHygienePermit"]["permit"] | {"number": number}
    assert (await ask(client, "AddHygienePermit", permit=given))["__typename"] == "HygienePermitAdded"


@pytest.mark.parametrize("code", ["BE-BIO-01", "ES-ECO-020-CV", "DK-ØKO-100", "DE-ÖKO-006"])
async def test_a_certifier_is_numbered_as_its_country_does(code: str, client: Client) -> None:
    given = VARIABLES["producer/AddCertificate"]["certificate"] | {"certifier": code}
    assert "supplier" in await ask(client, "AddCertificate", certificate=given)


async def test_allergens_nobody_stated_are_those_of_the_ingredient(client: Client) -> None:
    milk = OFFER | {"ingredient": "ingredient_00", "product": "Lait entier", "animalProduct": "HEATED_MILK"}
    (offer,) = (await ask(client, "ListOffers", offers=[milk]))["kept"]["offers"]
    (sheet,) = (await client.data(OPERATIONS["producer/OfferSheet"], PRODUCER, id=offer)).values()
    assert sheet["allergens"] == {"contains": ["MILK"], "traces": [], "statedOn": None, "document": None}


async def test_many_offers_change_together_or_not_at_all(client: Client) -> None:
    changes = [{"id": SOLD, "priceEurPerPack": "9.75"}, {"id": "vente_ferme_01_01", "packG": 0}]
    refused = await ask(client, "ChangeOffers", changes=changes)
    assert [(fault["line"], fault["column"]) for fault in refused["faults"]] == [(2, "pack_g")]
    price = f'{{ offer(id: "{SOLD}") {{ priceEurPerPack history {{ nodes {{ before after }} }} }} }}'
    before = (await client.data(price, PRODUCER))["offer"]
    assert before["priceEurPerPack"] == "11.0000"
    changes[1]["packG"] = 6_000
    done = await ask(client, "ChangeOffers", changes=changes)
    assert done["kept"] == {"added": 0, "changed": 2, "offers": [SOLD, "vente_ferme_01_01"]}
    after = (await client.data(price, PRODUCER))["offer"]
    assert after["priceEurPerPack"] == "9.7500"
    assert '"price_eur_per_pack": "11.0000"' in after["history"]["nodes"][0]["before"]
    assert '"price_eur_per_pack": "9.75"' in after["history"]["nodes"][0]["after"]


async def test_what_is_left_out_stays_and_null_empties(client: Client) -> None:
    await ask(client, "ChangeOffers", changes=[{"id": SOLD, "originCountry": "FR", "validTo": "2027-06-30"}])
    await ask(client, "ChangeOffers", changes=[{"id": SOLD, "validTo": None}])
    (sheet,) = (await client.data(OPERATIONS["producer/OfferSheet"], PRODUCER, id=SOLD)).values()
    assert (sheet["originCountry"], sheet["validTo"], sheet["packG"]) == ("FR", None, 5_000)


async def test_the_history_of_prices_is_not_for_buyers(client: Client) -> None:
    await ask(client, "ChangeOffers")
    (own,) = (await client.data(OPERATIONS["producer/OfferSheet"], PRODUCER, id=SOLD)).values()
    (bought,) = (await client.data(OPERATIONS["producer/OfferSheet"], CHEF, id=SOLD)).values()
    assert len(own["history"]["nodes"]) == 3
    assert bought["history"]["nodes"] == []


@pytest.mark.parametrize(
    ("slug", "kind", "changed", "says"),
    [
        ("oeuf", "EGG", {"animalProduct": "TREATED_EGG_OR_MILK"}, "ne va pas"),
        ("oeuf", "EGG", {"animalProduct": "EGG_PRODUCT"}, "ne va pas"),
        ("oeuf_liquide", "EGG", {"animalProduct": "TREATED_EGG_OR_MILK"}, "ne va pas"),
        ("lait_entier", "MILK", {"product": "Lait entier"}, "à dire"),
        ("lait_entier", "MILK", {"product": "Lait entier", "animalProduct": "DAIRY"}, "ne va pas"),
        ("lait_entier", "MILK", {"product": "Lait cru entier", "animalProduct": "HEATED_MILK"}, "lait est cru"),
    ],
)
async def test_what_an_egg_or_milk_is_cannot_be_talked_around(
    slug: str, kind: str, changed: dict[str, Any], says: str, client: Client
) -> None:
    """HYG-03, HYG-04: an egg in its shell is one whatever is written, and milk is not heated because nobody says so."""
    await known_as(client, slug, kind)
    refused = await ask(client, "ListOffers", offers=[OFFER | {"ingredient": slug} | changed])
    assert refused["__typename"] == "OffersRefused", refused
    (fault,) = refused["faults"]
    assert (fault["column"], says in fault["message"]) == ("animal_product", True), fault


@pytest.mark.parametrize(
    ("slug", "kind", "stated", "kept"),
    [
        ("oeuf", "EGG", None, "SHELL_EGG"),
        ("oeuf_liquide", "EGG", None, "EGG_PRODUCT"),
        ("lait_entier", "MILK", "HEATED_MILK", "HEATED_MILK"),
        ("lait_entier", "MILK", "RAW_EGG_OR_MILK", "RAW_EGG_OR_MILK"),
    ],
)
async def test_eggs_and_milk_are_kept_as_what_they_are(
    slug: str, kind: str, stated: str | None, kept: str, client: Client
) -> None:
    await known_as(client, slug, kind)
    given = OFFER | {"ingredient": slug, "animalProduct": stated}
    (offer,) = (await ask(client, "ListOffers", offers=[given]))["kept"]["offers"]
    (sheet,) = (await client.data(OPERATIONS["producer/OfferSheet"], PRODUCER, id=offer)).values()
    assert sheet["animalProduct"] == kept


async def known_as(client: Client, slug: str, kind: str) -> None:
    """Let the ingredient of the offers be another one."""
    values = {"slug": slug, "kind": IngredientKind[kind], "minced": False}
    async with client.database.unit_of_work() as session:
        await session.execute(update(Ingredient).where(Ingredient.slug == OFFER["ingredient"]).values(**values))
