"""Factures: bill what kitchens received in a week, answer the credits they ask, follow invoices until they are paid."""

from collections.abc import Mapping
from typing import Any

from catering import moment
from catering.orders.vocabulary import OrderState
from catering.web.asked import Asked
from catering.web.messages import with_message
from catering.web.pages import Action, Page
from catering.web.producer.places import INVOICES, at

RECEIVED = (OrderState.RECEIVED, OrderState.PARTLY_RECEIVED)


def _variables(asked: Asked) -> dict[str, Any]:
    return {
        "id": asked.text("supplier"),
        "week": asked.monday().isoformat(),
        "received": [state.name for state in RECEIVED],
        "asked": "ASKED",
        "after": asked.text("apres") or None,
    }


def _shows(answer: Any, asked: Asked) -> Mapping[str, Any]:
    """Credits of this supplier; an invoice with why it was rejected or what it was disputed for."""
    own = asked.text("supplier")
    wanted = answer["creditRequests"]
    return {
        "monday": asked.monday(),
        "orders": answer["supplier"]["orders"]["nodes"],
        "more_orders": answer["supplier"]["orders"]["pageInfo"]["hasNextPage"],
        "credits": [each for each in wanted["nodes"] if each["supplier"] and each["supplier"]["id"] == own],
        "more_credits": wanted["pageInfo"]["hasNextPage"],
        "invoices": [each | {"why": _why(each)} for each in answer["invoices"]["nodes"]],
        "more": answer["invoices"]["pageInfo"],
    }


def _why(invoice: Any) -> str | None:
    return next((each["reason"] for each in reversed(invoice["events"]) if each["reason"]), None)


def here(asked: Asked) -> str:
    """The page with the week that was shown."""
    return f"{at(INVOICES, asked)}?semaine={asked.monday()}"


def _issued(asked: Asked) -> dict[str, Any]:
    return {
        "orderIds": [asked.needed("commande", "Commande : recharger la page, puis recommencer.")],
        "issuedOn": moment.today().isoformat(),
        "number": asked.text("numero") or None,
        "idempotencyKey": asked.text("cle"),
    }


def _granted(asked: Asked) -> dict[str, Any]:
    return {
        "creditId": asked.text("avoir"),
        "issuedOn": moment.today().isoformat(),
        "answer": asked.text(f"reponse-{asked.text('avoir')}") or None,
        "idempotencyKey": asked.text("cle"),
    }


def _declined(asked: Asked) -> dict[str, Any]:
    answer = asked.needed(
        f"reponse-{asked.text('avoir')}", "Réponse : dire à la cuisine pourquoi l'avoir n'est pas accordé."
    )
    return {"creditId": asked.text("avoir"), "answer": answer, "idempotencyKey": asked.text("cle")}


PAGES: tuple[Page, ...] = (
    Page("producer/invoices", INVOICES, "Factures", "producer/Billing", _variables, "supplier", _shows),
)
ACTIONS: tuple[Action, ...] = (
    Action(
        "producer/issue_invoice",
        INVOICES,
        "producer/IssueInvoice",
        _issued,
        done="InvoiceIssued",
        leads=lambda _result, asked: with_message(here(asked), "facture"),
        page="producer/invoices",
        blames={"InvoiceNumberTaken": "numero-{commande}", "InvalidInvoice": "numero-{commande}"},
    ),
    Action(
        "producer/grant_credit",
        f"{INVOICES}/avoir",
        "producer/GrantCredit",
        _granted,
        done="CreditGranted",
        leads=lambda _result, asked: with_message(here(asked), "avoir"),
        page="producer/invoices",
    ),
    Action(
        "producer/decline_credit",
        f"{INVOICES}/refus",
        "producer/DeclineCredit",
        _declined,
        done="CreditDeclined",
        leads=lambda _result, asked: with_message(here(asked), "avoir-refuse"),
        page="producer/invoices",
    ),
)
