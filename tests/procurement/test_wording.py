"""Wording by which a buyer asks for a place is found, and where food is delivered to is not."""

from datetime import date

import pytest

from catering.procurement.criteria import advice_on_declared, advice_on_signs, advice_on_words, check_wording
from catering.procurement.wording import Kind, conditions, doubts
from catering.rules.procurement import procurement_law

ON = date(2026, 9, 1)
CONDITIONS = (
    ("Carottes locales", "locales"), ("Produits locaux", "locaux"), ("Acheter du local", "local"),
    ("Légumes du coin", "du coin"), ("Carottes du Pas-de-Calais", "pas-de-calais"),
    ("CAROTTES DU PAS-DE-CALAIS", "pas-de-calais"), ("Carottes des Hauts-de-France", "hauts-de-france"),
    ("Pommes de la région", "région"), ("Pain de nos boulangers du département", "département"),
    ("Poulets élevés dans le Nord", "nord"), ("Carottes, producteurs à moins de 50 km", "km"),
    ("Rayon de trente kilomètres", "kilomètres"), ("distance < 50 km", "distance"),
    ("Carottes françaises", "françaises"), ("Carottes origine France", "france"),
    ("Viande née, élevée et abattue en France", "france"), ("Carottes, circuit de proximité", "proximité"),
    ("Carottes du terroir artésien", "artésien"), ("Carottes, ferme voisine", "voisine"),
    ("Carottes d'Arras", "Arras"), ("carottes d’arras", "Arras"), ("Pommes de terre de Saint-Omer", "Saint-Omer"),
    ("C a r o t t e s l o c a l e s", "locales"), ("l.o.c.a.l", "local"), ("Carottes L O C A L E S", "locales"),
    ("Réservé aux producteurs de la communauté urbaine d'Arras", "Arras"),
    ("Offre retenue car le producteur est à Lens", "Lens"), ("Offre écartée car elle n'est pas locale", "locale"),
    ("Oui. Seuls les maraîchers de l'Artois peuvent répondre.", "artois"),
    ("Sans condition de prix, légumes locaux", "locaux"),
    ("Quelle que soit la saison, producteurs du Pas-de-Calais", "pas-de-calais"), ("Carottes à 50 kms au plus", "kms"),
    ("Carottes made in France", "made in"), ("Producteurs du 62", "du 62"), ("Fermes situées dans le 62", "dans le 62"),
    ("Producteurs à 50 000 mètres", "mètres"), ("Temps de trajet inférieur à 1 h", "temps de trajet"),
    ("Carottes Arras", "Arras"), ("carottes arras", "Arras"), ("CAROTTES ARRAS", "Arras"), ("Arras, carottes", "Arras"),
    ("Carottes Saint-Omer, calibre 20", "Saint-Omer"), ("Endives Artois", "artois"), ("Pommes Normandie", "normandie"),
    ("Carottes de Rivière", "Rivière"), ("Biscuits de Marquise", "Marquise"), ("Viande bovine France", "france"),
    ("Lait Boulogne-sur-Mer", "Boulogne-sur-Mer"),
    ("Collège de Lens. Légumes de Lens.", "Lens"), ("Repas du collège, légumes du Boulonnais", "boulonnais"),
    ("Pommes de la Sarthe", "Sarthe"), ("Lentilles Lozère", "Lozère"), ("Fraises du Cher", "Cher"),
    ("Endives, producteurs de Lille", "Lille"), ("Salades d'Amiens", "Amiens"), ("Biscuits de Tours", "Tours"),
    ("Volailles de la Drôme", "Drôme"), ("Bananes de la Réunion", "Réunion"), ("Mâche nantes", "Nantes"),
    ("Carottes à moins d'une heure de route d'Arras", "heure de route"),
    ("Carottes à moins d'une heure de route d'Arras", "Arras"),
    ("Ferme à moins de 50km", "km"), ("50kms maximum", "kms"), ("Légumes 0km", "km"), ("Légumes km0", "km"),
    ("À 30min de route", "min de route"), ("À moins d'1h de route", "h de route"),
    ("Carottes à 30 minutes de route du collège", "minutes de route"), ("Carottes à 1 h de route", "h de route"),
    ("Livrées au collège, à une demi-heure de trajet", "heure de trajet"),
    ("Ferme à moins de vingt minutes en voiture", "en voiture"), ("Carottes du voisinage", "voisinage"),
    ("Temps de transport inférieur à une heure", "temps de transport"),
    ("durée de trajet de moins d'une heure", "durée de trajet"), ("À 30 km à vol d'oiseau", "vol d'oiseau"),
    ("Sans produits d'autres régions", "autres régions"), ("Ne viennent pas d'une autre région", "autre région"),
    ("Ne pas livrer de produits provenant d'autres départements", "autres départements"),
    ("Aucun légume d'un autre département", "autre département"), ("Pas de viande étrangère", "viande étrangère"),
    ("Légumes de la ferme, pas d'ailleurs", "pas d'ailleurs"), ("Pommes ne venant pas de l'étranger", "l'étranger"),
    ("Légumes, zéro importation", "importation"), ("Viande non importée", "importée"),
    ("Fermes qui ne sont pas éloignées", "pas éloignées"), ("Producteurs du code postal 62", "code postal"),
)  # fmt: skip
INNOCENT = (
    "Ail fumé d'Arleux (IGP ou équivalent)", "Volailles de Licques IGP ou équivalent", "Pomme de terre de Merville",
    "Camembert de Normandie AOP ou équivalent", "Emmental français Est-Central IGP ou équivalent", "Lingot du Nord",
    "Choux de Bruxelles", "Petits pois à la française", "Saucisse de Toulouse", "Champignons de Paris",
    "Légumes pour les collèges du Pas-de-Calais", "Denrées pour le collège de Lens", "Collège Anatole France, légumes",
    "Repas servis aux élèves du département", "Conseil départemental : règlement à 30 jours",
    "Le Département paie les factures à 30 jours", "Pommes Charlotte, récoltées moins de 48 h avant livraison",
    "Aucune condition de distance ni d'origine locale n'est posée", "Quelle que soit la région du producteur",
    "Offre la moins chère et la plus fraîche", "Approvisionnement direct, un intermédiaire au plus",
    "Circuit court : un intermédiaire au plus", "Endives de saison, cagettes de 5 kg", "Pain bio, farine de blé",
    "Livraison dans les locaux du collège", "Sans condition d'origine, de distance ou de région",
    "Le plus proche de la date de péremption", "Fromage de pays", "Viande de race Rouge flamande", "Lot de 62 pièces",
    "Vache Bleue du Nord", "Chou de Saint-Omer", "Truite de rivière", "Yaourt à teneur réduite en sucres",
    "Selle d'agneau, selles entières", "Louches et ustensiles", "Pommes de pommier haute tige", "Maroilles AOP",
    "Comté AOP ou équivalent", "Fraises, variété Marquise", "Camembert de Normandie", "Collège Jean Moulin Arras",
    "Moutarde de Dijon", "Carottes de Nantes", "Jambon de Bayonne IGP ou équivalent", "Huître creuse, calibre 3",
    "Lot 2 : crème grasse, le moins cher", "Offre du Lot 2", "Carottes var. Touchon", "Paris-Brest, 12 parts",
    "Qu'une personne vienne à la réunion", "Tripes à la mode de Caen", "Poêlée de 3 tours de main",
    "TRUITE DE RIVIERE", "Marché 2027, collège d'Arras",
    "Livraison 12 route d'Arras, une heure avant le service", "Livraison au collège, temps de transport compris",
    "Lentilles triées, sans corps étrangers", "Date limite la plus éloignée possible",
    "Quelle que soit la région, aucune condition d'importation ni d'origine",
)  # fmt: skip
ADDRESSES = (
    "Livraison au collège, 12 rue de Lens, 62000 Arras, avant 9 h", "62000 Arras",
    "Quai de livraison à Arras, le mardi",
    "Dans les locaux du collège, entrée à proximité du stade", "Collège Anatole France, Calais",
    "Tous les collèges du département", "Franco de port, au local de stockage", "À Lens et à Liévin, le matin",
    "Quai : accès en voiture par la route de Lens", "Froid tenu pendant la durée du transport",
    "45 route d'Arras, Lens",
)  # fmt: skip
RESERVED = (
    ("Réservé aux fermes du Pas-de-Calais à moins de 50 km", "km"), ("Livraison par un producteur local", "local"),
    ("Livraison depuis moins de 30 km", "km"), ("Livré au collège par des fermes d'Arras", "Arras"),
    ("À Lens, par des producteurs du département", "département"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "word"), CONDITIONS)
