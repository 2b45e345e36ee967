"""Votes on help pages; what a signed-in page needs to make a connect link, and its way back."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article_votes",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("article", sa.String(255), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text()),
        sa.Column("asked", sa.Text()),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_article_votes"),
        sa.UniqueConstraint("key", name="uq_article_votes_key"),
    )
    op.create_index("ix_article_votes_given_at", "article_votes", ["given_at"])
    op.add_column("page_links", sa.Column("email", sa.Text()))
    op.add_column("page_links", sa.Column("name", sa.Text()))
    op.add_column("connect_links", sa.Column("back", sa.Text()))


def downgrade() -> None:
    op.drop_column("connect_links", "back")
    op.drop_column("page_links", "name")
    op.drop_column("page_links", "email")
    op.drop_table("article_votes")
