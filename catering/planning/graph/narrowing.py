"""Arguments by which a reader narrows what a plan says."""

from datetime import date
from typing import Annotated, TypeAlias

import strawberry

from catering.recipes.vocabulary import Family

FirstWeek: TypeAlias = Annotated[
    date | None, strawberry.argument(description="Only from the week of this Monday on, included.")
]
LastWeek: TypeAlias = Annotated[
    date | None, strawberry.argument(description="Only until the week of this Monday, included.")
]
OfKitchen: TypeAlias = Annotated[
    strawberry.ID | None, strawberry.argument(description="Only of the kitchen of this UAI.")
]
OfIngredient: TypeAlias = Annotated[
    strawberry.ID | None, strawberry.argument(description="Only of this ingredient (id).")
]
OfFamily: TypeAlias = Annotated[Family | None, strawberry.argument(description="Only of this family.")]
OfSupplier: TypeAlias = Annotated[
    strawberry.ID | None, strawberry.argument(description="Only bought from this supplier (id).")
]