def test_a_place_or_a_distance_as_a_condition_is_found(text: str, word: str) -> None:
    assert word in conditions(text, Kind.GOODS, ON)


@pytest.mark.parametrize("text", INNOCENT)
def test_names_addresses_and_other_conditions_are_let_through(text: str) -> None:
    assert conditions(text, Kind.GOODS, ON) == []


@pytest.mark.parametrize("text", ADDRESSES)
def test_where_to_deliver_is_no_condition(text: str) -> None:
    assert conditions(text, Kind.DELIVERY, ON) == []


@pytest.mark.parametrize(("text", "word"), RESERVED)
def test_a_condition_written_among_the_delivery_is_found(text: str, word: str) -> None:
    assert word in conditions(text, Kind.DELIVERY, ON)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Fraises, variété Marquise", ["Marquise"]),
        ("Truites Rivière du matin", ["Rivière"]),
        ("Marquise au chocolat", []),
        ("Truite de rivière, marquise", []),
        ("TRUITE RIVIERE", []),
        ("Livraison au collège Marquise", []),
        ("Carottes Arras", []),
    ],
)
def test_a_word_that_may_be_a_place_is_doubted(text: str, words: list[str]) -> None:
    assert doubts(text, ON) == words


def test_what_is_also_a_word_is_a_place() -> None:
    tables = procurement_law()
    places = {row.name for row in tables.communes_on(ON)} | {row.word for row in tables.geographic_words_on(ON)}
    assert {row.name for row in tables.common_words_on(ON)} <= places


