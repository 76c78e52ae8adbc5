"""What may be asked of procurement."""

import strawberry

from catering.api.mutations.procurement.amend_contract import amend_contract
from catering.api.mutations.procurement.answer_question import answer_question
from catering.api.mutations.procurement.ask_question import ask_question
from catering.api.mutations.procurement.award_consultation import award_consultation
from catering.api.mutations.procurement.close_consultation import close_consultation
from catering.api.mutations.procurement.describe_consultation import describe_consultation
from catering.api.mutations.procurement.open_tenders import open_tenders
from catering.api.mutations.procurement.publish_consultation import publish_consultation
from catering.api.mutations.procurement.record_contract import record_contract
from catering.api.mutations.procurement.record_index_values import record_index_values
from catering.api.mutations.procurement.set_aside_tender import set_aside_tender
from catering.api.mutations.procurement.submit_tender import submit_tender
from catering.api.mutations.procurement.terminate_contract import terminate_contract
from catering.api.mutations.procurement.withdraw_tender import withdraw_tender


@strawberry.type
class Mutation:
    record_contract = record_contract
    amend_contract = amend_contract
    terminate_contract = terminate_contract
    record_index_values = record_index_values
    describe_consultation = describe_consultation
    ask_question = ask_question
    answer_question = answer_question
    submit_tender = submit_tender
    withdraw_tender = withdraw_tender


@strawberry.type
class Decisions:
    """What a buyer signs."""

    publish_consultation = publish_consultation
    open_tenders = open_tenders
    set_aside_tender = set_aside_tender
    award_consultation = award_consultation
    close_consultation = close_consultation
