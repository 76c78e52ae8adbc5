"""Loads of the accounts for one operation."""

from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from catering import moment
from catering.graph.loading import ManyByKey, OneByKey
from catering.people.models import Account, AccountKitchen, AccountSupplier, ApiToken
from catering.people.queries import (
    account_kitchens_visible_to,
    account_suppliers_visible_to,
    accounts_visible_to,
    open_tokens,
    tokens_visible_to,
)


class AccountById(OneByKey[int, Account]):
    """Accounts by their number."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its number."""
        return Account.id

    def statement(self) -> Select[Account]:
        """All visible accounts."""
        return accounts_visible_to(self.request.viewer)


class KitchensByAccountId(ManyByKey[int, AccountKitchen]):
    """Kitchens granted to accounts."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The account."""
        return AccountKitchen.account_id

    def statement(self) -> Select[AccountKitchen]:
        """All visible grants, by UAI."""
        return account_kitchens_visible_to(self.request.viewer).order_by(AccountKitchen.kitchen)


class SuppliersByAccountId(ManyByKey[int, AccountSupplier]):
    """Suppliers granted to accounts."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The account."""
        return AccountSupplier.account_id

    def statement(self) -> Select[AccountSupplier]:
        """All visible grants, by id."""
        return account_suppliers_visible_to(self.request.viewer).order_by(AccountSupplier.supplier)


class TokensByAccountId(ManyByKey[int, ApiToken]):
    """Tokens of accounts that still open something, the newest first."""

    def column(self) -> InstrumentedAttribute[Any]:
        """The account."""
        return ApiToken.account_id

    def statement(self) -> Select[ApiToken]:
        """All visible tokens that are not over."""
        return open_tokens(self.request.viewer, moment.now()).order_by(ApiToken.id.desc())


class TokenById(OneByKey[int, ApiToken]):
    """Tokens by their number."""

    def column(self) -> InstrumentedAttribute[int]:
        """Its number."""
        return ApiToken.id

    def statement(self) -> Select[ApiToken]:
        """All visible tokens."""
        return tokens_visible_to(self.request.viewer)
