"""Which lot of a tender makes its products count: by the weight of its criteria and the mark (EGA-17, EGA-18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from catering.rules.book import RuleBook

EXTERNALITIES, PERFORMANCE = "EXTERNALITES", "PERFORMANCE"
TENDER_SIGNS = frozenset({EXTERNALITIES, PERFORMANCE})
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Judged:
    """How a lot was judged, in percent: ``weight`` of the environmental criterion, ``direct`` of direct supply.

    ``mark`` what the product got of the best mark at the environmental criterion.
    """

    sign: str
    weight: Decimal
    direct: Decimal | None
    mark: Decimal | None


def tender_fault(lot: Judged, on: date, book: RuleBook) -> str | None:
    """Why the products of a lot do not count by its sign, in French; None when they do."""
    least, most = (HUNDRED * book.parameter(f"EGA-17-POIDS-{which}", on) for which in ("MIN", "MAX"))
    weights = [lot.weight] if lot.sign == EXTERNALITIES else [lot.weight, lot.direct or Decimal(0)]
    if any(not least <= weight <= most for weight in weights):
        return f"Chaque critère pèse de {least:f} à {most:f} % des notes : recopier le règlement de la consultation."
    if lot.sign == EXTERNALITIES:
        mark = HUNDRED * book.parameter("EGA-17-NOTE-MIN", on)
        if lot.direct is not None or lot.mark is None or not mark <= lot.mark <= HUNDRED:
            return f"Le produit doit avoir au moins {mark:f} % de la note maximale au seul critère des externalités."
        return None
    together = HUNDRED * book.parameter("EGA-18-SOMME-MIN", on)
    if lot.mark is not None or sum(weights) < together:
        return f"Les deux critères pèsent ensemble au moins {together:f} % des notes ; aucune note n'est demandée."
    return None
