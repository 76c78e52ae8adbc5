"""The rows of the matrix for the operations made for pages."""

from collections.abc import Mapping

from tests.api.matrix import Entry, Of
from tests.api.matrix_menus import EVERYBODY, uai
from tests.api.matrix_orders import OF_BUYERS, with_

CELLS: Mapping[str, Entry] = {
    **{
        name: Entry(Of.KITCHEN, with_(name, uai), **OF_BUYERS)
        for name in ("chef/MyWeek", "chef/BinsOfDay", "chef/CoversOfWeek")
    },
    "public/DinersMonth": Entry(Of.KITCHEN, with_("public/DinersMonth", uai), public=True, **EVERYBODY),
}
