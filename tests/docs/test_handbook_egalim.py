"""The page on EGAlim names every rule that a file of purchases keeps to."""

from catering.purchases.ledger import file_rules
from tests.docs.pages import HANDBOOK, section, table_rows

PAGE = HANDBOOK / "egalim.md"


def test_every_rule_of_a_file_is_on_the_page() -> None:
    rows = list(table_rows(section(PAGE, "Ce qu'un fichier doit respecter")))
    assert rows == [[f"`{rule}`", title] for rule, title in file_rules().items()]
