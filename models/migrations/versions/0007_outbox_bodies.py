"""The bytes of mails, apart from what changes while they are sent.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString()


def upgrade() -> None:
    op.create_table(
        "outbox_body",
        sa.Column("dedupe_key", TEXT, nullable=False),
        sa.Column("mime", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["dedupe_key"], ["outbox.dedupe_key"]),
        sa.PrimaryKeyConstraint("dedupe_key"),
    )
    op.execute("INSERT INTO outbox_body (dedupe_key, mime) SELECT dedupe_key, mime FROM outbox")
    op.drop_column("outbox", "mime")


def downgrade() -> None:
    empty = "''" if op.get_bind().dialect.name == "postgresql" else "x''"
    op.add_column("outbox", sa.Column("mime", sa.LargeBinary(), nullable=False, server_default=sa.text(empty)))
    op.execute(
        "UPDATE outbox SET mime ="
        " (SELECT mime FROM outbox_body WHERE outbox_body.dedupe_key = outbox.dedupe_key)"
        " WHERE dedupe_key IN (SELECT dedupe_key FROM outbox_body)"
    )
    op.drop_table("outbox_body")
