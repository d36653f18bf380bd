"""The bytes of a mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.digest import RenderedDigest
from models.errors import ConfigError, DeliveryError
from pipeline.digest import message as message_module
from pipeline.digest import tokens
from pipeline.digest.message import Envelope, build, clean_header, encoded_words, mark_late, sender_address
from tests.pipeline.digest.sample import NOW, sample

RENDERED: RenderedDigest = replace(sample(), html="<p>x</p>", text="x\n")
ENVELOPE = Envelope(
    sender="Điểm Báo <digest@example.org>",
    recipient="an@example.org",
    message_id=tokens.message_id("key", "sang|2026-11-22|0|1", "example.org"),
    date=NOW,
    language="vi",
    list_id="sang.example.org",
    subscription="sang",
    unsubscribe="https://news.example.org/u/" + "t" * 300,
    unsubscribe_mail="mailto:digest@example.org?subject=unsubscribe%20" + "t" * 40,
)
NAMES = sorted(
    "from to subject date message-id list-id list-unsubscribe list-unsubscribe-post auto-submitted "
    "precedence feedback-id x-diembao-reason mime-version content-type content-language".split()
)
ATTACKS = [
    "Tin =?UTF-8?Q?=0A?=Bcc: x@y.example",
    "Tin\r\nBcc: x@y.example",
    "Tin\n\nthân thư",
    "Tin\u2028Bcc: x@y.example\x85Cc: z@y.example",
    "=?utf-8?b?CkJjYzogeEB5?= =?utf-8?q?=0D=0ABcc:_x?=",
]


def header_names(data: bytes) -> list[str]:
    """As a mail server reads them: raw lines up to the first empty one."""
    head = data.split(b"\r\n\r\n")[0].replace(b"\r\n ", b" ").replace(b"\r\n\t", b" ")
    return sorted(line.split(b":")[0].decode().lower() for line in head.split(b"\r\n"))


def subject_after(subject: str) -> tuple[str, bytes]:
    data = build(replace(RENDERED, subject=subject), ENVELOPE)
    return str(message_from_bytes(data, policy=default)["Subject"]), data


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_subject_can_add_a_header(attack: str) -> None:
    """T1."""
    _, data = subject_after(attack)
    assert header_names(data) == NAMES


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300) | st.lists(st.sampled_from([*ATTACKS, "=?", "?=", "\n", "à", " "])).map("".join))
def test_no_text_at_all_can_add_a_header_and_what_is_left_arrives(text: str) -> None:
    read, data = subject_after(text)
    assert header_names(data) == NAMES
    assert read == clean_header(text)


@pytest.mark.parametrize("hiding", ["\x00", "\x1b", "\x85", "\u200b", "\u2028", "\u202e", "\u2066", "\ufeff"])
def test_no_character_that_hides_or_turns_text_gets_into_a_subject(hiding: str) -> None:
    """T1 and fact 3: one of them is enough for a reader to cut a mail off or to show it backwards."""
    assert subject_after(f"Tin{hiding}mới")[0] == "Tin mới"


def test_bytes_that_read_back_with_another_header_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second defence alone: with the cleaning gone, the mail is not built."""
    monkeypatch.setattr(message_module, "encoded_words", lambda text: "Tin\r\nBcc: x@y.example")
    with pytest.raises(DeliveryError):
        build(RENDERED, ENVELOPE)


def test_a_long_unsubscribe_address_stays_on_one_line_as_it_is() -> None:
    """T2 and fact 2: encoded words there take the one-click button away."""
    data = build(RENDERED, ENVELOPE)
    line = next(x for x in data.split(b"\r\n") if x.startswith(b"List-Unsubscribe:"))
    assert line == f"List-Unsubscribe: <{ENVELOPE.unsubscribe}>, <{ENVELOPE.unsubscribe_mail}>".encode()
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in data


def test_one_click_is_only_promised_where_a_service_can_answer() -> None:
    data = build(RENDERED, replace(ENVELOPE, unsubscribe=""))
    assert b"One-Click" not in data
    assert b"List-Unsubscribe: <mailto:" in data


VIETNAMESE = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậềểễếệộữừẫ 0123456789 ·:,()“”", max_size=140)


@settings(max_examples=150, deadline=None)
@given(VIETNAMESE)
def test_vietnamese_subjects_arrive_letter_for_letter_in_words_of_legal_length(subject: str) -> None:
    """T16; the standard library either loses spaces or writes encoded words beyond 75 characters."""
    read, data = subject_after(subject)
    assert read == clean_header(subject)
    assert all(len(word) <= 75 for word in re.findall(rb"=\?utf-8\?b\?[^?]*\?=", data))


