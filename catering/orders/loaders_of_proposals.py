"""Loads of what sending would say of substitutes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catering.graph.loading import Loader
from catering.moment import now
from catering.orders.opening import LineKey
from catering.orders.proposing import Proposal, read_acceptance


@dataclass(frozen=True, slots=True, eq=False)
class SubstituteAsked:
    """What may take the place of a line: the proposal, what the basket holds, and which line it is."""

    proposal: Proposal
    there: Sequence[Proposal]
    besides: LineKey


class AcceptedSubstitutes(Loader[SubstituteAsked, bool]):
    """Whether sending would accept substitutes. A loader raises what it is given as an exception: not the refusal."""

    async def fetch(self, keys: list[SubstituteAsked]) -> Mapping[SubstituteAsked, bool]:
        """The answers: one statement, whatever the lines and offers."""
        baskets = {key.proposal.place: key.there for key in keys}
        beside = [line for there in baskets.values() for line in there]
        async with self.request.of_everybody() as session:
            acceptance = await read_acceptance(session, [key.proposal for key in keys], beside, now())
        return {key: acceptance.refusal(key.proposal, besides=key.besides) is None for key in keys}
