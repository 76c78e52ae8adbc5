"""Load the seed tables (``seeds/README.md``) into the database."""

from catering.cells import Fault
from catering.seeding.faults import SeedFaultsError, fault_lines
from catering.seeding.loading import load, read_seeds
from catering.seeding.report import LoadReport, TableReport, report_lines

__all__ = ["Fault", "LoadReport", "SeedFaultsError", "TableReport", "fault_lines", "load", "read_seeds", "report_lines"]
