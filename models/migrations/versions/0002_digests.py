"""Digests: planned runs, told stories, recipients, the outbox, suppression, notes of delivery.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString()
TIME = sqlmodel.sql.sqltypes.UTCDateTime()


def upgrade() -> None:
    op.create_table(
        "digest_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription", TEXT, nullable=False),
        sa.Column("slot", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.Column("send_at", TIME, nullable=False),
        sa.Column("planned_at", TIME, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("stories", sa.Integer(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("subscription", "slot"),
    )
    op.create_index("ix_digest_run_planned", "digest_run", ["planned_at"])
    op.create_table(
        "digest_item",
        sa.Column("subscription", TEXT, nullable=False),
        sa.Column("story", TEXT, nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("headline_url", TEXT, nullable=False),
        sa.Column("told_until", TIME, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["digest_run.id"]),
        sa.PrimaryKeyConstraint("subscription", "story"),
    )
    op.create_index("ix_digest_item_headline", "digest_item", ["subscription", "headline_url"])
    op.create_index("ix_digest_item_run_id", "digest_item", ["run_id"])
    op.create_table(
        "digest_recipient",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription", TEXT, nullable=False),
        sa.Column("address", TEXT, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("unsubscribed_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("subscription", "address"),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("dedupe_key", TEXT, nullable=False),
        sa.Column("message_id", TEXT, nullable=False),
        sa.Column("sender", TEXT, nullable=False),
        sa.Column("recipient", TEXT, nullable=False),
        sa.Column("mime", sa.LargeBinary(), nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("queued_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("next_try_at", TIME, nullable=False),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("lease_owner", TEXT, nullable=False),
        sa.Column("data_at", TIME, nullable=True),
        sa.Column("sent_at", TIME, nullable=True),
        sa.Column("last_code", sa.Integer(), nullable=True),
        sa.Column("last_text", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["digest_run.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("dedupe_key"),
    )
    op.create_index("ix_outbox_due", "outbox", ["state", "next_try_at"])
    op.create_index("ix_outbox_run_id", "outbox", ["run_id"])
    op.create_index("ix_outbox_recipient", "outbox", ["recipient"])
    op.create_table(
        "mail_suppression",
        sa.Column("address", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("soft_bounces", sa.Integer(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("until", TIME, nullable=True),
        sa.PrimaryKeyConstraint("address"),
    )
    op.create_table(
        "mail_note",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def downgrade() -> None:
    for table in (
        "mail_note",
        "mail_suppression",
        "outbox",
        "digest_recipient",
        "digest_item",
        "digest_run",
    ):
        op.drop_table(table)
