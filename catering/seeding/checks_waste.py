"""Checks on the weighings of the demonstration: masses that add up, covers that can be, no campaign over another."""

from collections.abc import Iterator

from catering.cells import Fault
from catering.seeding.reading import Sheet


def check_masses(sheet: Sheet) -> Iterator[Fault]:
    """Net is gross without the bin, and preparation is sorted (GAS-12)."""
    for row in sheet.rows:
        gross, tare, net = (row.values.get(name) for name in ("gross_g", "tare_g", "net_g"))
        if isinstance(gross, int) and isinstance(tare, int) and isinstance(net, int) and net != gross - tare:
            yield row.fault("net_g", "poids net faux", f"écrire {gross} - {tare} = {gross - tare}")
        if (row.cells.get("stage"), row.cells.get("part")) == ("preparation", "unsorted"):
            yield row.fault("part", "préparation non triée", "peser à part edible et inedible")


def check_served(sheet: Sheet) -> Iterator[Fault]:
    """No more are served than were prepared."""
    for row in sheet.rows:
        prepared, served = row.values.get("prepared"), row.values.get("served")
        if isinstance(prepared, int) and isinstance(served, int) and served > prepared:
            yield row.fault("served", "plus de servis que de préparés", "corriger l'un des deux")
