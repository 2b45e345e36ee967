"""A browser in which somebody is signed in, as their private link would have left it."""

from uuid import uuid4

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from integration.policy import Role
from integration.runtime import Runtime
from integration.signing_in.models import PageLink
from integration.signing_in.service import SIGNED_IN_FOR
from integration.tokens import new_token, token_hash


def sign_in(
    client: TestClient, session: Session, runtime: Runtime, actor: str, role: Role, tenant: str | None = None
) -> None:
    """From now on. Their workspace must be known, and be the tenant's; the caller commits."""
    now, link, cookie = runtime.clock(), uuid4().hex, new_token()
    session.add(
        PageLink(
            id=link,
            token_hash=token_hash(new_token()),
            page=runtime.vault.seal("/", table="page_links", column="page", row=link),
            actor=actor,
            role=role,
            tenant_id=tenant,
            expires_at=now,
            used_at=now,
            cookie_hash=token_hash(cookie),
            signed_in_until=now + SIGNED_IN_FOR,
        )
    )
    session.flush()
    client.cookies.set("retain-pages", cookie)
