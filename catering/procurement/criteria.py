"""Which criteria a buyer may publish, and how a need may be worded (CCP-01, CCP-03, CCP-05, CCP-43)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from catering.figures import round_euros
from catering.moment import paris_day
from catering.procurement import refusals
from catering.procurement.scoring import Weighed
from catering.procurement.wording import Kind, conditions, doubts
from catering.rules import RuleBook, law
from catering.rules.label_words import claims, phrase
from catering.rules.procurement import BY_PRICE, ProcurementLaw, procurement_law
from catering.spelling import folded

ALL_POINTS = 100
ZERO = Decimal(0)
COMPETITION = "CCP-10"
WANTED = (
    ("cost", "CCP-07", "Aucun critère de prix ou de coût"),
    ("environment", "CCP-08", "Aucun critère sur les caractéristiques environnementales de l'offre"),
)
"""What a criterion is about that the law wants among the others, its rule, and how its want is told."""
SIGNS = frozenset(["AOP", "IGP"])
"""Protected names that are those of a sign, not of a race or a place to deliver to."""
EQUIVALENT = re.compile(r"\bequivalen")


@dataclass(frozen=True, slots=True)
class CheckedCriteria:
    """Criteria that may be published, in the order given, and advice on them in French."""

    criteria: tuple[Weighed, ...]
    advice: tuple[str, ...]


def checked(
    weights: Sequence[tuple[str, int]],
    on: date,
    tables: ProcurementLaw | None = None,
    book: RuleBook | None = None,
    *,
    estimated: Decimal = ZERO,
) -> CheckedCriteria:
    """The criteria of a consultation, with the advice they call for.

    Args:
        weights: code and weight in percent of each.
        on: day of publication.
        tables: the criteria of the law; those of the platform by default.
        book: the figures of the law; those of the platform by default.
        estimated: € excl. tax of the whole need: from CCP-10 on a missing criterion is refused, below it is advised.

    Raises:
        refusals.GeographicCondition: one states a place or a distance.
        refusals.CriterionNotAllowed: one is not in the list.
        refusals.InvalidConsultation: none is given, one is given twice, the weights do not add up to 100, or one that
            the law wants is missing.
    """
    tables = tables or procurement_law()
    check_wording([code for code, _ in weights], on, tables)
    known = {code: tables.criterion(code, on) for code, _ in weights}
    if unknown := [code for code, row in known.items() if row is None]:
        raise refusals.CriterionNotAllowed(unknown, _allowed(tables, on))
    _check_weights(weights)
    if estimated >= (book or law()).parameter(COMPETITION, on) and (found := _wanting(weights, on, tables, book)):
        raise refusals.InvalidConsultation(" ".join(found))
    criteria = tuple(
        Weighed(row.code, row.french_name, row.scale, weight) for code, weight in weights if (row := known[code])
    )
    return CheckedCriteria(criteria, tuple(advice_on(weights, on, book, tables)))


def _check_weights(weights: Sequence[tuple[str, int]]) -> None:
    codes = [code for code, _ in weights]
    if len(set(codes)) != len(codes):
        raise refusals.InvalidConsultation("Un critère est donné deux fois : le garder une fois.")
    if any(weight < 1 for _, weight in weights) or sum(weight for _, weight in weights) != ALL_POINTS:
        total = sum(weight for _, weight in weights)
        raise refusals.InvalidConsultation(
            f"Les poids des critères font {total} : donner à chacun au moins 1, {ALL_POINTS} en tout."
        )


def advice_on(
    weights: Sequence[tuple[str, int]], on: date, book: RuleBook | None = None, tables: ProcurementLaw | None = None
) -> list[str]:
    """What the law or the buyers' guide would rather see in some criteria (code, weight in percent), in French."""
    most = (book or law()).parameter("CCP-05", on) * ALL_POINTS
    price = sum(weight for code, weight in weights if code == BY_PRICE)
    found = _wanting(weights, on, tables or procurement_law(), book)
    if price > most:
        found.append(f"Le prix pèse {price} % : le guide des acheteurs conseille {most:.0f} % au plus (CCP-05).")
    return found


def _wanting(weights: Sequence[tuple[str, int]], on: date, tables: ProcurementLaw, book: RuleBook | None) -> list[str]:
    """Criteria that the law wants among the others and that are not there (R2152-7), in French."""
    given = {code for code, _ in weights}
    found = []
    for about, rule, wants in WANTED:
        names = {row.code: row.french_name for row in tables.criteria_on(on) if row.about == about}
        if len(given & set(names)) < (book or law()).parameter(rule, on):
            one = " ou ".join(f"« {name.split(' :')[0]} »" for name in names.values())
            found.append(f"{wants} : ajouter {one} ({rule}).")
    return found


