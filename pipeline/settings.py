"""The settings: `config/settings.toml` for what is public, the environment for the rest.

Read once by the command line and handed down; no module reads them on its own.
"""

from __future__ import annotations

import os
import tomllib
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)
from sqlalchemy import URL

from models.errors import ConfigError

CONFIG_DIR = Path(__file__).resolve().parent.parent / "config"


class Settings(BaseSettings):
    """Every setting, its meaning and its default. Each is also read from `DIEMBAO_<NAME>`."""

    model_config = SettingsConfigDict(
        env_prefix="DIEMBAO_", extra="forbid", frozen=True, env_ignore_empty=True
    )

    home: Path = Field(
        default_factory=lambda: user_data_path("diembao", appauthor=False),
        description="Folder of the database, the archive and the outbox.",
    )
    config_dir: Path = Field(
        default=CONFIG_DIR, description="Folder of the outlets, topics and subscriptions."
    )
    database_url: str = Field(default="", description="Database; empty means diembao.sqlite3 under home.")
    contact_url: str = Field(
        default="https://example.org/diembao",
        description="Page that tells an outlet who is fetching; stands in the User-Agent.",
    )
    timezone: str = Field(default="Asia/Ho_Chi_Minh", description="Zone in which times are shown.")

    parallel: int = Field(default=32, ge=1, le=256, description="Requests under way at once, over all hosts.")
    download_timeout: float = Field(default=30, gt=0, description="Seconds for one response, start to end.")
    max_page_bytes: int = Field(default=8 << 20, gt=0, description="Largest page that is read.")
    max_feed_bytes: int = Field(default=15 << 20, gt=0, description="Largest feed or sitemap that is read.")
    allow_networks: Annotated[list[str], NoDecode] = Field(
        default_factory=list,
        description="CIDR ranges, separated by commas, of non-public addresses that may be fetched.",
    )
    archive_max_bytes: int = Field(
        default=1 << 30, gt=0, description="Size of one archive file before the next."
    )
    archive_keep_days: int = Field(default=90, ge=1, description="Days that raw responses are kept.")
    min_free_bytes: int = Field(
        default=500 << 20, ge=0, description="Free disk space below which nothing is collected; 0 means any."
    )

    workers: int = Field(default=0, ge=0, description="Extraction processes; 0 means one per core.")
    page_deadline: float = Field(default=20, gt=0, description="Seconds that one page may take to extract.")

    smtp_host: str = Field(
        default="", description="Mail server; empty means .eml files in the outbox folder."
    )
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Port of the mail server.")
    smtp_security: Literal["none", "starttls", "tls"] = Field(
        default="starttls", description="How the connection to the mail server is protected."
    )
    smtp_user: str = Field(default="", description="Name at the mail server; empty means no login.")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="Password at the mail server.")
    smtp_password_file: Path | None = Field(
        default=None, description="File that holds the password, readable by its owner alone (mode 0600)."
    )
    smtp_per_minute: int = Field(
        default=0, ge=0, description="Most mails the mail server gets in a minute; 0 means no bound."
    )
    mail_from: str = Field(
        default="Điểm Báo <digest@example.org>", description="Sender of the digests, name and address."
    )
    secret: SecretStr = Field(
        default=SecretStr(""),
        description="Key of Message-IDs and unsubscribe links; empty means one made on first use under home.",
    )
    public_url: str = Field(
        default="",
        description="Web server in links of mails, not part of this program; empty means none.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        file = _SettingsFile(settings_cls, toml_file=_settings_file())
        return init_settings, env_settings, file

    @field_validator("home", "config_dir")
    @classmethod
    def _expand(cls, folder: Path) -> Path:
        return Path(os.path.normpath(folder.expanduser()))  # of `missing/..` no folder could be made

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"{name!r} is not a time zone, such as Asia/Ho_Chi_Minh") from error
        return name

    @field_validator("allow_networks", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        parts = value.strip("[] ").split(",") if isinstance(value, str) else value
        return (
            [str(part).strip(" \"'") for part in parts if str(part).strip(" \"'")]
            if isinstance(parts, list)
            else value
        )

    @property
    def database(self) -> str:
        """The database URL in force."""
        if self.database_url:
            return self.database_url
        return URL.create("sqlite", database=str(self.home / "diembao.sqlite3")).render_as_string(False)

    @property
    def archive_dir(self) -> Path:
        """Where raw responses are kept."""
        return self.home / "archive"

    @property
    def outbox_dir(self) -> Path:
        """Where mails go as .eml files while no mail server is set."""
        return self.home / "outbox"

    @property
    def user_agent(self) -> str:
        """What we call ourselves to outlets."""
        return f"DiemBao/0.1 (+{self.contact_url})"


def _settings_file() -> Path:
    return Path(os.environ.get("DIEMBAO_CONFIG_DIR") or CONFIG_DIR).expanduser() / "settings.toml"


class _SettingsFile(TomlConfigSettingsSource):
    """A file that may begin with a byte order mark, as editors on Windows write."""

    def _read_file(self, file_path: Path | Traversable) -> dict[str, Any]:
        return tomllib.loads(file_path.read_text("utf-8-sig"))


def load_settings(**overrides: object) -> Settings:
    """The settings with `overrides` on top.

    Raises ConfigError naming the setting that is wrong, and for a `config_dir` that is not there.
    """
    try:
        settings = Settings(**{name: value for name, value in overrides.items() if value is not None})  # type: ignore[arg-type]
    except SettingsError as error:
        raise ConfigError(str(error), about="settings", hint="see docs/settings.md") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigError(
            f"cannot be read: {error}", about=str(_settings_file()), hint="see docs/settings.md"
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"]) or "settings"
        if first["type"] == "extra_forbidden":
            raise ConfigError(
                f"there is no setting {name}", about=str(_settings_file()), hint="see docs/settings.md"
            ) from error
        raise ConfigError(
            first["msg"],
            about=f"setting {name}",
            hint=f"set DIEMBAO_{name.upper()}, or {name} in {_settings_file()}, to a valid value",
        ) from error
    if not settings.config_dir.is_dir():
        raise ConfigError(
            "no such folder",
            about=str(settings.config_dir),
            hint="set DIEMBAO_CONFIG_DIR to the configuration",
        )
    return settings
