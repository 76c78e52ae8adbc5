"""Tables of what is supposed of a plan, and what would come of it."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from catering.columns import one_of
from catering.db import Amount, Base, Instant
from catering.planning.run_status import RunStatus


class SupposedKind(StrEnum):
    """What may be supposed."""

    SUPPLIER_STOPS = "supplier_stops"
    AREA_CLOSED = "area_closed"
    """Suppliers within some kilometres of the middle of a commune sell nothing; kitchens go on."""
    INGREDIENT_PRICE = "ingredient_price"
    FAMILY_PRICE = "family_price"
    COVERS = "covers"
    BUDGET = "budget"


class PlanSupposition(Base):
    """A change supposed of a plan, kept under a name: a job as a run is, and the differences it found."""

    __tablename__ = "plan_suppositions"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("plan_runs.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    """Each: kind, of (slug, family or INSEE code), its title in French, percent or km, suppliers that stop (slugs)."""
    status: Mapped[RunStatus] = mapped_column(one_of(RunStatus), index=True)
    done_steps: Mapped[int] = mapped_column(default=0, server_default="0")
    """Kitchen-weeks bought again."""
    total_steps: Mapped[int] = mapped_column(default=0, server_default="0")
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    error: Mapped[str | None] = mapped_column(Text)
    queued_at: Mapped[Instant]
    started_at: Mapped[Instant | None]
    heartbeat_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]
    made_by: Mapped[str] = mapped_column(String(120))
    problem_sha256: Mapped[str | None] = mapped_column(String(64))
    """Of the data it was computed from, that it may be made again."""
    solver: Mapped[str | None] = mapped_column(String(80))
    before: Mapped[Amount | None]
    after: Mapped[Amount | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """Differences by kitchen, supplier and family, rules that stand otherwise, what is lacking."""
