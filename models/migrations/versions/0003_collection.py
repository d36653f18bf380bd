"""Collection: which endpoint named which address, and how each outlet fares.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString()
TIME = sqlmodel.sql.sqltypes.UTCDateTime()


def upgrade() -> None:
    op.create_table(
        "naming",
        sa.Column("url", TEXT, nullable=False),
        sa.Column("endpoint", TEXT, nullable=False),
        sa.Column("outlet", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("first_at", TIME, nullable=False),
        sa.Column("published_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("url", "endpoint"),
    )
    op.create_index("ix_naming_outlet", "naming", ["outlet", "first_at"])
    op.create_table(
        "outlet_health",
        sa.Column("outlet", TEXT, nullable=False),
        sa.Column("state", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("checked_at", TIME, nullable=False),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.Column("alarmed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("outlet"),
    )


def downgrade() -> None:
    for table in ("outlet_health", "naming"):
        op.drop_table(table)
