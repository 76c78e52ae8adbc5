"""House rules about files: where Python may live, how long and how named a module is."""

from pathlib import Path

from tests.lints.sources import ROOT, name, python_files

MOST_LINES = 400
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
GENERATED = "catering/migrations/versions"


def python_in(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.rglob("*") if path.suffix in {".py", ".pyi", ".pyc", ".so"})


def test_the_contract_folder_holds_no_python() -> None:
    """A package called `graphql` at the root would shadow graphql-core, which Strawberry imports."""
    assert (ROOT / "graphql").is_dir()
    assert python_in(ROOT / "graphql") == []


def test_the_contract_folder_check_sees_a_package(tmp_path: Path) -> None:
    (tmp_path / "operations").mkdir()
    (tmp_path / "operations" / "__init__.py").touch()
    assert len(python_in(tmp_path)) == 1


def test_graphql_is_the_library_even_from_the_root_of_the_checkout() -> None:
    import graphql

    assert ROOT not in Path(str(graphql.__file__)).parents or ".venv" in Path(str(graphql.__file__)).parts
    assert hasattr(graphql, "GraphQLSchema")


def test_no_module_outgrows_one_reading() -> None:
    """Past 400 lines a file is split by noun or verb. What alembic generated is not read that way."""
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    assert {path: n for path, n in lengths.items() if n > MOST_LINES and not path.startswith(GENERATED)} == {}


def test_every_module_name_says_something() -> None:
    assert [name(path) for path in python_files() if path.stem in EMPTY_NAMES or path.parent.name in EMPTY_NAMES] == []
