"""A certificate as the law reads it."""

from catering.market.models import Certificate
from catering.rules.egalim_proofs import Proof


def proof_of(row: Certificate) -> Proof:
    """What a certificate proves, with what its label depends on; an equivalence only by a file that shows it."""
    return Proof(
        label=row.label,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        conversion_since=row.conversion_since,
        ingredients=row.agricultural_ingredients,
        equivalent_to=row.equivalent_to if row.document_id else None,
    )
