"""Opening the database that a URL names."""

from __future__ import annotations

from models.errors import StoreError
from pipeline.store import schema
from pipeline.store.engine import make_engine, read_url, sqlite_file
from pipeline.store.store import Store


def open_store(url: str, *, create: bool = True) -> Store:
    """The store at `url` (`sqlite:///FILE` or `postgresql+psycopg://…`).

    With `create`, the folder and the database file are made and the schema is brought to the newest.
    Without, both must be there. Raises StoreError saying what to do.
    """
    parsed = read_url(url)
    file = sqlite_file(parsed)
    if file is not None and not create and not file.is_file():
        raise StoreError(
            "there is no database",
            about=str(file),
            hint="collect first: diembao collect; or create it: diembao db upgrade",
        )
    if file is not None and create:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"cannot make the folder ({error.strerror})", about=str(file.parent), hint="set DIEMBAO_HOME"
            ) from error
    engine = make_engine(parsed)
    try:
        if create and schema.current(engine) != schema.newest():
            schema.upgrade_if_older(engine)
        schema.require_newest(engine)
    except BaseException:
        engine.dispose()
        raise
    return Store(engine)
