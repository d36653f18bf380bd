"""What people corrected, and which version of the taggers each article was tagged by.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString()
TIME = sqlmodel.sql.sqltypes.UTCDateTime()
ARTICLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "correction",
        sa.Column("article_id", ARTICLE, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.Column("verdict", TEXT, nullable=False),
        sa.Column("within", TEXT, nullable=False),
        sa.Column("label", TEXT, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "kind", "value"),
    )
    op.add_column("article_body", sa.Column("tagged_by", TEXT, nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("article_body", "tagged_by")
    op.drop_table("correction")
