"""Configuration as people leave it: saved by editors on Windows, with a key that there is not, for a server
that has no such user."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import make_url

from crawlers.outlets import load_outlets
from models.errors import ConfigError, StoreError
from pipeline.settings import load_settings
from pipeline.store import open_store
from pipeline.stories import load_grouper
from pipeline.tag import load_tagger
from tests.conftest import ROOT, Databases


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = shutil.copytree(ROOT / "config", tmp_path / "config")
    monkeypatch.setenv("DIEMBAO_CONFIG_DIR", str(folder))
    return folder


def test_files_that_begin_with_a_byte_order_mark_are_read_like_others(config: Path) -> None:
    (config / "settings.toml").write_text("workers = 3\n", "utf-8")
    (config / "watchlists.toml").write_text('[sao]\nlabel = "Sao"\nnames = ["Sao Khuê"]\n', "utf-8")
    for file in (*config.rglob("*.toml"), *config.rglob("*.tsv")):
        if file.parent.name != "models":
            file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert load_settings().workers == 3
    assert load_outlets(config) == load_outlets(ROOT / "config")
    tagger, plain = load_tagger(config), load_tagger(ROOT / "config")
    assert [each.id for each in tagger.watchlists.lists] == ["sao"]
    assert tagger.topics.topics == plain.topics.topics
    assert tagger.gazetteer.old_to_new == plain.gazetteer.old_to_new
    load_grouper(config)


def test_a_setting_that_there_is_not_is_named_with_the_file_that_has_it(config: Path) -> None:
    (config / "settings.toml").write_text("wokers = 3\n", "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert str(caught.value) == f"{config}/settings.toml: there is no setting wokers (see docs/settings.md)"


def test_a_value_that_cannot_be_is_told_with_both_places_to_mend_it(config: Path) -> None:
    (config / "settings.toml").write_text("workers = -3\n", "utf-8")
    with pytest.raises(ConfigError, match=f"DIEMBAO_WORKERS, or workers in {config}/settings.toml"):
        load_settings()


@pytest.mark.parametrize(
    ("changes", "hint"),
    [({"username": "nobody_here"}, "check the user"), ({"database": "none"}, "create it")],
)
def test_a_user_or_database_that_postgresql_lacks_is_not_to_be_upgraded(
    postgres_databases: Databases, changes: dict[str, str], hint: str
) -> None:
    url = make_url(postgres_databases.ready()).set(**changes).render_as_string(False)  # type: ignore[arg-type]
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert hint in caught.value.hint
