"""What may be asked of planning."""

import strawberry

from catering.api.mutations.planning.cancel_plan import cancel_plan
from catering.api.mutations.planning.publish_plan import publish_plan
from catering.api.mutations.planning.start_plan import start_plan
from catering.api.mutations.planning.suppose_change import suppose_change


@strawberry.type
class Mutation:
    start_plan = start_plan
    cancel_plan = cancel_plan
    publish_plan = publish_plan
    suppose_change = suppose_change
