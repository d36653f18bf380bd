"""What training needs and tagging does not."""

from __future__ import annotations

import importlib
from typing import Any

from models.errors import ConfigError


def sklearn(name: str) -> Any:
    """A module of scikit-learn or of scipy, with which it comes. ConfigError when it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        hint = "pip install 'diembao[train]'"
        raise ConfigError(
            "training needs scikit-learn, which is not installed", about=name, hint=hint
        ) from error
