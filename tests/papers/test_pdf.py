"""What the papers say, read back from the PDF: letters, totals, repeated heads, and nothing cut off."""

import csv
import hashlib
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catering.figures import euros, kilograms, unit_price
from catering.market.models import Offer, VatRegime
from catering.orders.vocabulary import OrderState
from catering.papers.days import harvest_list, packing_list, tour_sheet
from catering.papers.facts import ToHarvest, TourStop
from catering.papers.french import STATES
from catering.papers.letters import ENCODING, FONTS, PLAIN, WIDE, font_for, printable, wide_letters
from catering.papers.orders import buyer_of, delivery_note, order_form, seller_of
from tests.papers.made import DAY, LONG, drop, line, pages, place, supplier


def test_an_order_form_says_who_buys_what_at_which_price() -> None:
    (page,) = pages(order_form(drop(line(1, packs=3), line(2, Decimal(20)))))
    for said in (
        "Bon de commande", "BC26-000007", "Collège Sœur-Emmanuelle 1", "Ferme de l’Œuf d’Or", "SIRET 12345678901234",
        "mardi 1er septembre 2026", "25/08/2026 à 10:00", "Œufs", "Agriculture biologique", "FR-BIO-01/7", "sur 10",
        "4,5 kg", "3,33 €", "page 1/1",
    ):  # fmt: skip
        assert said in page


def test_totals_by_rate_add_rounded_lines() -> None:
    """Three lines of 3.48 € bear 0.19 € each at 5.5 %: 0.57, not the 0.5742 € of their sum."""
    (page,) = pages(order_form(drop(*(line(each) for each in (1, 2, 3)), line(4, Decimal(20)))))
    assert re.search(r"5,5 %\s+10,44 €\s+0,57 €\s+11,01 €", page)
    assert re.search(r"20 %\s+3,48 €\s+0,70 €\s+4,18 €", page)
    assert "Total HT 13,92 € · TVA 1,27 € · Total TTC 15,19 €" in page


@pytest.mark.parametrize("paper", [order_form, delivery_note, lambda each: packing_list(supplier(), DAY, [each])])
def test_two_hundred_long_lines_are_all_there_under_a_repeated_head(paper: object) -> None:
    assert callable(paper)
    found = pages(paper(drop(*(line(each, product=f"{LONG} n{each}n") for each in range(1, 201)))))
    text = "\n".join(found)
    assert [each for each in range(1, 201) if f"n{each}n" not in text] == []
    assert len(found) > 5
    assert all("Colis" in page for page in found if re.search(r"n\d+n", page))
    assert all(f"page {rank}/{len(found)}" in page for rank, page in enumerate(found, start=1))


def test_an_order_that_does_not_stand_says_so_loudly() -> None:
    (page,) = pages(order_form(drop(line(1), state=OrderState.CANCELLED)))
    assert "Commande annulée : ne pas livrer" in page
    assert "ne pas livrer" not in pages(order_form(drop(line(1))))[0]


def test_a_delivery_note_has_no_price_and_leaves_out_what_does_not_come() -> None:
    (page,) = pages(delivery_note(drop(line(1), line(2, packs=0, product="Rien"))))
    assert "Rien" not in page
    assert "€" not in page
    assert "Total : 1 colis, 1,5 kg" in page
    assert "Reçu par" in page


def test_each_kitchen_has_its_own_pages_of_the_packing_list() -> None:
    first, second = pages(packing_list(supplier(), DAY, [drop(line(1)), drop(line(1), number=2)]))
    assert "Sœur-Emmanuelle 1" in first
    assert "Sœur-Emmanuelle 2" not in first
    assert "Sœur-Emmanuelle 2" in second


def test_a_harvest_list_adds_up_and_a_tour_names_its_stops() -> None:
    offer = Offer(product="Carottes", pack_label="caisse de 5 kg")
    (page,) = pages(harvest_list(supplier(), DAY, [ToHarvest(offer, 1200, 6_000_000, 40), ToHarvest(None, 1, 500, 1)]))
    assert "Carottes" in page
    assert "Produit retiré de la vente" in page
    assert "Total : 1 201 colis, 6 000,5 kg" in page
    stops = [TourStop(each.place, Decimal("12.3"), [each]) for each in (drop(line(1)), drop(line(1), number=2))]
    (page,) = pages(tour_sheet(supplier(), DAY, stops))
    assert "2 arrêts, 24,6 km estimés" in page
    assert page.index("Sœur-Emmanuelle 1") < page.index("Sœur-Emmanuelle 2")


