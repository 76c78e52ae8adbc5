"""What may be asked of the purchases ledger: import a file, tell how ma-cantine knows a kitchen,
who is under a territorial project, why a product comes from a third country."""

import strawberry

from catering.api.mutations.purchases.import_purchases import import_purchases
from catering.api.mutations.purchases.register_canteen import register_canteen
from catering.api.mutations.purchases.state_pat_supply import state_pat_supply
from catering.api.mutations.purchases.state_third_country_reason import state_third_country_reason
from catering.api.mutations.purchases.withdraw_import import withdraw_import


@strawberry.type
class Mutation:
    import_purchases = import_purchases
    register_canteen = register_canteen
    state_pat_supply = state_pat_supply
    state_third_country_reason = state_third_country_reason
    withdraw_import = withdraw_import
