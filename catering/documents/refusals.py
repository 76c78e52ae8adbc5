"""Why a file is not taken: each class is one reason, its message says in French what to do."""

from catering import refusal
from catering.refusal import Refusal

MEGABYTE = 1_000_000


class MayNotSend(refusal.NotAllowed):
    """Who only controls sends nothing."""

    def __init__(self) -> None:
        super().__init__("Un compte de contrôle lit tout et n'envoie rien. Se connecter avec un autre compte.")


class TooLarge(Refusal):
    """More bytes than are taken."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"Fichier trop lourd : {most / MEGABYTE:g} Mo au plus. Réduire l'image, ou scanner avec moins de points "
            "par pouce."
        )


class PhotoTooLarge(Refusal):
    """More bytes in one photo, or in the photos of one form, than are taken."""

    def __init__(self, most: int, together: int) -> None:
        super().__init__(
            f"Photo trop lourde : {most / MEGABYTE:g} Mo au plus par photo, {together / MEGABYTE:g} Mo au plus pour "
            "toutes celles d'un envoi. Choisir une photo plus petite ou enregistrer sans elle : ce qui est noté est "
            "gardé."
        )


class FilesTooLarge(Refusal):
    """More bytes in one paper, or in the papers of one form, than are taken."""

    def __init__(self, most: int, together: int) -> None:
        super().__init__(
            f"Fichier trop lourd : {most / MEGABYTE:g} Mo au plus par fichier, {together / MEGABYTE:g} Mo au plus pour "
            "tous ceux d'un envoi. Choisir un fichier plus petit : ce qui est écrit est gardé."
        )


class EmptyFile(Refusal):
    """No bytes at all."""

    def __init__(self) -> None:
        super().__init__("Le fichier est vide. Vérifier qu'il s'ouvre, puis l'envoyer de nouveau.")


class KindRefused(Refusal):
    """Bytes of no kind that is kept, or a table that is none."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"« {name} » n'est ni un PDF, ni une image (PNG, JPEG, WebP), ni un tableau (CSV, XLSX). L'enregistrer "
            "sous l'un de ces formats, puis l'envoyer de nouveau."
        )


class NameRefused(Refusal):
    """The name of the file deceives the eye."""

    def __init__(self, why: str) -> None:
        super().__init__(f"Le nom du fichier {why}. Le renommer, puis l'envoyer de nouveau.")


class TableRefused(Refusal):
    """A file that is no table that can be read; the message says how to mend it."""


class FormRefused(Refusal):
    """A body that is no form with one file."""

    def __init__(self, field: str) -> None:
        super().__init__(f"Envoyer un seul fichier par formulaire multipart/form-data, dans le champ « {field} ».")
