"""What may be asked of menus: other dishes on a day or in the plan, what was served, a file, a plan of proteins."""

import strawberry

from catering.api.mutations.menus.change_menu import change_menu
from catering.api.mutations.menus.import_menus import import_menus
from catering.api.mutations.menus.record_served import record_served
from catering.api.mutations.menus.state_protein_plan import state_protein_plan
from catering.api.mutations.menus.swap_dish import swap_dish


@strawberry.type
class Mutation:
    change_menu = change_menu
    record_served = record_served
    import_menus = import_menus
    state_protein_plan = state_protein_plan
    swap_dish = swap_dish
