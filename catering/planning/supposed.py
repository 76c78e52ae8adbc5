"""Use case: a change is supposed of a plan, named, and waits to be computed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import func, or_
from sqlalchemy.ext.asyncio import AsyncSession

from catering import figures, moment
from catering.communes import Commune, communes
from catering.geography import crow_km
from catering.market.models import Supplier
from catering.market.queries import suppliers
from catering.people.models import ChangeEvent
from catering.people.viewer import Role, Viewer
from catering.planning import refusals
from catering.planning.models import PlanRun, PlanSupposition, RunStatus
from catering.planning.models_supposed import SupposedKind
from catering.planning.queries import runs
from catering.recipes.models import Ingredient
from catering.recipes.queries import ingredients
from catering.recipes.vocabulary import Family

LEAST_PERCENT, MOST_PERCENT = Decimal(-90), Decimal(200)  # legal-number: bounds of what may be supposed
MOST_KM = 100
MOST_CHANGES = 10
LONGEST_NAME = 80  # legal-number: letters of a name
FAMILIES = {
    Family.VIANDES_VOLAILLES: "viandes et volailles",
    Family.PRODUITS_DE_LA_MER: "produits de la mer",
    Family.FRUITS_ET_LEGUMES: "fruits et légumes",
    Family.CHARCUTERIE: "charcuterie",
    Family.PRODUITS_LAITIERS: "produits laitiers",
    Family.BOULANGERIE: "boulangerie",
    Family.BOISSONS: "boissons",
    Family.AUTRES: "autres produits",
}


@dataclass(frozen=True, slots=True)
class SupposedWish:
    """One change: of a supplier, a commune, an ingredient or a family, by so many percent or within so many km."""

    kind: SupposedKind
    of: str | None = None
    percent: Decimal | None = None
    km: int | None = None


@dataclass(frozen=True, slots=True)
class SuppositionWish:
    """What somebody wants to know of a plan."""

    run_id: int
    name: str
    changes: Sequence[SupposedWish]


async def suppose(session: AsyncSession, viewer: Viewer, wish: SuppositionWish) -> PlanSupposition:
    """Keep a supposition under its name; a worker computes it.

    Raises:
        refusals.NotAllowed: the viewer may not plan.
        refusals.UnknownRun: there is no such run.
        refusals.BadSupposition: the run made no plan, or a change names nothing that is there.
    """
    if viewer.role is not Role.DEPARTEMENT:
        raise refusals.NotAllowed
    name = wish.name.strip()
    if not 1 <= len(name) <= LONGEST_NAME:
        raise refusals.BadSupposition(f"Donner un nom de {LONGEST_NAME} lettres au plus, pour retrouver l'hypothèse.")
    if not 1 <= len(wish.changes) <= MOST_CHANGES:
        raise refusals.BadSupposition(f"Supposer un changement au moins, {MOST_CHANGES} au plus.")
    run: PlanRun | None = await session.scalar(runs(viewer, ids=[wish.run_id]))
    if run is None:
        raise refusals.UnknownRun(wish.run_id)
    if run.status is not RunStatus.DONE:
        raise refusals.BadSupposition(f"Le calcul n° {run.id} n'a pas fait de plan : choisir un plan terminé.")
    changes = [await _resolved(session, viewer, each) for each in wish.changes]
    now = moment.now()
    made = PlanSupposition(
        run_id=run.id, name=name, changes=changes, status=RunStatus.QUEUED, queued_at=now, made_by=viewer.actor
    )
    session.add(made)
    await session.flush()
    told = {"run": run.id, "name": name, "changes": [each["title"] for each in changes]}
    subject = PlanSupposition.__tablename__
    session.add(ChangeEvent(at=now, actor=viewer.actor, subject=subject, key=str(made.id), before={}, after=told))
    return made


async def _resolved(session: AsyncSession, viewer: Viewer, wish: SupposedWish) -> dict[str, Any]:
    """A change as it is kept: what it names is there.

    Raises:
        refusals.BadSupposition: it is not, or a number is out of bounds.
    """
    match wish.kind:
        case SupposedKind.SUPPLIER_STOPS:
            supplier = await _supplier(session, viewer, wish.of)
            return _kept(wish, supplier.slug, f"{supplier.name} ne vend plus rien", suppliers=[supplier.slug])
        case SupposedKind.AREA_CLOSED:
            return await _area(session, viewer, wish)
        case SupposedKind.INGREDIENT_PRICE:
            ingredient = await _ingredient(session, viewer, wish.of)
            return _kept(wish, ingredient.slug, f"prix de « {ingredient.name} » {_percent(wish)}")
        case SupposedKind.FAMILY_PRICE:
            family = _family(wish.of)
            return _kept(wish, family.value, f"prix des {FAMILIES[family]} {_percent(wish)}")
        case SupposedKind.COVERS:
            return _kept(wish, None, f"couverts {_percent(wish)}")
        case SupposedKind.BUDGET:
            return _kept(wish, None, f"budgets {_percent(wish)}")


def _kept(wish: SupposedWish, of: str | None, title: str, **more: Any) -> dict[str, Any]:
    percent = None if wish.percent is None else f"{wish.percent:f}"
    return {"kind": wish.kind.value, "of": of, "title": title, "percent": percent, "km": wish.km} | more


def _percent(wish: SupposedWish) -> str:
    percent = wish.percent
    if percent is None or not percent or not LEAST_PERCENT <= percent <= MOST_PERCENT:
        raise refusals.BadSupposition(
            f"Écrire un pourcentage de {LEAST_PERCENT} à {MOST_PERCENT}, autre que 0 : 10 pour une hausse d'un dixième."
        )
    return f"{'+' if percent > 0 else '−'} {figures.percent(abs(percent))}"


async def _supplier(session: AsyncSession, viewer: Viewer, of: str | None) -> Supplier:
    wanted = (of or "").strip()
    named = or_(Supplier.slug == wanted, func.lower(Supplier.name) == wanted.lower())
    found: Supplier | None = (await session.scalars(suppliers(viewer).where(named).limit(1))).first()
    if found is None:
        raise refusals.BadSupposition(f"Aucun fournisseur ne s'appelle « {wanted} » : écrire son nom entier.")
    return found


async def _ingredient(session: AsyncSession, viewer: Viewer, of: str | None) -> Ingredient:
    wanted = (of or "").strip()
    named = or_(Ingredient.slug == wanted, func.lower(Ingredient.name) == wanted.lower())
    found: Ingredient | None = (await session.scalars(ingredients(viewer).where(named).limit(1))).first()
    if found is None:
        raise refusals.BadSupposition(f"Aucun ingrédient ne s'appelle « {wanted} » : écrire son nom entier.")
    return found


def _family(of: str | None) -> Family:
    wanted = (of or "").strip()
    for family in Family:
        if wanted in (family.name, family.value):
            return family
    raise refusals.BadSupposition(f"« {wanted} » n'est pas une famille de produits : en choisir une de la liste.")


async def _area(session: AsyncSession, viewer: Viewer, wish: SupposedWish) -> dict[str, Any]:
    commune = _commune(wish.of)
    if wish.km is None or not 1 <= wish.km <= MOST_KM:
        raise refusals.BadSupposition(f"Écrire de 1 à {MOST_KM} km autour de {commune.name}.")
    every = await session.scalars(suppliers(viewer).order_by(Supplier.slug))
    inside = [each.slug for each in every if crow_km(each.lat, each.lon, commune.lat, commune.lon) <= wish.km]
    if not inside:
        raise refusals.BadSupposition(f"Aucun fournisseur à moins de {wish.km} km de {commune.name} : élargir.")
    many = f"{len(inside)} fournisseur{'s' if len(inside) > 1 else ''}"
    title = f"zone fermée : {wish.km} km autour de {commune.name} ({many})"
    return _kept(wish, commune.insee, title, suppliers=inside)


def _commune(of: str | None) -> Commune:
    wanted = (of or "").strip()
    for commune in communes().values():
        if wanted == commune.insee or wanted.lower() == commune.name.lower():
            return commune
    raise refusals.BadSupposition(f"Aucune commune du Pas-de-Calais ne s'appelle « {wanted} » : écrire son nom entier.")
