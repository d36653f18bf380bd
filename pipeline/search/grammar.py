"""The search grammar: a typed text to a Query. Pure, and total: no text raises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo

from models.query import All, AnyOf, Node, Not, Note, Query, Resolver, Words
from pipeline.search.lexer import MAX_QUERY, Kind, Token, tokens
from pipeline.search.names import HANOI, CodesOnly, condition, unknown
from pipeline.vietnamese import exact, fold, has_marks, words

MAX_TERMS = 40  # words, phrases and filters in one search
MAX_DEPTH = 8  # parentheses within parentheses
MAX_PHRASE = 40  # words in one phrase
_NAME_WORDS = 5  # words that an unquoted name in a filter may have: `tỉnh:Bà Rịa Vũng Tàu`


def parse_query(
    text: str,
    resolver: Resolver | None = None,
    *,
    now: datetime,
    zone: tzinfo = HANOI,
    saved: Mapping[str, str] | None = None,
) -> Query:
    """What `text` asks for. `resolver` knows the names in filters (by default only codes are known);
    relative days are counted back from `now` in `zone`; `saved` are the saved searches by name.

    Never raises: what cannot be understood is left out and named in `Query.notes`. A name that is not known
    is named there, too, and matches nothing, excluded or not, as does a text of which nothing is left: else
    all would match.
    """
    parser = _Parser(list(tokens(text)), resolver or CodesOnly(), now, zone, saved or {})
    if len(text) > MAX_QUERY:
        parser.say(f"chỉ đọc {MAX_QUERY} ký tự đầu", f"only the first {MAX_QUERY} characters are read")
    where = parser.everything()
    return Query(
        text=text,
        where=where if isinstance(where, All) else All((where,)),
        notes=tuple(dict.fromkeys(parser.notes)),
        explanations=tuple(dict.fromkeys(parser.explanations)),
    )


def circle(name: str, saved: Mapping[str, str], *, now: datetime) -> tuple[str, ...]:
    """The saved searches by which that of `name` asks for itself, from it to it; empty when it does not."""
    parser = _Parser(list(tokens(saved[name])), CodesOnly(), now, HANOI, saved, (name,))
    parser.everything()
    return next((found for found in parser.circles if found[0] == found[-1] == name), ())


class _Parser:
    """`inside` are the saved searches within which the text stands, outermost first."""

    def __init__(
        self,
        given: list[Token],
        resolver: Resolver,
        now: datetime,
        zone: tzinfo,
        saved: Mapping[str, str],
        inside: tuple[str, ...] = (),
    ) -> None:
        self.tokens = given
        self.position = 0
        self.terms = 0
        self.resolver = resolver
        self.now = now
        self.zone = zone
        self.saved = saved
        self.inside = inside
        self.circles: list[tuple[str, ...]] = []
        self.misses = 0  # names that are not known, and saved searches that ask for nothing
        self.around = Token(Kind.OPEN)  # the parenthesis we are in, with the field before it
        self.notes: list[Note] = []
        self.explanations: list[Note] = []

    def say(self, vi: str, en: str) -> None:
        self.notes.append(Note(vi, en))

    def ignore(self, token: Token, why_vi: str, why_en: str) -> None:
        self.say(f"bỏ qua: {token} ({why_vi})", f"ignored: {token} ({why_en})")

    def peek(self) -> Token | None:
        """The next token that asks for something or closes something; None at the end. All is asked for
        together anyway, so AND is passed over, and dashes that stand alone are."""
        while self.position < len(self.tokens):
            token = self.tokens[self.position]
            if token.kind not in (Kind.AND, Kind.DASH):
                return token
            if token.kind is Kind.DASH:
                self.ignore(token, "gạch đứng riêng không loại trừ gì", "a dash alone excludes nothing")
            self.position += 1
        return None

    def everything(self) -> Node:
        """All of the text; closing parentheses that close nothing are passed over. No article, said so, if
        all of it was."""
        parts: list[Node] = []
        while self.peek() is not None:
            parts += self.sequence(0)
            if self.closed():
                self.say("bỏ qua: ) (không đóng ngoặc nào)", "ignored: ) (it closes nothing)")
        if parts or not (self.tokens or self.notes):
            return _all(parts)
        self.say("không khớp bài nào: không còn gì để tìm", "matches nothing: nothing is left to look for")
        return self.miss()

    def closed(self) -> bool:
        """Whether a closing parenthesis comes next; it is taken."""
        token = self.peek()
        closing = token is not None and token.kind is Kind.CLOSE
        self.position += closing
        return closing

    def miss(self) -> Node:
        """No article. What excludes it matches nothing either: else all would match."""
        self.misses += 1
        return AnyOf(())

    def sequence(self, depth: int) -> list[Node]:
        """Alternatives one after the other, up to a closing parenthesis or the end."""
        parts: list[Node] = []
        while (token := self.peek()) is not None and token.kind is not Kind.CLOSE:
            if token.kind is Kind.OR:  # nothing on its left
                self.lonely(token)
                self.position += 1
                continue
            part = self.alternatives(depth)
            if part is not None:
                parts.append(part)
        return parts

    def alternatives(self, depth: int) -> Node | None:
        """One unit, or several with OR between them."""
        units = [self.unit(depth)]
        while (token := self.peek()) is not None and token.kind is Kind.OR:
            self.position += 1
            if self.asked():
                units.append(self.unit(depth))
            else:
                self.lonely(token)
        known = [unit for unit in units if unit is not None]
        if len(known) > 1:
            return AnyOf(tuple(known))
        return known[0] if known else None

    def asked(self) -> bool:
        """Whether something that can be asked for comes next."""
        token = self.peek()
        return token is not None and token.kind not in (Kind.OR, Kind.CLOSE)

    def lonely(self, operator: Token) -> None:
        """Say that an operator lacks a side."""
        self.ignore(operator, "thiếu một vế", "one side is missing")

    def unit(self, depth: int) -> Node | None:
        """A group, a filter or words; None if it was ignored."""
        token = self.tokens[self.position]
        self.position += 1
        misses = self.misses
        if token.kind is Kind.NOT:
            return self.excluded(token, depth)
        if token.kind is Kind.OPEN:
            node = self.group(token, depth)
        elif self.terms >= MAX_TERMS:
            self.ignore(token, f"quá {MAX_TERMS} điều kiện", f"more than {MAX_TERMS} conditions")
            return None
        else:
            self.terms += 1
            node = self.condition(self.within(token))
        if node is None or not token.negated:
            return node
        return AnyOf(()) if self.misses > misses else Not(node)

    def excluded(self, operator: Token, depth: int) -> Node | None:
        """What follows a NOT, as if a minus stood before it; several exclude once."""
        while self.asked():
            token = self.tokens[self.position]
            if token.kind is not Kind.NOT:
                self.tokens[self.position] = replace(token, negated=True)
                return self.unit(depth)
            self.position += 1
        self.lonely(operator)
        return None

    def within(self, token: Token) -> Token:
        """The token with the field of the parentheses around it, unless it has one of its own."""
        return token if token.field else replace(token, field=self.around.field, name=self.around.name)

    def group(self, opening: Token, depth: int) -> Node | None:
        """What stands in parentheses; too deep ones are read as if they were not there."""
        if depth >= MAX_DEPTH:
            return None
        outside, self.around, start = self.around, self.within(opening), self.position
        parts = self.sequence(depth + 1)
        self.around = outside
        closed = self.closed()
        if not closed:
            self.say("thiếu dấu ) để đóng ngoặc", "a parenthesis is not closed")
        if parts:
            return _all(parts)
        empty = replace(self.within(opening), text="()")
        if empty.field not in ("", "title") and self.terms < MAX_TERMS:
            return self.nothing(empty)
        if closed and self.position == start + 1:
            self.ignore(empty, "trong ngoặc không có gì", "nothing in the parentheses")
        return None

    def condition(self, token: Token) -> Node | None:
        """A filter, a saved search or words."""
        if token.unknown:
            self.say(
                f"hiểu như từ khóa: {token} ({token.unknown}: không phải là trường nào)",
                f"read as words: {token} ({token.unknown}: is not a field)",
            )
        match token.field:
            case "" | "title":
                return self.words(token)
            case "saved":
                return self.kept(token)
            case _:
                return self.filter(token)

    def kept(self, token: Token) -> Node:
        """What a saved search asks for; nothing, where it stands within itself."""
        for more, text in self.readings(token):
            name = _meant(text, self.saved)
            if name is None:
                continue
            self.position += more
            within = (*self.inside, name)
            if name in self.inside:
                return self.endless(token, within[self.inside.index(name) :])
            given = list(tokens(self.saved[name]))
            inner = _Parser(given, self.resolver, self.now, self.zone, self.saved, within)
            inner.terms = self.terms
            node = inner.everything()
            self.terms = inner.terms
            self.misses += inner.misses
            self.circles += inner.circles
            self.notes += inner.notes
            self.explanations += inner.explanations
            return node
        return self.nothing(token)

    def endless(self, token: Token, path: tuple[str, ...]) -> Node:
        """What a saved search stands for that asks for itself: no article, said so."""
        self.circles.append(path)
        round_ = " → ".join(path)
        self.say(
            f"không khớp bài nào: {token} (gọi vòng: {round_})",
            f"matches nothing: {token} (circle: {round_})",
        )
        return self.miss()

    def nothing(self, token: Token) -> Node:
        """What a value stands for that is not known: no article, said so."""
        self.notes.append(unknown(token.field, str(token)))
        return self.miss()

    def filter(self, token: Token) -> Node:
        """A filter; an unquoted name takes as many following words as the resolver knows it with."""
        for more, text in self.readings(token):
            found = condition(token.field, text, self.resolver, self.now, self.zone)
            if found is not None:
                self.position += more
                if found[1] is not None:
                    self.explanations.append(found[1])
                return found[0]
        return self.nothing(token)

    def readings(self, token: Token) -> Iterator[tuple[int, str]]:
        """How many of the following tokens may belong to an unquoted name, the most first, and the name with
        them. A dash alone may stand within it (`Bà Rịa - Vũng Tàu`), not at its end."""
        for more in range(self.following(token), -1, -1):
            run = self.tokens[self.position : self.position + more]
            if not run or run[-1].kind is Kind.WORD:
                yield more, " ".join([token.text, *(each.text for each in run if each.kind is Kind.WORD)])

    def following(self, token: Token) -> int:
        """How many plain words and dashes follow that could belong to an unquoted name."""
        if token.kind is not Kind.WORD:
            return 0
        count = 0
        for each in self.tokens[self.position : self.position + _NAME_WORDS - 1]:
            if each.kind not in (Kind.WORD, Kind.DASH) or each.negated or each.field:
                break
            count += 1
        return count

    def words(self, token: Token) -> Node | None:
        """Words to be found. A phrase in which any word has a mark is compared with marks as a whole."""
        found = words(exact(token.text))
        if not found:
            self.ignore(token, "không có chữ hay số nào", "no letter or digit in it")
            return None
        if len(found) > MAX_PHRASE:
            self.ignore(token, f"cụm dài quá {MAX_PHRASE} chữ", f"phrase of more than {MAX_PHRASE} words")
            return None
        marked = any(has_marks(word) for word in found)
        prefix = token.text.endswith("*")
        if "*" in token.text.rstrip("*"):
            self.say(
                f"bỏ qua dấu * của {token.text} (chỉ dùng được ở cuối từ)",
                f"the * of {token.text} is ignored (it can only end a word)",
            )
        if prefix and len(found[-1]) < 2:
            self.say(
                f"bỏ qua dấu * của {token.text} (cần ít nhất hai chữ cái)",
                f"the * of {token.text} is ignored (it needs two letters)",
            )
            prefix = False
        form = found if marked else words(fold(token.text))
        return Words(tuple(form), exact=marked, prefix=prefix, title=token.field == "title")


def _meant(name: str, saved: Mapping[str, str]) -> str | None:
    """Which saved search is meant: the one of this very name, else one that differs in case, else in
    tones."""
    for form in (str, exact, fold):
        wanted = form(name).split()
        for each in saved:
            if form(each).split() == wanted:
                return each
    return None


def _all(parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else All(tuple(parts))
