"""What may be asked of the market."""

import strawberry

from catering.api.mutations.market.add_certificate import add_certificate
from catering.api.mutations.market.add_hygiene_permit import add_hygiene_permit
from catering.api.mutations.market.add_prices import add_prices
from catering.api.mutations.market.attach_to_offer import attach_to_offer
from catering.api.mutations.market.change_offers import change_offers
from catering.api.mutations.market.end_certificate import end_certificate
from catering.api.mutations.market.end_hygiene_permit import end_hygiene_permit
from catering.api.mutations.market.end_offers import end_offers
from catering.api.mutations.market.end_price_list import end_price_list
from catering.api.mutations.market.fill_weeks import fill_weeks
from catering.api.mutations.market.import_offers import import_offers
from catering.api.mutations.market.list_offers import list_offers
from catering.api.mutations.market.open_price_list import open_price_list
from catering.api.mutations.market.pause_supplier import pause_supplier
from catering.api.mutations.market.register_supplier import register_supplier
from catering.api.mutations.market.resume_supplier import resume_supplier
from catering.api.mutations.market.state_availability import state_availability
from catering.api.mutations.market.state_capacities import state_capacities
from catering.api.mutations.market.state_capacity import state_capacity
from catering.api.mutations.market.state_supplier_terms import state_supplier_terms


@strawberry.type
class Mutation:
    register_supplier = register_supplier
    state_supplier_terms = state_supplier_terms
    add_certificate = add_certificate
    end_certificate = end_certificate
    add_hygiene_permit = add_hygiene_permit
    end_hygiene_permit = end_hygiene_permit
    pause_supplier = pause_supplier
    resume_supplier = resume_supplier
    list_offers = list_offers
    change_offers = change_offers
    end_offers = end_offers
    import_offers = import_offers
    attach_to_offer = attach_to_offer
    state_capacity = state_capacity
    state_capacities = state_capacities
    state_availability = state_availability
    fill_weeks = fill_weeks
    open_price_list = open_price_list
    add_prices = add_prices
    end_price_list = end_price_list
