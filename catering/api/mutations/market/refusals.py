"""Why the market says no, as GraphQL shows it."""

from typing import Self

import strawberry

from catering.api.refusals import Refusal, shows
from catering.documents.refusals import TableRefused as NoTable
from catering.market import refusals
from catering.refusal import Refusal as Reason

MOST_FAULTS = 200  # legal-number: faults of a file in one answer


@strawberry.type(description="One line of a request or a file that cannot be kept, and how to mend it.")
class LineFault:
    line: int = strawberry.field(description="Of the file, its header being line 1; of a request, from 1.")
    column: str = strawberry.field(description="Name of the column; empty for the whole line.")
    cell: str = strawberry.field(description="What was read there.")
    message: str = strawberry.field(description="What is wrong, in French.")
    repair: str = strawberry.field(description="What to write instead, in French.")


@shows(refusals.OffersRefused)
@strawberry.type(description="Some lines cannot be offers; nothing of the request was kept.")
class OffersRefused(Refusal):
    faults_count: int = strawberry.field(description="How many faults there are in all.")
    faults: list[LineFault] = strawberry.field(
        description="The faults in order: all those of a request, the first 200 of a file."
    )
    faults_table: str | None = strawberry.field(
        description="Of a file: where all its faults are fetched as CSV (HTTP GET, same identity)."
    )

    @classmethod
    def told(cls, reason: Reason) -> Self:
        """With every line at fault, or as many as an answer holds and where the others are."""
        assert isinstance(reason, refusals.OffersRefused)
        shown = reason.faults if reason.table is None else reason.faults[:MOST_FAULTS]
        faults = [
            LineFault(line=each.line, column=each.column, cell=each.value, message=each.message, repair=each.repair)
            for each in shown
        ]
        return cls(message=str(reason), faults_count=len(reason.faults), faults=faults, faults_table=reason.table)


@shows(refusals.UnknownSupplier)
@strawberry.type(description="There is no such supplier of yours.")
class UnknownSupplier(Refusal):
    pass


@shows(refusals.UnknownOffer)
@strawberry.type(description="Some ids name no offer of yours.")
class UnknownOffer(Refusal):
    pass


@shows(refusals.UnknownDocument)
@strawberry.type(description="The document was not sent by you, or is of another kind than needed.")
class UnknownDocument(Refusal):
    pass


@shows(NoTable)
@strawberry.type(description="The file is no table that can be read.")
class TableRefused(Refusal):
    pass


@shows(refusals.InvalidSupplier)
@strawberry.type(description="Something said of the supplier cannot be: name, place, number or term.")
class InvalidSupplier(Refusal):
    pass


@shows(refusals.SiretRefused)
@strawberry.type(description="The SIRET is none: 14 digits whose key is right.")
class SiretRefused(Refusal):
    pass


@shows(refusals.AlreadyRegistered)
@strawberry.type(description="Another supplier bears this SIRET or VAT number.")
class AlreadyRegistered(Refusal):
    pass


@shows(refusals.InvalidCertificate)
@strawberry.type(
    description="The certificate proves nothing: unknown label, dates passed, wrong code of the certifier."
)
class InvalidCertificate(Refusal):
    pass


@shows(refusals.LabelWithoutCertificate)
@strawberry.type(description="A label is claimed without a certificate of it.")
class LabelWithoutCertificate(Refusal):
    pass


@shows(refusals.CertificateNotValid)
@strawberry.type(description="The certificate does not cover the day.")
class CertificateNotValid(Refusal):
    pass


@shows(refusals.InvalidPermit)
@strawberry.type(description="An approval or a dérogation that cannot be: number, dates or distance.")
class InvalidPermit(Refusal):
    pass


@shows(refusals.NoHygienePermit)
@strawberry.type(description="Products of animals without approval nor dérogation on the day (HYG-01).")
class NoHygienePermit(Refusal):
    pass


@shows(refusals.NotUnderDerogation)
@strawberry.type(description="A product that the dérogation leaves out: minced meat, egg products, raw milk (HYG-03).")
class NotUnderDerogation(Refusal):
    pass


@shows(refusals.TooFarForDerogation)
@strawberry.type(description="Farther, as the crow flies, than the dérogation allows (HYG-02).")
class TooFarForDerogation(Refusal):
    pass


@shows(refusals.WeeklyCapPassed)
@strawberry.type(description="More in a week than the dérogation allows (HYG-02).")
class WeeklyCapPassed(Refusal):
    pass


@shows(refusals.EggsWithoutPackingCentre)
@strawberry.type(description="Shell eggs that pass through no approved packing centre (HYG-04).")
class EggsWithoutPackingCentre(Refusal):
    pass


@shows(refusals.InvalidSupply)
@strawberry.type(description="A capacity, a template or a holiday that cannot be.")
class InvalidSupply(Refusal):
    pass


@shows(refusals.InvalidPriceList)
@strawberry.type(description="A price list that cannot be: dates, kitchens or prices.")
class InvalidPriceList(Refusal):
    pass
