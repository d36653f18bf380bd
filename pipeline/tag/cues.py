"""Words that speak for or against a place name, in Vietnamese (with and without tones) and English.

The tables of `pipeline.tag.cue_words` in the forms in which texts are read. Phrases are in the
comparable form of `pipeline.vietnamese.exact`; the toneless table is made from the toned one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

import ahocorasick

from pipeline.tag import cue_words, signal_words
from pipeline.vietnamese import exact, fold

SURNAMES = frozenset(
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ ngô dương lý đinh trịnh trương phùng tạ "
    "tô lương quách "
    "lưu đào đàm hứa nghiêm khuất mạc giàng sùng thào quàng tống châu triệu văn thị hữu đình doãn lục tôn "
    "chử khổng lã nhữ mẫn nghê sái vưu nhan ứng cù thạch viên diệp đậu nông thân vương".split()
)
# Surnames and middle names that are also the first words of a name for a thing: they count
# after a title only.
WEAK_SURNAMES = frozenset(
    "phí hồ đoàn mai cao thái lâm hà kim la chu lò cầm xuân minh quang ngọc đức".split()
)
_TONELESS_WEAK = frozenset(
    "do to an la ho ha mai cao thai lam kim chu so be van "
    "vo my tong chau luc ton ung thach vien nong dinh than dan".split()
)

# Names of provinces that are also ordinary Vietnamese words, or are shared by a place in China.
ORDINARY = frozenset(
    "cần thơ|cao bằng|hòa bình|thái bình|hải dương|bình định|long an|an giang|vinh|đồng tháp|quảng trị|"
    "bình dương|vĩnh phúc|"
    "phố nối|cầu treo|"
    "thái nguyên|yên bình|thống nhất|đoàn kết|tân tiến|phú thọ|hưng yên|gia lai|đa năng".split("|")
)
TONELESS_ORDINARY = frozenset(
    "dien bien|da nang|hoa binh|thai binh|cao bang|gia lai|hai duong|lam dong|an giang|can tho|dong nai|"
    "long an|hai phong|"
    "hau giang|binh dinh|thanh hoa|hung yen|bac giang|ben tre|ha nam|nam dinh|quang tri|phu tho|hue|vinh|"
    "son la|lao cai|dong thap|"
    "binh duong|vinh phuc|thai nguyen|ca mau|bac lieu|tien giang|ha giang".split("|")
)
NAMESAKES = frozenset(
    "hà nam|thái nguyên|tây ninh|hà bắc|lai châu|hòa bình|bình định|quảng ninh|an giang|hà giang|"
    "thái bình|tân cương|sơn tây|thanh hóa|nam ninh".split("|")
)
PENINSULA_HISTORY = frozenset(
    {"điện biên phủ", "điện biên", "khe sanh", "quảng trị", "sài gòn", "hà nội", "bắc sơn", "yên thế"}
)


LONGEST_BEFORE, LONGEST_AFTER, LONGEST_EVENT, LONGEST_TRADE = 5, 2, 3, 3
"""Words of the longest phrases that are looked for."""
LONGEST_SIGNAL = max(
    len(phrase)
    for table in (
        signal_words.SPORT,
        signal_words.HAZARDS,
        signal_words.NATIONAL,
        signal_words.FOREIGN,
        signal_words.ABROAD,
        signal_words.COMPANY_NEWS,
    )
    for phrase in table.split("|")
)


def _phrases(table: str, form: str) -> frozenset[str]:
    if form == "exact":
        return frozenset(exact(phrase) for phrase in table.split("|"))
    foreign = form == "english"
    phrases = (phrase for phrase in table.split("|") if not (foreign and _misleads(phrase)))
    return frozenset(fold(phrase) for phrase in phrases)


def _misleads(phrase: str) -> bool:
    return not phrase.isascii() and fold(phrase) in _ENGLISH_WORDS


def _sizes(phrases: Iterable[str], place: int, longest: int) -> dict[str, tuple[int, ...]]:
    """The first (`place` 0) or last (-1) words of phrases, each with the lengths of its phrases in words, the
    longest first. Most words begin and end none, so that one look settles it."""
    sizes: dict[str, set[int]] = {}
    for phrase in phrases:
        tokens = phrase.split()
        if len(tokens) <= longest:
            sizes.setdefault(tokens[place], set()).add(len(tokens))
    return {word: tuple(sorted(found, reverse=True)) for word, found in sizes.items()}


_ENGLISH_ONLY = frozenset(
    "than to in at for of off through over left hit hits join joins like from near around within "
    "team side beat won "
    "win held and with by on is was has will the lane town times times party court".split()
)
"""English cues that spell something else in Vietnamese (`than` is coal, `in` to print): for
toneless text only."""


_ENGLISH_WORDS = frozenset(
    "ten be co em an ca ban chi anh ba ong cu chu sang que dong bat cam my uc duc phap bao lu ret loc ngap "
    "to do go on set hat hoi giai tan men ha".split()
)
"""Vietnamese cues of one syllable that, without their tones, are English words or common parts of names."""


class Cues:
    """The tables in one form: `exact` for text with tones, `folded` for Vietnamese without tones,
    `english`."""

    def __init__(self, form: str) -> None:
        self.before = self._index(cue_words.BEFORE, form)
        self.after = self._index(cue_words.AFTER, form)
        self.sizes_before = _sizes(self.before, -1, LONGEST_BEFORE)
        self.sizes_after = _sizes(self.after, 0, LONGEST_AFTER)
        self.organisations = _phrases(cue_words.ORGANISATIONS, form)
        self.organisation_stops = _phrases(cue_words.ORGANISATION_STOPS, form)
        self.organisation_after = _phrases(cue_words.ORGANISATION_AFTER, form)
        self.organisation_modifiers = _phrases(cue_words.ORGANISATION_MODIFIERS, form)
        self.organisation_heads = self.organisation_modifiers.union(
            phrase.split(" ", 1)[0] for phrase in self.organisation_after
        )
        self.plurals = _phrases(cue_words.PLURALS, form)
        self.company_words = frozenset(exact(cue_words.COMPANY_WORDS).split())
        if form != "exact":
            self.company_words = frozenset(map(fold, self.company_words))
        self.trades = _phrases(cue_words.TRADES, form)
        self.trade_heads = _phrases(cue_words.TRADE_HEADS, form)
        if form != "exact":  # `than`, `may` and `go` are English words
            self.trade_heads = frozenset(head for head in self.trade_heads if " " in head)
        self.sizes_of_trades = _sizes(self.trade_heads, -1, LONGEST_TRADE)
        self.company = _phrases(signal_words.COMPANY_NEWS, form)
        self.heads = frozenset(phrase.split(" ", 1)[0] for phrase in self.organisations | self.trade_heads)
        self.ingredients = _phrases(cue_words.INGREDIENTS, form)
        self.dishes = _phrases(cue_words.DISHES, form)
        self.events = _phrases(cue_words.EVENTS, form)
        self.event_verbs = _phrases(cue_words.EVENT_VERBS, form)
        self.contests = _phrases(cue_words.CONTESTS, form)
        self.buildings = _phrases(cue_words.BUILDINGS, form)
        self.works = _phrases(cue_words.WORKS, form)
        self.sizes_of_events = _sizes(self.events, 0, LONGEST_EVENT)
        self.sport = _phrases(signal_words.SPORT, form)
        self.hazards = _phrases(signal_words.HAZARDS, form)
        self.national = _phrases(signal_words.NATIONAL, form)
        self.whole_country = _phrases(signal_words.WHOLE_COUNTRY, form)
        self.foreign = _phrases(signal_words.FOREIGN, form)
        self.abroad = _phrases(signal_words.ABROAD, form)
        self.signals = self._signals()
        self._spotting = _spotting(self.signals)
        self.surnames = SURNAMES if form == "exact" else frozenset(map(fold, SURNAMES)) - _TONELESS_WEAK
        self.weak_surnames = WEAK_SURNAMES if form == "exact" else frozenset(map(fold, WEAK_SURNAMES))
        self.ordinary = frozenset(map(exact, ORDINARY)) if form == "exact" else TONELESS_ORDINARY
        self.battlefields = _phrases("|".join(PENINSULA_HISTORY), form)
        self.namesakes = _phrases("|".join(NAMESAKES), form)

    def _signals(self) -> dict[str, tuple[str, ...]]:
        """The phrases that tell what sort of article it is, and which sorts each tells."""
        sorts: dict[str, tuple[str, ...]] = {}
        for name in ("sport", "hazards", "national", "foreign", "abroad", "company"):
            for phrase in getattr(self, name):
                sorts[phrase] = (*sorts.get(phrase, ()), name)
        return sorts

    def signalled(self, text: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """Where signals stand in `text` as whole words, and which sorts of article each tells."""
        for last, (size, sorts) in self._spotting.iter(text):
            start, end = last - size + 1, last + 1
            if not ((start and text[start - 1].isalnum()) or text[end : end + 1].isalnum()):
                yield start, end, sorts

    @staticmethod
    def _index(table: dict[str, str], form: str) -> dict[str, str]:
        index: dict[str, str] = {}
        for meaning, phrases in table.items():
            for phrase in _phrases(phrases, form):
                short = table is cue_words.BEFORE and meaning == cue_words.PRODUCT and " " not in phrase
                if form != "exact" and short:  # without tones `võ` is also a surname, `tỏi` also I
                    continue
                if form != "exact" or phrase not in _ENGLISH_ONLY:
                    index.setdefault(phrase, meaning)
        return index


def _spotting(signals: dict[str, tuple[str, ...]]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for phrase, sorts in signals.items():
        automaton.add_word(phrase, (len(phrase), sorts))
    automaton.make_automaton()
    return automaton


@lru_cache(maxsize=3)
def cues(form: str) -> Cues:
    """The cues of one form, made once."""
    return Cues(form)
