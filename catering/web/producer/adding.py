"""Ajouter un produit: ten fields at most, nearly all filled when it is made like another one."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from catering import moment
from catering.market.countries import countries
from catering.market.models_sheet import DateKind
from catering.recipes.vocabulary import Family
from catering.rules.hygiene import AnimalProduct, ProductCategory
from catering.rules.vat import vat_rates
from catering.web.asked import Asked, gathered
from catering.web.messages import with_message
from catering.web.pages import Action, Page
from catering.web.producer.places import PRODUCTS, at
from catering.web.wording import number
from catering.web.words import WORDS

NEW = f"{PRODUCTS}/nouveau"
STANDARD = "STANDARD"
MOST_PACK_G = 1_000_000
COUNTRIES = {"bornIn": "ne", "rearedIn": "eleve", "slaughteredIn": "abattu"}
KEPT: Mapping[str, tuple[str, Collection[str]]] = {
    "category": ("categorie", ProductCategory.__members__),
    "animalProduct": ("nature", AnimalProduct.__members__),
    "dateKind": ("date", DateKind.__members__),
    "originCountry": ("pays", countries()),
}
"""What a copy keeps of the product it is made like without asking again."""
COLUMNS = {
    "ingredient": "ingredient", "product": "produit", "unit": "unite", "unit_g": "poids-unite", "pack_g": "poids",
    "pack_label": "conditionnement", "price_eur_per_pack": "prix", "vat_pct": "tva", "label": "certificat",
    "animal_product": "nature", "limit_celsius": "froid",
    "certificate": "certificat", "origin": "origine", "born_in": "ne", "reared_in": "eleve", "slaughtered_in": "abattu",
}  # fmt: skip


def _family(asked: Asked) -> str:
    family = asked.text("famille")
    return family if family in WORDS["Family"] else Family.FRUITS_ET_LEGUMES.name


def _variables(asked: Asked) -> dict[str, Any]:
    like = asked.text("comme")
    return {
        "id": asked.text("supplier"),
        "family": _family(asked),
        "after": asked.text("apres") or None,
        "like": like,
        "copied": bool(like),
    }


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """The choices of the form, and what the product it is made like says."""
    like = answer.get("offer")
    rates = vat_rates(moment.today(), charges=answer["supplier"]["vatRegime"] == STANDARD)
    ingredients = {each["id"]: each["name"] for each in answer["ingredients"]["nodes"]}
    proofs = _proofs(answer["supplier"]["certificates"])
    return {
        "family": _family(asked),
        "like": like,
        "ingredients": {like["ingredient"]["id"]: like["ingredient"]["name"]} if like else ingredients,
        "rates": {f"{rate.normalize():f}": f"{number(rate)} %" for rate in rates},
        "rate": f"{Decimal(like['vatPct']).normalize():f}" if like else f"{rates[0].normalize():f}",
        "kept": {field: like[name] or "" for name, (field, _) in KEPT.items()} if like else {},
        "proof": _proof(like, proofs),
        "proofs": proofs,
        "more": answer["ingredients"]["pageInfo"],
    }


def _proofs(certificates: list[Any]) -> dict[str, str]:
    """The certificates that hold today, each with the sign it proves."""
    return {
        f"{each['label']['code']} {each['id']}": f"{each['label']['name']}, certificat {each['number']}"
        for each in certificates
        if each["validTo"] >= moment.today().isoformat()
    }


def _proof(like: Any, proofs: Mapping[str, str]) -> str:
    """The choice that is the certificate of the product it is made like."""
    proof = like and like["certificate"] and like["certificate"]["id"]
    return next((key for key in proofs if proof and key.endswith(f" {proof}")), "")


def _listed(asked: Asked) -> dict[str, Any]:
    read: dict[str, Any] = gathered(
        {
            "ingredient": partial(asked.needed, "ingredient", "Ingrédient : choisir ce que c'est dans la liste."),
            "product": partial(asked.needed, "produit", "Nom : écrire ce que vous vendez."),
            "packLabel": partial(asked.needed, "conditionnement", "Conditionnement : par exemple « caisse de 5 kg »."),
            "packG": partial(asked.grams, "poids", "Poids d'un colis"),
            "priceEurPerPack": lambda: str(asked.decimal("prix", "Prix d'un colis")),
            "vatPct": lambda: str(asked.decimal("tva", "TVA")),
            "origin": partial(asked.needed, "origine", "Origine : écrire par exemple « France, Audomarois »."),
            "unitG": partial(_unit_g, asked),
            "limitCelsius": partial(_limit, asked),
        }
    )
    label, _, certificate = asked.text("certificat").partition(" ")
    stages = {name: asked.text(field).upper() or None for name, field in COUNTRIES.items()}
    sign = {"label": label or None, "certificate": certificate or None, "unit": _unit(asked)}
    offer = _kept(asked) | read | sign | stages
    return {"supplier": asked.text("supplier"), "offers": [offer], "idempotencyKey": asked.text("cle")}


def _kept(asked: Asked) -> dict[str, Any]:
    """What the product it is made like declares, allergens before all; a value that is none is left out."""
    kept: dict[str, Any] = {
        name: asked.text(field) for name, (field, values) in KEPT.items() if asked.text(field) in values
    }
    for name, field in (("allergens", "contient"), ("traces", "traces")):
        if asked.optional(f"{field}-dits"):
            kept[name] = [each for each in asked.form.get(field, ()) if each in WORDS["Allergen"]]
    return kept | {"variableWeight": asked.optional("variable")}


def _unit(asked: Asked) -> str:
    return asked.text("unite") if asked.text("unite") in WORDS["SaleUnit"] else "KG"


def _unit_g(asked: Asked) -> int:
    """Grams of a unit: those of a kilogram when nothing else is counted."""
    return 1000 if _unit(asked) == "KG" else asked.whole("poids-unite", "Poids d'une unité", least=1, most=MOST_PACK_G)


def _limit(asked: Asked) -> str | None:
    """Highest °C that the label tells; None when it tells none."""
    return str(asked.decimal("froid", "À conserver à … °C au plus")) if asked.optional("froid") else None


def _after(result: Any, asked: Asked) -> str:
    """What is on sale already, word for word, is not listed twice: the page says so."""
    page = at(PRODUCTS, asked)
    return with_message(page, "produit") if result["kept"]["added"] else with_message(page, "produit-deja")


PAGES: tuple[Page, ...] = (
    Page("producer/new_product", NEW, "Ajouter un produit", "producer/NewProduct", _variables, "supplier", _shows),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "producer/list_product",
        NEW,
        "producer/ListOffers",
        _listed,
        done="OffersListed",
        leads=_after,
        page="producer/new_product",
        columns=COLUMNS,
    ),
)