def test_a_day_without_orders_says_so() -> None:
    for content in (
        harvest_list(supplier(), DAY, []), packing_list(supplier(), DAY, []), tour_sheet(supplier(), DAY, [])
    ):  # fmt: skip
        assert "Rien n'est commandé pour ce jour." in pages(content)[0]


def test_the_same_order_gives_the_same_bytes() -> None:
    assert order_form(drop(line(1))) == order_form(drop(line(1)))
    assert order_form(drop(line(1))) != order_form(drop(line(2)))


@given(st.text())
def test_any_text_can_be_printed(text: str) -> None:
    letters = printable(text)
    if font_for(letters, "", 9).family == PLAIN:
        letters.encode(ENCODING)
    else:
        assert {ord(letter) for letter in letters} <= wide_letters()


def test_letters_that_the_page_lacks_lose_their_mark_or_are_named() -> None:
    assert printable("Œuf à 2 €, l’été ½ …") == "Œuf à 2 €, l’été ½ …"
    assert printable("Łódź e\u0301t\u200bé, CO₂") == "Łódź été, CO₂"
    assert printable("漢 \U0001f69c") == "[U+6F22] [U+1F69C]"


FOREIGN = ("Gospodarstwo Łódź", "Fermă Țăran", "Ферма Заря", "Αγρόκτημα Ήλιος", "Çiftliği Güneş", "Nông trại Hoà")


@pytest.mark.parametrize("name", FOREIGN)
def test_names_in_latin_greek_and_cyrillic_letters_are_printed_as_they_are(name: str) -> None:
    drops = drop(line(1, product=f"Miel {name}"))
    drops.supplier.name = name
    for content in (order_form(drops), delivery_note(drops), packing_list(drops.supplier, DAY, [drops])):
        (page,) = pages(content)
        assert f"Miel {name}" in " ".join(page.split())
        assert "?" not in page
        assert len(content) < 60_000, "only the letters used are stored"


def test_a_paper_in_french_carries_no_font() -> None:
    content = order_form(drop(line(1)))
    assert font_for("Œufs à 2 €", "B", 9).family == PLAIN
    assert font_for("Łódź", "B", 9).family == WIDE
    assert b"FontFile" not in content
    assert b"FontFile" in order_form(drop(line(1, product=FOREIGN[0])))


def test_a_long_foreign_name_stays_in_its_cell() -> None:
    text = "".join(pages(order_form(drop(line(1, product="Щ" * 200)))))
    assert text.count("Щ") >= 200


def test_the_fonts_are_those_of_the_manifest() -> None:
    with (FONTS / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["file"]: row for row in csv.DictReader(file)}
    assert set(rows) | {"manifest.csv"} == {each.name for each in FONTS.iterdir()}
    for name, row in rows.items():
        assert hashlib.sha256((FONTS / name).read_bytes()).hexdigest() == row["sha256"], name
        assert all(row.values())


def test_a_text_of_one_endless_word_stays_on_the_page() -> None:
    text = "".join(pages(order_form(drop(line(1, product="m" * 200)))))
    assert text.count("m") >= 200


def test_numbers_are_french() -> None:
    assert euros(Decimal("-1234.50")) == "-1\u00a0234,50\u00a0€"
    assert unit_price(Decimal("12.3400")) == "12,34\u00a0€"
    assert unit_price(Decimal("0.1234")) == "0,1234\u00a0€"
    assert unit_price(Decimal("1200.0000")) == "1\u00a0200,00\u00a0€"
    assert kilograms(1_000_000) == "1\u00a0000\u00a0kg"
    assert kilograms(1) == "0,001\u00a0kg"


def test_every_state_has_its_french_words() -> None:
    assert set(STATES) == set(OrderState)


@pytest.mark.parametrize(
    ("regime", "stated", "shown"),
    [
        (VatRegime.STANDARD, None, "TVA FR83404833048"),
        (VatRegime.STANDARD, "BE0403019261", "TVA BE0403019261"),
        (VatRegime.FRANCHISE, None, None),
    ],
)
def test_who_invoices_vat_is_named_by_its_vat_number(regime: VatRegime, stated: str | None, shown: str | None) -> None:
    seller = supplier()
    seller.siret, seller.vat_regime, seller.vat_number = "40483304800022", regime, stated
    told = seller_of(seller)[1]
    assert "SIRET 40483304800022" in told
    assert [text for text in told if text.startswith("TVA")] == ([] if shown is None else [shown])


def test_a_buyer_is_named_by_its_siret_or_else_its_siren() -> None:
    assert "SIRET 19620004200014" in buyer_of(place(), siret="19620004200014")[1]
    assert "SIREN 196200045" in buyer_of(place())[1]
