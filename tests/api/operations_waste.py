"""Variables of the operations of waste, with which each is executed in the tests."""

from typing import Any

from tests.api.dataset import uai

TODAY = "2026-09-01"
PERIOD = {"firstDay": "2026-09-07", "lastDay": "2026-09-11"}
KITCHEN = {"kitchen": uai(0)}
BIN = {
    "key": "9a1f-tablette-1", "day": TODAY, "stage": "PLATES", "part": "UNSORTED", "grossG": 9_500, "tareG": 500,
    "notedAt": "2026-09-01T07:40:00+00:00", "dish": "main_00", "cause": "DISLIKED",
}  # fmt: skip
DIAGNOSTIC = {
    "base": 1, "writtenOn": TODAY, "pilot": "Gestionnaire", "team": "Chef, infirmière",
    "situation": "On jette moins de légumes.", "measuredFrom": "2026-03-02", "measuredTo": "2026-03-09",
    "findings": [{"cause": "DISLIKED", "seen": "Épinards", "stage": "PLATES"}],
    "actions": [
        {"kind": "PORTIONS", "what": "Petite et grande faim", "who": "Chef", "dueOn": "2026-10-01"},
        {
            "kind": "TRAINING", "what": "Cuisson des légumes", "who": "Chef", "dueOn": "2026-07-01", "status": "DONE",
            "doneOn": "2026-07-01",
        },
    ],
}  # fmt: skip
SITE = {
    "kind": "EHPAD", "mealsPerDay": 3_001, "mealsPerYear": 42_000, "baseYear": 2019, "baseGPerCover": "120.5",
    "biowasteSortedSince": "2024-01-01",
}  # fmt: skip
ESTABLISHMENT = {
    "finess": "620103440", "name": "EHPAD des Tilleuls", "kind": "EHPAD", "address": "2 rue des Tilleuls",
    "postcode": "62000", "insee": "62041", "epci": "CU d'Arras", "residents": 80, "budgetEurPerMeal": "2.60",
}  # fmt: skip
SURPLUS = {
    "kind": "HOT_DISH", "madeOn": TODAY, "servedOn": TODAY, "exposed": False, "traced": True, "cooledMinutes": 95,
    "cooledToC": "8", "storedAtC": "3",
}  # fmt: skip
COLLECTED = {
    "key": "9a1f-bordereau-1", "day": TODAY, "stream": "BIOWASTE", "treatment": "METHANISATION", "quantity": 42_000,
    "collector": "Collecteur", "slip": "B2",
}  # fmt: skip

VARIABLES: dict[str, dict[str, Any]] = {
    "chef/RecordWeighings": {**KITCHEN, "entries": [BIN], "idempotencyKey": "0f2c8f5e-weigh"},
    "chef/CorrectWeighing": {
        "weighingId": "1", "why": "Mauvais bac", "instead": {**BIN, "key": "9a1f-tablette-2"},
        "idempotencyKey": "0f2c8f5e-correct-weighing",
    },
    "chef/NoteCovers": {**KITCHEN, "day": TODAY, "prepared": 310, "served": 300, "idempotencyKey": "0f2c8f5e-covers"},
    "chef/PlanCampaign": {
        **KITCHEN, "firstDay": "2026-10-05", "lastDay": "2026-10-12", "idempotencyKey": "0f2c8f5e-campaign",
    },
    "chef/CancelCampaign": {"campaignId": "1", "why": "Grève", "idempotencyKey": "0f2c8f5e-cancel-campaign"},
    "chef/Weighings": {**PERIOD, "first": 100},
    "chef/WeighingCampaigns": {"first": 100},
    "chef/ServiceCovers": {**KITCHEN, **PERIOD},
    "chef/WasteResult": {**KITCHEN, **PERIOD},
    "chef/WriteWasteDiagnostic": {**KITCHEN, "diagnostic": DIAGNOSTIC, "idempotencyKey": "0f2c8f5e-diagnostic"},
    "chef/WasteDiagnostic": KITCHEN,
    "chef/StateWasteSite": {**KITCHEN, "site": SITE, "idempotencyKey": "0f2c8f5e-site"},
    "administrator/RegisterEstablishment": {"establishment": ESTABLISHMENT, "idempotencyKey": "0f2c8f5e-finess"},
    "chef/RecordDonation": {
        **KITCHEN, "association": "Secours", "proposedOn": TODAY, "idempotencyKey": "0f2c8f5e-donation",
    },
    "chef/RecordBiowaste": {**KITCHEN, "collected": COLLECTED, "idempotencyKey": "0f2c8f5e-biowaste"},
    "chef/TakeBackBiowaste": {"noteId": "1", "idempotencyKey": "0f2c8f5e-take-back"},
    "chef/WasteFile": {**KITCHEN, "on": TODAY, "first": 100},
    "chef/SurplusAdvice": {**KITCHEN, "surplus": SURPLUS, "on": "2026-09-02"},
    "nutrition/WasteLesson": {"number": "1", "first": 100},
    "nutrition/PortionProposals": {"first": 100},
    "nutrition/PortionComparison": {"dish": "starter_00", "on": TODAY},
    "nutrition/DrawWasteLesson": {
        "firstDay": "2026-03-01", "lastDay": TODAY, "idempotencyKey": "0f2c8f5e-lesson",
    },
    "nutrition/DecidePortion": {
        "dish": "main_00", "servedG": 150, "validFrom": "2026-10-01", "reason": "Il en revient",
        "idempotencyKey": "0f2c8f5e-portion",
    },
    "nutrition/TakeBackPortion": {
        "changeId": "1", "lastDay": "2026-09-30", "why": "Trop peu", "idempotencyKey": "0f2c8f5e-portion-back",
    },
    "nutrition/WasteDeclaration": {**KITCHEN, **PERIOD},
    "chef/CoversForecast": {**KITCHEN, **PERIOD},
    "chef/AnnounceAttendanceEvent": {
        **KITCHEN, "kind": "TRIP", "firstDay": "2026-09-07", "lastDay": "2026-09-08", "difference": -25,
        "note": "Sortie", "confirmed": True, "idempotencyKey": "0f2c8f5e-attendance-event",
    },
    "chef/WithdrawAttendanceEvent": {"eventId": "1", "idempotencyKey": "0f2c8f5e-withdraw-event"},
    "administrator/Establishments": {"finess": "620103440", "first": 100},
    "administrator/WasteView": {"by": "KITCHEN", **PERIOD, "first": 100},
}  # fmt: skip