def test_every_departement_but_those_that_say_nothing_alone_is_known() -> None:
    """« lot » is a part of a market, the Manche is a sea too."""
    named = [row for row in procurement_law().geographic_words_on(ON) if row.note == "Département"]
    assert len(named) == 101 - len({"Lot", "Manche"}) - len({"Nord", "Pas-de-Calais", "Somme", "Aisne", "Oise"})


def test_before_the_law_known_nothing_is_found() -> None:
    assert conditions("Carottes locales", Kind.GOODS, date(2019, 12, 31)) == []


def test_a_doubtful_word_is_told_and_not_refused() -> None:
    check_wording(["Fraises, variété Marquise"], ON)
    assert advice_on_words(["Fraises", "Fraises, variété Marquise"], ON) == [
        "« Marquise » est aussi une commune : si c'est le lieu d'où vient le produit, l'ôter (CCP-01)."
    ]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Viande bovine VBF", "VBF"), ("Porc VPF", "VPF"), ("Carottes de la marque Saveurs en'Or", "Saveurs en'Or"),
        ("Légumes d'un producteur adhérent Approlocal", "Approlocal"), ("Produits du PAT", "PAT"),
        ("Carottes cultivées près de chez nous", "chez nous"), ("Ferme à 20 minutes", "à 20 minutes"),
        ("Carottes débarquées à Boulogne", "Boulogne"), ("Légumes du Touquet", "Touquet"),
        ("Pommes de terre d'Hénin", "Hénin"), ("Carottes d'Aire", "Aire"), ("Endives de la Lys", "la Lys"),
        ("Légumes des Weppes", "Weppes"), ("Endives à 50 bornes", "bornes"), ("Producteurs nordistes", "nordistes"),
    ],
)  # fmt: skip
def test_places_by_the_words_that_buyers_use_are_found(text: str, word: str) -> None:
    assert word in conditions(text, Kind.GOODS, ON)


@pytest.mark.parametrize(
    "text",
    ["Surface : aire de 2 ha", "Viande hachée, cuite en 20 minutes", "Pâte feuilletée, 50 pièces", "Fleur de lys"],
)
def test_words_that_look_like_them_are_let_through(text: str) -> None:
    assert conditions(text, Kind.GOODS, ON) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Maroilles AOP", ["Maroilles", "aop"]),
        ("Carottes Label Rouge exclusivement", ["label rouge"]),
        ("Maroilles AOP ou équivalent", []),
        ("Carottes bio ou équivalentes", []),
        ("Pain de pays", []),
        ("Carottes", []),
    ],
)
def test_a_sign_asked_without_its_equivalent_is_advised(text: str, words: list[str]) -> None:
    advice = advice_on_signs([text], ON)
    assert [each.split(" » ")[0].removeprefix("« ") for each in advice] == sorted(words)
    assert all("ou équivalent" in each for each in advice)


def test_what_is_declared_without_a_proof_is_said_to_be() -> None:
    (told,) = advice_on_declared(["price", "organic_or_siqo", "fair_pay"], ON)
    assert "Rémunération équitable" in told
    assert "avant d'attribuer" in told
