"""Accounts, and the kitchens and suppliers each acts for."""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from catering.columns import one_of
from catering.db import Base, Instant
from catering.people.viewer import Role

LONGEST_EMAIL = 254
LONGEST_NAME = 120


class Account(Base):
    """A person who may sign in. Nobody makes one by signing in: the Département invites, or a seller registers."""

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("email = lower(email)", name="email_folded"),
        CheckConstraint("(provider_issuer IS NULL) = (provider_subject IS NULL)", name="whole_provider"),
        UniqueConstraint("provider_issuer", "provider_subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(LONGEST_EMAIL), unique=True)
    """As ``rules.email_address`` folds it: two spellings of an address are one account."""
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    role: Mapped[Role] = mapped_column(one_of(Role))
    created_at: Mapped[Instant]
    locked_at: Mapped[Instant | None]
    """Since when nothing opens it: no link, passkey, provider, session or token."""
    toured_at: Mapped[Instant | None]
    """When the guided first visit of the pages was ended; until then it is offered on the first page."""
    demonstration: Mapped[bool]
    """Made for the demonstration: it opens only while the setting ``demo_identity`` is on, and no mail reaches it."""
    provider_issuer: Mapped[str | None] = mapped_column(String(200))
    """OpenID Connect provider that vouches for this person, once it has done so."""
    provider_subject: Mapped[str | None] = mapped_column(String(255))
    """Name of the person at that provider, which never changes."""


class AccountKitchen(Base):
    """A kitchen for which an account buys."""

    __tablename__ = "account_kitchens"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    kitchen: Mapped[str] = mapped_column(
        ForeignKey("kitchens.uai", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True, index=True
    )
    """Its UAI: people know nothing of the tables of the kitchens."""


class AccountSupplier(Base):
    """A supplier for which an account sells."""

    __tablename__ = "account_suppliers"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    supplier: Mapped[str] = mapped_column(
        ForeignKey("suppliers.slug", ondelete="CASCADE", onupdate="CASCADE"), primary_key=True, index=True
    )
    """Its id in the API."""
