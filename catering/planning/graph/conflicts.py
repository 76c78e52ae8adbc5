"""Why no plan exists, as GraphQL shows it."""

import strawberry


@strawberry.type(description="One of the rules that cannot hold together: why no plan exists.")
class PlanConflict:
    rule: strawberry.ID = strawberry.field(description="Id of the rule.")
    kitchen: str = strawberry.field(description="UAI; empty when the rule binds several kitchens.")
    period: str = strawberry.field(description="Over which period.")
    title: str = strawberry.field(description="What the rule asks, in French.")
