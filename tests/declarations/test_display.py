"""What diners are told: shares as declared or as booked, the rates of the law, the date of the next display."""

import io
from datetime import date
from decimal import Decimal

import pytest
from pypdf import PdfReader

from catering.db import Database
from catering.declarations.display import Display, display_of, told_to_diners
from catering.declarations.figures import figures_of, reaches
from catering.menus.diners import DinersPlace, place_of
from catering.papers.menus import allergen_sheet, week_menu
from catering.papers.poster import SCALES, Paper, PosterFacts, egalim_poster
from catering.rules.declarations import display_items
from catering.rules.egalim_year import Cell
from tests.api.dataset import uai
from tests.declarations.conftest import YEAR, bring_in, declared, one_line, sirets
from tests.papers.made import dark, modules, pages

PLACE = DinersPlace(1, "0620004T", "Collège Sœur-Emmanuelle", "Arras", "62041")


async def displayed(database: Database, year: int | None = YEAR, kitchen: str = uai(0)) -> Display:
    async with database.reading() as session:
        place = await place_of(session, None, kitchen)
        assert place is not None
        return await display_of(session, None, place, year)


async def test_a_display_is_provisional_until_the_year_is_declared_and_then_stays(bought: Database) -> None:
    before = await displayed(bought)
    assert (before.declared_on, before.as_of, before.update_by) == (None, date(2027, 2, 1), date(2028, 2, 1))
    await declared(bought)
    known = await sirets(bought)
    await bring_in(bought, [one_line(known[uai(0)], "5000.00")])
    after = await displayed(bought)
    assert after.declared_on == date(2027, 2, 1)
    assert [each.share for each in after.figures] == [each.share for each in before.figures]
    assert all(each.share is not None for each in after.figures)


async def test_without_a_year_the_last_one_that_is_over_is_shown(bought: Database) -> None:
    assert (await displayed(bought, None)).year == YEAR
    assert (await displayed(bought, None, uai(2))).year == YEAR + 1, "it bought nothing: the present year"
    assert [each.share for each in (await displayed(bought, None, uai(2))).figures] == [None] * 4


def test_a_share_that_nobody_told_is_not_displayed_as_nothing() -> None:
    """EGA-30: that no purchase is said to be of a territorial project does not say that none is."""
    untold = figures_of({Cell("AUTRES", "IGP"): 50_000, Cell("AUTRES", ""): 50_000}, 2026)
    told = figures_of({Cell("AUTRES", "IGP", pat=True): 50_000, Cell("AUTRES", ""): 50_000}, 2026)
    shown = [
        {item.id: told_to_diners(item, figures, 2026).share for item in display_items(2026)}
        for figures in (untold, told)
    ]
    assert [each["AFF-02"] for each in shown] == [None, Decimal("50.00")]
    assert [each["AFF-01"] for each in shown] == [Decimal("50.00")] * 2
    assert [each["AFF-03"] for each in shown] == [Decimal("0.00")] * 2


def test_items_are_dated_and_name_their_rule() -> None:
    assert [each.id for each in display_items(2023)] == ["AFF-01", "AFF-02", "AFF-03"]
    now = display_items(2026)
    assert {each.id: each.duty for each in now}["AFF-01"] == "mandatory"
    assert {each.id: each.rule for each in now} == {
        "AFF-01": "EGA-01", "AFF-02": "", "AFF-03": "EGA-02", "AFF-04": "EGA-03",
    }  # fmt: skip


@pytest.mark.parametrize("paper", ["A4", "A3"])
async def test_the_poster_tells_shares_rates_dates_and_where_to_look(bought: Database, paper: Paper) -> None:
    found = await displayed(bought)
    address = "https://cantines.exemple.fr/colleges/0620000A/egalim"
    content = egalim_poster(PosterFacts(found, address, paper))
    reader = PdfReader(io.BytesIO(content))
    assert len(reader.pages) == 1
    width = float(reader.pages[0].mediabox.width)
    assert abs(width - 595 * SCALES[paper]) < 2
    (text,) = pages(content)
    for each in found.figures:
        assert each.item.id in text
        assert ("inconnue" if each.share is None else f"{each.share:f}".replace(".", ",")) in text
    for said in ("50 % au moins", "provisoires", "1er février 2027", "1er février 2028", "L230-5-3", address, "EGA-30"):
        assert said in text
    assert modules(content) == dark(address)
    assert modules(content) != dark(f"{address}?year={YEAR}")


async def test_the_poster_of_a_kitchen_that_bought_nothing_says_unknown(bought: Database) -> None:
    (text,) = pages(egalim_poster(PosterFacts(await displayed(bought, YEAR, uai(2)), "https://x.fr")))
    assert text.count("inconnue") == 4
    assert not {"atteint", "pas encore"} & set(text.split("\n"))


def test_a_rate_is_compared_exactly_whatever_the_two_decimals_say() -> None:
    almost = figures_of({Cell("AUTRES", "IGP"): 499_996, Cell("AUTRES", ""): 500_004}, 2026)
    assert almost.shares["quality"] == Decimal("49.99")
    assert reaches(almost, "quality", Decimal(50)) is False
    assert reaches(almost, "bio", Decimal(20)) is False
    assert reaches(almost, "meat_and_fish", Decimal(60)) is None, "no meat was bought"


def test_a_week_without_menus_says_so() -> None:
    for paper in (week_menu, allergen_sheet):
        assert "Aucun menu cette semaine" in pages(paper(PLACE, [], date(2026, 9, 7)))[0]
