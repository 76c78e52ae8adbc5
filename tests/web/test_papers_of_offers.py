"""An offer sealed from a phone with the photograph or the PDF that proves it."""

from sqlalchemy import select

from catering.procurement.models import TenderDocument
from tests.people.conftest import Site
from tests.web.test_forms import fields
from tests.web.test_producer import FARM, producer

ONE = f"{FARM}/consultations/2"
PDF = ("attestation.pdf", b"%PDF-1.7 attestation", "application/pdf")


async def test_papers_are_sealed_kept_and_taken_away(site: Site) -> None:
    page = await producer(site)
    given = fields((await page.get(ONE)).text, f"{ONE}/offre")
    wrong = await page.post(f"{ONE}/offre", given, files={"piece-1": ("prix.csv", b"a;b\n1;2\n", "text/csv")})
    assert (wrong.status_code, "ni un PDF ni une photo" in wrong.text) == (422, True)
    done = await page.post(f"{ONE}/offre", given, files={"piece-1": PDF})
    assert done.headers["location"] == f"{ONE}?fait=offre-scellee"
    shown = (await page.get(ONE)).text
    assert "Garder « attestation.pdf »" in shown
    async with site.database.reading() as session:
        (row,) = (await session.scalars(select(TenderDocument))).all()
    assert f"/documents/{row.document_id}" in shown
    again = fields(shown, f"{ONE}/offre") | {"garder": str(row.document_id)}
    await page.post(f"{ONE}/offre", again, files={"piece-2": ("", b"", "application/octet-stream")})
    assert "Garder « attestation.pdf »" in (await page.get(ONE)).text
    without = {name: each for name, each in fields((await page.get(ONE)).text, f"{ONE}/offre").items()
               if name != "garder"}  # fmt: skip
    await page.post(f"{ONE}/offre", without)
    assert "attestation.pdf" not in (await page.get(ONE)).text
