"""What may be accepted on arrival: quantities, dates, temperature (HYG-T-*, T21)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from catering.figures import short
from catering.market.models_sheet import DateKind
from catering.receiving import refusals
from catering.receiving.vocabulary import Decision, ExpiryKind, ReceptionReason
from catering.rules import law
from catering.rules.hygiene import ProductCategory, bears_use_by
from catering.rules.temperatures import (
    TemperatureFinding,
    TemperatureVerdict,
    degrees,
    judge_temperature,
    usual_category,
)
from catering.spelling import unfit

COLDEST, HOTTEST = Decimal(-60), Decimal(140)
"""Readings of a probe; anything else is a slip."""
LONGEST_LOT = 60  # legal-number: characters of a lot number
LONGEST_TEXT = 300
MOST_GRAMS = 50_000_000
"""Of one line: fifty tons; more is a slip."""
WEIGHT_SHARE = Decimal("0.2")  # legal-number: a bound on slips of ours, no tolerance of the law
"""Of the weight of a pack: by so much packs of variable weight may be heavier or lighter, all of a lot together. A
cheese, a hen or a fish is within it; what is not was mistyped, or is not what was ordered (decision 0076)."""
LONGEST_DATED = {ExpiryKind.USE_BY: timedelta(days=300), ExpiryKind.BEST_BEFORE: timedelta(days=3660)}
"""From the day of arrival to the date that goods bear: a DLC a year away, a DDM more than ten years away is a slip of
the year, and the lot would never expire on the shelf."""
SHORT_DATE = "HYG-DATE-COURTE"


class ReceptionWarning(StrEnum):
    """What the kitchen should know of a line that it may accept."""

    TEMPERATURE = "temperature"
    """Beyond the limit of the law, within what the site tolerates."""
    SHORT_DATED = "short_dated"
    NOT_PERMITTED = "not_permitted"
    """No permit of its supplier covers the day: to be refused, or the supplier shows the one in force (HYG-01)."""
    PAST_BEST_BEFORE = "past_best_before"
    """Past its DDM: may be served once checked."""
    LIMIT_NOT_TOLD = "limit_not_told"
    """Its producer defines the temperature, and nobody read it from the label: none was judged (HYG-T-PRODUCTEUR)."""


class Made(Protocol):
    """What hygiene law asks of an ingredient."""

    @property
    def kind(self) -> StrEnum: ...
    @property
    def minced(self) -> bool: ...


def category_of(stated: ProductCategory | None, made_of: Made, product: str) -> ProductCategory:
    """What a product is to hygiene law: as its seller states, else as such products usually are."""
    return stated or usual_category(made_of.kind.value, product, minced=made_of.minced)


def asks_use_by(stated: DateKind | None, category: ProductCategory, on: date) -> bool:
    """Whether goods are accepted on a day with their DLC only: sold with one, or cold by law (HYG-DLC)."""
    return stated is DateKind.DLC or bears_use_by(category, on)


def coldest(*stated: Decimal | None) -> Decimal | None:
    """Of what the producer said of its goods, the sheet and the label: the strictest; None when neither says."""
    return min((each for each in stated if each is not None), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One lot of an order line as found on arrival. Packs and grams as counted and weighed; °C.

    ``pack_g`` and ``variable_weight`` are those of the order line, as sold, ``stated_date`` the date
    that its seller says it bears.
    """

    product: str
    category: ProductCategory
    pack_g: int
    variable_weight: bool
    delivered_packs: int
    delivered_g: int
    accepted_packs: int
    accepted_g: int
    decision: Decision
    reason: ReceptionReason | None = None
    comment: str | None = None
    lot: str = ""
    date_kind: ExpiryKind | None = None
    expires_on: date | None = None
    celsius: Decimal | None = None
    stated_limit: Decimal | None = None
    stated_date: DateKind | None = None

    @property
    def lightest_g(self) -> int:
        """Grams that the packs delivered weigh at least."""
        return self.pack_weights(self.delivered_packs)[0]

    @property
    def heaviest_g(self) -> int:
        """Grams that the packs delivered weigh at most."""
        return self.pack_weights(self.delivered_packs)[1]

    def pack_weights(self, packs: int) -> tuple[int, int]:
        """Grams that so many packs weigh at least and at most."""
        grams = packs * self.pack_g
        spread = int(grams * WEIGHT_SHARE) if self.variable_weight else 0
        return grams - spread, grams + spread


