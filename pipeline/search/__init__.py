"""Searches: one grammar for the command line, the page, the API, subscriptions and watch-lists.

    đà nẵng cảng            all words; a word with tones matches exactly, one without matches every tone
    "cảng liên chiểu"       the words next to each other
    -bóng                   not (also –bóng, NOT bóng, KHÔNG bóng)
    lũ OR bão               either neighbour (also HOẶC, |); binds closer than the space
    (lũ OR bão) -miền       parentheses group
    cả*                     words that begin so
    tỉnh:"Quảng Nam"        province:, tinh:            new and old names, codes, aliases
    nhắc:huế                mentions:                   named in passing counts too
    chủ-đề:"du lịch"        topic:, chu-de:
    báo:vnexpress           outlet:, bao:
    từ:2026-11-01           since:, tu:                 also 01/11/2026, 7d, "hôm qua", today
    đến:2026-11-30          until:, den:                that day included
    ngôn-ngữ:en             lang:, ngon-ngu:
    nguồn:ttxvn             origin:, nguon:             who wrote it first
    theo-dõi:vinamilk       watch:, watchlist:          met by a watch-list
    tiêu-đề:bão             title:, tieu-de:
    đã-lưu:"bão lũ"         saved:, da-luu:             all that a saved search asks for

A text that means nothing to the grammar is looked for as words; what cannot be looked for is named in
`Query.notes`. A name that is not known, excluded or not, matches no article, nor does a text of which nothing
is left. Nothing raises.
"""

from pipeline.search.grammar import circle, parse_query
from pipeline.search.names import CodesOnly, filtered

__all__ = ["CodesOnly", "circle", "filtered", "parse_query"]
