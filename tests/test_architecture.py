"""Imports follow the picture: bot → kb ← integration, and the bot reaches the service over HTTP only."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "kb", "integration")
MAY_IMPORT = {"kb": {"kb"}, "bot": {"bot", "kb"}, "integration": {"integration", "kb"}}
# What a package must not know, beyond our own packages.
FOREIGN = {
    "kb": {"slack_bolt", "slack_sdk", "fastapi", "starlette", "sqlalchemy", "requests", "uvicorn"},
    "bot": {"alembic"},
    "integration": {"slack_bolt", "slack_sdk"},
}
LONGEST_MODULE = 300
LONGEST_FUNCTION = 50


def modules() -> list[Path]:
    return sorted(p for package in PACKAGES for p in (ROOT / package).rglob("*.py") if "versions" not in p.parts)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_module_imports_only_what_its_package_may_know(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    names = set(imported(ast.parse(path.read_text("utf-8"))))
    assert names & set(PACKAGES) <= MAY_IMPORT[package]
    assert not names & FOREIGN[package]


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_modules_and_functions_stay_small(path: Path) -> None:
    source = path.read_text("utf-8")
    assert source.count("\n") <= LONGEST_MODULE
    functions = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    too_long = [f.name for f in functions if (f.end_lineno or 0) - f.lineno >= LONGEST_FUNCTION]
    assert not too_long


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_importing_a_module_calls_nothing_of_the_environment(path: Path) -> None:
    """Settings are read and connections made by factories: an import has no effect."""
    tree = ast.parse(path.read_text("utf-8"))
    statements = [n for n in tree.body if not isinstance(n, ast.FunctionDef | ast.ClassDef | ast.If)]
    calls = [ast.unparse(c.func) for s in statements for c in ast.walk(s) if isinstance(c, ast.Call)]
    forbidden = ("os.getenv", "os.environ.get", "open", "create_engine", "load_library", "create_app", "Path.read_text")
    assert not [call for call in calls if call.endswith(forbidden)]


# What all pages share knows nothing of what any of them is about.
FRAME = ROOT / "integration" / "pages"
KNOWN_TO_THE_FRAME = {"errors", "pages", "runtime", "tokens"}


@pytest.mark.parametrize("path", sorted(FRAME.glob("*.py")), ids=name_of)
def test_the_frame_of_pages_imports_no_domain(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    modules_named = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
    ours = {name.split(".")[1] for name in modules_named if name.startswith("integration.")}
    assert ours <= KNOWN_TO_THE_FRAME
