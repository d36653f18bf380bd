"""The jobs of digests that the service and the commands run: plan and deliver."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from socket import gethostname

from models.digest import Planned, Subscription
from models.errors import ConfigError, StoreError
from models.mail import DeliveryReport, MailChannel
from pipeline.briefing import Briefing
from pipeline.digest.deliver import deliver
from pipeline.digest.file import FileChannel
from pipeline.digest.forgetting import forget_old
from pipeline.digest.guard import InstanceGuard
from pipeline.digest.mailing import PlanOptions
from pipeline.digest.message import sender_address
from pipeline.digest.outbox import DeliveryOptions
from pipeline.digest.plan import plan_due
from pipeline.digest.smtp import SmtpChannel, SmtpServer
from pipeline.files import write_whole
from pipeline.names import Names
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.store.engine import read_url, sqlite_file

SECRET_BYTES = 32


def plan_options(settings: Settings) -> PlanOptions:
    """Who sends the digests and with which keys."""
    return PlanOptions(sender=settings.mail_from, keys=(secret_of(settings),), public_url=settings.public_url)


def secret_of(settings: Settings) -> str:
    """The key of Message-IDs and unsubscribe links: the setting, else one kept under home (mode 0600). Raises
    ConfigError when that holds none or cannot be read or written."""
    if given := settings.secret.get_secret_value():
        return given
    file = settings.home / "secret"
    try:
        if not file.exists():
            write_whole(file, secrets.token_hex(SECRET_BYTES).encode("ascii"), mode=0o600)
        kept = file.read_text("ascii", errors="replace").strip()
    except OSError as error:
        raise ConfigError(
            error.strerror or "cannot be read", about=str(file), hint="set DIEMBAO_SECRET, or DIEMBAO_HOME"
        ) from error
    if not kept:
        hint = "put the key of a backup there, or remove the file for a new one: then links in old mails end"
        raise ConfigError("holds no key", about=str(file), hint=hint)
    return kept


def mail_channel(settings: Settings) -> MailChannel:
    """Where mails go: the configured mail server, else .eml files in the outbox folder. Raises
    ConfigError."""
    if not settings.smtp_host:
        return FileChannel(settings.outbox_dir)
    return SmtpChannel(
        SmtpServer(
            host=settings.smtp_host,
            port=settings.smtp_port,
            security=settings.smtp_security,
            user=settings.smtp_user,
            password=smtp_password(settings),
            sender=sender_address(settings.mail_from).addr_spec,
        )
    )


def smtp_password(settings: Settings) -> str:
    """The password at the mail server: the setting, else what the named file holds. Raises ConfigError for a
    file that others may read or that cannot be read."""
    file = settings.smtp_password_file
    if file is None or settings.smtp_password.get_secret_value():
        return settings.smtp_password.get_secret_value()
    try:
        mode = file.stat().st_mode
        if mode & 0o077:
            raise ConfigError("others may read the password", about=str(file), hint=f"run: chmod 600 {file}")
        return file.read_text("utf-8").strip()
    except OSError as error:
        raise ConfigError(
            error.strerror or "cannot be read", about=str(file), hint="set DIEMBAO_SMTP_PASSWORD_FILE"
        ) from error


def plan_digests(
    settings: Settings, store: Store, names: Names, subscriptions: Sequence[Subscription], now: datetime
) -> list[Planned]:
    """Plan every digest that is due at `now` into the outbox. Raises DeliveryError when this database may be
    a copy: what it planned would be taken back when it is confirmed."""
    instance_guard(settings).check(store)
    return plan_due(store, subscriptions, Briefing(store, names, now), now, plan_options(settings))


async def deliver_digests(
    settings: Settings, store: Store, now: datetime, *, stop: asyncio.Event | None = None
) -> DeliveryReport:
    """Hand over the mails that wait in the outbox, and let go of old ones. Once `stop` is set, only those
    under way are finished."""
    guard = instance_guard(settings)
    options = DeliveryOptions(per_minute=settings.smtp_per_minute if settings.smtp_host else 0)
    report = await deliver(store, mail_channel(settings), now, options, guard=guard, stop=stop)
    with suppress(StoreError):  # the next pass tries again
        await asyncio.to_thread(forget_old, store, now)
    return report


def instance_guard(settings: Settings) -> InstanceGuard:
    """The guard against sending from a copied or restored database, as files too. Its file stands beside a
    SQLite database, else under home."""
    database = sqlite_file(read_url(settings.database))
    file = Path(f"{database}.instance") if database else settings.home / "instance"
    return InstanceGuard(file, gethostname())
