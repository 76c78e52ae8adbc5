"""What a load changed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TableReport:
    """Rows of one table that a load added, changed, removed and found as they were. ``gone`` names the removed ones."""

    name: str
    title: str
    added: int
    changed: int
    unchanged: int
    gone: tuple[str, ...]

    @property
    def removed(self) -> int:
        """Rows that were in the database and are no longer in the files."""
        return len(self.gone)


@dataclass(frozen=True, slots=True)
class LoadReport:
    """One load, table by table in the order of writing."""

    tables: tuple[TableReport, ...]

    @property
    def changes(self) -> int:
        """Rows added, changed or removed: 0 when the database already held the files."""
        return sum(table.added + table.changed + table.removed for table in self.tables)

    def __getitem__(self, name: str) -> TableReport:
        """The report of one table.

        Raises:
            KeyError: no seed table has this name.
        """
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)


def report_lines(report: LoadReport) -> list[str]:
    """The report as lines of French text: one per table, then the rows that were removed."""
    width = max(len(table.title) for table in report.tables)
    lines = [f"{'':<{width}}  {'ajoutées':>9}  {'changées':>9}  {'retirées':>9}  {'inchangées':>10}"]
    lines += [
        f"{table.title:<{width}}  {table.added:>9}  {table.changed:>9}  {table.removed:>9}  {table.unchanged:>10}"
        for table in report.tables
    ]
    lines += [f"retirée ({table.title}) : {key}" for table in report.tables for key in table.gone]
    return lines
