"""Sessions, calendar events, customers; back-fill; private links to pages."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "backfills",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("why", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("finished_at", TIME),
        sa.Column("due_at", TIME),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("cause", sa.String(64)),
        sa.Column("lease_owner", sa.String(32)),
        sa.Column("lease_until_ms", sa.BigInteger()),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_backfills_tenant_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_backfills"),
    )
    op.create_index("ix_backfills_state_due_at", "backfills", ["state", "due_at"])
    op.create_index("ix_backfills_tenant_id_created_at", "backfills", ["tenant_id", "created_at"])
    op.create_table(
        "calendar_events",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("google_id", sa.Text(), nullable=False),
        sa.Column("google_hash", sa.String(128), nullable=False),
        sa.Column("uid", sa.Text()),
        sa.Column("uid_hash", sa.String(128)),
        sa.Column("meeting_id", sa.Text()),
        sa.Column("meeting_hash", sa.String(128)),
        sa.Column("organizer", sa.Text()),
        sa.Column("organizer_hash", sa.String(128)),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("start_at", TIME, nullable=False),
        sa.Column("end_at", TIME, nullable=False),
        sa.Column("scheduled_seconds", sa.Integer(), nullable=False),
        sa.Column("all_day", sa.Boolean(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("updated_at", TIME),
        sa.Column("customers", sa.Integer(), nullable=False),
        sa.Column("customer_rules", sa.Integer(), nullable=False),
        sa.Column("actual_seconds", sa.Integer()),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.Column("asked_at", TIME),
        sa.Column("forgotten_at", TIME),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_calendar_events_tenant_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_events"),
        sa.UniqueConstraint("tenant_id", "google_hash", name="uq_calendar_events_tenant_id_google_hash"),
    )
    op.create_index("ix_calendar_events_tenant_id_customer_rules", "calendar_events", ["tenant_id", "customer_rules"])
    op.create_index(
        "ix_calendar_events_tenant_id_meeting_hash_start_at",
        "calendar_events",
        ["tenant_id", "meeting_hash", "start_at"],
    )
    op.create_index("ix_calendar_events_tenant_id_start_at", "calendar_events", ["tenant_id", "start_at"])
    op.create_index("ix_calendar_events_tenant_id_uid_hash", "calendar_events", ["tenant_id", "uid_hash"])
    op.create_table(
        "customers",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_hash", sa.String(128), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_customers_tenant_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
        sa.UniqueConstraint("tenant_id", "name_hash", name="uq_customers_tenant_id_name_hash"),
    )
    op.create_table(
        "meeting_coverage",
        sa.Column("id", sa.String(63), nullable=False),
        sa.Column("asked_from", TIME),
        sa.Column("asked_until", TIME),
        sa.Column("rooms_read_at", TIME),
        sa.Column("people_read_at", TIME),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("wanted_at", TIME),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("lease_owner", sa.String(32)),
        sa.Column("lease_until_ms", sa.BigInteger()),
        sa.ForeignKeyConstraint(["id"], ["tenants.id"], name="fk_meeting_coverage_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_coverage"),
    )
    op.create_index("ix_meeting_coverage_due_at", "meeting_coverage", ["due_at"])
    op.create_table(
        "page_links",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("tenant_id", sa.String(63)),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("used_at", TIME),
        sa.Column("cookie_hash", sa.String(64)),
        sa.Column("signed_in_until", TIME),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_page_links_tenant_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_page_links"),
        sa.UniqueConstraint("cookie_hash", name="uq_page_links_cookie_hash"),
        sa.UniqueConstraint("token_hash", name="uq_page_links_token_hash"),
    )
    op.create_index("ix_page_links_tenant_id", "page_links", ["tenant_id"])
    op.create_table(
        "personal_rooms",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_hash", sa.String(128), nullable=False),
        sa.Column("meeting_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="fk_personal_rooms_tenant_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_personal_rooms"),
        sa.UniqueConstraint("tenant_id", "name_hash", name="uq_personal_rooms_tenant_id_name_hash"),
    )
    op.create_table(
        "backfill_windows",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("backfill_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("meeting_id", sa.Text()),
        sa.Column("done_at", TIME),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("fresh", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["backfill_id"], ["backfills.id"], name="fk_backfill_windows_backfill_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_backfill_windows"),
    )
    op.create_index("ix_backfill_windows_backfill_id_position", "backfill_windows", ["backfill_id", "position"])
    op.create_table(
        "customer_domains",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("domain_hash", sa.String(128), nullable=False),
        sa.Column("customer_id", sa.String(32), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_customer_domains_customer_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_customer_domains_tenant_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_customer_domains"),
        sa.UniqueConstraint("tenant_id", "domain_hash", name="uq_customer_domains_tenant_id_domain_hash"),
    )
    op.create_index("ix_customer_domains_customer_id", "customer_domains", ["customer_id"])
    op.create_table(
        "event_customers",
        sa.Column("event_id", sa.String(32), nullable=False),
        sa.Column("customer_id", sa.String(32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_event_customers_customer_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["calendar_events.id"], name="fk_event_customers_event_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("event_id", "customer_id", name="pk_event_customers"),
    )
    op.create_index("ix_event_customers_customer_id", "event_customers", ["customer_id"])
    op.create_table(
        "meeting_sessions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("uuid", sa.Text(), nullable=False),
        sa.Column("uuid_hash", sa.String(128), nullable=False),
        sa.Column("meeting_id", sa.Text(), nullable=False),
        sa.Column("meeting_hash", sa.String(128), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("ended_at", TIME),
        sa.Column("started_by", sa.Integer(), nullable=False),
        sa.Column("ended_by", sa.Integer()),
        sa.Column("event_id", sa.String(32)),
        sa.Column("check_due_at", TIME),
        sa.Column("checks", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["calendar_events.id"], name="fk_meeting_sessions_event_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_meeting_sessions_tenant_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_sessions"),
        sa.UniqueConstraint("tenant_id", "uuid_hash", name="uq_meeting_sessions_tenant_id_uuid_hash"),
    )
    op.create_index("ix_meeting_sessions_event_id", "meeting_sessions", ["event_id"])
    op.create_index("ix_meeting_sessions_state_check_due_at", "meeting_sessions", ["state", "check_due_at"])
    op.create_index(
        "ix_meeting_sessions_tenant_id_meeting_hash_started_at",
        "meeting_sessions",
        ["tenant_id", "meeting_hash", "started_at"],
    )
    op.add_column("tenants", sa.Column("customer_rules", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    op.drop_column("tenants", "customer_rules")
    op.drop_table("meeting_sessions")
    op.drop_table("event_customers")
    op.drop_table("customer_domains")
    op.drop_table("backfill_windows")
    op.drop_table("personal_rooms")
    op.drop_table("page_links")
    op.drop_table("meeting_coverage")
    op.drop_table("customers")
    op.drop_table("calendar_events")
    op.drop_table("backfills")
