"""A rendered digest as a mail: the bytes that every attempt sends. Pure.

Two faults of the standard library are kept out here (CPython 3.11.7): an encoded line break in a header
value becomes a real one on the wire (CVE-2024-6923), so `clean_header` takes encoded words apart and the
bytes are read back before they count; and of the two line lengths one cuts a long List-Unsubscribe into
encoded words while the other loses spaces of a Vietnamese subject, so `_MailPolicy` leaves lines whole and
encodes words on its own.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP, EmailPolicy, default
from email.utils import format_datetime, parseaddr

from models.digest import Format, RenderedDigest
from models.errors import ConfigError, DeliveryError
from pipeline.digest.words import WORDS
from pipeline.vietnamese import clean

HEADER_LIMIT = 250
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff]"
)
_ENCODED_WORDS = frozenset({"subject"})
_WORD_BYTES = 45  # bytes of UTF-8 that make an encoded word of at most 75 characters (RFC 2047, 2)


_HEADERS = EmailPolicy(linesep=SMTP.linesep, max_line_length=998)


class _MailPolicy(EmailPolicy):
    """Header lines of up to 998 characters, subjects as encoded words of at most 75 (RFC 2047), bodies in
    lines of at most 76 (RFC 2045)."""

    def fold(self, name: str, value: str) -> str:
        if name.lower() in _ENCODED_WORDS:
            return f"{name}: {encoded_words(str(value))}\r\n"
        return str(_HEADERS.fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in _ENCODED_WORDS:
            return self.fold(name, value).encode("ascii")
        return _HEADERS.fold_binary(name, value)


POLICY = _MailPolicy(linesep=SMTP.linesep, max_line_length=76)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What a mail says besides its text. `unsubscribe` is an https URL or empty, `unsubscribe_mail` the
    mailto form; `list_id` names the subscription, as `slug.domain`; `parts` text leaves the HTML part out."""

    sender: str
    recipient: str
    message_id: str
    date: datetime
    language: str
    list_id: str
    subscription: str
    unsubscribe: str = ""
    unsubscribe_mail: str = ""
    parts: Format = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A mail that is no digest: subject and both parts."""

    subject: str
    html: str
    text: str


def clean_header(text: str, limit: int = HEADER_LIMIT) -> str:
    """Text from outside as a header value: one line, no control, zero-width or bidirectional characters,
    nothing that reads as an encoded word, at most `limit` characters."""
    line = _UNSAFE.sub(" ", clean(_UNSAFE.sub(" ", text)))
    line = line.replace("=?", "= ?").replace("?=", "? =")
    return " ".join(line.split())[:limit].rstrip()


def sender_address(mail_from: str) -> Address:
    """The configured sender. Raises ConfigError when there is no plain address in it."""
    name, address = parseaddr(mail_from)
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or not address.isascii() or _UNSAFE.search(mail_from):
        raise ConfigError(
            f"{mail_from!r} is not a sender",
            about="setting mail_from",
            hint="write Name <address@domain>",
        )
    return Address(display_name=clean_header(name), username=local, domain=domain)


def build(rendered: RenderedDigest | Notice, envelope: Envelope) -> bytes:
    """The mail as bytes with CRLF line ends.

    Raises DeliveryError when the bytes, read back, do not hold exactly the headers that were set.
    """
    message = EmailMessage(policy=POLICY)
    sender = sender_address(envelope.sender)
    message["From"] = sender
    message["To"] = clean_header(envelope.recipient)
    message["Subject"] = clean_header(rendered.subject)
    message["Date"] = format_datetime(envelope.date)
    message["Message-ID"] = envelope.message_id
    message["List-Id"] = f"<{envelope.list_id}>"
    ways = [f"<{way}>" for way in (envelope.unsubscribe, envelope.unsubscribe_mail) if way]
    if ways:
        message["List-Unsubscribe"] = ", ".join(ways)
    if envelope.unsubscribe:
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    message["Precedence"] = "bulk"
    message["Feedback-ID"] = f"{envelope.subscription}:digest:diembao"
    message["X-DiemBao-Reason"] = f"subscription={envelope.subscription}"
    expected = [*message.keys(), "MIME-Version", "Content-Type", "Content-Language"]
    if envelope.parts == "text":
        expected.append("Content-Transfer-Encoding")
    message.set_content(rendered.text, subtype="plain", cte="base64")
    if envelope.parts == "both":
        message.add_alternative(rendered.html, subtype="html", cte="base64")
        message.set_boundary(f"=_{envelope.message_id[3:35]}")
    message["Content-Language"] = envelope.language
    data = message.as_bytes()
    _check(data, expected, envelope.recipient)
    return data


def encoded_words(text: str) -> str:
    """A header value in ASCII: as it is when it can be, else as RFC 2047 encoded words of whole characters,
    one to a line. Spaces between words stand inside the words, so none are lost."""
    if text.isascii() and len(text) <= 900:
        return text
    pieces = [""]
    for char in text:
        if len((pieces[-1] + char).encode()) > _WORD_BYTES:
            pieces.append("")
        pieces[-1] += char
    return "\r\n ".join(f"=?utf-8?b?{b64encode(piece.encode()).decode()}?=" for piece in pieces)


def mark_late(mime: bytes) -> bytes:
    """The same mail, same Message-ID, saying in its subject that it comes late."""
    message = message_from_bytes(mime, policy=POLICY)
    prefix = WORDS["en" if message["Content-Language"] == "en" else "vi"]["late_subject"]
    subject = str(message["Subject"])
    if subject.startswith(prefix):
        return mime
    expected = list(message.keys())
    message.replace_header("Subject", prefix + subject)
    data = message.as_bytes()
    _check(data, expected, str(message["To"]))
    return data


def _check(data: bytes, expected: list[str], recipient: str) -> None:
    """Read the bytes back: the header names must be those that were set, each once, in order."""
    found = [name.lower() for name in BytesParser(policy=default).parsebytes(data, headersonly=True)]
    wanted = [name.lower() for name in expected]
    if sorted(found) != sorted(wanted) or len(set(found)) != len(found):
        raise DeliveryError(
            "the mail's headers do not read back as written",
            about=recipient,
            hint=f"expected {', '.join(wanted)}; found {', '.join(found)}",
        )