def advice_on_declared(codes: Sequence[str], on: date, tables: ProcurementLaw | None = None) -> list[str]:
    """Criteria whose answers come without a proof, in French: what to ask of the first before an award."""
    tables = tables or procurement_law()
    rows = [row for code in codes if (row := tables.criterion(code, on)) is not None and row.proven_by == "declared"]
    return [
        f"« {row.french_name.split(' :')[0]} » est déclaré sans preuve : la demander à l'offre classée première avant "
        "d'attribuer, et l'écarter si elle ne la donne pas (CCP-43)."
        for row in rows
    ]


def advice_on_time(published: datetime, deadline: datetime, book: RuleBook | None = None) -> list[str]:
    """What to think of when suppliers have less time to answer than the house asks, in French."""
    hours = (book or law()).parameter("HOUSE-CCP-01", paris_day(published))
    if deadline - published >= timedelta(hours=float(hours)):
        return []
    return [
        f"Moins de {hours:f} heures entre l'envoi et la date limite : qui ne lit pas ses courriels à l'instant ne "
        "répondra pas, et l'achat y perd sa concurrence (HOUSE-CCP-01)."
    ]


def advice_on_perimeter(
    km: int | None, estimated: Decimal, reached: int | None, on: date, book: RuleBook | None = None
) -> list[str]:
    """What to think of when a need is sent within a perimeter only, in French.

    Args:
        km: of the perimeter; None is everybody.
        estimated: € excl. tax of the whole need.
        reached: how many suppliers it was sent to; None before it is published.
        on: day of the law.
        book: the figures of the law; those of the platform by default.
    """
    if km is None:
        return []
    book = book or law()
    small, enough = book.parameter("HOUSE-CCP-02", on), int(book.parameter("HOUSE-CCP-03", on))
    found = []
    if estimated > small:
        found.append(
            f"Un rayon d'envoi est fait pour de petits besoins, {round_euros(small)} au plus (CCP-41, "
            "HOUSE-CCP-02) : pour "
            "celui-ci, l'ôter, et envoyer à tous."
        )
    if reached is not None and reached < enough:
        found.append(
            f"Envoyée à {reached} fournisseur{'s' if reached > 1 else ''} : moins de {enough} font peu de concurrence, "
            "et un rayon qui vise une ferme est une préférence géographique (CCP-01, HOUSE-CCP-03)."
        )
    return found


def advice_on_words(texts: Sequence[str], on: date, tables: ProcurementLaw | None = None) -> list[str]:
    """Words of a need that may name a place or mean something else, in French; the buyer knows which."""
    found = sorted({word for text in texts for word in doubts(text, on, tables)})
    return [
        f"« {word} » est aussi une commune : si c'est le lieu d'où vient le produit, l'ôter (CCP-01)." for word in found
    ]


def advice_on_signs(texts: Sequence[str], on: date, tables: ProcurementLaw | None = None) -> list[str]:
    """Signs of quality and protected names asked for without leaving room for what is equivalent, in French."""
    tables = tables or procurement_law()
    asked = [text for text in texts if not EQUIVALENT.search(folded(text))]
    found = sorted(
        {word for text in asked for word in [*(row.word for row in claims(text, on)), *_protected(text, on, tables)]}
    )
    return [
        f"« {word} » : un signe ou une appellation se demande avec « ou équivalent », pour n'écarter aucune offre qui "
        "vaut autant (CCP-09)."
        for word in found
    ]


def _protected(text: str, on: date, tables: ProcurementLaw) -> list[str]:
    told = f" {' '.join(phrase(text))} "
    signs = (row.name for row in tables.protected_names_on(on) if row.sign in SIGNS)
    return [name for name in signs if f" {' '.join(phrase(name))} " in told]


def check_wording(
    texts: Sequence[str], on: date, tables: ProcurementLaw | None = None, *, delivery: Sequence[str] = ()
) -> None:
    """Nothing a supplier reads may state a place or a distance as a condition.

    Args:
        texts: what is wanted, what is answered, why something was chosen or ended.
        on: day of the law.
        tables: that of the platform by default.
        delivery: where and when to deliver: there a place is an address.

    Raises:
        refusals.GeographicCondition: a word of them does.
    """
    found = {word for text in texts for word in conditions(text, Kind.GOODS, on, tables)}
    found |= {word for text in delivery for word in conditions(text, Kind.DELIVERY, on, tables)}
    if found:
        raise refusals.GeographicCondition(sorted(found), _allowed(tables or procurement_law(), on))


def _allowed(tables: ProcurementLaw, on: date) -> list[str]:
    return [row.french_name for row in tables.criteria_on(on)]
