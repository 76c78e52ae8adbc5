"""From the rows of opened offers to their scores."""

from collections.abc import Iterable, Sequence
from datetime import date

from catering.procurement.models import ConsultationCriterion, Tender
from catering.procurement.scoring import Competing, Score, Weighed, ranked
from catering.rules.procurement import procurement_law


def weighed(criteria: Iterable[ConsultationCriterion], published: date) -> list[Weighed]:
    """The published criteria as the law read on the day of publication scores them, in their order.

    Raises:
        LookupError: a criterion is not in the law of that day.
    """
    found = []
    for each in sorted(criteria, key=lambda criterion: criterion.position):
        row = procurement_law().criterion(each.code, published)
        if row is None:
            raise LookupError(f"no criterion {each.code!r} on {published}")
        found.append(Weighed(row.code, row.french_name, row.scale, each.weight))
    return found


def compared(criteria: Iterable[ConsultationCriterion], tenders: Sequence[Tender], published: date) -> list[Score]:
    """Scores of the opened offers, best first; an offer that is set aside or withdrawn is not compared.

    The offers come with their facts loaded.
    """
    competing = [
        Competing(tender.id, tender.amount, {fact.code: fact.value for fact in tender.facts})
        for tender in tenders
        if tender.set_aside_at is None and tender.withdrawn_at is None
    ]
    return ranked(weighed(criteria, published), competing)