def check(found: Found, on: date, tolerance: Decimal) -> TemperatureFinding:
    """Let a line through as decided, or say why not.

    Args:
        found: the line.
        on: day of arrival.
        tolerance: degrees beyond the limit that the kitchen's sanitary plan accepts with a reserve.

    Raises:
        refusals.Refusal: the line cannot be read, or may not be accepted as it is.
    """
    _readable(found)
    finding = judge_temperature(
        found.category, found.celsius, on, site_tolerance=tolerance, stated_limit=found.stated_limit
    )
    if found.decision is not Decision.REFUSED:
        _warm_enough(found, finding)
        _fresh_enough(found, on)
    return finding


class Checked(Protocol):
    """A line that was let through, as kept."""

    @property
    def date_kind(self) -> ExpiryKind | None:
        """Which date it bears."""

    @property
    def expires_on(self) -> date | None:
        """That date."""

    @property
    def verdict(self) -> TemperatureVerdict:
        """What its temperature means."""

    @property
    def category(self) -> ProductCategory:
        """What it is to hygiene law."""

    @property
    def limit_celsius(self) -> Decimal | None:
        """The limit it was judged by."""

    @property
    def permitted(self) -> bool | None:
        """Whether a permit covered its delivery; None for what is not of animals."""


def warnings_of(line: Checked, on: date) -> Sequence[ReceptionWarning]:
    """What to know of a line that was let through on a day."""
    said = [ReceptionWarning.TEMPERATURE] if line.verdict is TemperatureVerdict.TOLERATED else []
    if line.category is ProductCategory.PRODUCER_DEFINED and line.limit_celsius is None:
        said.append(ReceptionWarning.LIMIT_NOT_TOLD)
    if line.permitted is False:
        said.append(ReceptionWarning.NOT_PERMITTED)
    if line.expires_on is not None:
        if line.expires_on < on and line.date_kind is ExpiryKind.BEST_BEFORE:
            said.append(ReceptionWarning.PAST_BEST_BEFORE)
        elif on <= line.expires_on < on + timedelta(days=int(law().parameter(SHORT_DATE, on))):
            said.append(ReceptionWarning.SHORT_DATED)
    return said


def _readable(found: Found) -> None:
    for wrong, says in (
        (_absurd(found), "quantités impossibles : donner des colis et des grammes positifs, accepté ≤ livré"),
        ((found.date_kind is None) != (found.expires_on is None), "donner la date avec son genre (DLC ou DDM)"),
        (
            _undecided(found),
            "la décision contredit les quantités : accepté = tout, refusé = rien, réserve = entre deux",
        ),
        (found.decision is not Decision.ACCEPTED and found.reason is None, "donner le motif du refus ou de la réserve"),
        (
            found.decision is Decision.ACCEPTED and found.reason is not None,
            "un motif ne va qu'avec un refus ou une réserve",
        ),
        (found.reason is ReceptionReason.OTHER and not found.comment, "le motif « autre » se précise en commentaire"),
        (_misweighed(found), _weights_told(found)),
        *_texts(found),
        (
            _unreadable(found.celsius) or _unreadable(found.stated_limit),
            f"température hors de {short(COLDEST)} à {degrees(HOTTEST)}, ou plus fine que le dixième",
        ),
    ):
        if wrong:
            raise refusals.InvalidReception(f"« {found.product} » : {says}.")


def _texts(found: Found) -> Iterator[tuple[bool, str]]:
    """What was written, each with what is wrong with it."""
    for name, text, longest in (
        ("le numéro de lot", found.lot, LONGEST_LOT),
        ("le commentaire", found.comment or "", LONGEST_TEXT),
    ):
        why = unfit(text, longest) if text else None
        yield why is not None, f"{name} {why}"


