"""GraphQL fields and mutations described once: by the docstring of their resolver."""

from collections.abc import Callable
from inspect import getdoc
from typing import Any

import strawberry
from strawberry.types.field import StrawberryField


def documented(resolver: Callable[..., Any]) -> StrawberryField:
    """A field whose description is its resolver's docstring, on one line.

    Raises:
        TypeError: the resolver has no docstring.
    """
    text = getdoc(resolver)
    if not text:
        raise TypeError(f"{resolver.__qualname__} needs a docstring: it is what clients read")
    made: StrawberryField = strawberry.field(resolver=resolver, description=" ".join(text.split()))
    return made
