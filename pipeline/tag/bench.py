"""Speed, load time and memory of the taggers, on articles that the caller gives or on made ones."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from models.tags import Taggable
from pipeline.tag import Tagger
from pipeline.tag.gazetteer import load_gazetteer
from pipeline.tag.provinces import ProvinceTagger
from pipeline.tag.topics import load_topics
from pipeline.tag.watchlist_file import load_watchlists

ROUNDS = 5
_SENTENCES = (
    "UBND tỉnh Quảng Ninh vừa họp bàn việc nâng cấp tuyến đường ven biển, dự kiến thông xe cuối năm.",
    "Tại Đà Nẵng, ngành y tế cho biết số ca sốt xuất huyết giảm so với cùng kỳ, người dân không chủ quan.",
    "Giá cà phê ở Đắk Lắk tăng nhẹ, nông dân phấn khởi bước vào vụ thu hoạch mới với nhiều kỳ vọng.",
    "Công an phường đã tạm giữ hai nghi phạm để điều tra hành vi trộm cắp tài sản trong khu công nghiệp.",
    "Đội bóng chủ nhà giành chiến thắng ở vòng đấu cuối, khán giả trên sân hò reo suốt hiệp hai.",
    "Sở Giáo dục và Đào tạo công bố lịch thi vào lớp 10, học sinh đăng ký nguyện vọng từ tuần sau.",
    "Doanh nghiệp Nhật Bản mở rộng nhà máy linh kiện điện tử, tạo 1.200 việc làm cho lao động địa phương.",
    "Mưa lớn gây sạt lở trên quốc lộ 6, lực lượng chức năng phân luồng xe và hỗ trợ các hộ phải di dời.",
)


def made_articles(count: int = 200, size: int = 3000) -> list[Taggable]:
    """Articles of about `size` bytes, no two alike: sentences in changing order with changing numbers."""
    articles = []
    for number in range(count):
        body, at = "", number
        while len(body.encode()) < size - 120:
            body += f"{_SENTENCES[at % len(_SENTENCES)]} Bản tin số {number * 31 + at}. "
            at += 1 + number % 3
        articles.append(Taggable(title=_SENTENCES[number % 8][:70], body=body, language="vi"))
    return articles


def run(texts: Sequence[Taggable] | None = None, config_dir: Path = Path("config")) -> str:
    """Articles a second on one core for each tagger alone and for all that a stored article gets, load time,
    memory, as lines of text. The articles come in turn, as in a crawl, so that none meets the memory of the
    one before still at hand; each counts with the shortest of its rounds, so that other work on the machine
    weighs less."""
    articles = list(texts) if texts else made_articles()
    before, start = _memory(), time.perf_counter()
    provinces = ProvinceTagger(load_gazetteer(config_dir))
    middle = time.perf_counter()
    topics = load_topics(config_dir)
    end = time.perf_counter()
    tagger = Tagger(provinces, topics, load_watchlists(config_dir))
    watched = len(tagger.watchlists.lists)
    taggers: dict[str, Callable[[Taggable], object]] = {"places": provinces.tag, "topics": topics.tag}
    if watched:
        taggers["watched"] = tagger.watchlists.tag
    taggers["all"] = tagger.tag
    size = sum(len(f"{a.title}{a.lead}{a.body}".encode()) for a in articles) / len(articles)
    return "\n".join(
        [
            f"articles {len(articles)}, {size:.0f} bytes each; watch-lists {watched}",
            *(
                f"{name:8} {1 / each:8.0f} articles/s/core   {each * 1000:.3f} ms"
                for name, each in ((name, _seconds(tag, articles)) for name, tag in taggers.items())
            ),
            f"load     places {middle - start:.2f} s, topics {end - middle:.2f} s",
            f"memory   {_memory() - before:.0f} MB more at most than before loading",
        ]
    )


def _seconds(tag: Callable[[Taggable], object], articles: Sequence[Taggable]) -> float:
    """Mean over the articles of the shortest time of each."""
    shortest = [float("inf")] * len(articles)
    for _ in range(ROUNDS):
        for number, article in enumerate(articles):
            start = time.perf_counter()
            tag(article)
            shortest[number] = min(shortest[number], time.perf_counter() - start)
    return sum(shortest) / len(articles)


def _memory() -> float:
    """The most memory that the process held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
