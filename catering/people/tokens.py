"""API tokens: making, revoking."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from catering.people import refusals, rules
from catering.people.models import ApiToken
from catering.people.plain_text import plain_name
from catering.people.queries import open_tokens, tokens_visible_to
from catering.people.service import change, require_keeper
from catering.people.sessions import own_account_id
from catering.people.viewer import Role, Scope, Viewer

LONGEST_LABEL = 60
MOST_TOKENS = 20  # legal-number: programs of one person, nothing of the law


async def make_token(
    session: AsyncSession, viewer: Viewer, name: str, scopes: Collection[Scope], days: int, now: datetime
) -> tuple[ApiToken, str]:
    """Make a token for a program of the viewer; the row, and the token itself, which cannot be read again.

    Raises:
        refusals.Refusal: the viewer is not there in person, or the name, scopes or days cannot be used.
    """
    account_id = own_account_id(viewer)
    if not scopes:
        raise refusals.BadToken("Choisir au moins un droit pour ce jeton, par exemple la lecture (READ).")
    if not 1 <= days <= rules.TOKEN_LASTS_AT_MOST.days:
        raise refusals.BadToken(f"Un jeton dure de 1 à {rules.TOKEN_LASTS_AT_MOST.days} jours : {days} demandés.")
    owned = list(await session.scalars(open_tokens(viewer, now).where(ApiToken.account_id == account_id)))
    if len(owned) >= MOST_TOKENS:
        raise refusals.BadToken(f"Ce compte a déjà {len(owned)} jetons. En révoquer un d'abord.")
    prefix, token = rules.new_token()
    row = ApiToken(
        account_id=account_id,
        name=plain_name(name, "le nom du logiciel", LONGEST_LABEL),
        prefix=prefix,
        token_sha256=rules.sha256(token),
        scopes=sorted({scope.value for scope in scopes}),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(row)
    await session.flush()
    after = {"name": row.name, "prefix": prefix, "scopes": row.scopes, "expires_at": row.expires_at.isoformat()}
    session.add(change(viewer.actor, ApiToken.__tablename__, str(row.id), None, after))
    await session.flush()
    return row, token


async def revoke_token(session: AsyncSession, viewer: Viewer, token_id: int, now: datetime) -> ApiToken:
    """End a token at once: one's own, or any for the administration of the Département. One that is over stays so.

    Raises:
        refusals.Refusal: the viewer is not there in person, or there is no such token that they may end.
    """
    if viewer.role is Role.DEPARTEMENT:
        require_keeper(viewer)
        statement = tokens_visible_to(viewer)
    else:
        statement = tokens_visible_to(viewer).where(ApiToken.account_id == own_account_id(viewer))
    row: ApiToken | None = (await session.scalars(statement.where(ApiToken.id == token_id))).one_or_none()
    if row is None:
        raise refusals.UnknownCredential("Jeton")
    if row.revoked_at is None:
        row.revoked_at = now
        session.add(change(viewer.actor, ApiToken.__tablename__, str(row.id), {"revoked": False}, {"revoked": True}))
        await session.flush()
    return row
