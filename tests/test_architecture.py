"""The rules of the tree: which part may import which, and that our top-level names are ours alone."""

from __future__ import annotations

import ast
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tests.conftest import ROOT

STAGES = ("extract", "tag", "stories", "store", "search", "digest")
LEAVES = (
    "vietnamese",
    "sentences",
    "language",
    "dates",
    "urls",
    "limits",
    "credit",
    "memory",
    "files",
    "dialects",
)


def layer_of(module: str) -> str:
    """The layer a module of ours stands in, by name: `models`, `leaf`, `crawlers`, a stage, or upper."""
    parts = module.split(".")
    if parts[0] in ("models", "crawlers"):
        return parts[0]
    if parts[0] == "scheduler":
        return "top"
    if len(parts) == 1:
        return "package"
    if parts[1] in LEAVES:
        return "leaf"
    if parts[1] in STAGES:
        return f"stage {parts[1]}"
    joints = {
        "flow": "flow",
        "processing": "flow",
        "processor": "flow",
        "writer": "flow",
        "names": "flow",
        "briefing": "flow",
        "placing": "flow",
        "settings": "settings",
        "jobs": "jobs",
    }
    return joints.get(parts[1], "top")


def allowed(importer: str, imported: str) -> bool:
    """Whether code of one layer may import code of another."""
    if importer == imported or imported == "package":
        return True
    below = {
        "models": set(),
        "leaf": {"models"},
        "settings": {"models"},
        "crawlers": {"models", "leaf"},
        "flow": {"models", "leaf", "settings", "crawlers", *(f"stage {s}" for s in STAGES)},
    }
    if importer.startswith("stage "):
        return imported in {"models", "leaf"}
    if importer == "jobs":
        return imported in below["flow"] | {"flow"}
    if importer == "top":
        return True
    return imported in below.get(importer, set())


def our_modules() -> list[Path]:
    folders = ("models", "crawlers", "pipeline")
    files = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in files if "versions" not in path.parts] + [ROOT / "scheduler.py"]


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative imports hide where they lead"
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return {name for name in found if name.split(".")[0] in ("models", "crawlers", "pipeline", "scheduler")}


@pytest.mark.parametrize("path", our_modules(), ids=module_name)
def test_imports_run_one_way(path: Path) -> None:
    importer = layer_of(module_name(path))
    wrong = sorted(name for name in imports_of(path) if not allowed(importer, layer_of(name)))
    assert not wrong, f"{module_name(path)} ({importer}) must not import {', '.join(wrong)}"


def test_the_layers_would_catch_a_stage_importing_another() -> None:
    assert not allowed(layer_of("pipeline.tag.topics"), layer_of("pipeline.store.Store"))
    assert not allowed(layer_of("crawlers.spider"), layer_of("pipeline.flow"))
    assert allowed(layer_of("pipeline.flow"), layer_of("pipeline.tag.Tagger"))


@pytest.mark.parametrize("name", ["crawlers", "pipeline", "models", "config", "scheduler"])
def test_no_other_installed_distribution_provides_our_names(name: str) -> None:
    owners = set(packages_distributions().get(name, []))
    assert owners <= {"diembao"}, f"{name} is also provided by {owners - {'diembao'}}"


def test_scheduler_is_the_only_module_at_the_top_and_config_holds_data_alone() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert [path.name for path in ROOT.glob("*.py")] == ["scheduler.py"]
    assert packages == {"models", "crawlers", "pipeline", "tests"}
    assert not list((ROOT / "config").rglob("*.py"))


def test_the_scheduler_script_defines_no_jobs() -> None:
    """A job defined in scheduler.py would be recorded as `__main__:name`; other modules may define them."""
    tree = ast.parse((ROOT / "scheduler.py").read_text("utf-8"))
    functions = [n.name for n in tree.body if isinstance(n, ast.AsyncFunctionDef | ast.FunctionDef)]
    assert set(functions) <= {"main", "serve", "build_scheduler"}, "jobs belong in pipeline/jobs.py"


@pytest.mark.xdist_group("alone")
def test_tests_of_a_group_are_kept_on_one_worker(request: pytest.FixtureRequest) -> None:
    """By the name that pytest-xdist gives them; of some releases of pytest it does not get through."""
    by_group = bool(request.config.getoption("loadgroup", default=False))
    assert request.node.nodeid.endswith("@alone") == by_group
