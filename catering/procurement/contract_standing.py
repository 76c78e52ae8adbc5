"""What a buyer should watch on a contract: its maximum, its minimum, its end; what its amount obliges to."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from catering.figures import round_euros
from catering.rules import RuleBook, law

CENT = Decimal("0.01")


def notices(
    amounts: tuple[Decimal, Decimal, Decimal], days: tuple[date, date], on: date, book: RuleBook | None = None
) -> list[str]:
    """What to watch, in French.

    Args:
        amounts: ordered so far, minimum, maximum, € excl. tax over the whole duration.
        days: first and last day of the contract, included.
        on: the day looked at; the law of that day says from which share of the maximum to warn (CCP-44).
        book: the law; that of the platform by default.
    """
    ordered, least, most = amounts
    warning = (book or law()).parameter("CCP-44", on)
    found = []
    if ordered == most:
        found.append(f"Le maximum de {round_euros(most)} est atteint : plus aucune commande n'est possible.")
    elif ordered >= most * warning:
        found.append(f"{round_euros(ordered)} commandés sur {round_euros(most)} : préparer le prochain marché.")
    if on > days[1]:
        if ordered < least:
            found.append(f"Le minimum n'a pas été atteint : {round_euros(least - ordered)} restent dus au fournisseur.")
    elif _halfway(days, on) and expected(ordered, days, on) < least:
        found.append(
            f"À ce rythme, {round_euros(expected(ordered, days, on))} seront commandés pour un minimum de "
            f"{round_euros(least)} : "
            "le reste serait dû au fournisseur."
        )
    return found


def expected(ordered: Decimal, days: tuple[date, date], on: date) -> Decimal:
    """What will have been ordered at the end if orders keep their rhythm, € excl. tax, rounded half-up to the cent.

    ``on`` lies from the first day to the last one.
    """
    first, last = days
    gone, whole = (on - first).days + 1, (last - first).days + 1
    return (ordered * whole / gone).quantize(CENT, ROUND_HALF_UP)


def _halfway(days: tuple[date, date], on: date) -> bool:
    # Earlier, a summer without orders would say more than the rhythm of a year.
    return (on - days[0]) * 2 >= days[1] - days[0]


def duties(amount: Decimal, day: date, book: RuleBook | None = None) -> list[str]:
    """What the amount of a contract or of an award, excl. tax, obliges its buyer to on a day, in French."""
    book = book or law()
    asked = (
        ("CCP-10-ECRIT", "le contrat est écrit (CCP-10)"),
        ("CCP-14", "publier les données essentielles du marché (CCP-14)"),
    )
    found = []
    for rule, duty in asked:
        least = book.parameter(rule, day)
        if amount >= least:
            found.append(f"À partir de {round_euros(least)} hors taxes : {duty}.")
    return found
