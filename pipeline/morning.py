"""How long a morning takes: a thousand subscribers over a day of five thousand articles, and delivery
against a bare loop over the same SMTP client in the same run."""

from __future__ import annotations

import asyncio
import multiprocessing
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from multiprocessing.connection import Connection

from aiosmtplib import SMTP
from sqlalchemy import select

from models.digest import RunState, Section, StoryReader, Subscription
from models.document import Article
from models.ports import Database
from models.story import Relation, StoryLink
from models.tables.digests import OutboxBody, OutboxRow
from models.tags import ProvinceTag, Role, Tags, TopicTag
from pipeline.briefing import Briefing
from pipeline.digest.deliver import deliver
from pipeline.digest.mailing import PlanOptions
from pipeline.digest.outbox import DeliveryOptions
from pipeline.digest.plan import plan_due
from pipeline.digest.smtp import SmtpChannel, SmtpServer
from pipeline.names import Names
from pipeline.settings import CONFIG_DIR
from pipeline.store import NewArticle, open_store


@dataclass(frozen=True, slots=True, kw_only=True)
class Planning:
    """`seconds` for all digests, `processor` of them at work; `peak` in bytes of the whole process; `mails`
    planned."""

    seconds: float
    processor: float
    mails: int
    peak: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """Mails a second: through the outbox, and of a loop that only sends the same bytes."""

    ours: float
    bare: float


def subscribers(count: int, provinces: Sequence[str], topics: Sequence[str]) -> Iterator[Subscription]:
    """Subscriptions of three sections each: two to five provinces, one to three topics, a keyword; drawn
    from what people would ask for, so that some ask the same."""
    draw = random.Random(7)
    words = ("đầu tư", "khu công nghiệp", "xuất khẩu", "cao tốc", "sạt lở", "du lịch")
    for n in range(count):
        wanted = tuple(draw.sample(list(provinces), draw.randint(2, 5)))
        subjects = tuple(draw.sample(list(topics), draw.randint(1, 3)))
        yield Subscription(
            slug=f"s{n}",
            title=f"Bản tin {n}",
            recipients=(f"s{n}@example.org",),
            sections=(
                Section(title="Địa phương", provinces=wanted),
                Section(title="Chủ đề", topics=subjects, group_by="topic"),
                Section(title="Từ khóa", keywords=(draw.choice(words),), group_by="none"),
            ),
            language="en" if n % 5 == 0 else "vi",
        )


def measure_planning(
    database: Database,
    wanted: Sequence[Subscription],
    reader: Callable[[], StoryReader],
    now: datetime,
    options: PlanOptions,
) -> Planning:
    """Plan every digest that is due at `now`: select, render, write."""
    started, at_work = time.perf_counter(), time.process_time()
    planned = plan_due(database, wanted, reader(), now, options)
    seconds, processor = time.perf_counter() - started, time.process_time() - at_work
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    mails = sum(each.mails for each in planned if each.state is RunState.PLANNED)
    return Planning(seconds=seconds, processor=processor, mails=mails, peak=peak)


async def measure_sending(database: Database, server: SmtpServer, now: datetime) -> Sending:
    """Send what waits, after a bare loop has sent the same bytes to the same server."""
    table = OutboxRow.__table__  # type: ignore[attr-defined]
    with database.reading() as connection:
        bodies = OutboxBody.__table__  # type: ignore[attr-defined]
        joined = table.join(bodies, bodies.c.dedupe_key == table.c.dedupe_key)
        wanted = select(table.c.sender, table.c.recipient, bodies.c.mime).select_from(joined)
        rows = connection.execute(wanted).all()
    started = time.perf_counter()
    await asyncio.gather(*(_bare(server, rows[n::2]) for n in range(2)))
    bare = len(rows) / (time.perf_counter() - started)
    started = time.perf_counter()
    report = await deliver(
        database, SmtpChannel(server), now + timedelta(minutes=1), DeliveryOptions(parallel=2)
    )
    return Sending(ours=report.sent / (time.perf_counter() - started), bare=bare)


async def _bare(server: SmtpServer, rows: Sequence[tuple[str, str, bytes]]) -> None:
    """Nothing but the client, two connections as delivery has."""
    client = SMTP(hostname=server.host, port=server.port, start_tls=False, use_tls=False)
    await client.connect()
    for sender, recipient, mime in rows:
        await client.sendmail(sender, [recipient], mime)
    await client.quit()


