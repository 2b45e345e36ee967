"""Questions, what people thought of the answers, and notifications."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "questions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("place", sa.String(255), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("owed_at", TIME),
        sa.Column("status", sa.String(16)),
        sa.Column("article", sa.String(255)),
        sa.Column("confidence", sa.Double()),
        sa.Column("answered_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_questions"),
        sa.UniqueConstraint("key", name="uq_questions_key"),
    )
    op.create_index("ix_questions_owed_at", "questions", ["owed_at"])

    op.create_table(
        "question_feedback",
        sa.Column("question_id", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text()),
        sa.Column("given_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("question_id", "actor", name="pk_question_feedback"),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name="fk_question_feedback_question_id", ondelete="CASCADE"
        ),
    )

    op.create_table(
        "notifications",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("about", sa.String(64), nullable=False),
        sa.Column("place", sa.String(255)),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("settled_at", TIME),
        sa.Column("reason", sa.String(255)),
        sa.PrimaryKeyConstraint("id", name="pk_notifications"),
        sa.UniqueConstraint("kind", "about", name="uq_notifications_kind_about"),
    )
    op.create_index("ix_notifications_about", "notifications", ["about"])
    op.create_index("ix_notifications_state_due_at", "notifications", ["state", "due_at"])


def downgrade() -> None:
    op.drop_table("notifications")
    op.drop_table("question_feedback")
    op.drop_table("questions")
