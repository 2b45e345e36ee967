"""Tenants, workspaces, people; connections to Zoom, their links, grants, events and incidents; webhooks."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("cause", sa.String(64), nullable=False),
        sa.Column("sign", sa.String(64)),
        sa.Column("open_as", sa.String(130)),
        sa.Column("began_at", TIME, nullable=False),
        sa.Column("last_seen_at", TIME, nullable=False),
        sa.Column("ended_at", TIME),
        sa.Column("tenants", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_incidents"),
        sa.UniqueConstraint("open_as", name="uq_incidents_open_as"),
    )
    op.create_index("ix_incidents_ended_at", "incidents", ["ended_at"])
    op.create_table(
        "revocations",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("tokens", sa.Text()),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("due_at", TIME),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(32)),
        sa.Column("lease_until_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name="pk_revocations"),
    )
    op.create_index("ix_revocations_due_at", "revocations", ["due_at"])
    op.create_index("ix_revocations_tenant_id", "revocations", ["tenant_id"])
    op.create_table(
        "tenants",
        sa.Column("id", sa.String(63), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("zoom_enabled", sa.Boolean(), nullable=False),
        sa.Column("domains", sa.JSON(), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tenants"),
    )
    op.create_table(
        "webhooks",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("event", sa.String(64), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("settled_at", TIME),
        sa.Column("reason", sa.String(255)),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
        sa.UniqueConstraint("digest", name="uq_webhooks_digest"),
    )
    op.create_index("ix_webhooks_state_due_at", "webhooks", ["state", "due_at"])
    op.create_table(
        "connect_links",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("requested_by", sa.String(255), nullable=False),
        sa.Column("made_by", sa.String(255), nullable=False),
        sa.Column("requester_email", sa.Text(), nullable=False),
        sa.Column("requester_name", sa.Text()),
        sa.Column("place", sa.String(255)),
        sa.Column("card", sa.String(255)),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("cause", sa.String(64)),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("started_at", TIME),
        sa.Column("finished_at", TIME),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("returned_at", TIME),
        sa.Column("nonce_hash", sa.String(64)),
        sa.Column("browser_hash", sa.String(64)),
        sa.Column("verifier", sa.Text()),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_connect_links_tenant_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_connect_links"),
        sa.UniqueConstraint("token_hash", name="uq_connect_links_token_hash"),
    )
    op.create_index("ix_connect_links_expires_at", "connect_links", ["expires_at"])
    op.create_index("ix_connect_links_tenant_id", "connect_links", ["tenant_id"])
    op.create_table(
        "connection_events",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("cause", sa.String(64), nullable=False),
        sa.Column("actor", sa.String(255)),
        sa.Column("details", sa.Text()),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_connection_events_tenant_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_connection_events"),
    )
    op.create_index("ix_connection_events_tenant_id_at", "connection_events", ["tenant_id", "at"])
    op.create_table(
        "connections",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("cause", sa.String(64), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("connected_by", sa.String(255)),
        sa.Column("connected_at", TIME, nullable=False),
        sa.Column("account_id", sa.Text()),
        sa.Column("account_hash", sa.String(128)),
        sa.Column("user_id", sa.Text()),
        sa.Column("user_hash", sa.String(128)),
        sa.Column("zoom_user", sa.Text()),
        sa.Column("access_token", sa.Text()),
        sa.Column("refresh_token", sa.Text()),
        sa.Column("access_expires_at", TIME),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("refreshed_at", TIME),
        sa.Column("verified_at", TIME),
        sa.Column("last_webhook_at", TIME),
        sa.Column("check_due_at", TIME),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(32)),
        sa.Column("lease_until_ms", sa.BigInteger()),
        sa.Column("refresh_began_at", TIME),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_connections_tenant_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_connections"),
        sa.UniqueConstraint("account_hash", name="uq_connections_account_hash"),
        sa.UniqueConstraint("tenant_id", name="uq_connections_tenant_id"),
    )
    op.create_index("ix_connections_check_due_at", "connections", ["check_due_at"])
    op.create_index("ix_connections_state_cause", "connections", ["state", "cause"])
    op.create_index("ix_connections_user_hash", "connections", ["user_hash"])
    op.create_table(
        "people",
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("tenant_id", sa.String(63)),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_people_tenant_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("actor", name="pk_people"),
    )
    op.create_index("ix_people_tenant_id", "people", ["tenant_id"])
    op.create_table(
        "workspaces",
        sa.Column("team", sa.String(64), nullable=False),
        sa.Column("tenant_id", sa.String(63)),
        sa.Column("name", sa.String(255)),
        sa.Column("staff", sa.Boolean(), nullable=False),
        sa.Column("first_seen_at", TIME, nullable=False),
        sa.Column("linked_at", TIME),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_workspaces_tenant_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("team", name="pk_workspaces"),
    )
    op.create_index("ix_workspaces_tenant_id", "workspaces", ["tenant_id"])
    op.create_table(
        "grants",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("link_id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("step", sa.String(16), nullable=False),
        sa.Column("tokens", sa.Text(), nullable=False),
        sa.Column("zoom_user", sa.Text()),
        sa.Column("why_confirm", sa.String(16)),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(32)),
        sa.Column("lease_until_ms", sa.BigInteger()),
        sa.Column("refresh_began_at", TIME),
        sa.Column("refreshed_at", TIME),
        sa.ForeignKeyConstraint(
            ["link_id"], ["connect_links.id"], name="fk_grants_link_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_grants_tenant_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_grants"),
    )
    op.create_index("ix_grants_due_at", "grants", ["due_at"])
    op.create_index("ix_grants_link_id", "grants", ["link_id"])
    op.create_index("ix_grants_tenant_id", "grants", ["tenant_id"])


def downgrade() -> None:
    op.drop_table("grants")
    op.drop_table("workspaces")
    op.drop_table("people")
    op.drop_table("connections")
    op.drop_table("connection_events")
    op.drop_table("connect_links")
    op.drop_table("webhooks")
    op.drop_table("tenants")
    op.drop_table("revocations")
    op.drop_table("incidents")
