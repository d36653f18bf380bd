"""The first schema: articles, their tags and text index, outcomes, endpoints, stories, saved searches.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
import sqlalchemy.dialects.postgresql
import sqlmodel
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString()
TIME = sqlmodel.sql.sqltypes.UTCDateTime()
JSON = sa.JSON()
ARTICLE_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "article",
        sa.Column("id", ARTICLE_ID, autoincrement=False, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("asked_url", TEXT, nullable=False),
        sa.Column("outlet", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("lead", TEXT, nullable=False),
        sa.Column("authors", JSON, nullable=False),
        sa.Column("published_at", TIME, nullable=True),
        sa.Column("published_from", TEXT, nullable=False),
        sa.Column("modified_at", TIME, nullable=True),
        sa.Column("first_seen_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("section", TEXT, nullable=False),
        sa.Column("language", TEXT, nullable=False),
        sa.Column("image_url", TEXT, nullable=False),
        sa.Column("credit", TEXT, nullable=False),
        sa.Column("method", TEXT, nullable=False),
        sa.Column("profile", TEXT, nullable=False),
        sa.Column("completeness", TEXT, nullable=False),
        sa.Column("content_hash", TEXT, nullable=False),
        sa.Column("entry_hashes", JSON, nullable=False),
        sa.Column("endpoint", TEXT, nullable=False),
        sa.Column("revisions", sa.Integer(), nullable=False),
        sa.Column("backfill", sa.Boolean(), nullable=False),
        sa.Column("story_id", TEXT, nullable=True),
        sa.Column("relation", TEXT, nullable=False),
        sa.Column("origin", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("url"),
    )
    op.create_index("ix_article_credit", "article", ["credit", "id"])
    op.create_index("ix_article_language", "article", ["language", "id"])
    op.create_index("ix_article_outlet", "article", ["outlet", "id"])
    op.create_index("ix_article_seen", "article", ["first_seen_at", "id"])
    op.create_index("ix_article_story_id", "article", ["story_id"])
    op.create_table(
        "endpoint",
        sa.Column("url", TEXT, nullable=False),
        sa.Column("outlet", TEXT, nullable=False),
        sa.Column("etag", TEXT, nullable=False),
        sa.Column("last_modified", TEXT, nullable=False),
        sa.Column("body_hash", TEXT, nullable=False),
        sa.Column("polls", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_polled_at", TIME, nullable=True),
        sa.Column("last_success_at", TIME, nullable=True),
        sa.Column("next_due_at", TIME, nullable=True),
        sa.Column("last_reason", TEXT, nullable=False),
        sa.Column("last_detail", TEXT, nullable=False),
        sa.Column("last_count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("url"),
    )
    op.create_index("ix_endpoint_due", "endpoint", ["next_due_at"])
    op.create_index("ix_endpoint_outlet", "endpoint", ["outlet"])
    op.create_table(
        "outcome",
        sa.Column("url", TEXT, nullable=False),
        sa.Column("outlet", TEXT, nullable=False),
        sa.Column("stage", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("detail", TEXT, nullable=False),
        sa.Column("endpoint", TEXT, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("first_at", TIME, nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.Column("last_reason", TEXT, nullable=False),
        sa.Column("last_detail", TEXT, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("url"),
    )
    op.create_index("ix_outcome_at", "outcome", ["at"])
    op.create_index("ix_outcome_outlet", "outcome", ["outlet", "reason"])
    op.create_table(
        "saved_search",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("query", TEXT, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "story",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("headline", TEXT, nullable=False),
        sa.Column("summary", TEXT, nullable=False),
        sa.Column("first_seen_at", TIME, nullable=False),
        sa.Column("last_seen_at", TIME, nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("outlets", JSON, nullable=False),
        sa.Column("languages", JSON, nullable=False),
        sa.Column("provinces", JSON, nullable=False),
        sa.Column("topics", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_story_seen", "story", ["last_seen_at"])
    op.create_table(
        "story_alias",
        sa.Column("old_id", TEXT, nullable=False),
        sa.Column("story_id", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("old_id"),
    )
    op.create_index("ix_story_alias_story_id", "story_alias", ["story_id"])
    op.create_table(
        "article_alias",
        sa.Column("url", TEXT, nullable=False),
        sa.Column("article_id", ARTICLE_ID, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("url"),
    )
    op.create_index("ix_article_alias_article_id", "article_alias", ["article_id"])
    op.create_table(
        "article_body",
        sa.Column("article_id", ARTICLE_ID, autoincrement=False, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("credit_text", TEXT, nullable=False),
        sa.Column("dateline", TEXT, nullable=False),
        sa.Column("captions", JSON, nullable=False),
        sa.Column("keywords", JSON, nullable=False),
        sa.Column("origins", JSON, nullable=False),
        sa.Column("tags", JSON, nullable=False),
        sa.Column("story_evidence", JSON, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id"),
    )
    op.create_table(
        "article_old_province",
        sa.Column("article_id", ARTICLE_ID, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "code"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_article_old_province_code", "article_old_province", ["code", "role", "article_id"])
    op.create_table(
        "article_province",
        sa.Column("article_id", ARTICLE_ID, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "code"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_article_province_code", "article_province", ["code", "role", "article_id"])
    op.create_table(
        "article_topic",
        sa.Column("article_id", ARTICLE_ID, nullable=False),
        sa.Column("topic", TEXT, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "topic"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_article_topic_topic", "article_topic", ["topic", "article_id"])
    op.create_table(
        "revision",
        sa.Column("article_id", ARTICLE_ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("replaced_at", TIME, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("lead", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("content_hash", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "number"),
    )
    if op.get_bind().dialect.name == "sqlite":
        create_sqlite_index()
    else:
        create_postgres_index()


def create_sqlite_index() -> None:
    """Words come cut and folded and joined by spaces, so the tokenizer has nothing to decide: `ascii` takes
    every character beyond ASCII as part of a word."""
    op.execute(
        "CREATE VIRTUAL TABLE article_search USING fts5("
        "title_exact, body_exact, title_fold, body_fold, content='', tokenize='ascii')"
    )


def create_postgres_index() -> None:
    """One row for an article, its words as lexemes with their places: `=` before a word marks the exact
    form, weight A the title."""
    op.create_table(
        "article_search",
        sa.Column("article_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("document", sa.dialects.postgresql.TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], ondelete="CASCADE"),
    )
    # Every search reads the entries that wait to be sorted in: kept to what takes a millisecond.
    op.create_index(
        "ix_article_search_document",
        "article_search",
        ["document"],
        postgresql_using="gin",
        postgresql_with={"gin_pending_list_limit": 256},
    )


def downgrade() -> None:
    op.execute("DROP TABLE article_search")
    op.drop_table("revision")
    op.drop_table("article_topic")
    op.drop_table("article_province")
    op.drop_table("article_old_province")
    op.drop_table("article_body")
    op.drop_table("article_alias")
    op.drop_table("story_alias")
    op.drop_table("story")
    op.drop_table("saved_search")
    op.drop_table("outcome")
    op.drop_table("endpoint")
    op.drop_table("article")
