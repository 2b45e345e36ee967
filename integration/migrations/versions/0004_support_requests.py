"""Support requests, their clocks and events; notices; what people want to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "incident_notices",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("articles", sa.JSON(), nullable=False),
        sa.Column("set_by", sa.String(255), nullable=False),
        sa.Column("set_at", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.Column("lifted_at", TIME),
        sa.Column("lifted_by", sa.String(255)),
        sa.Column("incident_id", sa.String(32)),
        sa.PrimaryKeyConstraint("id", name="pk_incident_notices"),
    )
    op.create_index("ix_incident_notices_until", "incident_notices", ["until"])
    op.create_table(
        "person_preferences",
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("reminders", sa.Boolean(), nullable=False),
        sa.Column("news", sa.Boolean(), nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("actor", name="pk_person_preferences"),
    )
    op.create_table(
        "support_requests",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("via", sa.String(16), nullable=False),
        sa.Column("tenant_id", sa.String(63)),
        sa.Column("actor", sa.String(255)),
        sa.Column("place", sa.String(255)),
        sa.Column("contact", sa.Text()),
        sa.Column("time_zone", sa.String(64)),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("more", sa.Text()),
        sa.Column("question_id", sa.String(32)),
        sa.Column("article", sa.String(255)),
        sa.Column("link", sa.Text()),
        sa.Column("zoom_state", sa.String(32)),
        sa.Column("zoom_cause", sa.String(64)),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("claimed_by", sa.String(255)),
        sa.Column("claimed_at", TIME),
        sa.Column("snoozed_until", TIME),
        sa.Column("resolved_at", TIME),
        sa.Column("card", sa.String(255)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name="fk_support_requests_tenant_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_support_requests"),
        sa.UniqueConstraint("key", name="uq_support_requests_key"),
    )
    op.create_index("ix_support_requests_actor", "support_requests", ["actor"])
    op.create_index("ix_support_requests_place", "support_requests", ["place"])
    op.create_index("ix_support_requests_state_asked_at", "support_requests", ["state", "asked_at"])
    op.create_index("ix_support_requests_tenant_id", "support_requests", ["tenant_id"])
    op.create_table(
        "response_clocks",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("request_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("respond_by", TIME, nullable=False),
        sa.Column("stopped_at", TIME),
        sa.Column("ended", sa.String(16)),
        sa.Column("reminded", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["request_id"], ["support_requests.id"], name="fk_response_clocks_request_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_response_clocks"),
        sa.UniqueConstraint("request_id", "number", name="uq_response_clocks_request_id_number"),
    )
    op.create_index("ix_response_clocks_started_at", "response_clocks", ["started_at"])
    op.create_index("ix_response_clocks_stopped_at_respond_by", "response_clocks", ["stopped_at", "respond_by"])
    op.create_table(
        "support_request_events",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("request_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(255)),
        sa.Column("at", TIME, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("actor", sa.String(255)),
        sa.Column("text", sa.Text()),
        sa.ForeignKeyConstraint(
            ["request_id"], ["support_requests.id"], name="fk_support_request_events_request_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_support_request_events"),
        sa.UniqueConstraint("key", name="uq_support_request_events_key"),
        sa.UniqueConstraint("request_id", "number", name="uq_support_request_events_request_id_number"),
    )
    op.create_index("ix_questions_asked_at", "questions", ["asked_at"])
    with op.batch_alter_table("notifications") as notifications:
        notifications.add_column(sa.Column("begun_at", TIME))
        notifications.alter_column("state", type_=sa.String(32), existing_nullable=False)


def downgrade() -> None:
    op.drop_index("ix_questions_asked_at", "questions")
    # The older version knows no such state, and has no room for the word.
    op.execute("UPDATE notifications SET state = 'gave_up' WHERE state = 'possibly_delivered'")
    with op.batch_alter_table("notifications") as notifications:
        notifications.alter_column("state", type_=sa.String(16), existing_nullable=False)
        notifications.drop_column("begun_at")
    op.drop_table("support_request_events")
    op.drop_table("response_clocks")
    op.drop_table("support_requests")
    op.drop_table("person_preferences")
    op.drop_table("incident_notices")
