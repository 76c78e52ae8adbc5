"""Every word of the domain that the code uses is in the glossary, and the glossary explains no word the code forgot."""

import re
from collections import Counter
from dataclasses import is_dataclass
from enum import Enum
from types import ModuleType
from typing import get_args

import pytest

import optimizer.plan as plans
import optimizer.problem as problems
import optimizer.rules as engine
from catering.compliance.cells import CellKind, CellStatus, CellUnit
from catering.db import Base
from catering.declarations.checks import CheckLevel
from catering.declarations.comparing import LineChange
from catering.declarations.models import DeclarationForm
from catering.documents.models import FileKind
from catering.kitchens.models import PriorityEducation
from catering.market.models import DateKind, PermitKind, SaleUnit, SupplierKind, VatRegime
from catering.menus.models import MenuSource
from catering.menus.standings import Trend
from catering.orders.vocabulary import LineReason, OrderEventKind, OrderState
from catering.people.rules import Ceremony, Way
from catering.people.viewer import Role, Scope
from catering.planning.models import RunStatus
from catering.procurement.need import Duty, Level
from catering.procurement.vocabulary import ConsultationStatus, EventKind, GroundKind, Procedure, RevisionRhythm
from catering.purchases.models import LocalDefinition, OriginZone, PurchaseSource
from catering.receiving.rules.checks import ReceptionWarning
from catering.receiving.vocabulary import (
    CreditState,
    Decision,
    DifferenceKind,
    ExpiryKind,
    InvoiceKind,
    InvoiceState,
    MoveKind,
    ReceptionReason,
)
from catering.recipes.vocabulary import Allergen, Family, Frying, IngredientKind, Slot, Technique
from catering.rules import Truth, law
from catering.rules.hygiene import AnimalProduct, ProductCategory
from catering.rules.meals import Standing
from catering.rules.shapes import SHAPES, RuleHead
from catering.rules.temperatures import TemperatureVerdict
from catering.rules.waste_references import ReferenceKind
from catering.tables import all_tables
from catering.waste.rules.duties import DutyState
from catering.waste.vocabulary import (
    ActionKind,
    ActionStatus,
    BiowasteStream,
    FoodGroup,
    KitchenKind,
    Part,
    Service,
    Stage,
    SurplusKind,
    SurplusUse,
    Treatment,
    WasteCause,
)
from tests.docs.pages import CODE, DOCS, first_codes, prose, read
from tests.lints.sources import ROOT, python_files

PAGE = DOCS / "glossary.md"
VOCABULARIES: tuple[type[Enum], ...] = (
    Role, Scope, Way, Ceremony,
    RunStatus, Slot, SupplierKind, Family, Frying, Truth, IngredientKind, Technique, Allergen, PriorityEducation,
    VatRegime, SaleUnit, DateKind, PermitKind, FileKind, ProductCategory, AnimalProduct,
    Procedure, RevisionRhythm, ConsultationStatus, EventKind, GroundKind, Duty, Level,
    LineReason, OrderState, OrderEventKind,
    Decision, ReceptionReason, ReceptionWarning, ExpiryKind, MoveKind, CreditState, InvoiceKind, InvoiceState,
    DifferenceKind, LocalDefinition, OriginZone, PurchaseSource, TemperatureVerdict, MenuSource, Standing, Trend,
    Service, Stage, Part, FoodGroup, WasteCause, KitchenKind, ActionKind, ActionStatus, BiowasteStream, Treatment,
    SurplusKind, SurplusUse, DutyState, ReferenceKind, DeclarationForm, CheckLevel, LineChange, CellKind, CellStatus,
    CellUnit,
)  # fmt: skip
NOT_IN_CODE = {"télédéclaration"}
"""Terms of the law that the rooms to come will use."""


def explained() -> set[str]:
    """Everything in backquotes."""
    return set(CODE.findall(prose(PAGE)))


def tables() -> set[str]:
    """Names of the classes that own a table."""
    all_tables()
    return {mapper.class_.__name__ for mapper in Base.registry.mappers}


def described(module: ModuleType) -> set[str]:
    """Names of the dataclasses that a module of the optimizer defines."""
    found = (each for each in vars(module).values() if isinstance(each, type) and is_dataclass(each))
    return {each.__name__ for each in found if each.__module__ == module.__name__}


def structural_rules() -> set[str]:
    """Ids of the rules that always hold, as docs/problem-format.md lists them."""
    return set(re.findall(r"^\| `([A-Z]+)` \|", read(DOCS / "problem-format.md"), re.MULTILINE))


@pytest.mark.parametrize("vocabulary", VOCABULARIES, ids=lambda kind: kind.__name__)
def test_every_word_of_a_vocabulary_is_explained(vocabulary: type[Enum]) -> None:
    assert {str(word.value) for word in vocabulary} - explained() == set()


def test_every_table_is_explained() -> None:
    assert tables() - explained() == set()


def test_every_rule_kind_bucket_and_set_is_explained() -> None:
    kinds = {kind.kind for kind in get_args(engine.Rule)} | set(SHAPES)
    sets = set(get_args(RuleHead.model_fields["rule_set"].annotation))
    assert (kinds | set(law().tables.buckets) | set(problems.BUCKETS) | sets) - explained() == set()


def test_every_object_of_a_problem_and_a_plan_is_explained() -> None:
    assert (described(problems) | described(plans) | set(get_args(plans.PriceKind))) - explained() == set()


def test_every_structural_rule_is_explained() -> None:
    assert {"MENU", "BOUND"} < structural_rules() <= explained()


def test_no_word_is_explained_twice() -> None:
    assert [word for word, times in Counter(first_codes(read(PAGE))).items() if times > 1] == []


def test_every_word_is_one_the_project_uses() -> None:
    files = [
        *python_files("catering", "optimizer"),
        *ROOT.glob("seeds/build/*.csv"),
        *ROOT.glob("catering/rules/**/*.*ml"),
    ]
    text = "\n".join(read(path) for path in files)
    unused = {word for word in first_codes(read(PAGE)) if not re.search(rf"\b{re.escape(word)}\b", text)}
    assert unused - NOT_IN_CODE == set()
