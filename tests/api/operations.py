"""The stored operations and variables with which each is executed in the tests."""

from datetime import datetime, time
from typing import Any

from catering.moment import PARIS
from catering.people.viewer import Role
from catering.settings import contract_folder
from tests.api import operations_declarations, operations_procurement, operations_waste, operations_web
from tests.api.dataset import MOMENT, MONDAYS, uai
from tests.api.dataset_declarations import FIRST_IMPORT
from tests.api.dataset_market import CSV, PDF, PNG, SOLD
from tests.api.dataset_people import NUMBERS
from tests.api.dataset_purchases import FIRST_FILE, SIRETS

MONDAY = MONDAYS[0].isoformat()
NEXT_MONDAY = MONDAYS[1].isoformat()
RUN = {"runId": "1"}
IDENTITY = {
    "name": "GAEC du Pré Salé", "kind": "PRODUCER", "siret": "732 829 320 00074", "address": "3 rue du Moulin",
    "commune": "Marseille", "insee": "13055", "lat": "43.2965", "lon": "5.3698",
}  # fmt: skip
TERMS = {
    "deliveryWeekdays": ["TUESDAY", "FRIDAY"], "leadDays": 2, "minDropEur": "60.00", "maxKm": 100,
    "deliveryEurPerKgBase": "0.10", "deliveryEurPerKgPer100km": "0.2", "activity": "Maraîchage",
    "vatRegime": "STANDARD",
}  # fmt: skip
OFFER = {
    "ingredient": "ingredient_03", "product": "Poireau de plein champ", "packG": 10_000, "packLabel": "caisse de 10 kg",
    "priceEurPerPack": "14.50", "vatPct": "5.5", "origin": "Licques", "originCountry": "FR",
}  # fmt: skip
MORNING = datetime.combine(MONDAYS[0], time(6), PARIS)
"""Of the first delivery, when its goods leave."""
BASKET = {"kitchen": uai(0), "week": NEXT_MONDAY, "version": 1}
FARM = "ferme_01"
DLC = {"dateKind": "USE_BY", "expiresOn": "2026-09-16"}
"""Of meat, which nobody accepts without it."""
VARIABLES: dict[str, dict[str, Any]] = {
    "administrator/StartPlan": {
        "scenario": {"schoolYear": "2026-27", "weeks": 2},
        "idempotencyKey": "0f2c8f5e-start",
    },
    "administrator/CancelPlan": {"runId": "1", "idempotencyKey": "0f2c8f5e-cancel"},
    "administrator/PublishPlan": {"runId": "1", "idempotencyKey": "0f2c8f5e-publish"},
    "administrator/PlanProgress": RUN,
    "administrator/Accounts": {"first": 100},
    "administrator/Account": {"id": "2"},
    "administrator/InviteAccount": {
        "who": {"email": "Nouvelle@exemple.fr", "name": "Nouvelle", "role": "CHEF", "kitchens": [uai(1)]},
        "idempotencyKey": "0f2c8f5e-invite",
    },
    "administrator/LockAccount": {"accountId": "2", "idempotencyKey": "0f2c8f5e-lock"},
    "administrator/UnlockAccount": {"accountId": "2", "idempotencyKey": "0f2c8f5e-unlock"},
    "administrator/GrantAccess": {"accountId": "2", "kitchens": [uai(2)], "idempotencyKey": "0f2c8f5e-grant"},
    "administrator/WithdrawAccess": {"accountId": "2", "kitchens": [uai(0)], "idempotencyKey": "0f2c8f5e-withdraw"},
    "account/MyAccount": {"first": 100},
    "account/CreateApiToken": {
        "token": {"name": "Logiciel de cuisine", "scopes": ["READ", "ORDERS_WRITE"], "days": 90},
        "idempotencyKey": "0f2c8f5e-token",
    },
    "account/RevokeApiToken": {"tokenId": "6", "idempotencyKey": "0f2c8f5e-revoke"},
    "account/RemovePasskey": {"passkeyId": "6", "idempotencyKey": "0f2c8f5e-passkey"},
    "account/CloseSessions": {"idempotencyKey": "0f2c8f5e-close"},
    "account/PutAwayNotice": {"notice": "certificat:1:watch:2026-12-31", "idempotencyKey": "0f2c8f5e-notice"},
    "account/EndVisit": {"idempotencyKey": "0f2c8f5e-visit"},
    "administrator/PlanOverview": {"first": 100},
    "chef/Dishes": {"first": 100, "attribute": "vegetarian", "on": MONDAY},
    "chef/KitchenWeek": {"uai": uai(0), "monday": MONDAY},
    "chef/Kitchens": {"first": 100},
    "chef/MenuRegister": {"uai": uai(0), "firstDay": MONDAY, "lastDay": NEXT_MONDAY},
    "chef/ChangeMenu": {
        "kitchen": uai(0), "day": MONDAY, "slot": "MAIN", "choices": [{"dish": "main_00"}, {"dish": "main_01"}],
        "idempotencyKey": "0f2c8f5e-change-menu",
    },
    "chef/SwapCandidates": {"kitchen": uai(0), "day": MONDAY, "slot": "MAIN"},
    "chef/SwapDish": {
        "kitchen": uai(0), "day": NEXT_MONDAY, "slot": "MAIN", "instead": "main_00", "dish": "main_01",
        "idempotencyKey": "0f2c8f5e-swap",
    },
    "chef/RecordServed": {
        "kitchen": uai(0), "day": "2026-09-01", "served": [{"slot": "MAIN", "covers": 290}],
        "idempotencyKey": "0f2c8f5e-served",
    },
    "chef/ImportMenus": {"kitchen": uai(0), "document": "8001", "idempotencyKey": "0f2c8f5e-menus"},
    "nutrition/NutritionCheck": {"uai": uai(0), "schoolYear": "2026-27"},
    "nutrition/NutritionGrid": {"schoolYear": "2026-27"},
    "nutrition/ComplianceGrid": {"year": 2026},
    "nutrition/ComplianceAlerts": {"year": 2026, "first": 100},
    "nutrition/RatePurchases": {"uai": uai(0), "rule": "EGA-01", "year": 2026, "first": 100},
    "public/DinersWeek": {"uai": uai(0), "monday": MONDAY},
    "chef/ServiceCalendar": {"uai": uai(0), "firstDay": "2026-09-01", "lastDay": "2026-09-30"},
    "administrator/FirstLook": {"uai": uai(0), "monday": MONDAY},
    "nutrition/IngredientNeeds": {**RUN, "first": 100, "perKitchen": True},
    "nutrition/Ingredients": {"first": 100},
    "nutrition/KitchenRatios": {**RUN, "first": 100},
    "administrator/PlannedCovers": {**RUN, "first": 100},
    "nutrition/RuleResults": {**RUN, "first": 100},
    "producer/Market": {"first": 100, "week": MONDAY},
    "producer/SupplierSourcing": {"id": "ferme_01", "first": 100},
    "administrator/Permits": {"words": None, "first": 100},
    "producer/Suppliers": {"first": 100},
    "producer/RegisterSupplier": {"identity": IDENTITY, "terms": TERMS, "idempotencyKey": "0f2c8f5e-register"},
    "producer/StateSupplierTerms": {"supplier": "ferme_01", "terms": TERMS, "idempotencyKey": "0f2c8f5e-terms"},
    "producer/AddCertificate": {
        "supplier": "ferme_01",
        "certificate": {
            "label": "BIO", "certifier": "FR-BIO-01", "number": "62/1", "validFrom": "2026-01-01",
            "validTo": "2027-12-31", "document": str(PDF),
        },
        "idempotencyKey": "0f2c8f5e-certificate",
    },
    "producer/EndCertificate": {
        "supplier": "ferme_01", "certificate": "certificat_01", "withdrawnFrom": "2026-09-01",
        "reason": "contrôle non conforme", "idempotencyKey": "0f2c8f5e-end-certificate",
    },
    "producer/AddHygienePermit": {
        "supplier": "ferme_01",
        "permit": {
            "kind": "APPROVAL", "number": "FR 62.506.001 CE", "validFrom": "2026-01-01", "document": str(PDF),
        },
        "idempotencyKey": "0f2c8f5e-permit",
    },
    "producer/EndHygienePermit": {
        "supplier": "ferme_01", "permit": "2", "lastDay": "2026-12-31", "idempotencyKey": "0f2c8f5e-end-permit",
    },
    "producer/PauseSupplier": {
        "supplier": "ferme_01", "firstDay": "2027-02-20", "lastDay": "2027-03-07", "reason": "congés",
        "idempotencyKey": "0f2c8f5e-pause",
    },
    "producer/ResumeSupplier": {"supplier": "ferme_01", "pause": "2", "idempotencyKey": "0f2c8f5e-resume"},
    "producer/ListOffers": {"supplier": "ferme_01", "offers": [OFFER], "idempotencyKey": "0f2c8f5e-list"},
    "producer/ChangeOffers": {
        "supplier": "ferme_01", "changes": [{"id": SOLD, "priceEurPerPack": "9.75"}],
        "idempotencyKey": "0f2c8f5e-change",
    },
    "producer/ImportOffers": {"supplier": "ferme_01", "document": str(CSV), "idempotencyKey": "0f2c8f5e-import"},
    "producer/EndOffers": {"offers": [SOLD], "lastDay": "2026-12-31", "idempotencyKey": "0f2c8f5e-end-offers"},
    "producer/AttachToOffer": {
        "offer": SOLD, "photos": [str(PNG)], "allergenDocument": str(PDF), "idempotencyKey": "0f2c8f5e-attach",
    },
    "producer/StateCapacity": {
        "offer": SOLD, "firstDay": "2026-09-07", "lastDay": "2026-12-31", "gramsPerWeek": "200000",
        "idempotencyKey": "0f2c8f5e-capacity",
    },
    "producer/StateAvailability": {
        "offer": SOLD, "months": [{"month": 9, "gramsPerWeek": "100000"}, {"month": 10}],
        "idempotencyKey": "0f2c8f5e-months",
    },
    "producer/FillWeeks": {
        "offer": SOLD, "firstDay": "2026-09-01", "lastDay": "2026-12-31", "idempotencyKey": "0f2c8f5e-fill",
    },
    "producer/OpenPriceList": {
        "supplier": "ferme_01",
        "priceList": {"name": "Collèges d'Arras", "validFrom": "2026-09-01", "kitchens": [uai(0), uai(1)]},
        "prices": [{"offer": SOLD, "priceEurPerPack": "9.00", "since": "2026-09-01"}],
        "idempotencyKey": "0f2c8f5e-open-list",
    },
    "producer/AddPrices": {
        "priceList": "ferme_01__tarif_1",
        "prices": [{"offer": SOLD, "priceEurPerPack": "8.50", "since": "2026-10-01"}],
        "idempotencyKey": "0f2c8f5e-prices",
    },
    "producer/EndPriceList": {
        "priceList": "ferme_01__tarif_1", "lastDay": "2026-12-31", "idempotencyKey": "0f2c8f5e-end-list",
    },
    "producer/SupplierSheet": {"id": "ferme_01", "first": 50},
    "producer/OfferSheet": {"id": SOLD, "first": 100},
    "chef/OffersNearby": {"uai": uai(0), "week": MONDAY, "on": MONDAY, "first": 100},
    "producer/UpcomingNeeds": {"id": "ferme_01", "first": 100},
    **operations_procurement.VARIABLES,
    **operations_waste.VARIABLES,
    **operations_declarations.VARIABLES,
    **operations_web.VARIABLES,
    "chef/Basket": {"uai": uai(0), "week": NEXT_MONDAY},
    "chef/Substitutes": {"uai": uai(0), "week": NEXT_MONDAY, "offer": "offre_000", "day": NEXT_MONDAY},
    "chef/FillBasket": {"basket": BASKET, "idempotencyKey": "0f2c8f5e-fill"},
    "chef/PutBasketLine": {"basket": BASKET, "offer": "offre_001", "packs": 7, "idempotencyKey": "0f2c8f5e-put"},
    "chef/RemoveBasketLine": {
        "basket": BASKET,
        "offer": "offre_001",
        "day": NEXT_MONDAY,
        "idempotencyKey": "0f2c8f5e-remove",
    },
    "chef/SubstituteLine": {
        "basket": BASKET,
        "offer": "offre_005",
        "day": NEXT_MONDAY,
        "by": "offre_bis",
        "idempotencyKey": "0f2c8f5e-substitute",
    },
    "chef/SendBasket": {"basket": BASKET, "idempotencyKey": "0f2c8f5e-send"},
    "chef/KitchenOrders": {"uai": uai(0), "week": MONDAY, "first": 100},
    "chef/OrderStory": {"id": "3"},
    "chef/CancelOrder": {"orderId": "1", "reason": "Grève", "idempotencyKey": "0f2c8f5e-cancel-order"},
    "chef/ReportNotDelivered": {"orderId": "2", "reason": "Personne", "idempotencyKey": "0f2c8f5e-not-delivered"},
    "chef/AnswerChange": {"orderId": "3", "seen": 2, "agreed": True, "idempotencyKey": "0f2c8f5e-answer-change"},
    "chef/StandingOrders": {"uai": uai(0)},
    "chef/StartStandingOrder": {
        "standingOrder": {
            "kitchen": uai(0),
            "offer": "offre_000",
            "packs": 2,
            "weekdays": ["MONDAY", "THURSDAY"],
            "firstDay": "2026-10-05",
            "lastDay": "2027-06-30",
        },
        "idempotencyKey": "0f2c8f5e-standing",
    },
    "chef/StopStandingOrder": {"standingOrderId": "1", "idempotencyKey": "0f2c8f5e-stop-standing"},
    "producer/SupplierOrders": {"id": FARM, "day": MONDAY, "first": 100},
    "producer/HarvestList": {"id": FARM, "firstDay": MONDAY, "lastDay": NEXT_MONDAY},
    "producer/PackingList": {"id": FARM, "day": MONDAY},
    "producer/TourSheet": {"suppliers": [FARM], "day": MONDAY},
    "producer/AcceptOrder": {
        "orderId": "1",
        "packs": [{"position": 1, "packs": 6}],
        "idempotencyKey": "0f2c8f5e-accept",
    },
    "producer/RefuseOrder": {"orderId": "1", "reason": "Gel", "idempotencyKey": "0f2c8f5e-refuse"},
    "producer/ProposeChange": {
        "orderId": "1",
        "packs": [],
        "day": "2026-09-10",
        "reason": "Pluie",
        "idempotencyKey": "0f2c8f5e-propose",
    },
    "producer/PrepareOrder": {"orderId": "2", "idempotencyKey": "0f2c8f5e-prepare"},
    "producer/ShipOrder": {"orderId": "2", "idempotencyKey": "0f2c8f5e-ship"},
    "producer/AnswerCancel": {"orderId": "4", "agreed": True, "idempotencyKey": "0f2c8f5e-answer-cancel"},
    "producer/ReportFailure": {
        "supplier": FARM,
        "day": MONDAY,
        "reason": "Inondation",
        "idempotencyKey": "0f2c8f5e-failure",
    },
    "chef/DeliveryToCheck": {"orderId": "1001", "kitchen": uai(0), "on": MONDAY},
    "chef/ReceiveDelivery": {
        "reception": {
            "orderId": "2",
            "day": "2026-09-01",
            "notedAt": "2026-09-01T08:00:00+00:00",
            "lines": [
                {"position": 1, "decision": "ACCEPTED", "deliveredPacks": 10, "lot": "L1"},
                {"position": 2, "decision": "ACCEPTED", "deliveredPacks": 10, "lot": "L2", "celsius": "2.5", **DLC},
            ],
        },
        "idempotencyKey": "0f2c8f5e-receive",
    },
    "chef/CorrectReception": {
        "lineId": "1",
        "noted": {"decision": "ACCEPTED", "deliveredPacks": 9, "lot": "L1", "celsius": "2.5", **DLC},
        "why": "Une caisse de moins",
        "idempotencyKey": "0f2c8f5e-correct",
    },
    "chef/Receptions": {"first": 100},
    "chef/KitchenStock": {"uai": uai(0), "first": 100},
    "chef/LotsToTake": {
        "kitchen": uai(0),
        "ingredient": "ingredient_02",
        "grams": 4000,
        "menuDay": "2026-09-01",
    },
    "chef/UseStock": {
        "kitchen": uai(0),
        "menuDay": "2026-09-01",
        "used": [{"ingredient": "ingredient_02", "grams": 4000}],
        "idempotencyKey": "0f2c8f5e-use",
    },
    "chef/RecordLoss": {
        "lotId": "1",
        "grams": 500,
        "day": "2026-09-01",
        "why": "Tombé",
        "idempotencyKey": "0f2c8f5e-loss",
    },
    "chef/TransferStock": {
        "lotId": "1",
        "toKitchen": uai(1),
        "grams": 500,
        "day": "2026-09-01",
        "idempotencyKey": "0f2c8f5e-transfer",
    },
    "chef/CountStock": {
        "lotId": "1",
        "countedG": 700,
        "day": "2026-09-01",
        "why": "Inventaire",
        "idempotencyKey": "0f2c8f5e-count",
    },
    "chef/SetTemperatureTolerance": {
        "kitchen": uai(0),
        "category": "MINCED_MEAT",
        "celsius": "1.5",
        "idempotencyKey": "0f2c8f5e-tolerance",
    },
    "chef/EnterInvoice": {
        "invoice": {
            "kitchen": uai(0),
            "supplier": "ferme_00",
            "number": "2026-117",
            "issuedOn": "2026-09-01",
            "totalEur": "10.55",
            "lines": [
                {
                    "product": "Port",
                    "grams": 0,
                    "amountEur": "10.00",
                    "vatPct": "5.5",
                    "vatEur": "0.55",
                },
            ],
        },
        "idempotencyKey": "0f2c8f5e-enter",
    },
    "chef/MatchInvoice": {"invoiceId": "1", "idempotencyKey": "0f2c8f5e-match"},
    "chef/ApproveInvoice": {"invoiceId": "1", "idempotencyKey": "0f2c8f5e-approve"},
    "chef/RejectInvoice": {
        "invoiceId": "1",
        "reason": "Facture saisie deux fois",
        "idempotencyKey": "0f2c8f5e-reject",
    },
    "chef/Invoices": {"first": 100},
    "chef/CreditRequests": {"first": 100},
    "chef/Purchases": {"first": 100},
    "producer/SupplierReceptions": {"first": 100},
    "producer/IssueInvoice": {"orderIds": ["1002"], "issuedOn": "2026-09-01", "idempotencyKey": "0f2c8f5e-issue"},
    "producer/SupplierInvoices": {"first": 100},
    "producer/SupplierCredits": {"first": 100},
    "producer/GrantCredit": {"creditId": "1", "issuedOn": "2026-09-01", "idempotencyKey": "0f2c8f5e-grant"},
    "producer/DeclineCredit": {"creditId": "2", "answer": "Livré conforme", "idempotencyKey": "0f2c8f5e-decline"},
    "nutrition/LotTrace": {"number": "L-2026-36", "first": 100},
    "nutrition/LotsDelivered": {
        "supplier": FARM,
        "firstDay": "2026-09-01",
        "lastDay": "2026-09-01",
        "first": 100,
    },
    "nutrition/LotsServed": {
        "kitchen": uai(0),
        "firstDay": "2026-09-01",
        "lastDay": "2026-09-01",
        "first": 100,
    },
    "chef/EgalimYear": {"uai": uai(0), "year": 2026},
    "chef/EgalimOutlook": {"uai": uai(0), "year": 2026},
    "nutrition/EgalimOfKitchens": {"first": 100, "year": 2026},
    "nutrition/ImportPurchases": {
        "document": str(FIRST_FILE + NUMBERS[Role.DEPARTEMENT]),
        "idempotencyKey": "0f2c8f5e-purchases",
    },
    "nutrition/ImportProgress": {"document": str(FIRST_FILE + NUMBERS[Role.DEPARTEMENT])},
    "nutrition/RegisterCanteen": {
        "uai": uai(0), "siret": SIRETS[0], "cantineId": "949", "idempotencyKey": "0f2c8f5e-canteen",
    },
    "nutrition/StatePatSupply": {
        "supplier": "ferme_01", "project": "PAT de l'Artois", "firstDay": "2026-01-01", "lastDay": "2027-08-31",
        "idempotencyKey": "0f2c8f5e-pat",
    },
    "nutrition/WithdrawImport": {
        "importId": str(FIRST_IMPORT + 1), "reason": "fichier corrigé", "idempotencyKey": "0f2c8f5e-withdraw",
    },
    "public/DishSheet": {"id": "main_00", "on": MONDAY},
}  # fmt: skip
SIGNED = (
    "chef/DescribeConsultation", "chef/PublishConsultation", "chef/AnswerQuestion", "chef/OpenTenders",
    "chef/SetAsideTender", "chef/AwardConsultation", "chef/CloseConsultation", "chef/RecordContract",
    "chef/AmendContract", "chef/TerminateContract", "chef/StateLotQuality", "chef/StateEssentialData",
    "chef/EnterInvoice", "chef/MatchInvoice", "chef/ApproveInvoice", "chef/RejectInvoice",
)  # fmt: skip
"""What the gestionnaire of a kitchen asks, and nobody else."""
STREAMED = {"administrator/PlanProgress", "nutrition/ImportProgress"}


def operations() -> dict[str, str]:
    """Text of each stored operation, by persona and name."""
    folder = contract_folder() / "operations"
    return {
        path.relative_to(folder).with_suffix("").as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.glob("*/*.graphql"))
    }


def moment_of(name: str) -> datetime:
    """When an operation is executed in the tests: goods leave on the day of their delivery."""
    return MORNING if name in ("producer/ShipOrder", "chef/ReportNotDelivered") else MOMENT
