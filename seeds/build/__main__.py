"""`python -m seeds.build [--out DIR]`: rewrite the computed seed tables, in place or under another folder."""

import argparse
from pathlib import Path

from seeds.build.attendance import build_attendance
from seeds.build.covers import build_covers
from seeds.build.market import build_market
from seeds.build.tables import SEEDS
from seeds.build.waste import build_waste


def main() -> None:
    """Build every computed table. The output is the same, byte for byte, on every run and machine."""
    parser = argparse.ArgumentParser(prog="python -m seeds.build", description=__doc__)
    parser.add_argument("--out", type=Path, default=SEEDS, help="folder to write to (default: seeds/)")
    out: Path = parser.parse_args().out
    build_covers(out)
    build_market(out)
    build_waste(out)
    build_attendance(out)


if __name__ == "__main__":
    main()
