"""What an installed patchwright promises to those who depend on it."""

import importlib.metadata
import importlib.resources
import re
from pathlib import Path
from types import ModuleType

import patchwright
from patchwright.cli import main

METADATA = importlib.metadata.metadata("patchwright")


def test_types_are_shipped() -> None:
    """Type checkers of dependents find the marker of PEP 561 in the installed package."""
    assert importlib.resources.files(patchwright).joinpath("py.typed").is_file()


def test_version_is_the_newest_in_the_changelog() -> None:
    """The changelog's first version is the one that is installed."""
    changelog = Path(__file__).parents[1].joinpath("CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (\d+\.\d+\.\d+)", changelog, re.MULTILINE)
    assert headings[0] == METADATA["Version"]


def test_one_runtime_dependency() -> None:
    """Without extras nothing but python-dateutil is installed."""
    requirements = METADATA.get_all("Requires-Dist") or []
    assert [name for name in requirements if "extra ==" not in name] == ["python-dateutil>=2.8.2"]


def test_licence_is_stated() -> None:
    """The licence is an SPDX expression, and its text is in the package."""
    assert METADATA["License-Expression"] == "MIT"
    assert METADATA.get_all("License-File") == ["LICENSE"]


def test_console_script_is_installed() -> None:
    """The command `patchwright` is the command line of this package."""
    (script,) = importlib.metadata.entry_points(group="console_scripts", name="patchwright")
    assert script.load() is main


def test_public_names_are_complete() -> None:
    """`__all__` lists every public name, each once; the linter sees to their order."""
    public = [
        name
        for name, value in vars(patchwright).items()
        if not name.startswith("_") and not isinstance(value, ModuleType)
    ]
    assert sorted(patchwright.__all__) == sorted(public)
