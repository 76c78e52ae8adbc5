"""What may be asked of waste: weighings, covers, campaigns, the diagnostic, what leaves apart."""

import strawberry

from catering.api.mutations.waste.cancel_campaign import cancel_campaign
from catering.api.mutations.waste.correct_weighing import correct_weighing
from catering.api.mutations.waste.decide_portion import decide_portion, take_back_portion
from catering.api.mutations.waste.draw_waste_lesson import draw_waste_lesson
from catering.api.mutations.waste.note_covers import note_covers
from catering.api.mutations.waste.plan_campaign import plan_campaign
from catering.api.mutations.waste.record_biowaste import record_biowaste
from catering.api.mutations.waste.record_donation import record_donation
from catering.api.mutations.waste.record_weighings import record_weighings
from catering.api.mutations.waste.register_establishment import register_establishment
from catering.api.mutations.waste.state_waste_site import state_waste_site
from catering.api.mutations.waste.take_back_biowaste import take_back_biowaste
from catering.api.mutations.waste.write_waste_diagnostic import write_waste_diagnostic


@strawberry.type
class Mutation:
    record_weighings = record_weighings
    correct_weighing = correct_weighing
    note_covers = note_covers
    plan_campaign = plan_campaign
    cancel_campaign = cancel_campaign
    write_waste_diagnostic = write_waste_diagnostic
    register_establishment = register_establishment
    state_waste_site = state_waste_site
    record_donation = record_donation
    record_biowaste = record_biowaste
    take_back_biowaste = take_back_biowaste
    draw_waste_lesson = draw_waste_lesson
    decide_portion = decide_portion
    take_back_portion = take_back_portion
