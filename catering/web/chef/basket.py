"""Commander: a basket filled from the plan, by supplier and delivery day; change it, see what it weighs, send it."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from catering.web.asked import Asked, BadFields, Fault
from catering.web.messages import with_message
from catering.web.notices import named, putting_away, with_standing
from catering.web.pages import Action, Page
from catering.web.standing import of_share

PATH = "/cuisine/{uai}/commander"
ONE_WEEK = timedelta(days=7)
MOST_PACKS = 1_000_000
ACCEPTED = "conditions/"
"""Begins the name of a field whose value names the conditions of sale that are accepted; then day and offer."""


def week(asked: Asked) -> date:
    """The week to order for: the next one by default."""
    return asked.monday() if asked.optional("semaine") else asked.monday() + ONE_WEEK


def variables(asked: Asked) -> dict[str, Any]:
    """The kitchen and week of the address."""
    return {"uai": asked.text("uai"), "week": week(asked).isoformat()}


def shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """Deliveries with their lines, what misses to their minimum, changed conditions of sale, gauges."""
    basket = answer["kitchen"]["basket"]
    drops = [_drop(each, basket["lines"]) for each in basket["drops"]]
    return {
        "monday": week(asked),
        "drops": drops,
        "changed": [line for line in basket["lines"] if line["changes"]],
        "below": [each for each in drops if each["missing"] > 0],
        "notices": with_standing(basket["notices"], partial(_notice, asked), answer["noticesPutAway"]),
        "ratios": [each | {"mark": of_share(each["holds"])} for each in basket["ratios"]],
    }


TENTH = 10


def _notice(asked: Asked, notice: Any) -> str:
    """What names a notice of the basket. One of a threshold comes back at another tenth of it; a line that would be
    refused is no notice to put away."""
    where = asked.text("uai")
    if notice["__typename"] == "ThresholdNotice":
        standing = notice["standing"]
        tenth = notice["percent"] // TENTH
        return named("seuil", where, notice["family"]["code"], standing["threshold"]["rule"], standing["level"], tenth)
    if notice["__typename"] == "SameSupplierNotice":
        return named("meme-fournisseur", where, notice["family"]["code"], notice["rotation"]["supplier"]["id"])
    if notice["__typename"] == "ShortageNotice":
        return named("manque", where, week(asked), notice["ingredient"], notice["grams"])
    return ""


def _drop(drop: Any, lines: list[Any]) -> dict[str, Any]:
    of = [
        line
        for line in lines
        if line["day"] == drop["day"] and line["offer"]["supplier"]["id"] == drop["supplier"]["id"]
    ]
    alone = drop["shared"] and drop["sharedRound"] is None
    least = drop["supplier"]["minDropEur"] if alone else drop["minimumEur"]
    missing = Decimal(least) - Decimal(drop["amountEur"]) - Decimal(drop["orderedEur"])
    # The next day that can still be ordered for, compared as texts: both are AAAA-MM-JJ.
    late = drop["nextDay"] is None or drop["nextDay"] > drop["day"]
    shown: dict[str, Any] = drop | {
        "of": of,
        "minimumEur": least,
        "alone": alone,
        "missing": max(missing, Decimal(0)),
        "late": late,
    }
    return shown


def place(asked: Asked) -> dict[str, Any]:
    """The basket that a form is about, as it was when its page was read."""
    return {"kitchen": asked.text("uai"), "week": week(asked).isoformat(), "version": asked.whole("version", "Version")}


def here(asked: Asked) -> str:
    """The page of the basket."""
    return f"{PATH.format(uai=asked.text('uai'))}?semaine={week(asked)}"


def _keyed(asked: Asked) -> dict[str, Any]:
    return {"basket": place(asked), "idempotencyKey": asked.text("cle")}


def _line(asked: Asked) -> dict[str, Any]:
    return _keyed(asked) | {"offer": asked.text("offre"), "day": asked.day("jour").isoformat()}


def _put(asked: Asked) -> dict[str, Any]:
    """The packs typed; what is wrong with them is told at their line."""
    try:
        packs = asked.whole("colis", "Quantité", least=1, most=MOST_PACKS)
    except BadFields as refusal:
        field = f"colis-{asked.text('offre')}-{asked.text('jour')}"
        raise BadFields(*(Fault(field, each.message) for each in refusal.faults)) from refusal
    return _line(asked) | {"packs": packs}


def _sent(asked: Asked) -> dict[str, Any]:
    """The basket, with the conditions that changed when they are accepted."""
    named = [name for name in asked.form if name.startswith(ACCEPTED)] if asked.optional("accepte") else []
    accepted = []
    for name in named:
        day, _, offer = name.removeprefix(ACCEPTED).partition("/")
        accepted.append({"offer": offer, "day": day, "fingerprint": asked.text(name)})
    return _keyed(asked) | {"acceptedTerms": accepted}


AT_LINE = "colis-{offre}-{jour}"
LINE_FAULTS = dict.fromkeys(("NotEnough", "NotADeliveryDay", "NotForSale", "TooFar", "NotProven"), AT_LINE)
PAGES: tuple[Page, ...] = (Page("chef/basket", PATH, "Commander", "chef/Basket", variables, "kitchen", shows),)
ACTIONS: tuple[Action, ...] = (
    putting_away("chef/put_away", f"{PATH}/ranger", "chef/basket", here),
    Action(
        "chef/fill_basket",
        f"{PATH}/remplir",
        "chef/FillBasket",
        _keyed,
        done="BasketSaved",
        leads=lambda _result, asked: with_message(here(asked), "panier-rempli"),
        page="chef/basket",
    ),
    Action(
        "chef/put_line",
        f"{PATH}/ligne",
        "chef/PutBasketLine",
        _put,
        done="BasketSaved",
        leads=lambda _result, asked: with_message(here(asked), "ligne"),
        page="chef/basket",
        blames=LINE_FAULTS,
    ),
    Action(
        "chef/remove_line",
        f"{PATH}/retirer",
        "chef/RemoveBasketLine",
        _line,
        done="BasketSaved",
        leads=lambda _result, asked: with_message(here(asked), "ligne-retiree"),
        page="chef/basket",
    ),
    Action(
        "chef/send_basket",
        f"{PATH}/envoyer",
        "chef/SendBasket",
        _sent,
        done="BasketSent",
        leads=lambda _result, asked: with_message(
            f"/cuisine/{asked.text('uai')}/semaine?semaine={week(asked)}", "envoye"
        ),
        page="chef/basket",
        blames={"TermsChanged": "accepte"},
    ),
)
