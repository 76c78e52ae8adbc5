"""The tables of public procurement: homogeneous families, criteria that may be used, price indices, forbidden words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeAlias, TypeVar

from pydantic import ConfigDict, Field, field_validator, model_validator

from catering.figures import number
from catering.rules.book import LAW_FOLDER
from catering.rules.marks import RuleFileError
from catering.rules.shapes import Confidence, Dated
from catering.rules.tables import dated_rows

Rhythm: TypeAlias = Literal["weekly", "monthly", "quarterly"]
Scale: TypeAlias = Literal["lowest", "highest", "yes"]
"""How a criterion is scored: the lowest or the highest value has all points, or a yes has."""
BY_PRICE = "price"
"""Code of the criterion that the prices of an offer answer by themselves."""
DATES = ("valid_from", "valid_to", "source", "confidence")
_Row = TypeVar("_Row", bound="ProcurementRow")


class ProcurementRow(Dated):
    """A dated row of one of these tables."""

    model_config = ConfigDict(strict=False, extra="forbid", frozen=True)

    confidence: Confidence


class HomogeneousFamily(ProcurementRow):
    """A famille homogène of the 15-family nomenclature: what a need is added up by (CCP-20, CCP-22)."""

    code: str = Field(pattern=r"^10\.\d\d$")
    french_name: str = Field(min_length=1)
    raw_material: bool
    """Exposed to the prices of raw materials: a price revision clause is mandatory (CCP-33)."""
    rhythm: Rhythm
    """Suggested rhythm of revision (CCP-33)."""


class FamilyOfKind(ProcurementRow):
    """The family of every ingredient of a kind."""

    kind: str = Field(min_length=1)
    family: str


class FamilyOfIngredient(ProcurementRow):
    """The family of one ingredient that is not that of its kind: frozen, tinned, prepared."""

    ingredient: str = Field(min_length=1)
    family: str


class Criterion(ProcurementRow):
    """A criterion by which offers may be compared (CCP-03). What is not in this table is refused."""

    code: str = Field(pattern=r"^[a-z_]+$")
    french_name: str = Field(min_length=1)
    scale: Scale
    unit: str
    least: Decimal | None = None
    """Bounds and step of an answer, in the unit; none for the price. They are the house's, not the text's: an answer
    nobody can keep would take the points of those who can."""
    most: Decimal | None = None
    step: Decimal | None = None
    rule: str = Field(min_length=1)
    explanation: str = Field(min_length=1)
    proven_by: Literal["label", "declared"] | None = None
    """What an answer above 0 rests on: a certificate of a sign of quality, valid when deliveries begin; or the word of
    its supplier, whose proof the buyer asks for before the award."""

    about: Literal["cost", "environment"] | None = None
    """What the law wants among the criteria: price or cost (CCP-07), environmental characteristics (CCP-08)."""

    @field_validator("proven_by", "about", mode="before")
    @classmethod
    def _nothing_is_none(cls, cell: str) -> str | None:
        return cell or None

    @field_validator("least", "most", "step", mode="before")
    @classmethod
    def _empty_is_none(cls, cell: str) -> str | None:
        return cell or None

    @model_validator(mode="after")
    def _answers_are_bounded(self) -> Criterion:
        bounds = (self.least, self.most, self.step)
        if self.code == BY_PRICE:
            if bounds != (None, None, None):
                raise ValueError("le prix se lit des lignes de l'offre : laisser least, most et step vides")
            return self
        if self.least is None or self.most is None or self.step is None:
            raise ValueError("donner least, most et step : les bornes et le pas des réponses")
        if self.step <= 0 or not 0 <= self.least < self.most or self.least % self.step or self.most % self.step:
            raise ValueError("0 ≤ least < most, multiples de step, un pas au-dessus de 0")
        if self.scale == "lowest" and self.least == 0:
            raise ValueError("le plus petit a tous les points : least au-dessus de 0, sinon 0 les prend à tous")
        return self

    def takes(self, answer: Decimal) -> bool:
        """Whether an answer (in the unit, 1 for a yes) lies within the bounds and on a step; never for the price."""
        if self.least is None or self.most is None or self.step is None or not answer.is_finite():
            return False
        return self.least <= answer <= self.most and answer % self.step == 0

    @property
    def answers(self) -> str:
        """What may be answered, in French; empty for the price."""
        if self.scale == "yes":
            return "1 pour oui, 0 pour non"
        if self.least is None:
            return ""
        least, most, step = (number(each or Decimal()) for each in (self.least, self.most, self.step))
        return f"de {least} à {most} {self.unit}, par pas de {step}"


class GroundToSetAside(ProcurementRow):
    """A ground of the Code for leaving an opened offer out of the comparison."""

    code: str = Field(pattern=r"^[a-z_]+$")
    french_name: str = Field(min_length=1)
    article: str = Field(min_length=1)
    needs_answer: bool
    """The supplier is asked first, and what it answers is kept."""
    above_estimate: bool
    """Only an offer above the credits set beforehand."""
    explanation: str = Field(min_length=1)


class PriceIndex(ProcurementRow):
    """A published index that a price may follow (CCP-33); its values are entered by the administration."""

    code: str = Field(pattern=r"^[A-Z-]+$")
    french_name: str = Field(min_length=1)
    publisher: str = Field(min_length=1)


class WordKind(StrEnum):
    """When a word that states a place or a distance makes a condition of a phrase."""

    ALWAYS = "always"
    ADJECTIVE = "adjective"
    """Unless it is a noun: « produits locaux », but « dans les locaux »."""
    NEAR = "near"
    """Unless the phrase is about where to deliver."""
    PLACE = "place"
    """Only as where something comes from: « carottes du département »."""
    NAME = "name"
    """Wherever it stands, unless the phrase is about where to deliver: « carottes Artois »."""


class PhraseRole(StrEnum):
    """What a word tells a phrase to be about."""

    ORIGIN = "origin"
    """Who produces, what is bought."""
    DELIVERY = "delivery"
    """Where it is delivered, who eats."""
    NEGATION = "negation"
    """That there is no condition."""


class GeographicWord(ProcurementRow):
    """A word that states a place or a distance: no criterion and no condition may (CCP-01)."""

    word: str = Field(min_length=1)
    kind: Annotated[WordKind, Field(strict=False)]


class Commune(ProcurementRow):
    """A commune: as where goods come from, its name is a condition like any other place (CCP-01)."""

    insee: str = Field(pattern=r"^[0-9][0-9AB][0-9]{3}$")
    name: str = Field(min_length=1)


class CommonWord(ProcurementRow):
    """A commune whose name is a word of every day, a first name or a product too."""

    name: str = Field(min_length=1)
    meaning: str = Field(min_length=1)


class WordingContext(ProcurementRow):
    """A word by which a phrase is about who produces, or about where to deliver."""

    word: str = Field(min_length=1)
    role: Annotated[PhraseRole, Field(strict=False)]


class ProtectedName(ProcurementRow):
    """The name of a product that holds the name of a place and states no condition of its own: AOP, IGP, usual name."""

    name: str = Field(min_length=1)
    sign: Literal["AOP", "IGP", "MARQUE", "NOM"]


@dataclass(frozen=True, slots=True)
class ProcurementLaw:
    """Every table of procurement: the dated rows of each key."""

    families: Mapping[str, tuple[HomogeneousFamily, ...]]
    by_kind: Mapping[str, tuple[FamilyOfKind, ...]]
    by_ingredient: Mapping[str, tuple[FamilyOfIngredient, ...]]
    criteria: Mapping[str, tuple[Criterion, ...]]
    indices: Mapping[str, tuple[PriceIndex, ...]]
    geographic_words: Mapping[str, tuple[GeographicWord, ...]]
    communes: Mapping[str, tuple[Commune, ...]]
    contexts: Mapping[str, tuple[WordingContext, ...]]
    protected_names: Mapping[str, tuple[ProtectedName, ...]]
    common_words: Mapping[str, tuple[CommonWord, ...]]
    grounds: Mapping[str, tuple[GroundToSetAside, ...]]

    def family(self, code: str, on: date) -> HomogeneousFamily | None:
        """The family of a code on a date; None when there is none."""
        return _on(self.families, code, on)

    def families_on(self, on: date) -> list[HomogeneousFamily]:
        """Every family of a date, in the order of the table."""
        return _all_on(self.families, on)

    def family_of(self, ingredient: str, kind: str, on: date) -> str:
        """The family of an ingredient (its slug and kind); its label and its origin play no part (CCP-23).

        Raises:
            LookupError: no row names the kind on that date.
        """
        exception = _on(self.by_ingredient, ingredient, on)
        if exception is not None:
            return exception.family
        row = _on(self.by_kind, kind, on)
        if row is None:
            raise LookupError(f"no homogeneous family for the kind {kind!r} on {on}")
        return row.family

    def criterion(self, code: str, on: date) -> Criterion | None:
        """A criterion that may be used on a date; None for anything else."""
        return _on(self.criteria, code, on)

    @property
    def proven_by_label(self) -> frozenset[str]:
        """Codes of the criteria, of whatever date, that answer with a share of goods under a sign of quality."""
        return frozenset(code for code, rows in self.criteria.items() if any(row.proven_by == "label" for row in rows))

    def criteria_on(self, on: date) -> list[Criterion]:
        """Every criterion that may be used on a date, in the order of the table."""
        return _all_on(self.criteria, on)

    def ground_to_set_aside(self, code: str, on: date) -> GroundToSetAside | None:
        """The ground of a code on a date; None when there is none."""
        return _on(self.grounds, code, on)

    def grounds_on(self, on: date) -> list[GroundToSetAside]:
        """Every ground for setting an offer aside on a date, in the order of the table."""
        return _all_on(self.grounds, on)

    def indices_on(self, on: date) -> list[PriceIndex]:
        """Every index that a price may follow on a date, in the order of the table."""
        return _all_on(self.indices, on)

    def index(self, code: str, on: date) -> PriceIndex | None:
        """The index of a code on a date; None when there is none."""
        return _on(self.indices, code, on)

    def geographic_words_on(self, on: date) -> list[GeographicWord]:
        """Words that state a place or a distance, on a date."""
        return _all_on(self.geographic_words, on)

    def communes_on(self, on: date) -> list[Commune]:
        """Communes whose names are known, on a date."""
        return _all_on(self.communes, on)

    def common_words_on(self, on: date) -> list[CommonWord]:
        """Communes whose names are words too, on a date."""
        return _all_on(self.common_words, on)

    def contexts_on(self, on: date) -> list[WordingContext]:
        """Words that tell what a phrase is about, on a date."""
        return _all_on(self.contexts, on)

    def protected_names_on(self, on: date) -> list[ProtectedName]:
        """Names of products that are no condition, on a date."""
        return _all_on(self.protected_names, on)


def load_procurement(folder: Path = LAW_FOLDER) -> ProcurementLaw:
    """Read and cross-check the tables of procurement. Raises RuleFileError with file and line."""
    place = Path("procurement")
    families = dated_rows(
        folder, place / "families.csv", HomogeneousFamily,
        ("code", "french_name", "raw_material", "rhythm", *DATES, "note"), lambda row: row.code,
    )  # fmt: skip
    by_kind = dated_rows(
        folder, place / "families_by_kind.csv", FamilyOfKind, ("kind", "family", *DATES, "note"), lambda row: row.kind
    )
    by_ingredient = dated_rows(
        folder, place / "families_by_ingredient.csv", FamilyOfIngredient,
        ("ingredient", "family", *DATES, "note"), lambda row: row.ingredient,
    )  # fmt: skip
    _known_families(folder / place / "families_by_kind.csv", by_kind, families)
    _known_families(folder / place / "families_by_ingredient.csv", by_ingredient, families)
    criteria = dated_rows(
        folder, place / "criteria.csv", Criterion,
        ("code", "french_name", "scale", "unit", "least", "most", "step", *DATES, "rule", "explanation", "proven_by",
         "about"),
        lambda row: row.code,
    )  # fmt: skip
    indices = dated_rows(
        folder, place / "indices.csv", PriceIndex,
        ("code", "french_name", "publisher", *DATES, "url", "note"), lambda row: row.code,
    )  # fmt: skip
    words = dated_rows(
        folder, place / "geographic_words.csv", GeographicWord, ("word", "kind", *DATES, "note"), lambda row: row.word
    )
    communes = dated_rows(folder, place / "communes.csv", Commune, ("insee", "name", *DATES), lambda row: row.insee)
    contexts = dated_rows(
        folder, place / "wording_contexts.csv", WordingContext, ("word", "role", *DATES, "note"), lambda row: row.word
    )
    names = dated_rows(
        folder, place / "protected_names.csv", ProtectedName, ("name", "sign", *DATES, "note"), lambda row: row.name
    )
    common = dated_rows(
        folder, place / "communes_also_words.csv", CommonWord, ("name", "meaning", *DATES), lambda row: row.name
    )
    grounds = dated_rows(
        folder, place / "set_aside_grounds.csv", GroundToSetAside,
        ("code", "french_name", "article", "needs_answer", "above_estimate", *DATES, "explanation"),
        lambda row: row.code,
    )  # fmt: skip
    return ProcurementLaw(
        families, by_kind, by_ingredient, criteria, indices, words, communes, contexts, names, common, grounds
    )


@cache
def procurement_law() -> ProcurementLaw:
    """The tables that come with the platform, read once. Raises RuleFileError."""
    return load_procurement()


def _known_families(
    path: Path,
    rows: Mapping[str, tuple[FamilyOfKind | FamilyOfIngredient, ...]],
    families: Mapping[str, tuple[HomogeneousFamily, ...]],
) -> None:
    for line, row in enumerate((row for some in rows.values() for row in some), start=2):
        if row.family not in families:
            raise RuleFileError(path, line, f"famille inconnue « {row.family} » ; connues : {', '.join(families)}")


def _on(rows: Mapping[str, tuple[_Row, ...]], key: str, on: date) -> _Row | None:
    return next((row for row in rows.get(key, ()) if row.in_force(on)), None)


def _all_on(rows: Mapping[str, tuple[_Row, ...]], on: date) -> list[_Row]:
    return [row for some in rows.values() for row in some if row.in_force(on)]
