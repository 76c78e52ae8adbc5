"""One address of each page that shows something in the small Département, with who opens it and words that it shows.

**How a room adds a page.** One `Example` here or in an ``examples_<persona>.py`` merged below; a page without one fails
``test_registry.py``. The same rows are opened by ``test_pages.py`` and, in a browser, by ``test_browser.py``.
"""

from collections.abc import Mapping

from catering.people.viewer import Role
from tests.web.examples_chef import CHEF, PUBLIC
from tests.web.examples_departement import DEPARTEMENT
from tests.web.examples_nutrition import NUTRITION
from tests.web.examples_producer import PRODUCER
from tests.web.opening import Example

EXAMPLES: Mapping[str, Example] = {
    "account/mine": Example("/compte", Role.CHEF, ("Mon compte", "chef de cuisine", "Terminer toutes mes sessions")),
    **CHEF,
    **DEPARTEMENT,
    **NUTRITION,
    **PRODUCER,
    **PUBLIC,
}
