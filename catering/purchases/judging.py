"""How a line of the ledger counts: the law is asked once, when the line is entered or its invoice comes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.market.models import Certificate
from catering.market.proving import proof_of
from catering.purchases.counting import sold_as
from catering.purchases.models import LocalDefinition, OriginZone, PurchaseLine, PurchaseSource
from catering.recipes.models import Ingredient
from catering.rules import RuleBook, law
from catering.rules.egalim import PurchaseLine as Facts
from catering.rules.egalim import count_line
from catering.rules.egalim_proofs import with_proof
from catering.rules.egalim_tables import Reason, reason_why
from catering.rules.egalim_tender import TENDER_SIGNS


@dataclass(frozen=True, slots=True)
class Known:
    """What the law asks beside the lines themselves: certificates and the nature of ingredients, by number."""

    certificates: Mapping[int, Certificate]
    natures: Mapping[int, str]


async def read_with_facts(session: AsyncSession, lines: Select[PurchaseLine]) -> tuple[Sequence[PurchaseLine], Known]:
    """Lines that a statement finds, and what must be known to judge them; one statement whatever their number.

    Certificates and ingredients are read through the lines: whoever may change a line may have it judged.
    """
    of_label = Certificate.id == PurchaseLine.certificate_id
    of_good = Ingredient.id == PurchaseLine.ingredient_id
    asked = (
        lines.add_columns(Certificate, Ingredient.kind).outerjoin(Certificate, of_label).outerjoin(Ingredient, of_good)
    )
    found = (await session.execute(asked)).all()
    certificates = {proof.id: proof for _, proof, _ in found if proof is not None}
    natures = {row.ingredient_id: kind.value for row, _, kind in found if kind is not None}
    return [row for row, *_ in found], Known(certificates, natures)


def judge(row: PurchaseLine, known: Known, book: RuleBook | None = None) -> None:
    """Write into a line the year in which it counts, the sign it counts by, and why the others give it nothing."""
    row.year = (row.invoiced_on or row.bought_on).year
    counted = count_line(facts_of(row, known), book or law())
    row.sign = counted.sign
    row.not_counted = " ".join(f"{sign}:{reason.case}" for sign, reason in counted.reasons)


def bring_under_project(row: PurchaseLine) -> None:
    """Write into a line that its seller is under a territorial project: French goods of it are local in that sense."""
    if row.origin_zone is OriginZone.FRANCE:
        row.local, row.local_definition = True, LocalDefinition.PAT


def facts_of(row: PurchaseLine, known: Known) -> Facts:
    """What the law asks of a line.

    At reception a certificate proves the label on the day of delivery; in a file the buyer answers for it.
    """
    labels = frozenset(row.labels.split())
    facts = Facts(
        amount_excl_tax=row.amount_excl_tax,
        family=row.family.value,
        invoiced=row.invoiced_on or row.bought_on,
        labels=labels | marks_of(row),
        origin=row.origin_zone or "",
    )
    if row.source is PurchaseSource.IMPORT:
        sold = sold_as(labels, row.product, row.family.value, bool(row.circuit_court), row.local)
        direct = bool(sold and sold.direct)
        return replace(facts, product=sold.product if sold else None, direct_sale=direct, proven=labels)
    certificate = known.certificates.get(row.certificate_id or 0)
    claimed = set() if certificate is None else {certificate.label}
    received = replace(
        facts,
        direct_sale=bool(row.circuit_court),
        # Written into a reception by the contract it was ordered on, which was told how its lot was judged.
        proven=labels & TENDER_SIGNS - claimed,
        delivered=row.bought_on,
        needs_certificate=True,
    )
    proof = None if certificate is None else proof_of(certificate)
    return with_proof(received, known.natures.get(row.ingredient_id or 0), proof)


def marks_of(row: PurchaseLine) -> frozenset[str]:
    """The informative marks of a line (EGA-23)."""
    told = {
        "CIRCUIT_COURT": bool(row.circuit_court),
        "LOCAL": row.local,
        "PAT": row.local_definition is LocalDefinition.PAT,
    }
    return frozenset(mark for mark, holds in told.items() if holds)


def reasons_of(row: PurchaseLine) -> list[tuple[str, Reason]]:
    """(label, reason) of each label that does not make the line count."""
    on = row.invoiced_on or row.bought_on
    told = (each.split(":") for each in row.not_counted.split())
    return [(sign, reason_why(case, sign, on)) for sign, case in told]
