"""Servers with TLS, several senders at once, PostgreSQL, and a look at a digest before it is due."""

from __future__ import annotations

import ipaddress
import ssl
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from models.errors import ConfigError
from models.mail import MailState
from pipeline.digest.plan import preview
from pipeline.digest.render import Renderer
from pipeline.digest.smtp import SmtpChannel
from pipeline.sending import smtp_password
from pipeline.settings import load_settings
from pipeline.store import Store
from tests.pipeline.digest.mailserver import MailServer
from tests.pipeline.digest.sample import NOW, ListReader, article, sample_reader, story, subscription
from tests.pipeline.digest.support import beside, mails, plan, runs, send

MANY = subscription(recipients=tuple(f"p{n}@example.org" for n in range(30)))


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A self-signed certificate for 127.0.0.1 and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(alternative, critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "server.pem"
    encoding = serialization.Encoding.PEM
    secret = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(secret + made.public_bytes(encoding))
    return file


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mails_go_over_tls_when_the_server_is_the_one_it_should_be(
    database: Store, renderer: Renderer, certificate: Path, security: str
) -> None:
    """T7, TLS: with its certificate trusted the server gets the mail, without it gets nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with MailServer(tls=context, implicit=security == "tls") as server:
        plan(database, [subscription()], sample_reader(), NOW, renderer)
        doubtful = SmtpChannel(server.address(security=security))
        assert send(database, doubtful, NOW).retry == 1
        assert server.received == []
        trust = ssl.create_default_context(cafile=str(certificate))
        trusted = SmtpChannel(server.address(security=security, tls=trust))
        assert send(database, trusted, NOW + timedelta(hours=1)).sent == 1


def test_a_server_without_tls_gets_no_mail_in_the_clear(
    database: Store, server: MailServer, renderer: Renderer
) -> None:
    plan(database, [subscription()], sample_reader(), NOW, renderer)
    report = send(database, SmtpChannel(server.address(security="starttls")), NOW)
    assert (report.sent, report.retry) == (0, 1)
    assert server.received == []


def test_the_password_stands_in_no_text_of_the_channel(server: MailServer) -> None:
    channel = SmtpChannel(server.address(user="digest", password="hush-hush"))
    assert "hush" not in f"{channel.server!r}{channel.fingerprint}{vars(channel)!r}"


def test_a_password_file_is_read_unless_others_may_read_it_too(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("hush-hush\n")
    file.chmod(0o600)
    asked = load_settings(smtp_password_file=file)
    assert smtp_password(asked) == "hush-hush"
    file.chmod(0o640)
    with pytest.raises(ConfigError, match="others may read") as refused:
        smtp_password(asked)
    assert "hush" not in str(refused.value)
    with pytest.raises(ConfigError, match="No such file"):
        smtp_password(load_settings(smtp_password_file=tmp_path / "none"))


def test_several_senders_at_once_send_each_mail_once(
    either: Store, server: MailServer, renderer: Renderer
) -> None:
    """T12: three senders over one outbox, and three planners before them."""
    server.rcpt["p3@example.org"] = "550 5.1.1 no such user"
    server.drop_after_data.add("p5@example.org")
    channel = SmtpChannel(server.address())
    with ThreadPoolExecutor(3) as pool:
        each = [beside(either) for _ in range(3)]
        planned = list(pool.map(lambda one: plan(one, [MANY], sample_reader(), NOW, renderer), each))
        reports = list(pool.map(lambda one: send(one, channel, NOW), each))
    assert sorted(len(each) for each in planned) == [0, 0, 1]
    assert sum(report.sent for report in reports) == 28
    assert len(runs(either)) == 1
    assert send(either, channel, NOW + timedelta(hours=1)).sent == 1
    got = [to for to, _ in server.received]
    assert sorted(set(got)) == sorted(f"p{n}@example.org" for n in range(30) if n != 3)
    assert len(got) == 30  # the one without an answer came twice, under one Message-ID
    assert len(set(server.message_ids("p5@example.org"))) == 1
    states = [mail.state for mail in mails(either)]
    assert (states.count(MailState.SENT), states.count(MailState.BOUNCED)) == (29, 1)


def test_a_preview_shows_the_last_day_and_leaves_nothing_behind(database: Store, renderer: Renderer) -> None:
    shown = preview(subscription(), sample_reader(), NOW, renderer=renderer)
    assert shown.digest.stories == 10
    assert "Quảng Trị" in shown.html
    assert runs(database) == []


def test_an_alert_is_sent_only_with_news(database: Store, renderer: Renderer) -> None:
    alert = subscription(slug="bao-dong", frequency="hourly", send_empty=True)
    quiet = plan(database, [alert], ListReader({}), NOW, renderer)
    fresh = story("x", [article("x", "vov", "Cháy chợ", hours=-0.5)], ["da-nang"])
    reader = ListReader({alert.sections[0].title: [fresh]})
    news = plan(database, [alert], reader, NOW + timedelta(hours=1), renderer)
    again = plan(database, [alert], reader, NOW + timedelta(hours=1, minutes=20), renderer)
    assert quiet[0].mails == 0
    assert news[0].subject.startswith("Báo động: ")
    assert again == []
