"""What may be asked of receiving: deliveries, stock, credits, invoices."""

import strawberry

from catering.api.mutations.receiving.approve_invoice import approve_invoice
from catering.api.mutations.receiving.correct_reception import correct_reception
from catering.api.mutations.receiving.count_stock import count_stock
from catering.api.mutations.receiving.decline_credit import decline_credit
from catering.api.mutations.receiving.enter_invoice import enter_invoice
from catering.api.mutations.receiving.grant_credit import grant_credit
from catering.api.mutations.receiving.issue_invoice import issue_invoice
from catering.api.mutations.receiving.match_invoice import match_invoice
from catering.api.mutations.receiving.receive_delivery import receive_delivery
from catering.api.mutations.receiving.record_loss import record_loss
from catering.api.mutations.receiving.reject_invoice import reject_invoice
from catering.api.mutations.receiving.set_temperature_tolerance import set_temperature_tolerance
from catering.api.mutations.receiving.transfer_stock import transfer_stock
from catering.api.mutations.receiving.use_stock import use_stock


@strawberry.type
class Mutation:
    receive_delivery = receive_delivery
    correct_reception = correct_reception
    use_stock = use_stock
    record_loss = record_loss
    count_stock = count_stock
    transfer_stock = transfer_stock
    set_temperature_tolerance = set_temperature_tolerance


@strawberry.type
class Invoicing:
    """What ends in a payment."""

    issue_invoice = issue_invoice
    enter_invoice = enter_invoice
    match_invoice = match_invoice
    approve_invoice = approve_invoice
    reject_invoice = reject_invoice
    grant_credit = grant_credit
    decline_credit = decline_credit
