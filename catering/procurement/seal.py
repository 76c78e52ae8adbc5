"""Whether opened offers are the ones the log received: each compared with its fingerprint, none missing, none added."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC
from typing import Any, Protocol

from catering.procurement.models import Tender
from catering.procurement.vocabulary import EventKind


class Event(Protocol):
    """A line of a log."""

    @property
    def kind(self) -> EventKind: ...
    @property
    def data(self) -> dict[str, Any]: ...


def fingerprint(tender: Tender) -> str:
    """SHA-256 of an offer as it is stored, its lines, declarations and papers loaded: it tells nothing of them."""
    told = [
        tender.id,
        tender.lot_id,
        tender.supplier_id,
        tender.submitted_at.astimezone(UTC).isoformat(),
        tender.submitted_by,
        f"{tender.amount.normalize():f}",
        sorted((line.line_id, f"{line.price_eur_per_kg.normalize():f}") for line in tender.lines),
        sorted((fact.code, f"{fact.value.normalize():f}") for fact in tender.facts),
    ]
    if tender.papers:  # Offers of before brought none, and their fingerprints stand.
        told.append(sorted((paper.document_id, paper.name, paper.sha256) for paper in tender.papers))
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def broken(events: Sequence[Event], standing: Collection[Tender]) -> dict[int, int]:
    """Offers that are not as the log received them, by number, each with the rank of its line.

    An offer that was changed, taken away or withdrawn without a line of the log; one that no line tells of has the rank
    after the last. A log that holds no fingerprint of each offer, as it was first written, is not judged.

    Args:
        events: the whole log, in order.
        standing: the offers that stand, lines, declarations and papers loaded.
    """
    if any(each.kind is EventKind.TENDER_SUBMITTED and "seal" not in each.data for each in events):
        return {}
    received = dict(_received(events))
    rows = {tender.id: tender for tender in standing}
    added = dict.fromkeys(rows.keys() - received.keys(), len(events) + 1)
    return added | {
        number: rank
        for number, (rank, seal) in received.items()
        if number not in rows or fingerprint(rows[number]) != seal
    }


def _received(events: Sequence[Event]) -> Iterator[tuple[int, tuple[int, str]]]:
    """The offers that stand as the log tells, with their rank and fingerprint: each supplier's last to each lot."""
    standing: dict[tuple[int, str], tuple[int, Mapping[str, Any]]] = {}
    for rank, each in enumerate(events, start=1):
        if each.kind is EventKind.TENDER_SUBMITTED:
            standing[each.data["lot"], each.data["supplier"]] = (rank, each.data)
        elif each.kind is EventKind.TENDER_WITHDRAWN:
            standing.pop((each.data["lot"], each.data["supplier"]), None)
    for rank, data in standing.values():
        yield data["tender"], (rank, data["seal"])
