"""The database tables, the same on SQLite and PostgreSQL.

Importing this package is enough to have every table in `SQLModel.metadata`. The full-text index
`article_search` is not among them: it is a virtual table on SQLite and a `tsvector` on PostgreSQL, made by
the first migration and written by pipeline.store.
"""

from models.tables.articles import (
    ArticleAlias,
    ArticleBody,
    ArticleOldProvince,
    ArticleProvince,
    ArticleRow,
    ArticleTopic,
    ArticleWatchlist,
    CorrectionRow,
    Revision,
)
from models.tables.collection import EndpointRow, HealthRow, MissingPageRow, NamingRow, OutcomeRow
from models.tables.digests import (
    DigestItemRow,
    DigestRun,
    MailNote,
    OutboxBody,
    OutboxRow,
    Recipient,
    SubscriptionRow,
    Suppression,
)
from models.tables.stories import ArticleBand, ArticleClue, SavedSearch, StoryAlias, StoryRow

__all__ = [
    "ArticleAlias",
    "ArticleBand",
    "ArticleBody",
    "ArticleClue",
    "ArticleOldProvince",
    "ArticleProvince",
    "ArticleRow",
    "ArticleTopic",
    "ArticleWatchlist",
    "CorrectionRow",
    "DigestItemRow",
    "DigestRun",
    "EndpointRow",
    "HealthRow",
    "MailNote",
    "MissingPageRow",
    "NamingRow",
    "OutboxBody",
    "OutboxRow",
    "OutcomeRow",
    "Recipient",
    "Revision",
    "SavedSearch",
    "StoryAlias",
    "StoryRow",
    "SubscriptionRow",
    "Suppression",
]
