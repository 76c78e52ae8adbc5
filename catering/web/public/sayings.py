"""What the public page says beside the menus: one thing on taste and one against waste, another pair each week."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Saying:
    """A pair of sentences, for diners."""

    taste: str
    waste: str


SAYINGS = (
    Saying(
        "Un légume inconnu ? Une bouchée suffit pour faire connaissance : le goût vient en goûtant.",
        "Demander une petite portion, puis se resservir : rien n'est jeté et personne n'a faim.",
    ),
    Saying(
        "Sucré, salé, acide, amer : chercher les quatre dans le plateau du jour.",
        "Le pain finit souvent à la poubelle : en prendre un morceau à la fois.",
    ),
    Saying(
        "Un fruit de saison a mûri plus longtemps : le sentir avant de le croquer.",
        "Une pomme tachée est aussi bonne qu'une autre : la tache s'enlève, la pomme se mange.",
    ),
    Saying(
        "Croquant, fondant, moelleux : les textures font la moitié du goût.",
        "Dire à la cuisine ce qui n'a pas plu l'aide plus qu'une assiette pleine : les restes sont pesés et comptés.",
    ),
    Saying(
        "Un plat végétarien réunit souvent céréales et légumes secs : ensemble, ils nourrissent comme la viande.",
        "Prévenir quand on ne déjeune pas : la cuisine ne prépare alors que ce qui sera mangé.",
    ),
    Saying(
        "D'où vient ce que je mange ? L'origine des viandes est écrite sous chaque plat ; la cuisine dit le reste.",
        "Prendre le temps de manger : un repas avalé trop vite laisse de la faim et des restes.",
    ),
)


def saying_of(monday: date) -> Saying:
    """The pair of the week that begins on a Monday."""
    return SAYINGS[monday.toordinal() // 7 % len(SAYINGS)]
