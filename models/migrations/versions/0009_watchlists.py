"""Which articles meet which watch-list.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString()
ARTICLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "article_watchlist",
        sa.Column("article_id", ARTICLE, nullable=False),
        sa.Column("watchlist", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "watchlist"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_article_watchlist_watchlist", "article_watchlist", ["watchlist", "article_id"], unique=False
    )


def downgrade() -> None:
    op.drop_table("article_watchlist")
