"""What may be asked of declarations: declare a year, state the restaurants served, the data of a contract."""

import strawberry

from catering.api.mutations.declarations.declare_year import declare_year
from catering.api.mutations.declarations.state_essential_data import state_essential_data
from catering.api.mutations.declarations.state_satellites import state_satellites


@strawberry.type
class Mutation:
    declare_year = declare_year
    state_essential_data = state_essential_data
    state_satellites = state_satellites
