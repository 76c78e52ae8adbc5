"""Register an establishment of care by its FINESS."""

from decimal import Decimal
from typing import Annotated, TypeAlias

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from catering.api.mutations.waste import refusals
from catering.api.once import IdempotencyKey, asked, once
from catering.api.refusals import KeyRefused, NotAllowed, show_refusal
from catering.graph.documented import documented
from catering.graph.request import Ask
from catering.kitchens.queries import kitchens
from catering.moment import today
from catering.refusal import Refusal
from catering.waste.graph.diagnostic import WasteFile
from catering.waste.graph.words import KitchenKind
from catering.waste.service.registering import Establishment, register


@strawberry.input(description="An establishment of care that has no UAI.")
class EstablishmentInput:
    finess: strawberry.ID = strawberry.field(description="FINESS number of the site, 9 digits.")
    name: str = strawberry.field(description="Its name, 200 characters at most.")
    kind: KitchenKind = strawberry.field(description="EHPAD, or SOCIAL for other social and medico-social ones.")
    address: str = strawberry.field(description="Street, 200 characters at most.")
    postcode: str = strawberry.field(description="5 digits.")
    insee: str = strawberry.field(description="INSEE code of its commune in the Pas-de-Calais; its place follows.")
    epci: str = strawberry.field(description="Group of communes (EPCI), as kitchens of it have it.")
    residents: int = strawberry.field(description="Whom it feeds, 1 to 5,000.")
    budget_eur_per_meal: Decimal = strawberry.field(description="Food budget of one meal, € excl. tax, 50 at most.")


@strawberry.type(description="Registered: accounts may be given it, and it weighs by the protocol of care.")
class EstablishmentRegistered:
    file: WasteFile = strawberry.field(description="Its file: duties and all, as they stand now.")


RegisterEstablishmentResult: TypeAlias = Annotated[
    EstablishmentRegistered | refusals.InvalidEstablishment | NotAllowed | KeyRefused,
    strawberry.union("RegisterEstablishmentResult", description="Its file, or why it is not registered."),
]


@documented
async def register_establishment(
    info: Ask,
    establishment: Annotated[EstablishmentInput, strawberry.argument(description="All of it.")],
    idempotency_key: IdempotencyKey,
) -> RegisterEstablishmentResult:
    """Register an establishment of care by its FINESS, or correct it; only the administration of the Département."""
    request = info.context
    viewer = request.viewer
    given = Establishment(
        **{name: getattr(establishment, name) for name in Establishment.__dataclass_fields__}
        | {"finess": str(establishment.finess)}
    )

    async def write(session: AsyncSession) -> str:
        return (await register(session, viewer, given)).uai

    try:
        finess = await once(request, asked("registerEstablishment", idempotency_key, [str(establishment)]), write)
    except Refusal as refusal:
        return show_refusal(refusal)  # type: ignore[return-value]  # the union lists what may come
    row = await request.one(kitchens(viewer, uais=[finess]))
    assert row is not None, "who registers reads all kitchens"
    return EstablishmentRegistered(file=WasteFile(row=row, on=today()))
