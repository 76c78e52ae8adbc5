"""What a viewer may read of diagnostics, agreements, bio-waste and what a kitchen states of itself."""

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from catering.kitchens.models import Kitchen
from catering.kitchens.queries import visible_to as kitchens_visible_to
from catering.people.viewer import Viewer
from catering.waste.models import (
    BiowasteNote,
    DonationAgreement,
    WasteAction,
    WasteDiagnostic,
    WasteFinding,
    WasteSite,
)
from catering.waste.vocabulary import BiowasteStream

DIAGNOSTIC_KEY = (WasteDiagnostic.version, WasteDiagnostic.id)
"""Order in which the versions of one kitchen are paged."""
NOTE_KEY = (BiowasteNote.day, BiowasteNote.id)
"""Order in which notes of bio-waste are paged."""


def _own(viewer: Viewer) -> Select[int]:
    return kitchens_visible_to(viewer).with_only_columns(Kitchen.id)


def diagnostics_visible_to(viewer: Viewer) -> Select[WasteDiagnostic]:
    """Diagnostics of the kitchens a viewer may read."""
    return select(WasteDiagnostic).where(WasteDiagnostic.kitchen_id.in_(_own(viewer)))


def findings_visible_to(viewer: Viewer) -> Select[WasteFinding]:
    """Causes that the diagnostics a viewer may read found."""
    own = diagnostics_visible_to(viewer).with_only_columns(WasteDiagnostic.id)
    return select(WasteFinding).where(WasteFinding.diagnostic_id.in_(own))


def actions_visible_to(viewer: Viewer) -> Select[WasteAction]:
    """Actions of the diagnostics a viewer may read."""
    own = diagnostics_visible_to(viewer).with_only_columns(WasteDiagnostic.id)
    return select(WasteAction).where(WasteAction.diagnostic_id.in_(own))


def agreements_visible_to(viewer: Viewer) -> Select[DonationAgreement]:
    """Agreements to give food of the kitchens a viewer may read."""
    return select(DonationAgreement).where(DonationAgreement.kitchen_id.in_(_own(viewer)))


def sites_visible_to(viewer: Viewer) -> Select[WasteSite]:
    """What the kitchens a viewer may read state of themselves."""
    return select(WasteSite).where(WasteSite.kitchen_id.in_(_own(viewer)))


def biowaste_visible_to(viewer: Viewer) -> Select[BiowasteNote]:
    """Bio-waste and used oil of the kitchens a viewer may read."""
    return select(BiowasteNote).where(BiowasteNote.kitchen_id.in_(_own(viewer)))


def diagnostics(viewer: Viewer, uai: str, version: int | None = None) -> Select[WasteDiagnostic]:
    """Visible versions of the diagnostic of a kitchen, the latest first, each with its causes and actions."""
    of = kitchens_visible_to(viewer).where(Kitchen.uai == uai).with_only_columns(Kitchen.id)
    statement = diagnostics_visible_to(viewer).where(WasteDiagnostic.kitchen_id.in_(of))
    if version is not None:
        statement = statement.where(WasteDiagnostic.version == version)
    whole = statement.options(selectinload(WasteDiagnostic.findings), selectinload(WasteDiagnostic.actions))
    return whole.order_by(WasteDiagnostic.version.desc())


def agreements(viewer: Viewer, kitchen_id: int) -> Select[DonationAgreement]:
    """Visible agreements of a kitchen, by association."""
    statement = agreements_visible_to(viewer).where(DonationAgreement.kitchen_id == kitchen_id)
    return statement.order_by(DonationAgreement.association)


def biowaste(
    viewer: Viewer,
    kitchen_id: int,
    *,
    first: date | None = None,
    last: date | None = None,
    stream: BiowasteStream | None = None,
) -> Select[BiowasteNote]:
    """Visible notes of a kitchen that meet every condition given; both days are included."""
    statement = biowaste_visible_to(viewer).where(BiowasteNote.kitchen_id == kitchen_id)
    if first is not None:
        statement = statement.where(BiowasteNote.day >= first)
    if last is not None:
        statement = statement.where(BiowasteNote.day <= last)
    return statement if stream is None else statement.where(BiowasteNote.stream == stream)
