"""Why procurement says no: each class is one reason, its message says in French what to do."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from catering import refusal
from catering.figures import round_euros
from catering.procurement.clock import in_words
from catering.procurement.need import Standing
from catering.refusal import Refusal


class NotBuyer(refusal.NotAllowed):
    """Only who buys for a collège may do this."""

    def __init__(self) -> None:
        super().__init__("Seul le gestionnaire du collège acheteur peut faire cela : lui demander.")


class NotSupplier(refusal.NotAllowed):
    """Only a registered supplier may do this."""

    def __init__(self) -> None:
        super().__init__("Seul un fournisseur inscrit peut faire cela : se connecter avec son compte de fournisseur.")


class NotAdministration(refusal.NotAllowed):
    """Only the administration of the Département may do this."""

    def __init__(self) -> None:
        super().__init__("Seule l'administration du Département saisit les valeurs des indices de prix.")


class UnknownBuyer(Refusal):
    """Some UAI name no kitchen the viewer buys for."""

    def __init__(self, uais: Sequence[str]) -> None:
        super().__init__(f"Aucun de vos collèges ne porte l'UAI {', '.join(uais)}. Vérifier ces identifiants.")


class UnknownGoods(Refusal):
    """An ingredient, an offer or a supplier that is not on the market."""

    def __init__(self, what: str, names: Sequence[str]) -> None:
        super().__init__(f"{what} inconnu : {', '.join(names)}. Le choisir dans la liste du marché.")


class UnknownConsultation(Refusal):
    """No consultation of this number that the viewer may read."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Aucune consultation n'a le numéro {number}.")


class UnknownTender(Refusal):
    """No offer of this number that stands in the consultation."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Aucune offre en cours n'a le numéro {number} dans cette consultation.")


class UnknownConsultationLot(Refusal):
    """The consultation has no lot of this number."""

    def __init__(self, lot: int, number: int) -> None:
        super().__init__(f"La consultation {number} n'a pas de lot {lot} : choisir un de ses lots.")


class UnknownQuestion(Refusal):
    """No question of this number that waits for an answer."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Aucune question sans réponse n'a le numéro {number}.")


class InvalidConsultation(Refusal):
    """The need is not described as it must be; the message says what to change."""


class InvalidTender(Refusal):
    """The offer does not answer the consultation; the message says what to change."""


class InvalidContract(Refusal):
    """The contract is not one the law allows, or contradicts itself; the message says what to change."""


class UnknownContract(Refusal):
    """No contract of this number that the viewer may read."""

    def __init__(self, number: int) -> None:
        super().__init__(f"Aucun marché n'a le numéro {number}. Le choisir dans la liste des marchés.")


class ContractOver(Refusal):
    """The contract has ended, by its last day or by a résiliation: nothing of it changes any more."""

    def __init__(self, number: str, end: date, *, terminated: bool) -> None:
        how = f"est résilié au {end:%d/%m/%Y}" if terminated else f"est fini depuis le {end:%d/%m/%Y}"
        super().__init__(f"Le marché {number} {how} : il ne change plus. Passer un nouveau marché.")


class BelowOrdered(Refusal):
    """The maximum would fall below what is ordered already."""

    def __init__(self, number: str, ordered: Decimal) -> None:
        super().__init__(
            f"{round_euros(ordered)} sont déjà commandés sur le marché {number} : un maximum ne descend pas dessous."
        )


class InvalidChange(Refusal):
    """The change of the contract cannot be signed that way; the message says what to change."""


class InvalidIndexValues(Refusal):
    """Some values of indices cannot be read: all of them are named, nothing is written."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("Rien n'est enregistré. Corriger : " + " ; ".join(faults) + ".")


class GeographicCondition(Refusal):
    """A criterion or a condition states a place or a distance (CCP-01)."""

    def __init__(self, words: Sequence[str], allowed: Sequence[str]) -> None:
        super().__init__(
            f"Aucune préférence géographique (CCP-01) : retirer « {' », « '.join(words)} ». "
            "La distance est affichée, jamais notée ; le lieu de livraison se dit, celui du producteur non. Écrire "
            "plutôt un délai entre récolte et livraison, une saison, une variété, un signe « ou équivalent ». "
            f"Critères possibles (CCP-03) : {' ; '.join(allowed)}."
        )


class PlaceNotDenied(Refusal):
    """The question states a place or a distance, and the answer lets it stand as a condition (CCP-01)."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(
            f"La question parle d'un lieu ou d'une distance (« {' », « '.join(words)} ») : tous les fournisseurs la "
            "lisent avec la réponse. Commencer par « Non », par exemple : « Non, aucune condition de lieu ni "
            "de distance (CCP-01). »"
        )


