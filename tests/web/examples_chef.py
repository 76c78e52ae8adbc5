"""Addresses of the chef's pages and of the public ones."""

from collections.abc import Mapping

from catering.people.viewer import Role
from tests.web.opening import Example

CHEF: Mapping[str, Example] = {
    "chef/kitchens": Example("/cuisines", Role.CHEF, ("Collège 0", "Commune 0", "couverts")),
}
PUBLIC: Mapping[str, Example] = {}
