"""What may be asked of baskets and orders."""

import strawberry

from catering.api.mutations.orders.accept_order import accept_order
from catering.api.mutations.orders.answer_cancel import answer_cancel
from catering.api.mutations.orders.answer_change import answer_change
from catering.api.mutations.orders.cancel_order import cancel_order
from catering.api.mutations.orders.fill_basket import fill_basket
from catering.api.mutations.orders.prepare_order import prepare_order
from catering.api.mutations.orders.propose_change import propose_change
from catering.api.mutations.orders.put_basket_line import put_basket_line
from catering.api.mutations.orders.refuse_order import refuse_order
from catering.api.mutations.orders.remove_basket_line import remove_basket_line
from catering.api.mutations.orders.report_failure import report_failure
from catering.api.mutations.orders.report_not_delivered import report_not_delivered
from catering.api.mutations.orders.send_basket import send_basket
from catering.api.mutations.orders.ship_order import ship_order
from catering.api.mutations.orders.start_standing_order import start_standing_order
from catering.api.mutations.orders.stop_standing_order import stop_standing_order
from catering.api.mutations.orders.substitute_line import substitute_line


@strawberry.type
class Mutation:
    fill_basket = fill_basket
    put_basket_line = put_basket_line
    remove_basket_line = remove_basket_line
    substitute_line = substitute_line
    send_basket = send_basket
    accept_order = accept_order
    refuse_order = refuse_order
    propose_change = propose_change
    answer_change = answer_change
    prepare_order = prepare_order
    ship_order = ship_order
    cancel_order = cancel_order
    answer_cancel = answer_cancel
    report_failure = report_failure
    report_not_delivered = report_not_delivered
    start_standing_order = start_standing_order
    stop_standing_order = stop_standing_order
