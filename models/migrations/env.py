"""Alembic's entry: runs the migrations on the connection that pipeline.store.schema hands over."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

import models.tables  # noqa: F401  (fills the metadata)


def is_ours(_: object, name: str | None, kind: str, *rest: object) -> bool:
    """Whether autogeneration looks at an object: the full-text index and its shadow tables are not in the
    metadata."""
    return not (
        kind in ("table", "index")
        and name is not None
        and name.startswith(("article_search", "ix_article_search"))
    )


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    include_object=is_ours,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
