"""The structure « marché » of the State, version 2.0.4, restated as facts: names, types, bounds, words, requirements.

As published by the ministry of economy (139bercy/format-commande-publique, decp-rama); the arrêté of 22 December 2022
asks for the data. Words are written here again on purpose: a wrong one in the tables of law does not pass.
"""

from typing import Any

DAY = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
TEXT, COUNT, AMOUNT = {"type": "string"}, {"type": "integer", "minimum": 1}, {"type": "number", "minimum": 1}
SHARE = {"type": "number", "minimum": 0, "maximum": 1}
YES_NO = {"type": "boolean"}
WHO = ["SIRET", "TVA", "TAHITI", "RIDET", "FRWF", "IREP", "HORS-UE"]


def words(*admitted: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(admitted)}


def closed(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def some(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "uniqueItems": True, "items": of}


def listed(name: str, *admitted: str) -> dict[str, Any]:
    return closed([name], **{name: some(words(*admitted))})


HOLDERS = some(closed(["titulaire"], titulaire=closed(["typeIdentifiant", "id"], typeIdentifiant=words(*WHO), id=TEXT)))
PROPERTIES: dict[str, Any] = {
    "id": {"type": "string", "minLength": 1, "maxLength": 16},
    "acheteur": closed(["id"], id={"type": "string", "pattern": "^[0-9]{14}$"}),
    "nature": words("Marché", "Marché de partenariat", "Marché de défense ou de sécurité"),
    "objet": {"type": "string", "maxLength": 1000},
    "codeCPV": {"type": "string", "pattern": "^[0-9]{8}(-[0-9])?$"},
    "techniques": listed(
        "technique", "Accord-cadre", "Concours", "Système de qualification", "Système d'acquisition dynamique",
        "Catalogue électronique", "Enchère électronique", "Sans objet",
    ),
    "modalitesExecution": listed(
        "modaliteExecution", "Tranches", "Bons de commande", "Marchés subséquents", "Sans objet"
    ),
    "idAccordCadre": {"type": "string", "minLength": 1, "maxLength": 16},
    "marcheInnovant": YES_NO,
    "ccag": words(
        "Travaux", "Maitrise d'œuvre", "Fournitures courantes et services", "Marchés industriels",
        "Prestations intellectuelles", "Techniques de l'information et de la communication", "Pas de CCAG",
    ),
    "offresRecues": COUNT,
    "attributionAvance": YES_NO,
    "tauxAvance": SHARE,
    "typeGroupementOperateurs": words("Conjoint", "Solidaire", "Pas de groupement"),
    "sousTraitanceDeclaree": YES_NO,
    "actesSousTraitance": some({"type": "object"}),
    "procedure": words(
        "Procédure adaptée", "Appel d'offres ouvert", "Appel d'offres restreint", "Procédure avec négociation",
        "Marché passé sans publicité ni mise en concurrence préalable", "Dialogue compétitif",
    ),
    "lieuExecution": closed(
        ["code", "typeCode"],
        code=TEXT,
        typeCode=words(
            "Code postal", "Code commune", "Code arrondissement", "Code canton", "Code département", "Code région",
            "Code pays",
        ),
    ),
    "dureeMois": COUNT,
    "dateNotification": DAY,
    "datePublicationDonnees": DAY,
    "montant": AMOUNT,
    "typesPrix": listed("typePrix", "Définitif ferme", "Définitif actualisable", "Définitif révisable", "Provisoire"),
    "formePrix": words("Unitaire", "Forfaitaire", "Mixte"),
    "origineUE": SHARE,
    "origineFrance": SHARE,
    "titulaires": HOLDERS,
    "considerationsSociales": listed(
        "considerationSociale", "Clause sociale", "Critère social", "Marché réservé", "Pas de considération sociale"
    ),
    "considerationsEnvironnementales": listed(
        "considerationEnvironnementale", "Clause environnementale", "Critère environnemental",
        "Pas de considération environnementale",
    ),
    "modificationsActesSousTraitance": some({"type": "object"}),
    "modifications": some(
        closed(
            ["modification"],
            modification=closed(
                ["id", "datePublicationDonneesModification", "dateNotificationModification"],
                id=COUNT, dateNotificationModification=DAY, datePublicationDonneesModification=DAY, dureeMois=COUNT,
                montant=AMOUNT, titulaires=HOLDERS,
            ),
        )
    ),
}  # fmt: skip
OPTIONAL = {
    "idAccordCadre", "tauxAvance", "actesSousTraitance", "origineUE", "origineFrance",
    "modificationsActesSousTraitance", "modifications",
}  # fmt: skip
MARKET = closed([name for name in PROPERTIES if name not in OPTIONAL], **PROPERTIES)
STRUCTURE = closed(["marches"], marches=closed(["marche"], marche={"type": "array", "items": MARKET}))
