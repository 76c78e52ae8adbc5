"""What is declared local is produced in the département of the kitchen, wherever its seller has its seat."""

import pytest

from catering.market.models import Supplier, SupplierKind
from catering.purchases.provenance import is_local

FARM, GROSS, HUB = SupplierKind.PRODUCER, SupplierKind.WHOLESALER, SupplierKind.HUB


@pytest.mark.parametrize(
    ("kind", "seat", "origin", "country", "local"),
    [
        (FARM, "62041", "France (Pas-de-Calais)", "FR", True),
        (GROSS, "62041", "France (Pas-de-Calais)", "FR", True),
        (GROSS, "59350", "FRANCE (PAS-DE-CALAIS)", "FR", True),
        (FARM, "62041", "France", "FR", True),
        (GROSS, "62041", "France", "FR", False),
        (HUB, "62041", "France", "FR", False),
        (FARM, "59350", "France", "FR", False),
        (FARM, "62041", "France (Nord)", "FR", False),
        (HUB, "62041", "France (Hauts-de-France)", "FR", False),
        (HUB, "62041", "Nord-Pas-de-Calais", "FR", False),
        (GROSS, "62041", "Antilles françaises", "FR", False),
        (FARM, "62041", "Costa Rica", "CR", False),
        (FARM, "62041", "Manche et mer du Nord (débarqué à Boulogne-sur-Mer)", None, False),
        (FARM, "62041", "", None, False),
    ],
)
def test_local_is_where_it_is_produced(
    kind: SupplierKind, seat: str, origin: str, country: str | None, local: bool
) -> None:
    assert is_local(Supplier(kind=kind, insee=seat), "62041", origin, country) is local


def test_another_departement_has_its_own_producers() -> None:
    farm = Supplier(kind=FARM, insee="59350")
    assert is_local(farm, "59009", "France", "FR")
    assert not is_local(farm, "59009", "France (Pas-de-Calais)", "FR")
