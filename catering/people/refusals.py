"""Why people are told no: each class is one reason, its message says in French what to do."""

from collections.abc import Collection

from catering import refusal
from catering.people.viewer import Role
from catering.refusal import Refusal

FRENCH_ROLES = {
    Role.CHEF: "chef de cuisine",
    Role.GESTIONNAIRE: "gestionnaire",
    Role.PRODUCER: "producteur",
    Role.HUB: "plateforme",
    Role.NUTRITION_MANAGER: "responsable nutrition",
    Role.DEPARTEMENT: "administration du Département",
    Role.AUDITOR: "contrôleur",
}


class NotAllowed(refusal.NotAllowed):
    """Only the administration of the Département keeps the accounts."""

    def __init__(self) -> None:
        super().__init__("Seule l'administration du Département tient les comptes. Lui écrire pour en changer un.")


class InPersonOnly(refusal.NotAllowed):
    """A program with a token, or somebody without an account, asks for what a person with an account does."""

    def __init__(self) -> None:
        super().__init__("Cette action demande d'être connecté soi-même à son compte, sans jeton de logiciel.")


class BadName(Refusal):
    """A name that cannot be kept; the message says why."""


class BadEmail(Refusal):
    """An address that is none, or that imitates another."""


class EmailTaken(Refusal):
    """There is an account of this address."""

    def __init__(self, email: str) -> None:
        super().__init__(f"Un compte existe déjà pour {email}. Lui donner des accès plutôt que d'en ouvrir un second.")


class UnknownAccount(Refusal):
    """No account of this number that the viewer may read."""

    def __init__(self, account_id: int) -> None:
        super().__init__(f"Aucun compte n'a le numéro {account_id}. Reprendre celui de la liste des comptes.")


class OwnAccount(Refusal):
    """An administrator would lock themself out."""

    def __init__(self) -> None:
        super().__init__("On ne bloque pas son propre compte. Demander à un autre administrateur du Département.")


class WrongRole(Refusal):
    """Kitchens go to who buys, suppliers to who sells."""

    def __init__(self, role: Role, what: str) -> None:
        super().__init__(
            f"Un compte de rôle « {FRENCH_ROLES[role]} » n'agit pour aucune {what}. Choisir un autre compte."
        )


class UnknownPlaces(Refusal):
    """Some UAI or suppliers do not exist."""

    def __init__(self, what: str, unknown: Collection[str]) -> None:
        super().__init__(f"{what} : aucun ne porte l'identifiant {', '.join(sorted(unknown))}. Vérifier l'écriture.")


class BadToken(Refusal):
    """A token cannot be made as asked; the message says why."""


class UnknownCredential(Refusal):
    """No token, passkey or session of this number that is the viewer's."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} : aucun de vos comptes n'en a de ce numéro. Reprendre celui de la page du compte.")


class LinkRefused(Refusal):
    """The link was used, is too old, or was never sent. One message for all: a guess learns nothing."""

    def __init__(self) -> None:
        super().__init__(
            "Ce lien a déjà servi ou a plus de 15 minutes. En demander un nouveau, puis l'ouvrir tout de suite."
        )


class TooManyAsked(Refusal):
    """Too many links were asked for, by one client or for one address."""

    def __init__(self) -> None:
        super().__init__(
            "Trop de liens demandés. Chercher le dernier reçu (courrier indésirable compris) ou attendre 15 minutes."
        )


class PasskeyRefused(Refusal):
    """A passkey cannot be registered or does not prove who it is; the message says what to do."""


class ProviderRefused(Refusal):
    """The OpenID Connect provider did not vouch for the person as it must; the message says what to do."""


class SignInImpossible(Refusal):
    """Somebody proved who they are but no open account is theirs."""

    def __init__(self) -> None:
        super().__init__(
            "Aucun compte ouvert ne correspond à cette identité. Demander un accès à l'administration du Département."
        )


class UnknownNotice(Refusal):
    """No page names a notice so."""

    def __init__(self) -> None:
        super().__init__("Aucun avis de ce nom : recharger la page, puis le ranger de nouveau.")
