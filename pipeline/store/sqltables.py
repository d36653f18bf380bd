"""The tables of articles as SQLAlchemy Core sees them."""

from __future__ import annotations

from models.tables import (
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
from pipeline.store.sql import table_of

ARTICLE = table_of(ArticleRow)
BODY = table_of(ArticleBody)
ALIAS = table_of(ArticleAlias)
REVISION = table_of(Revision)
PROVINCE = table_of(ArticleProvince)
OLD_PROVINCE = table_of(ArticleOldProvince)
TOPIC = table_of(ArticleTopic)
WATCHLIST = table_of(ArticleWatchlist)
CORRECTION = table_of(CorrectionRow)
