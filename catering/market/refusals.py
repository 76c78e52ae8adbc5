"""Why the market says no: each class is one reason, its message says in French what to do."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

from catering import refusal
from catering.cells import Fault
from catering.figures import short
from catering.refusal import Refusal

SHOWN_FAULTS = 10
"""Lines named in the message itself; the list holds them all."""


class Certified(Protocol):
    """What the message of an expired certificate tells of it."""

    @property
    def number(self) -> str:
        """Of the certificate."""

    @property
    def valid_from(self) -> date:
        """First day."""

    @property
    def valid_to(self) -> date | None:
        """Last day."""


class NotAllowed(refusal.NotAllowed):
    """Only who sells as a supplier changes what it offers."""

    def __init__(self) -> None:
        super().__init__(
            "Seul le fournisseur peut modifier sa fiche et ses offres. Se connecter avec le compte qui vend en son nom."
        )


class MayNotRegister(refusal.NotAllowed):
    """A buyer or a controller registers no supplier."""

    def __init__(self) -> None:
        super().__init__("Seul un compte de producteur, de plateforme ou du Département peut inscrire un fournisseur.")


class UnknownSupplier(Refusal):
    """No supplier of this id that the viewer may read."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"Aucun fournisseur « {slug} » n'est à vous. Vérifier l'identifiant.")


class UnknownOffer(Refusal):
    """Some ids name no offer of the viewer."""

    def __init__(self, slugs: Sequence[str]) -> None:
        super().__init__(f"Aucune offre à vous ne porte l'identifiant {', '.join(slugs)}. Vérifier ces identifiants.")


class UnknownDocument(Refusal):
    """No document of this number that the viewer may use, or of another kind than needed."""

    def __init__(self, number: str, wanted: str) -> None:
        super().__init__(
            f"Le document {number} n'est pas {wanted} que vous ayez envoyé. L'envoyer d'abord (/documents)."
        )


class InvalidSupplier(Refusal):
    """What is said of a supplier cannot be; the message names the field and the repair."""


class SiretRefused(Refusal):
    """The SIRET is no SIRET."""

    def __init__(self, given: str) -> None:
        super().__init__(
            f"Le SIRET « {given} » n'existe pas : sa clé est fausse ou il n'a pas 14 chiffres. "
            "Le recopier de l'avis de situation de l'Insee."
        )


class AlreadyRegistered(Refusal):
    """Another supplier bears this SIRET or VAT number."""

    def __init__(self, number: str) -> None:
        super().__init__(
            f"Le numéro {number} est déjà inscrit. Demander à l'administration du Département d'ouvrir l'accès à ce "
            "fournisseur."
        )


class InvalidCertificate(Refusal):
    """A certificate that proves nothing: unknown label, dates, or number of the certifier."""


class LabelWithoutCertificate(Refusal):
    """A label is claimed without a certificate of it."""

    def __init__(self, label: str) -> None:
        super().__init__(
            f"Le signe « {label} » est annoncé sans certificat. Déposer le certificat du fournisseur, ou retirer le "
            "signe."
        )


class CertificateNotValid(Refusal):
    """The certificate does not cover the day."""

    def __init__(self, label: str, certificate: Certified, on: date) -> None:
        end = "" if certificate.valid_to is None else f" au {certificate.valid_to:%d/%m/%Y}"
        super().__init__(
            f"Le certificat {certificate.number} du signe « {label} » vaut du {certificate.valid_from:%d/%m/%Y}{end}, "
            f"pas le {on:%d/%m/%Y}. Déposer le certificat en cours, ou retirer le signe."
        )


class InvalidPermit(Refusal):
    """An approval or a dérogation that cannot be: number, dates or distance."""


class NoHygienePermit(Refusal):
    """Products of animals without approval nor dérogation (HYG-01)."""

    def __init__(self, product: str, on: date) -> None:
        super().__init__(
            f"Livrer à une cantine ({product}) demande un agrément sanitaire ou une dérogation en cours le "
            f"{on:%d/%m/%Y} (HYG-01). Le fournisseur doit déposer l'un ou l'autre."
        )


class NotUnderDerogation(Refusal):
    """A product that the dérogation leaves out (HYG-03)."""

    def __init__(self, product: str) -> None:
        super().__init__(
            f"La dérogation ne couvre pas ce produit : {product} (HYG-03). Acheter à un établissement agréé."
        )


class TooFarForDerogation(Refusal):
    """Farther than the dérogation allows (HYG-02)."""

    def __init__(self, distance: Decimal, allowed: Decimal) -> None:
        super().__init__(
            f"La cuisine est à {short(distance)} km à vol d'oiseau ; la dérogation s'arrête à {short(allowed)} km "
            "(HYG-02). Acheter à un fournisseur agréé ou plus proche, ou déposer l'accord du préfet."
        )


class WeeklyCapPassed(Refusal):
    """More in a week than the dérogation allows (HYG-02)."""

    def __init__(self, product: str, most: str, beyond_g: int) -> None:
        super().__init__(
            f"La dérogation s'arrête à {most} par semaine pour ce produit : {product} (HYG-02). "
            f"Réduire la commande de {beyond_g} g, ou la reporter d'une semaine."
        )


class EggsWithoutPackingCentre(Refusal):
    """Shell eggs that pass through no approved packing centre (HYG-04)."""

    def __init__(self, on: date) -> None:
        super().__init__(
            f"Les œufs en coquille d'une cantine viennent d'un centre d'emballage agréé, et aucun n'est déclaré le "
            f"{on:%d/%m/%Y} (HYG-04). Le fournisseur doit déclarer celui par lequel passent ses œufs."
        )


class OffersRefused(Refusal):
    """Some lines cannot be offers; nothing was kept. ``faults`` names each, with its line, field and repair.

    ``table`` is where those of a file are fetched as a table.
    """

    def __init__(self, faults: Sequence[Fault], table: str | None = None) -> None:
        self.table = table
        self.faults = tuple(sorted(faults))
        lines = [f"{fault.place}{fault.message} → {fault.repair}" for fault in self.faults[:SHOWN_FAULTS]]
        more = len(self.faults) - len(lines)
        counted = f"{len(self.faults)} faute{'s' if len(self.faults) > 1 else ''} ; rien n'a été enregistré."
        super().__init__("\n".join([counted, *lines, *([f"… et {more} autres."] if more else [])]))


class InvalidSupply(Refusal):
    """A capacity, a template or a holiday that cannot be; the message says how to mend it."""


class InvalidPriceList(Refusal):
    """A price list that cannot be; the message says how to mend it."""
