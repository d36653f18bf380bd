"""Puts stored articles into stories: the store finds what is worth comparing, the grouper decides.

Placing an article costs what it is and what it is like, not what is stored: its bands and rare facts are
looked up as rows, what turns up is compared with it, and the stories of what is like it are read.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import Connection

from models.story import StoryDocument, StoryLink
from pipeline.store import Store, clues, reading, stories
from pipeline.store.identity import first_id, moment_of
from pipeline.stories import Grouper
from pipeline.stories.clues import Clues
from pipeline.stories.window import MOST_MEMBERS

BATCH = 30  # in one transaction; the prepared texts of so many and of what they are like are held at once
REACH = timedelta(days=5)
"""Articles further apart are never of one story."""
KEPT = timedelta(days=40)
"""Facts of articles older than the newest by this lead nowhere any more."""
MOST_CANDIDATES = 8  # compared in full; the rest share less
STRONG = 10.0  # of rare facts in common, in nats: two or three; articles on one event have a multiple of it
WEAK = 5.0  # one rare fact, as any two articles may have
MOST_WEAK = 3  # candidates that share so little
DAY = 1.0  # what each day between two articles takes from that, in nats
ASSUMED = 400  # articles assumed beside those within reach, or nothing would be rare in a small database
COPY = 12.0  # what a common band counts for among rare facts, in nats


def place_new(store: Store, grouper: Grouper) -> int:
    """Put all articles that have no story yet into stories, a batch in a transaction. Returns how many
    stories were touched."""
    touched: set[str] = set()
    while renew(store, grouper):
        pass
    while True:
        with store.writing() as connection:
            placed = place(connection, grouper, clues.waiting(connection, BATCH))
        if not placed:  # none waits, or only such as have lost their text, which `db check` tells of
            break
        touched |= placed
    if touched:
        with store.writing() as connection:
            clues.forget_old(connection, KEPT)
    return len(touched)


def renew(store: Store, grouper: Grouper) -> int:
    """Write the clues of articles anew that took other texts, a batch of them in a transaction; they stay in
    their stories. Returns how many."""
    with store.writing() as connection:
        numbers = clues.stale(connection, BATCH)
        clues.forget(connection, numbers)
        _write_clues(connection, grouper, reading.story_documents(connection, numbers))
    return len(numbers)


def place(connection: Connection, grouper: Grouper, numbers: Sequence[int]) -> set[str]:
    """Put these articles into stories within the caller's transaction. Returns the stories touched."""
    new = reading.story_documents(connection, numbers)
    if not new:
        return set()
    found = _write_clues(connection, grouper, new)
    reach = (
        first_id(moment_of(min(found)) - REACH),
        first_id(moment_of(max(found)) + REACH),
    )
    holders = clues.holders(connection, [clue for each in found.values() for clue in each.facts], reach)
    copies = clues.copies(connection, {number: each.bands for number, each in found.items()}, reach)
    total = clues.within(connection, reach)
    near = {
        number: worth_comparing(number, each, holders, copies[number], total)
        for number, each in found.items()
    }
    others = sorted({other for each in near.values() for other in each} - found.keys())
    links = grouper.join(
        new,
        reading.story_documents(connection, others),
        {str(number): [str(other) for other in each] for number, each in near.items()},
        total=total,
        holders=_holders(found, holders),
        members=lambda wanted: _members(connection, wanted),
    )
    _merge(connection, links)
    stories.set_stories(connection, links)
    return {link.story for link in links}


def _write_clues(
    connection: Connection, grouper: Grouper, documents: Sequence[StoryDocument]
) -> dict[int, Clues]:
    found = {int(document.id): grouper.clues(document) for document in documents}
    clues.write(
        connection,
        {number: each.bands for number, each in found.items()},
        {number: each.facts for number, each in found.items()},
    )
    return found


def worth_comparing(
    number: int, mine: Clues, holders: Mapping[int, Sequence[int]], copies: Mapping[int, int], total: int
) -> list[int]:
    """The articles that share most of the rare facts of one, or bands of its text. Of the many that share one
    fact with it by chance a few are looked at, as reading them is what placing costs."""
    worth: defaultdict[int, float] = defaultdict(float)
    for clue in mine.facts:
        held = holders[clue]
        if len(held) <= clues.CROWDED:
            rarity = math.log((total + ASSUMED) / len(held))
            for other in held:
                worth[other] += rarity
    for other in copies:
        worth[other] += COPY
    worth.pop(number, None)
    timely = {o: value - DAY * _days_apart(number, o) for o, value in worth.items() if value >= WEAK}
    found = sorted(timely, key=lambda other: (-timely[other], other))
    strong = [other for other in found if worth[other] >= STRONG]
    weak = [other for other in found if worth[other] < STRONG]
    return (strong + weak[:MOST_WEAK])[:MOST_CANDIDATES]


def _days_apart(one: int, other: int) -> float:
    return abs((moment_of(one) - moment_of(other)) / timedelta(days=1))


def _holders(found: Mapping[int, Clues], holders: Mapping[int, Sequence[int]]) -> dict[str, list[str]]:
    facts = {fact: clue for each in found.values() for clue, fact in each.facts.items()}
    return {fact: [str(number) for number in holders[clue]] for fact, clue in facts.items()}


def _members(connection: Connection, wanted: Sequence[str]) -> list[StoryDocument]:
    numbers = [number for story in wanted for number in clues.members(connection, story, MOST_MEMBERS)]
    return reading.story_documents(connection, numbers)


def _merge(connection: Connection, links: Sequence[StoryLink]) -> None:
    """Where a link takes an article out of its story, the story as a whole goes over: nothing splits."""
    had = stories.stories_of(connection, [int(link.id) for link in links])
    for old, new in {(had[int(link.id)], link.story) for link in links if had.get(int(link.id))}:
        if old is not None and old != new:
            stories.merge(connection, old, new)
