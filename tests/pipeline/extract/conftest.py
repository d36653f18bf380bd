"""The configured outlets, loaded once."""

from __future__ import annotations

import pytest

from crawlers.outlets import load_outlets
from models.outlet import Outlet
from tests.conftest import ROOT


@pytest.fixture(scope="session")
def outlets() -> dict[str, Outlet]:
    return load_outlets(ROOT / "config")
