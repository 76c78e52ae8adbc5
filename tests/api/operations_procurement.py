"""Variables of the operations of procurement, with which each is executed in the tests."""

from typing import Any

from tests.api.dataset import uai
from tests.api.dataset_procurement import AWARDED, CLOSED, COUNTED_ON, DRAFT, OPEN, OPENED, QUESTION, tender_number

REASON = "L'offre la mieux classée selon les critères publiés."
NEED = {
    "kitchen": uai(0),
    "title": "Légumes racines",
    "lots": [
        {
            "title": "Racines",
            "estimatedEur": "900.00",
            "lines": [
                {"kitchen": uai(0), "ingredient": "ingredient_03", "product": "Carottes", "quantityG": "250000"},
                {"kitchen": uai(0), "ingredient": "ingredient_04", "product": "Panais", "quantityG": "80000"},
            ],
        }
    ],
    "criteria": [{"code": "price", "weight": 40}, {"code": "freshness", "weight": 60}],
    "firstDay": "2099-02-01",
    "lastDay": "2099-04-30",
    "delivery": "Le lundi avant 9 h",
}
CONTRACT = {
    "kitchen": uai(0),
    "members": [uai(0)],
    "number": "2027-L1",
    "title": "Lait",
    "supplier": "ferme_01",
    "procedure": "ADAPTED",
    "startDay": "2027-01-01",
    "endDay": "2027-12-31",
    "minEur": "1000.00",
    "maxEur": "9000.00",
    "lots": [
        {
            "number": 1,
            "title": "Lait",
            "estimatedEur": "9000.00",
            "lines": [
                {
                    "ingredient": "ingredient_00",
                    "product": "Lait entier",
                    "priceEurPerKg": "1.2",
                    "clause": {"index": "INSEE-LAIT", "baseIndex": "100", "fixedShare": "0.15", "rhythm": "QUARTERLY"},
                }
            ],
        }
    ],
}
TENDER = {
    "lines": [{"lineId": str(OPEN), "priceEurPerKg": "1.15"}],
    "facts": [{"code": "freshness", "value": "12"}],
}
VARIABLES: dict[str, dict[str, Any]] = {
    "chef/AwardCriteria": {"on": COUNTED_ON.isoformat()},
    "chef/PurchaseNeeds": {"kitchen": uai(0), "on": COUNTED_ON.isoformat()},
    "administrator/ThresholdAlerts": {"on": COUNTED_ON.isoformat(), "first": 100},
    "chef/Contracts": {"kitchen": uai(0), "on": "2026-10-15", "first": 10},
    "producer/MyContracts": {"on": "2026-10-15", "first": 10},
    "chef/Consultations": {"first": 20},
    "chef/Consultation": {"id": str(OPENED)},
    "producer/OpenConsultations": {"first": 20},
    "producer/ConsultationToAnswer": {"id": str(AWARDED)},
    "chef/DescribeConsultation": {"need": NEED, "idempotencyKey": "0f2c8f5e-describe"},
    "chef/PublishConsultation": {
        "consultationId": str(DRAFT),
        "deadline": "2098-12-31T12:00:00+01:00",
        "idempotencyKey": "0f2c8f5e-publish-need",
    },
    "chef/AnswerQuestion": {
        "consultationId": str(OPEN),
        "questionId": str(QUESTION),
        "answer": "En bidons de 10 litres.",
        "idempotencyKey": "0f2c8f5e-answer",
    },
    "chef/OpenTenders": {"consultationId": str(CLOSED), "idempotencyKey": "0f2c8f5e-open"},
    "chef/SetAsideTender": {
        "consultationId": str(OPENED),
        "tenderId": str(tender_number(OPENED, 1)),
        "ground": "IRREGULAR",
        "reason": REASON,
        "idempotencyKey": "0f2c8f5e-set-aside",
    },
    "chef/AwardConsultation": {
        "consultationId": str(OPENED),
        "tenderId": str(tender_number(OPENED, 1)),
        "reason": REASON,
        "idempotencyKey": "0f2c8f5e-award",
    },
    "chef/CloseConsultation": {"consultationId": str(OPEN), "reason": REASON, "idempotencyKey": "0f2c8f5e-close-need"},
    "chef/RecordContract": {"contract": CONTRACT, "idempotencyKey": "0f2c8f5e-contract"},
    "chef/AmendContract": {
        "contractId": "1",
        "amendment": {
            "day": "2027-01-01",
            "reason": "Hausse durable du coût de l'aliment du bétail.",
            "endDay": "2028-12-31",
            "maxEur": "12000.00",
            "prices": [{"lineId": "1", "priceEurPerKg": "1.35"}],
        },
        "idempotencyKey": "0f2c8f5e-amend",
    },
    "chef/TerminateContract": {
        "contractId": "1",
        "day": "2028-01-31",
        "reason": "Le fournisseur cesse son activité de transformation.",
        "idempotencyKey": "0f2c8f5e-terminate",
    },
    "producer/AskQuestion": {
        "consultationId": str(OPEN),
        "supplier": "ferme_01",
        "question": "À quelle heure livrer ?",
        "idempotencyKey": "0f2c8f5e-ask",
    },
    "producer/SubmitTender": {
        "consultationId": str(OPEN),
        "supplier": "ferme_01",
        "tender": TENDER,
        "idempotencyKey": "0f2c8f5e-submit",
    },
    "producer/WithdrawTender": {
        "consultationId": str(OPEN),
        "supplier": "ferme_01",
        "idempotencyKey": "0f2c8f5e-withdraw-tender",
    },
    "administrator/RecordIndexValues": {
        "csv": "index,day,value\nINSEE-LAIT,2026-12-15,112.5\n",
        "idempotencyKey": "0f2c8f5e-index",
    },
}
