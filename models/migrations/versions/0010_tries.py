"""When an address was last asked for, and before when its host wants it not asked for again.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TIME = sqlmodel.sql.sqltypes.UTCDateTime()


def upgrade() -> None:
    for name in ("tried_at", "not_before"):
        op.add_column("outcome", sa.Column(name, TIME, nullable=True))
    op.execute("UPDATE outcome SET tried_at = last_at")


def downgrade() -> None:
    for name in ("not_before", "tried_at"):
        op.drop_column("outcome", name)
