"""Declare a civil year."""

from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.declarations import refusals
from catering.api.mutations.market.writing import write_once
from catering.api.once import IdempotencyKey
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.declarations.graph.file import Declaration, show_declaration
from catering.declarations.models import DeclarationForm
from catering.declarations.queries import declarations
from catering.declarations.service import Wish, declare
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.people.viewer import Viewer
from catering.purchases.graph_egalim import year_asked
from catering.refusal import Refusal


@strawberry.input(description="A civil year to declare, or to correct.")
class DeclarationInput:
    kitchen: strawberry.ID = strawberry.field(description="UAI of a kitchen for which you sign.")
    year: int = strawberry.field(description="Civil year, over.")
    form: DeclarationForm = strawberry.field(description="The form.")
    base_version: int = strawberry.field(description="Last version you read; 0 for the first declaration.")
    reason: str = strawberry.field(description="Why, in your words, 300 letters at most; it is kept.")
    acknowledged: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Ids of the open points of the check list that you have read."
    )


@strawberry.type(description="The year is declared: its figures are kept for good.")
class YearDeclared:
    declaration: Declaration = strawberry.field(description="As it was declared.")


DeclareYearResult: TypeAlias = Annotated[
    YearDeclared
    | refusals.UnknownDeclarant
    | refusals.NotDeclarable
    | refusals.NotAcknowledged
    | refusals.DeclarationMoved
    | refusals.NothingChanged
    | refusals.InvalidDeclaration
    | NotAllowed
    | KeyRefused,
    strawberry.union("DeclareYearResult", description="What was declared, or why nothing was."),
]


@documented
async def declare_year(
    info: Ask,
    year: Annotated[DeclarationInput, strawberry.argument(description="What is declared.")],
    idempotency_key: IdempotencyKey,
) -> DeclareYearResult:
    """Freeze the figures of a civil year as they are declared on ma-cantine; a correction is a new version."""
    wish = Wish(
        uai=str(year.kitchen),
        year=year_asked(year.year),
        form=year.form,
        base=year.base_version,
        reason=year.reason,
        acknowledged=[str(each) for each in year.acknowledged],
    )

    async def write(session: AsyncSession, viewer: Viewer) -> str:
        return str((await declare(session, viewer, wish)).id)

    try:
        made = await write_once(info.context, "declareYear", idempotency_key, wish, write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await info.context.one(declarations(info.context.viewer, ids=[int(made)]))
    assert row is not None, "who declares may read it"
    return YearDeclared(declaration=show_declaration(row))
