"""Use cases of proofs: a certificate behind a label, a permit behind products of animals."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from catering.documents.models import PROOFS
from catering.figures import short
from catering.market import refusals
from catering.market.conditions import check_condition
from catering.market.models import Certificate, HygienePermit, PermitKind, Supplier
from catering.market.offering import slugs_in_use
from catering.market.owning import own_document, own_supplier
from catering.market.queries import certificates_visible_to, permits_visible_to
from catering.market.trace import traced
from catering.moment import today
from catering.people.viewer import Role, Viewer
from catering.rules import law
from catering.rules.hygiene import derogation_limits
from catering.spelling import tidy, unfit

ORGANIC_CERTIFIER = re.compile(r"(FR-BIO-[0-9]{2}|(?!FR)[A-Z]{2}-[A-ZÖØ]{3,4}-[0-9]{2,3}(-[A-Z]{2})?)")
"""Code of a control body of organic farming: FR-BIO-nn, or that of another country (DE-ÖKO-006, ES-ECO-020-CV)."""
OVAL = re.compile(
    r"FR ([0-9]{2,3}|2[AB])\.[0-9]{3}\.[0-9]{3} (CE|UE)"
    r"|(?!FR)[A-Z]{2} [A-Z0-9][A-Z0-9 ./-]{0,22}"
)
"""Number inside the oval mark: in France département, commune, establishment; elsewhere as that country numbers."""
RECEIPT = re.compile(r"[A-Z0-9][A-Z0-9 ./-]{2,39}")
LONGEST_CERTIFICATE = timedelta(days=3660)
LONGEST = 80  # legal-number: width of a database column
LONGEST_REASON = 200  # legal-number: width of a database column
WITHDRAW = frozenset({Role.DEPARTEMENT})
"""Who withdraws a certificate or a permit beside its holder, whom a certifier or the State may have struck off without
their saying so."""
A_PROOF = "un justificatif (PDF ou image)"


@dataclass(frozen=True, slots=True)
class CertificateWish:
    """A certificate as its holder states it; ``document`` is the number of the file that shows it.

    ``conversion_since`` and ``agricultural_ingredients`` are told of a conversion, ``equivalent_to`` (code of a sign)
    of an equivalence.
    """

    label: str
    certifier: str
    number: str
    valid_from: date
    valid_to: date
    document: int | None
    conversion_since: date | None = None
    agricultural_ingredients: int | None = None
    equivalent_to: str | None = None


@dataclass(frozen=True, slots=True)
class EndedPermit:
    """A permit that has an end now, whose it is, and the number of the trace of that end; None when nothing changed."""

    supplier: Supplier
    permit: HygienePermit
    trace: int | None


@dataclass(frozen=True, slots=True)
class PermitWish:
    """An approval, a dérogation or a packing centre as its holder states it."""

    kind: PermitKind
    number: str
    valid_from: date
    valid_to: date | None = None
    max_km: int | None = None
    large_share: bool = False
    document: int | None = None


async def add_certificate(session: AsyncSession, viewer: Viewer, supplier: str, wish: CertificateWish) -> Certificate:
    """Add a certificate. One that has ended is refused: it would prove nothing.

    Raises:
        refusals.Refusal: the supplier or the document is not theirs, or the certificate cannot be.
    """
    owner = await own_supplier(session, viewer, supplier)
    _check_certificate(wish)
    check_condition(wish)
    await _refuse_withdrawn(session, owner.id, wish)
    proof = await own_document(session, viewer, wish.document, PROOFS, A_PROOF)
    if proof is None:
        raise refusals.InvalidCertificate(
            "Joindre le certificat : envoyer le fichier (/documents), puis donner son numéro."
        )
    base = f"{owner.slug[:40]}__{wish.label.lower()}"
    taken = await slugs_in_use(session, Certificate, base)
    row = Certificate(
        slug=next(name for rank in range(len(taken) + 1) if (name := f"{base}__{rank}" if rank else base) not in taken),
        supplier_id=owner.id,
        label=wish.label,
        certifier=tidy(wish.certifier),
        number=tidy(wish.number),
        valid_from=wish.valid_from,
        valid_to=wish.valid_to,
        conversion_since=wish.conversion_since,
        agricultural_ingredients=wish.agricultural_ingredients,
        equivalent_to=wish.equivalent_to,
        document_id=proof,
        made_by=viewer.actor,
    )
    session.add(row)
    session.add(traced(viewer, Certificate.__tablename__, row.slug, None, _told(wish)))
    await session.flush()
    return row


async def _refuse_withdrawn(session: AsyncSession, supplier_id: int, wish: CertificateWish) -> None:
    """One that was withdrawn is not brought back under its own number: a new decision has a new one."""
    same = select(Certificate.withdrawn_from).where(
        Certificate.supplier_id == supplier_id,
        Certificate.certifier == tidy(wish.certifier),
        Certificate.number == tidy(wish.number),
        Certificate.withdrawn_from.is_not(None),
    )
    withdrawn = await session.scalar(same.limit(1))
    if withdrawn is not None:
        raise refusals.InvalidCertificate(
            f"Le certificat {tidy(wish.number)} a été retiré le {withdrawn:%d/%m/%Y} : déposer celui que le "
            "certificateur a délivré depuis, sous son nouveau numéro."
        )


def _check_certificate(wish: CertificateWish) -> None:
    labels = law().tables.labels
    if wish.label not in labels:
        raise refusals.InvalidCertificate(f"Signe « {wish.label} » inconnu ; connus : {', '.join(labels)}.")
    if wish.valid_to < wish.valid_from or wish.valid_to - wish.valid_from > LONGEST_CERTIFICATE:
        raise refusals.InvalidCertificate("Dates du certificat invraisemblables : recopier celles du document.")
    if wish.valid_to < today():
        raise refusals.InvalidCertificate(
            f"Ce certificat a expiré le {wish.valid_to:%d/%m/%Y} : déposer celui qui est en cours."
        )
    if labels[wish.label][-1].counts_as_bio and not ORGANIC_CERTIFIER.fullmatch(tidy(wish.certifier)):
        raise refusals.InvalidCertificate(
            f"« {wish.certifier} » n'est pas le code d'un organisme de l'agriculture biologique : écrire FR-BIO-nn, "
            "ou le code d'un autre pays (BE-BIO-01, DE-ÖKO-006), comme sur le certificat."
        )
    for french, text in (("certificateur", wish.certifier), ("numéro", wish.number)):
        if (why := unfit(text, LONGEST)) is not None:
            raise refusals.InvalidCertificate(f"Le {french} {why} : le recopier du document.")


async def end_certificate(
    session: AsyncSession, viewer: Viewer, supplier: str, slug: str, withdrawn_from: date, reason: str
) -> Certificate:
    """Withdraw a certificate: from that day on it proves nothing. What it proved before, it still proves.

    Withdrawn already, it can be withdrawn from an earlier day, never from a later one: that would make it prove again
    what somebody was told it does not. The administration withdraws what a certifier reports to it.

    Raises:
        refusals.Refusal: the supplier or the certificate is not theirs, it has ended by then, or no reason is given.
    """
    owner = await own_supplier(session, viewer, supplier, also=WITHDRAW)
    own = certificates_visible_to(viewer).where(Certificate.supplier_id == owner.id, Certificate.slug == slug)
    row: Certificate | None = await session.scalar(own)
    if row is None:
        raise refusals.InvalidCertificate(f"Aucun certificat « {slug[:LONGEST]} » chez ce fournisseur.")
    if (why := unfit(reason, LONGEST_REASON)) is not None:
        raise refusals.InvalidCertificate(f"Le motif du retrait {why} : dire en quelques mots pourquoi.")
    if not row.valid_from <= withdrawn_from <= row.valid_to:
        ended = "retiré" if row.withdrawn_from else "échu"
        raise refusals.InvalidCertificate(
            f"Ce certificat vaut du {row.valid_from:%d/%m/%Y} au {row.valid_to:%d/%m/%Y} : choisir un jour entre les "
            f"deux. Au-delà il est déjà {ended}."
        )
    before = _standing(row)
    row.withdrawn_from, row.withdrawn_reason = withdrawn_from, tidy(reason)
    row.valid_to = withdrawn_from - timedelta(days=1)
    session.add(traced(viewer, Certificate.__tablename__, row.slug, before, _standing(row)))
    await session.flush()
    return row


def _standing(row: Certificate) -> dict[str, str | None]:
    withdrawn = None if row.withdrawn_from is None else row.withdrawn_from.isoformat()
    return {"valid_to": row.valid_to.isoformat(), "withdrawn_from": withdrawn, "reason": row.withdrawn_reason}


async def add_permit(session: AsyncSession, viewer: Viewer, supplier: str, wish: PermitWish) -> HygienePermit:
    """State an approval, a dérogation or the packing centre of the eggs.

    Raises:
        refusals.Refusal: the supplier or the document is not theirs, or the permit cannot be or is there already.
    """
    owner = await own_supplier(session, viewer, supplier)
    number = tidy(wish.number).upper()
    _check_permit(wish, number)
    await _refuse_withdrawn_permit(session, owner.id, wish.kind, number)
    proof = await own_document(session, viewer, wish.document, PROOFS, A_PROOF)
    if proof is None:
        raise refusals.InvalidPermit(
            "Joindre le justificatif : envoyer le fichier (/documents), puis donner son numéro."
        )
    same = permits_visible_to(viewer).where(
        HygienePermit.supplier_id == owner.id, HygienePermit.kind == wish.kind, HygienePermit.number == number
    )
    if await session.scalar(same) is not None:
        raise refusals.InvalidPermit(f"Le numéro {number} est déjà déclaré : y mettre fin d'abord s'il a changé.")
    row = HygienePermit(
        supplier_id=owner.id,
        kind=wish.kind,
        number=number,
        valid_from=wish.valid_from,
        valid_to=wish.valid_to,
        max_km=wish.max_km,
        large_share=wish.large_share,
        document_id=proof,
        made_by=viewer.actor,
    )
    session.add(row)
    session.add(traced(viewer, HygienePermit.__tablename__, f"{owner.slug} {wish.kind} {number}", None, _told(wish)))
    await session.flush()
    return row


async def _refuse_withdrawn_permit(session: AsyncSession, supplier_id: int, kind: PermitKind, number: str) -> None:
    """What the administration has ended is not brought back under its own number, by its holder under another kind or
    by a workshop under another name. A packing centre serves several farms: of another one it stays open."""
    plain = func.replace(HygienePermit.number, " ", "") == number.replace(" ", "")
    anybody = HygienePermit.kind != PermitKind.PACKING_CENTRE if kind is not PermitKind.PACKING_CENTRE else false()
    same = (
        select(HygienePermit.withdrawn_from, HygienePermit.withdrawn_reason)
        .where(plain, HygienePermit.withdrawn_from.is_not(None))
        .where(or_(HygienePermit.supplier_id == supplier_id, anybody))
    )
    withdrawn = (await session.execute(same.limit(1))).one_or_none()
    if withdrawn is not None:
        raise refusals.InvalidPermit(
            f"L'administration a mis fin au numéro {number} le {withdrawn.withdrawn_from:%d/%m/%Y} "
            f"(« {withdrawn.withdrawn_reason} ») : déposer la décision qui l'a remplacé, sous son nouveau numéro, ou "
            "demander au Département s'il s'agit d'une erreur."
        )


def _check_permit(wish: PermitWish, number: str) -> None:
    if wish.valid_to is not None and wish.valid_to < wish.valid_from:
        raise refusals.InvalidPermit("La fin précède le début : corriger l'une des deux dates.")
    if wish.valid_to is not None and wish.valid_to < today():
        raise refusals.InvalidPermit(f"Il a pris fin le {wish.valid_to:%d/%m/%Y} : déposer celui qui est en cours.")
    shape, example = (
        (RECEIPT, "le numéro du récépissé de déclaration (CERFA 13982)")
        if wish.kind is PermitKind.DEROGATION
        else (OVAL, "le numéro de la marque ovale, comme FR 62.041.001 CE, BE KF125 CE ou DE NW 20001 EG")
    )
    if not shape.fullmatch(number):
        raise refusals.InvalidPermit(f"« {wish.number} » n'est pas un numéro d'agrément : écrire {example}.")
    if wish.kind is not PermitKind.DEROGATION:
        if wish.max_km is not None or wish.large_share:
            raise refusals.InvalidPermit(
                "Distance et part de production ne se disent que d'une dérogation : les retirer."
            )
        return
    limits = derogation_limits(today())
    if wish.max_km is not None and not limits.km <= wish.max_km <= limits.prefect_km:
        raise refusals.InvalidPermit(
            f"Le préfet peut accorder de {short(limits.km)} à {short(limits.prefect_km)} km : recopier la "
            "distance de sa "
            "décision, ou laisser vide."
        )


async def end_permit(
    session: AsyncSession, viewer: Viewer, supplier: str, number: int, last_day: date, reason: str | None = None
) -> EndedPermit:
    """Say on which day a permit ends: its holder when it was withdrawn or replaced, the administration with its reason.

    What the administration ends stays ended: its holder does not state that number again. It may say that a permit
    never allowed anything, by the day before its first one.

    Raises:
        refusals.Refusal: the supplier is not theirs, it has no such permit, it is not in force on the day, or the
            administration gives no reason.
    """
    owner = await own_supplier(session, viewer, supplier, also=WITHDRAW)
    own = permits_visible_to(viewer).where(HygienePermit.supplier_id == owner.id, HygienePermit.id == number)
    row: HygienePermit | None = await session.scalar(own)
    if row is None:
        raise refusals.InvalidPermit(f"Aucun agrément ni dérogation {number} chez ce fournisseur.")
    withdraws = viewer.role in WITHDRAW
    first = row.valid_from - timedelta(days=1) if withdraws else row.valid_from
    if withdraws and (why := unfit(reason or "", LONGEST_REASON)) is not None:
        raise refusals.InvalidPermit(f"Le motif du retrait {why} : dire en quelques mots pourquoi.")
    if last_day < first:
        raise refusals.InvalidPermit(f"Il commence le {row.valid_from:%d/%m/%Y} : choisir un jour qui n'est pas avant.")
    if row.valid_to is not None and last_day > row.valid_to:
        raise refusals.InvalidPermit(
            f"Il finit déjà le {row.valid_to:%d/%m/%Y} : pour le prolonger, déposer le nouveau document."
        )
    before = _ending(row)
    row.valid_to = last_day
    if withdraws:
        row.withdrawn_from, row.withdrawn_reason = last_day + timedelta(days=1), tidy(reason or "")
    elif row.withdrawn_from is not None:
        row.withdrawn_from = min(row.withdrawn_from, last_day + timedelta(days=1))
    if _ending(row) != before:
        key = f"{owner.slug} {row.kind} {row.number}"
        trace = traced(viewer, HygienePermit.__tablename__, key, before, _ending(row))
        session.add(trace)
        await session.flush()
        return EndedPermit(owner, row, trace.id)
    return EndedPermit(owner, row, None)


def _ending(row: HygienePermit) -> dict[str, str | None]:
    days = {"valid_to": row.valid_to, "withdrawn_from": row.withdrawn_from}
    told = {name: None if day is None else day.isoformat() for name, day in days.items()}
    return told | {"reason": row.withdrawn_reason}


def _told(wish: CertificateWish | PermitWish) -> dict[str, str | int | bool | None]:
    return {
        name: value.isoformat() if isinstance(value := getattr(wish, name), date) else value
        for name in type(wish).__slots__
    }