def _absurd(found: Found) -> bool:
    in_order = 0 <= found.accepted_packs <= found.delivered_packs and 0 <= found.accepted_g <= found.delivered_g
    return (
        not in_order
        or found.delivered_g > MOST_GRAMS
        or (found.delivered_packs > 0) != (found.delivered_g > 0)
        or (found.accepted_packs > 0) != (found.accepted_g > 0)
    )


def _misweighed(found: Found) -> bool:
    """Whether the packs cannot weigh what is stated. Less may be accepted than a pack holds (motif : poids)."""
    return (
        not found.lightest_g <= found.delivered_g <= found.heaviest_g
        or found.accepted_g > found.pack_weights(found.accepted_packs)[1]
    )


def _weights_told(found: Found) -> str:
    packs, most = found.delivered_packs, found.pack_weights(found.accepted_packs)[1]
    weights = f"de {found.lightest_g} à {found.heaviest_g} g" if found.variable_weight else f"{found.heaviest_g} g"
    return (
        f"{packs} colis pèsent {weights} : relire la pesée, ou compter les colis qui sont là. S'ils sont incomplets, "
        f"les accepter avec réserve pour ce qu'ils pèsent (motif : poids), {most} g au plus pour ce qui est accepté"
    )


def _undecided(found: Found) -> bool:
    if found.decision is Decision.REFUSED:
        return found.accepted_g != 0
    if found.decision is Decision.ACCEPTED:
        return found.accepted_g == 0 or (found.accepted_packs, found.accepted_g) != (
            found.delivered_packs,
            found.delivered_g,
        )
    return found.accepted_g == 0


def _unreadable(celsius: Decimal | None) -> bool:
    return celsius is not None and not (
        celsius.is_finite() and COLDEST <= celsius <= HOTTEST and celsius == round(celsius, 1)
    )


def _warm_enough(found: Found, finding: TemperatureFinding) -> None:
    if finding.verdict is TemperatureVerdict.UNMEASURED:
        assert finding.limit is not None, "without a limit there is nothing to measure"
        raise refusals.TemperatureNotMeasured(found.product, finding.limit)
    if finding.verdict is TemperatureVerdict.EXCEEDED:
        assert found.celsius is not None, "without a reading it is unmeasured"
        assert finding.limit is not None, "without a limit nothing exceeds it"
        raise refusals.TemperatureExceeded(found.product, found.celsius, finding.limit, finding.tolerance, finding.rule)
    if finding.verdict is TemperatureVerdict.TOLERATED and found.decision is Decision.ACCEPTED:
        raise refusals.ReserveNeeded(
            f"« {found.product} » est à {degrees(found.celsius)} pour une limite de {degrees(finding.limit)} "
            f"({finding.rule}) : accepter avec réserve (motif : température) ou refuser, selon le plan de maîtrise "
            "sanitaire."
        )


def _fresh_enough(found: Found, on: date) -> None:
    # Goods without their DLC would never expire in the stock, and a menu could serve them.
    if asks_use_by(found.stated_date, found.category, on) and found.date_kind is not ExpiryKind.USE_BY:
        raise refusals.UseByNotRead(found.product)
    if found.expires_on is None or found.date_kind is None:
        return
    if found.expires_on > on + (longest := LONGEST_DATED[found.date_kind]):
        raise refusals.InvalidReception(
            f"« {found.product} » : la date du {found.expires_on:%d/%m/%Y} est à plus de {longest.days} jours. Relire "
            "l'année sur l'étiquette."
        )
    if on <= found.expires_on:
        return
    if found.date_kind is ExpiryKind.USE_BY:
        raise refusals.Expired(found.product, found.expires_on)
    if found.decision is Decision.ACCEPTED:
        raise refusals.ReserveNeeded(
            f"« {found.product} » : la DDM du {found.expires_on:%d/%m/%Y} est passée. "
            "Contrôler le produit, puis accepter avec réserve (motif : date dépassée) ou refuser."
        )
