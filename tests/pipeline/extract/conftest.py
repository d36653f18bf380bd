"""The configured outlets, loaded once; async tests run in a loop of their own."""

from __future__ import annotations

import asyncio
import inspect

import pytest

from crawlers.outlets import load_outlets
from models.outlet import Outlet
from tests.conftest import ROOT


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    wanted = inspect.signature(pyfuncitem.obj).parameters
    asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in wanted}))
    return True


@pytest.fixture(scope="session")
def outlets() -> dict[str, Outlet]:
    return load_outlets(ROOT / "config")
