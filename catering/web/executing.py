"""Stored operations executed in process: the same schema, identity, limits and masking as over HTTP."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from functools import cache
from typing import Any

from graphql import ExecutionResult

from catering.api import Caller, schema
from catering.api.masking import MASKED
from catering.graph.errors import SignInRequiredError
from catering.people.viewer import Viewer
from catering.refusal import Refusal
from catering.settings import contract_folder


class Unanswered(Refusal):
    """The operation was refused as a whole: something the address or the form brings cannot be used."""


class Unsigned(Refusal):
    """The operation is for people who are signed in."""


class Broken(Exception):  # noqa: N818 - not a refusal: a fault of ours that has a number
    """A fault of ours; its message gives the number under which the log tells it."""


@cache
def stored(operation: str) -> str:
    """Text of a stored operation, by persona and name."""
    return (contract_folder() / "operations" / f"{operation}.graphql").read_text(encoding="utf-8")


async def execute(by: Caller, viewer: Viewer | None, operation: str, variables: Mapping[str, Any]) -> Mapping[str, Any]:
    """The data of a stored operation.

    Args:
        by: who is at the other end.
        viewer: whom they were recognised as.
        operation: persona and name, as ``chef/KitchenWeek``.
        variables: its variables.

    Raises:
        Unsigned: nobody is signed in.
        Unanswered: the variables cannot be used.
        Broken: a fault of ours.
    """
    context = Caller(by.database, viewer, by.config)
    result = await schema.execute(stored(operation), variable_values=dict(variables), context_value=context)
    assert not hasattr(result, "__aiter__"), "pages execute no subscription"
    _raise_errors(result)
    data: Mapping[str, Any] = result.data or {}
    return data


async def follow(
    by: Caller, viewer: Viewer | None, operation: str, variables: Mapping[str, Any]
) -> AsyncGenerator[Mapping[str, Any], None]:
    """The data of a stored subscription, each time something is told; refusals are those of `execute`."""
    context = Caller(by.database, viewer, by.config, by.identify)
    told = await schema.subscribe(stored(operation), variable_values=dict(variables), context_value=context)
    if not hasattr(told, "__aiter__"):
        _raise_errors(told)
        return
    async with aclosing(told) as results:
        async for result in results:
            _raise_errors(result)
            yield result.data or {}


def _raise_errors(result: ExecutionResult | Any) -> None:
    for error in result.errors or ():
        code = (error.extensions or {}).get("code")
        if code == SignInRequiredError.code:
            raise Unsigned(error.message)
        # Without a code graphql-core speaks, in English, of a variable that a reader let through.
        raise (Broken if code in (MASKED, None) else Unanswered)(error.message)
