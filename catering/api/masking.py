"""What a client learns of an error: everything when it can act upon it, a number otherwise."""

import logging
import secrets

from graphql import GraphQLError
from strawberry.extensions import MaskErrors

from catering.api.coercion import in_french
from catering.graph.errors import ExpectedError

log = logging.getLogger(__name__)
MASKED = "INTERNAL"
ID_BYTES = 4


def is_unexpected(error: GraphQLError) -> bool:
    """Whether an error is a fault of ours: neither a bad document or variable, nor a refusal we named."""
    fault = error.original_error
    about_the_document = error.path is None and bool(error.nodes)
    return fault is not None and not isinstance(fault, ExpectedError) and not about_the_document


class MaskFaults(MaskErrors):
    """Replaces our own faults by a number that stands in the log beside the whole story."""

    def __init__(self) -> None:
        super().__init__(should_mask_error=is_unexpected)

    def _process_errors(self, errors: list[GraphQLError]) -> list[GraphQLError]:
        """The errors as the client sees them, what is wrong with variables in French."""
        return [in_french(each) for each in super()._process_errors(errors)]

    def anonymise_error(self, error: GraphQLError) -> GraphQLError:
        """The error as the client sees it."""
        number = secrets.token_hex(ID_BYTES)
        log.error("fault %s at %s", number, error.path, exc_info=error.original_error)
        return GraphQLError(
            f"Panne du serveur, enregistrée sous le numéro {number}. Réessayer ; si elle persiste, signaler ce numéro.",
            nodes=error.nodes,
            path=error.path,
            extensions={"code": MASKED, "id": number},
        )