def day(count: int, provinces: Sequence[str], topics: Sequence[str], until: datetime) -> Iterator[NewArticle]:
    """Invented articles of one day, about five to a story."""
    draw = random.Random(11)
    syllables = (
        "an bảo cà chiều đà đêm gió hòa hương khánh lâm mưa nẵng ngọc phố sông trà vân đầu tư du lịch".split()
    )
    for number in range(count):
        text = " ".join(draw.choices(syllables, k=260))
        sentences = ". ".join(text[n : n + 150].strip().capitalize() for n in range(0, len(text), 150))
        article = Article(
            url=f"https://bao-{number % 40}.example.vn/{number}.html",
            outlet=f"bao-{number % 40}",
            title=text[:70].strip().capitalize(),
            lead=sentences[70:270],
            text=sentences,
            language="en" if number % 9 == 0 else "vi",
            published_at=until - timedelta(seconds=17 * number),
        )
        story = random.Random(number // 5)
        code = story.choice(provinces)
        tags = Tags(
            language=article.language,
            provinces=(ProvinceTag(code, (), Role.ABOUT, 0.9, ()),),
            topics=tuple(TopicTag(topic, "", 0.8, ()) for topic in story.sample(list(topics), 2)),
        )
        yield NewArticle(article=article, tags=tags)


def report(subscriptions: int, articles: int) -> Iterator[str]:
    """The whole measurement, line by line, in a folder that goes again."""
    names = Names.load(CONFIG_DIR)
    provinces = [
        f"vn34:{code:02}" for code in (1, 4, 8, 19, 22, 24, 31, 38, 40, 42, 44, 46, 48, 51, 56, 66, 79, 92)
    ]
    topics = ["medtop:20000337", "medtop:17000000", "medtop:07000000", "medtop:05000000", "medtop:20000183"]
    topics += ["medtop:20000373", "medtop:20000294", "medtop:20000210", "medtop:20000331", "medtop:15000000"]
    now = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    seen = now - timedelta(hours=2)
    wanted = list(subscribers(subscriptions, provinces, topics))
    with (
        tempfile.TemporaryDirectory(prefix="diembao-bench-") as folder,
        open_store(f"sqlite:///{folder}/bench.sqlite3") as store,
    ):
        found = day(articles, provinces, topics, seen)
        while batch := list(islice(found, 500)):
            store.save(batch, now=seen)
        numbers = list(store.all_ids())
        store.set_stories(
            [
                StoryLink(
                    id=str(each), story=f"st{n // 5}", relation=Relation.INDEPENDENT, origin="", evidence=()
                )
                for n, each in enumerate(numbers)
            ]
        )
        options = PlanOptions(sender="Điểm Báo <digest@example.org>", keys=("bench",))
        done = measure_planning(store, wanted, lambda: Briefing(store, names, now), now, options)
        each, at_work = (1000 * s / max(1, done.mails) for s in (done.seconds, done.processor))
        yield f"{subscriptions} subscriptions, {articles} articles: {done.mails} mails, {done.seconds:.1f} s"
        yield f"select and render: {each:.1f} ms a mail, {at_work:.1f} ms of them processor time"
        yield f"peak memory of the process: {done.peak / 2**20:.0f} MiB"
        with sink() as port:
            server = SmtpServer(host="127.0.0.1", port=port, security="none")
            sent = asyncio.run(measure_sending(store, server, now))
        yield f"delivery: {sent.ours:.0f} mails/s, bare aiosmtplib {sent.bare:.0f} mails/s"
        yield f"ratio {sent.ours / sent.bare:.2f}"


@contextmanager
def sink() -> Iterator[int]:
    """A mail server in a process of its own that takes everything; its port."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    try:
        yield int(ours.recv())
    finally:
        process.terminate()
        process.join(10)


def _serve(pipe: Connection) -> None:
    async def main() -> None:
        server = await asyncio.start_server(_talk, "127.0.0.1", 0, limit=1 << 20)
        pipe.send(server.sockets[0].getsockname()[1])
        async with server:
            await server.serve_forever()

    asyncio.run(main())


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """As little SMTP as a client needs."""
    writer.write(b"220 sink\r\n")
    while line := await reader.readline():
        command = line[:4].upper()
        if command == b"DATA":
            writer.write(b"354 go on\r\n")
            while (await reader.readline()) not in (b".\r\n", b""):
                pass
        writer.write(b"221 bye\r\n" if command == b"QUIT" else b"250 OK\r\n")
        await writer.drain()
        if command == b"QUIT":
            break
    writer.close()
