"""T14: two weeks of digests for subscribers all over the world, checked against everything that was seen."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from models.digest import Digest, DigestStory, RenderedDigest, RunState, Section
from models.story import Relation
from pipeline.digest.render import Links, Renderer
from pipeline.store import Store
from tests.pipeline.digest.sample import OUTLETS, ListReader, article, story, subscription
from tests.pipeline.digest.support import plan, runs

ZONES = (
    "Asia/Ho_Chi_Minh Europe/Berlin America/New_York America/Los_Angeles Australia/Sydney Asia/Kolkata "
    "Pacific/Auckland America/St_Johns"
).split()
START = datetime(2026, 10, 21, tzinfo=UTC)
DAYS = 14  # over the end of summer time in Europe (25 October) and America (1 November)


class Remembering(Renderer):
    """Keeps the digests instead of writing them out."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Digest] = []

    def render(
        self, digest: Digest, links: Links | None = None, *, sender: str = "", limit: int = 0
    ) -> RenderedDigest:
        self.seen.append(digest)
        return RenderedDigest(subject="x", html="x", text="x", digest=digest)


def run_of_stories() -> list[DigestStory]:
    """Three stories a day, each told by three outlets over the following days."""
    outlets = list(OUTLETS)
    made = []
    for n in range(3 * (DAYS + 2)):
        first = START - timedelta(days=1) + timedelta(hours=8 * n, minutes=7 * n % 60)
        told = [
            replace(
                article(
                    f"{n}-{k}", outlets[(n + k) % len(outlets)], f"Tin {n}", relation=Relation.INDEPENDENT
                ),
                first_seen_at=first + timedelta(hours=11 * k),
            )
            for k in range(3)
        ]
        made.append(story(str(n), told))
    return made


def test_two_weeks_in_eight_zones_tell_every_story_once_and_miss_no_article(database: Store) -> None:
    everything = run_of_stories()
    reader = ListReader({"Tất cả": everything})
    renderer = Remembering()
    wanted = [
        subscription(
            slug=f"s{n}",
            timezone=zone,
            cutoff=time(1 + n, 30),
            send_at=time(2 + n, 30),
            sections=(Section(title="Tất cả", group_by="none", limit=100),),
            limit=400,
            days=frozenset(range(1, 6)) if n % 2 else frozenset(range(1, 8)),
        )
        for n, zone in enumerate(ZONES)
    ]
    for tick in range(DAYS * 12):
        plan(database, wanted, reader, START + timedelta(hours=2 * tick), renderer)
    for each in wanted:
        mine = [d for d in renderer.seen if d.subscription.slug == each.slug]
        slots = [run for run in runs(database) if run.subscription == each.slug]
        assert all(a.until == b.since for a, b in itertools.pairwise(slots))
        assert {run.state for run in slots} == {RunState.PLANNED}
        assert len(slots) >= sum((START + timedelta(days=n)).isoweekday() in each.days for n in range(DAYS))
        news = Counter(item.story.id for digest in mine for item in digest.items)
        assert news
        assert max(news.values()) == 1
        since, until = slots[0].since, slots[-1].until
        due = [a for s in everything for a in s.articles if since < a.first_seen_at <= until]
        told = sum(digest.articles + digest.quiet for digest in mine)
        assert told == len(due)
