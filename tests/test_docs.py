"""What exists is documented, and what is documented exists."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
EXAMPLE = (ROOT / ".env.example").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
# Read by slack_sdk, honcho and pytest, or made by the sandbox for itself: no settings of ours.
NOT_SETTINGS = {"CI", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "PATH", "XDG_CACHE_HOME"}
SETTING = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b|\bPORT\b")


def example_settings() -> set[str]:
    return set(re.findall(r"^([A-Z][A-Z0-9_]*)=", EXAMPLE, re.MULTILINE))


def settings_in_code() -> set[str]:
    """Names that the settings classes and tables declare, read from their source."""
    names: set[str] = set()
    for path in ("bot/config.py", "kb/settings.py", "integration/config.py"):
        source = (ROOT / path).read_text("utf-8")
        names |= set(re.findall(r'alias="([A-Z][A-Z0-9_]+)"', source))
        names |= set(re.findall(r'"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"', source))
    return names


def test_every_setting_of_the_code_is_in_the_example_and_the_reverse() -> None:
    assert settings_in_code() <= example_settings()
    assert example_settings() <= settings_in_code() | {"PUBLIC_URL", "PORT", "LOG_LEVEL"}


def test_every_setting_has_a_comment_and_no_secret_has_a_value() -> None:
    for number, line in enumerate(lines := EXAMPLE.splitlines()):
        if re.match(r"[A-Z]", line):
            assert line.endswith("="), f"{line}: an example must not be usable as it stands"
            assert lines[number - 1].startswith("#"), f"{line} has no comment"


def test_the_readme_names_every_setting() -> None:
    assert {name for name in example_settings() if f"`{name}`" not in README} == set()


def test_the_readme_names_no_setting_that_does_not_exist() -> None:
    quoted = {name for code in re.findall(r"`([^`\n]+)`", README) for name in SETTING.findall(code)}
    assert quoted - example_settings() - NOT_SETTINGS == set()


def test_the_readme_names_every_make_target_and_the_reverse() -> None:
    targets = set(re.findall(r"^([a-z]+):.*##", MAKEFILE, re.MULTILINE))
    named = set(re.findall(r"`make ([a-z]+)", README)) | set(re.findall(r"^make ([a-z]+)", README, re.MULTILINE))
    assert targets - {"help"} <= named
    assert named <= targets


@pytest.mark.parametrize("module", ["kb", "integration"])
def test_the_readme_names_every_command_and_the_reverse(module: str) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", module, "--help"], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout
    listed = shown[shown.index("Commands") :]
    commands = set(re.findall(r"^[│ ]\s+([a-z]+)\s{2,}", listed, re.MULTILINE))
    assert commands, shown
    named = set(re.findall(rf"python -m {module} ([a-z]+)", README))
    assert commands == named


def test_the_readme_names_every_slack_command() -> None:
    manifest = yaml.safe_load((ROOT / "bot/manifest.yaml").read_text("utf-8"))
    hint = manifest["features"]["slash_commands"][0]["usage_hint"]
    for word in re.findall(r"[a-z]+", hint.replace("your question", "")):
        assert f"/retain {word}" in README


def test_the_lock_files_pin_everything_with_hashes_and_name_no_index() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text("utf-8")
        pins = re.findall(r"^[a-z0-9][^ ]*==[^ ]+.*\\$", text, re.MULTILINE)
        assert len(pins) > 20
        assert "://" not in text
        assert "index-url" not in text
        for block in re.split(r"\n(?=[a-z0-9])", text):
            if "==" in block:
                assert "--hash=sha256:" in block


def test_the_readmes_picture_exists() -> None:
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", README)
    assert pictures
    for picture in pictures:
        assert (ROOT / picture).is_file()


def test_the_changelog_tells_of_the_version_in_pyproject_first() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    newest = re.search(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest
    assert newest[1] == version
