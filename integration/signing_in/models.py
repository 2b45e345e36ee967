"""Private links to pages."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from integration.db import SEALED, Base


class PageLink(Base):
    """A link that signs one person in to pages, once. After that the browser's cookie is known by its hash.

    What somebody may see is decided on every page anew: the link says only who they are, as the bot established it.
    """

    __tablename__ = "page_links"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str | None] = mapped_column(Text, info=SEALED)  # the person's, for a connect link made on a page
    name: Mapped[str | None] = mapped_column(Text, info=SEALED)
    page: Mapped[str] = mapped_column(Text, info=SEALED)  # a path of ours; its query may name a meeting or a customer
    actor: Mapped[str] = mapped_column(String(255))
    role: Mapped[str] = mapped_column(String(16))
    tenant_id: Mapped[str | None] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    cookie_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    signed_in_until: Mapped[datetime | None]
