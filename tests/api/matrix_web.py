"""The rows of the matrix for the operations made for pages."""

from collections.abc import Mapping

from tests.api.matrix import Entry, Of
from tests.api.matrix_menus import EVERYBODY, uai
from tests.api.matrix_orders import OF_BUYERS, OF_SELLERS, supplier, with_

CELLS: Mapping[str, Entry] = {
    **{
        name: Entry(Of.KITCHEN, with_(name, uai), **OF_BUYERS)
        for name in ("chef/MyWeek", "chef/BinsOfDay", "chef/CoversOfWeek")
    },
    **{
        name: Entry(Of.SUPPLIER, with_(name, supplier), shows_places=True, **OF_SELLERS)
        for name in ("producer/ToPrepare", "producer/DayToPrepare")
    },
    "public/DinersMonth": Entry(Of.KITCHEN, with_("public/DinersMonth", uai), public=True, **EVERYBODY),
}
