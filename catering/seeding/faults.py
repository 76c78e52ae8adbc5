"""What is wrong in a folder of seed tables, said so that whoever keeps the file can mend it."""

from collections.abc import Iterable
from itertools import groupby

from catering.cells import Fault


class SeedFaultsError(ValueError):
    """The folder holds faults; nothing was written. ``faults`` are in the order of the files and lines."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(fault_lines(self.faults)))


def fault_lines(faults: Iterable[Fault], limit: int | None = None) -> list[str]:
    """The faults as lines of French text, grouped by file.

    Args:
        faults: what to show, in any order.
        limit: greatest number of faults shown; the last line then says how many are not.
    """
    ordered = sorted(faults)
    shown = ordered if limit is None else ordered[:limit]
    lines = [f"{len(ordered)} faute{'s' if len(ordered) > 1 else ''} ; rien n'a été chargé."]
    for file, group in groupby(shown, key=lambda fault: fault.file):
        lines += ["", file]
        for fault in group:
            lines += [f"  {fault.place}{fault.message}", f"    → {fault.repair}"]
    if len(shown) < len(ordered):
        lines += ["", f"… et {len(ordered) - len(shown)} autres."]
    return lines
