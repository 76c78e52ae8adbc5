"""Files that are too heavy: the refusal says so, what was typed stays, and a browser makes photos smaller itself."""

import os
import struct
import zlib

from catering.people.viewer import Role
from tests.people.conftest import Opened, Site
from tests.web.browsing import browser, chromium, served, sized, watched
from tests.web.conftest import browser_of
from tests.web.test_forms import KITCHEN, chef, fields
from tests.web.test_producer import FARM

DELIVERY = f"{KITCHEN}/receptions/2"
JPEG = b"\xff\xd8\xff"


def noise(width: int, height: int) -> bytes:
    """A PNG that no packing makes smaller: three bytes for each of its points."""
    rows = b"".join(b"\0" + os.urandom(3 * width) for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 0)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


async def test_a_photo_too_heavy_is_told_at_its_line_and_nothing_typed_is_lost(site: Site) -> None:
    page = await chef(site)
    given = fields((await page.get(DELIVERY)).text, DELIVERY)
    given |= {"decision-1": "ACCEPTED", "decision-2": "PLUS_TARD", "celsius-1": "2", "lot-1": "L-77", "bon": "BL-9"}
    heavy = ("photo.jpg", JPEG + b"0" * 10_000_000, "image/jpeg")
    light = ("photo.jpg", JPEG + b"0" * 4_000_000, "image/jpeg")
    refused = await page.post(DELIVERY, given, files={"photo-1": heavy, "photo-2": light})
    assert (refused.status_code, 'href="#champ-photo-1"' in refused.text) == (422, True)
    assert "10 Mo au plus par photo" in refused.text
    again = fields(refused.text, DELIVERY)
    assert (again["lot-1"], again["bon"], again["photo-2"].isdigit()) == ("L-77", "BL-9", True)
    sent = await page.post(DELIVERY, given, files={f"photo-{line}": light for line in (1, 2, 3)})
    assert sent.headers["location"] == f"{KITCHEN}/receptions?fait=recu"


async def test_photos_too_heavy_together_are_told_and_nothing_typed_is_lost(site: Site) -> None:
    page = await chef(site)
    given = fields((await page.get(DELIVERY)).text, DELIVERY) | {"lot-1": "L-77", "decision-1": "ACCEPTED"}
    files = {f"photo-{line}": ("p.jpg", JPEG + b"%d" % line + b"0" * 9_000_000, "image/jpeg") for line in range(1, 8)}
    refused = await page.post(DELIVERY, given, files=files)
    assert (refused.status_code, "50 Mo au plus pour toutes" in refused.text) == (422, True)
    assert fields(refused.text, DELIVERY)["lot-1"] == "L-77"


async def test_a_certificate_too_heavy_keeps_what_was_typed(site: Site) -> None:
    farm, action = await browser_of(site, Role.PRODUCER), f"{FARM}/certificats"
    typed = {"cle": "0f2c8f5e-lourd", "signe": "BIO", "organisme": "FR-BIO-01", "numero": "B-77", "du": "2026-01-01"}
    scan = {"fichier": ("bio.pdf", b"%PDF-1.4 " + b"0" * 11_000_000, "application/pdf")}
    refused = await farm.post(action, typed, files=scan)
    assert (refused.status_code, "10 Mo au plus" in refused.text) == (422, True)
    assert 'value="B-77"' in refused.text


async def test_large_photos_do_not_hide_why_a_reception_is_refused(opened: Opened) -> None:
    chromium()
    async with opened(demo_identity=True, public_url=None) as site, served(site.app) as address, browser() as launched:
        context = await launched.new_context(**sized("tablet"))
        context.set_default_timeout(30_000)
        page = await watched(context, address)
        await page.enter("chef")
        await page.open(DELIVERY)
        cards = page.page.locator("fieldset.card")
        await page.page.locator("#champ-lot-1").fill("L-77")
        await page.page.locator("#champ-celsius-1").fill("2")
        await page.page.locator("#champ-colis-1").fill("9999")
        photo = {"name": "telephone.png", "mimeType": "image/png", "buffer": noise(2000, 1830)}
        assert len(photo["buffer"]) > 10_000_000
        await cards.first.locator("input[type=file]").set_input_files([photo])
        await page.page.get_by_role("button", name="Enregistrer la réception").click()
        await page.page.get_by_text("À corriger").first.wait_for()
        told = await page.page.locator("#erreurs").inner_text()
        assert "colis" in told
        assert "lourd" not in told
        assert await page.page.locator("#champ-lot-1").input_value() == "L-77"
        assert await page.page.get_by_text("Une photo est gardée").count() == 1
        assert page.complaints == []
