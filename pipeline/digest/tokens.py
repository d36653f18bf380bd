"""Unsubscribe links: signed, without expiry, without an address in them. Pure.

The first key signs, all verify, so a key can be changed without breaking the links of old mails.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from urllib.parse import unquote

from itsdangerous import BadData, URLSafeSerializer

_TOKEN = re.compile(r"[\w-]+\.[\w-]+", re.ASCII)
SALT = "unsub"
CONFIRM = "confirm"


def sign(keys: Sequence[str], recipient: int, generation: int, salt: str = SALT) -> str:
    """The token of a recipient row; at most 50 characters for any that a database will hold."""
    return str(_serializer(keys, salt).dumps([recipient, generation]))


def read(keys: Sequence[str], token: str, salt: str = SALT) -> tuple[int, int] | None:
    """The recipient's id and generation, or None for whatever we have not signed for this purpose."""
    try:
        value = _serializer(keys, salt).loads(token)
    except BadData:
        return None
    match value:
        case [int(recipient), int(generation)]:
            return recipient, generation
    return None


def token_in(text: str) -> str:
    """The token in the subject of an answer or in a link (`Re: unsubscribe TOKEN`); the text itself if there
    is none."""
    found: list[str] = _TOKEN.findall(unquote(text))
    return found[-1] if found else text


def message_id(key: str, dedupe_key: str, domain: str) -> str:
    """The Message-ID of a mail: the same for the same mail, telling nothing of it."""
    digest = hashlib.sha256(f"{key}\0{dedupe_key}".encode()).hexdigest()
    return f"<d.{digest[:32]}@{domain}>"


def _serializer(keys: Sequence[str], salt: str) -> URLSafeSerializer:
    if not any(keys):
        raise ValueError("signing needs a key")
    # itsdangerous signs with the last key of a list
    return URLSafeSerializer([key for key in reversed(keys) if key], salt=salt)
