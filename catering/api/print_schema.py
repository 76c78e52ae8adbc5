"""The schema as text: ``python -m catering.api.print_schema`` writes it to ``graphql/schema.graphql``."""

import sys
from pathlib import Path

from catering.api.schema import schema
from catering.settings import contract_folder

NAME = "schema.graphql"


def printed() -> str:
    """The schema in GraphQL's own language."""
    return schema.as_str().rstrip() + "\n"


def committed() -> Path:
    """Where the text that clients rely on stands."""
    return contract_folder() / NAME


def write() -> bool:
    """Bring the committed text up to date; whether it changed."""
    path, text = committed(), printed()
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return True


if __name__ == "__main__":
    sys.stderr.write(f"{committed()} : {'mis à jour' if write() else 'déjà à jour'}\n")