def test_an_ascii_subject_is_left_readable() -> None:
    assert encoded_words("Morning brief 22 Nov: 9 stories") == "Morning brief 22 Nov: 9 stories"


def test_the_same_mail_is_the_same_bytes() -> None:
    assert build(RENDERED, ENVELOPE) == build(RENDERED, ENVELOPE)


def test_both_parts_are_base64_and_read_back() -> None:
    rendered = sample()
    mail = message_from_bytes(build(rendered, ENVELOPE), policy=default)
    parts = {part.get_content_type(): part for part in mail.walk()}
    assert list(parts) == ["multipart/alternative", "text/plain", "text/html"]
    assert parts["text/plain"]["Content-Transfer-Encoding"] == "base64"
    assert parts["text/html"].get_content().split() == rendered.html.split()
    assert parts["text/plain"].get_content().splitlines() == rendered.text.splitlines()


@pytest.mark.parametrize("change", [lambda data: data, mark_late])
def test_no_line_of_a_body_is_longer_than_76_and_it_reads_back(change: Callable[[bytes], bytes]) -> None:
    """RFC 2045, 6.8; lines of headers may have 998 (RFC 5322, 2.1.1)."""
    rendered = sample()
    data = change(build(rendered, ENVELOPE))
    head, _, body = data.partition(b"\r\n\r\n")
    assert max(map(len, body.split(b"\r\n"))) == 76
    assert 76 < max(map(len, head.split(b"\r\n"))) <= 998
    read = {
        part.get_content_type(): part.get_content()
        for part in message_from_bytes(data, policy=default).walk()
        if not part.is_multipart()
    }
    assert read["text/plain"].splitlines() == rendered.text.splitlines()
    assert read["text/html"].splitlines() == rendered.html.splitlines()


def test_who_wants_plain_text_gets_no_html_part() -> None:
    mail = message_from_bytes(build(sample(), replace(ENVELOPE, parts="text")), policy=default)
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().splitlines() == sample().text.splitlines()
    assert mark_late(mail.as_bytes()) != mail.as_bytes()


def test_marking_late_changes_the_subject_alone() -> None:
    before = build(RENDERED, ENVELOPE)
    after = mark_late(before)
    old, new = (message_from_bytes(data, policy=default) for data in (before, after))
    assert str(new["Subject"]) == "[Gửi muộn] " + str(old["Subject"])
    assert [(k, v) for k, v in new.items() if k != "Subject"] == [
        (k, v) for k, v in old.items() if k != "Subject"
    ]
    assert mark_late(after) == after
    assert header_names(after) == NAMES


@pytest.mark.parametrize(
    "sender", ["", "Điểm Báo", "a@b@", "x <y@z>\nBcc: q@example.org", "điểm@example.org"]
)
def test_an_impossible_sender_is_refused(sender: str) -> None:
    with pytest.raises(ConfigError):
        sender_address(sender)


class TestTokens:
    def test_a_token_is_short_and_names_its_recipient(self) -> None:
        token = tokens.sign(["k1"], 2**31, 9)
        assert len(token) <= 50
        assert tokens.read(["k1"], token) == (2**31, 9)

    def test_links_of_old_mails_work_after_the_key_was_changed(self) -> None:
        """T10."""
        token = tokens.sign(["old"], 42, 1)
        assert tokens.read(["new", "old"], token) == (42, 1)
        assert tokens.sign(["new", "old"], 42, 1) == tokens.sign(["new"], 42, 1)

    def test_tampered_and_foreign_tokens_name_nobody(self) -> None:
        token = tokens.sign(["k1"], 42, 1)
        flipped = [token[:n] + ("A" if token[n] != "A" else "B") + token[n + 1 :] for n in range(len(token))]
        # the last character of a base64 text may carry bits that do not count
        assert all(tokens.read(["k1"], bad) is None for bad in flipped[:-1])
        assert tokens.read(["other"], token) is None
        from itsdangerous import URLSafeSerializer

        assert tokens.read(["k1"], str(URLSafeSerializer("k1", salt="session").dumps([42, 1]))) is None
        for value in ([1], "x", [1, "2"], {"a": 1}, None, [True, None]):
            assert tokens.read(["k1"], str(URLSafeSerializer(["k1"], salt="unsub").dumps(value))) is None

    def test_message_ids_are_stable_and_tell_nothing(self) -> None:
        one = tokens.message_id("key", "sang|2026-11-22|0|1", "example.org")
        assert one == tokens.message_id("key", "sang|2026-11-22|0|1", "example.org")
        assert one != tokens.message_id("other", "sang|2026-11-22|0|1", "example.org")
        assert re.fullmatch(r"<d\.[0-9a-f]{32}@example\.org>", one)
