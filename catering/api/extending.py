"""Fields that one room adds to the types of another, as GraphQL's ``extend type`` does.

The arrows between rooms point one way: kitchens know nothing of plans, so the field ``Kitchen.week`` is written in
planning and put on the type when the schema is assembled.
"""

from collections.abc import Iterable

from strawberry.types.base import get_object_definition
from strawberry.types.field import StrawberryField


def extend(kind: type, fields: Iterable[StrawberryField]) -> None:
    """Add fields to a GraphQL type; done once, before the schema is made.

    Raises:
        ValueError: the type has a field of that name.
    """
    definition = get_object_definition(kind, strict=True)
    taken = {field.python_name for field in definition.fields}
    for field in fields:
        if field.python_name in taken:
            raise ValueError(f"{definition.name} has a field {field.python_name} already")
        definition.fields.append(field)
