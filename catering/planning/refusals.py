"""Why planning says no: each class is one reason, its message says in French what to do."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from catering import refusal
from catering.refusal import Refusal


class UnknownSchoolYear(Refusal):
    """The database describes no such school year."""

    def __init__(self, asked: str, known: Sequence[str]) -> None:
        years = ", ".join(known) or "aucune ; charger d'abord les données (catering seed)"
        super().__init__(f"L'année scolaire « {asked} » est inconnue. Années connues : {years}.")


class UnknownKitchens(Refusal):
    """Some UAI name no kitchen the viewer may plan."""

    def __init__(self, uais: Sequence[str]) -> None:
        super().__init__(f"Aucune cuisine ne porte l'UAI {', '.join(uais)}. Vérifier ces identifiants (ex. 0620004T).")


class TooMany(Refusal):
    """More kitchens or weeks are asked for than there are."""

    def __init__(self, asked: int, there_are: int, what: str) -> None:
        super().__init__(f"{asked} {what} demandées, mais il n'y en a que {there_are}. Demander {there_are} au plus.")


class NothingToServe(Refusal):
    """A kitchen serves on no day of the scenario."""

    def __init__(self, uais: Sequence[str]) -> None:
        super().__init__(
            f"Aucun jour de service pour {', '.join(uais)} sur la période. "
            "Donner des couverts par jour à ces cuisines ou les retirer du scénario."
        )


class BadAim(Refusal):
    """A weight, a floor or a budget is out of its bounds."""

    def __init__(self, aim: str, value: Decimal, most: Decimal) -> None:
        super().__init__(f"Objectif {aim} : {value:f} ne convient pas, donner plus de 0 et {most:f} au plus.")


class BadDates(Refusal):
    """The plan would begin or end outside of its school year, or before it begins."""

    def __init__(self, first: date, last: date) -> None:
        super().__init__(f"Choisir des jours du {first:%d/%m/%Y} au {last:%d/%m/%Y}, le premier avant le dernier.")


class UnknownStaple(Refusal):
    """What every meal takes names an ingredient that is not in the database."""

    def __init__(self, slug: str) -> None:
        super().__init__(
            f"L'ingrédient « {slug} », pris à chaque repas, est inconnu. Charger les données (catering seed)."
        )


class UnknownRun(Refusal):
    """No run of this number that the viewer may read."""

    def __init__(self, run_id: int) -> None:
        super().__init__(f"Aucun calcul de plan n'a le numéro {run_id}.")


class NotAllowed(refusal.NotAllowed):
    """Only the administration of the Département plans."""

    def __init__(self) -> None:
        super().__init__("Seule l'administration du Département peut lancer, arrêter ou publier un plan.")


class NotPublishable(Refusal):
    """Only a run that made a plan can be published."""

    def __init__(self, run_id: int) -> None:
        super().__init__(f"Le calcul {run_id} n'a pas abouti à un plan : il ne peut pas être publié.")


class NoPlan(Refusal):
    """No published plan buys anything for a kitchen and week."""

    def __init__(self, uai: str, week: date) -> None:
        super().__init__(
            f"Aucun plan publié ne prévoit d'achats pour la cuisine {uai} la semaine du {week:%d/%m/%Y}. "
            "Choisir une autre semaine, ou remplir le panier à la main."
        )


class PlanMoved(Refusal):
    """Another dish, or another plan, is there by now."""

    def __init__(self, uai: str, day: date) -> None:
        super().__init__(f"Le plan de la cuisine {uai} a changé au {day:%d/%m/%Y} : relire la semaine, puis choisir.")


class WeekLocked(Refusal):
    """A week that has begun, or of which something is ordered, is not planned again."""

    def __init__(self, uai: str, week: date, *, ordered: bool) -> None:
        why = "est commandée : annuler d'abord ses bons de commande" if ordered else "a commencé : changer le menu seul"
        super().__init__(f"La semaine du {week:%d/%m/%Y} de la cuisine {uai} {why}.")


class CannotSwap(Refusal):
    """The dish cannot take the place: not of the component, not of the season, or it cannot be bought."""


class NothingToResume(Refusal):
    """No plan is in use from then on."""

    def __init__(self, school_year: str, monday: date) -> None:
        super().__init__(
            f"Aucun plan publié de {school_year} ne couvre la semaine du {monday:%d/%m/%Y} : publier d'abord un plan, "
            "ou choisir une semaine plus tôt."
        )


class TooSoon(Refusal):
    """The week has begun, or orders of it or of later weeks are sent."""

    def __init__(self, monday: date, earliest: date) -> None:
        super().__init__(
            f"La semaine du {monday:%d/%m/%Y} a commencé, ou des commandes sont envoyées pour elle ou après : elles "
            f"sont gardées. Replanifier à partir du {earliest:%d/%m/%Y}."
        )


class BadSupposition(Refusal):
    """What is supposed names nothing that is there, or a number is out of bounds."""