class NobodyWithin(Refusal):
    """The perimeter of the sending reaches nobody, although others sell what is wanted."""

    def __init__(self, km: int, beyond: int) -> None:
        super().__init__(
            f"À moins de {km} km personne ne vend ces produits ; {beyond} fournisseurs inscrits en vendent plus loin. "
            "Agrandir le rayon d'envoi, ou l'ôter : la consultation est alors envoyée à tous."
        )


class CriterionNotAllowed(Refusal):
    """A criterion that is not in the list of those the law lets be compared (CCP-03, CCP-43)."""

    def __init__(self, codes: Sequence[str], allowed: Sequence[str]) -> None:
        super().__init__(
            f"Critère hors liste : {', '.join(codes)} (CCP-43). Choisir parmi (CCP-03) : {' ; '.join(allowed)}."
        )


class AboveThreshold(Refusal):
    """With this purchase the need reaches a threshold from which publicity and competition are due."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(
            f"{standing.message} Cet achat ne peut pas se faire ici ; le découper pour rester sous le seuil est "
            "interdit (CCP-21)."
        )


class WrongStage(Refusal):
    """The consultation is not at the stage at which this can be done."""


class DeadlinePassed(Refusal):
    """The deadline has passed by the clock of the database."""

    def __init__(self, deadline: datetime) -> None:
        super().__init__(f"Trop tard : la date limite était le {in_words(deadline)}. Rien n'a été enregistré.")


class StillSealed(Refusal):
    """The offers cannot be opened before the deadline."""

    def __init__(self, deadline: datetime) -> None:
        super().__init__(f"Les offres restent scellées jusqu'au {in_words(deadline)}. Les ouvrir ensuite.")


class AlreadyDecided(Refusal):
    """The consultation, or the lot of it, has been awarded or closed."""

    def __init__(self, number: int, lot: int | None = None) -> None:
        whole = f"La consultation {number} est déjà attribuée ou close"
        part = f"Le lot {lot} de la consultation {number} est déjà attribué ou clos"
        super().__init__(f"{whole if lot is None else part} : sa décision ne change plus.")


class NotTheBest(Refusal):
    """The published criteria rank another offer first."""

    def __init__(self, tender: int, best: Sequence[int]) -> None:
        super().__init__(
            f"L'offre {tender} n'est pas la première selon les critères publiés : retenir l'offre "
            f"{' ou '.join(map(str, best))}, ou écarter celle-ci en le motivant, ou classer sans suite."
        )


class UnfoundedGround(Refusal):
    """The ground for leaving an offer out does not hold."""

    def __init__(self, ground: str, why: str) -> None:
        super().__init__(
            f"{ground} : {why}. Sans motif prévu par le Code de la commande publique, l'offre est comparée aux autres."
        )


class ReasonMissing(Refusal):
    """A decision needs a written reason that everybody can read; ``why`` says what deceives the eye in it."""

    def __init__(self, least: int, most: int, why: str | None = None) -> None:
        fault = "est obligatoire" if why is None else why
        super().__init__(f"Le motif {fault} : l'écrire en {least} à {most} caractères, il est communiqué.")


class BeyondMaximum(Refusal):
    """The order would pass the maximum of the contract (CCP-32). ``other``: number of a contract that has room."""

    def __init__(self, number: str, left: Decimal, asked: Decimal, other: str | None = None) -> None:
        self.left, self.asked, self.other = left, asked, other
        cure = (
            "Réduire la commande ou passer un nouveau marché."
            if other is None
            else f"Le marché {other} couvre aussi ce produit et y suffit : envoyer d'abord le reste du panier, "
            "puis cette ligne seule, à son prix."
        )
        super().__init__(
            f"Le marché {number} n'a plus que {round_euros(left)} avant son maximum ; {round_euros(asked)} "
            "demandés (CCP-32). "
            f"{cure}"
        )


class BeyondAward(Refusal):
    """The order would pass the amount that was awarded."""

    def __init__(self, consultation: int, left: Decimal, asked: Decimal) -> None:
        self.left, self.asked = left, asked
        super().__init__(
            f"L'attribution de la consultation {consultation} n'a plus que {round_euros(left)} ; "
            f"{round_euros(asked)} demandés. "
            "Réduire la commande ou lancer une consultation."
        )


class BeyondPromise(BeyondAward):
    """Goods under no sign of quality would pass the share that the offer did not promise under one."""

    def __init__(self, consultation: int, left: Decimal, asked: Decimal) -> None:
        self.left, self.asked = left, asked
        Refusal.__init__(
            self,
            f"L'offre retenue de la consultation {consultation} promet une part sous signe de qualité : pour des "
            f"produits sans signe il reste {round_euros(left)} à son prix ; {round_euros(asked)} demandés. "
            "Commander ces produits "
            "sous signe, ou en réduire la quantité.",
        )
