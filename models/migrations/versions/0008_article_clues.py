"""What leads from one article to others: bands of copied text and rare facts.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ARTICLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "article_band",
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("article_id", ARTICLE, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("band", "value", "article_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_article_band_article", "article_band", ["article_id"])
    op.create_table(
        "article_clue",
        sa.Column("clue", sa.BigInteger(), nullable=False),
        sa.Column("article_id", ARTICLE, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("clue", "article_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_article_clue_article", "article_clue", ["article_id"])


def downgrade() -> None:
    for table in ("article_clue", "article_band"):
        op.drop_table(table)
