"""Imports point one way, and the core knows neither third parties nor vendors."""

import ast
import graphlib
import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "patchwright"

# A module imports only from rows above its own. A package stands in the row of its name.
ROWS: tuple[tuple[str, ...], ...] = (
    ("_record",),
    ("problems",),
    ("limits", "formats"),
    ("_json",),
    ("pointer",),
    ("json_patch", "merge_patch", "field_mask", "preconditions"),
    ("rules",),
    ("_checks",),
    ("resource",),
    ("__init__",),  # the public names of the rows above; nothing inside imports from it
    ("profiles", "describe"),
    ("cli",),
    ("__main__",),
)
ROW_OF = {name: row for row, names in enumerate(ROWS) for name in names}

# Imports that may stand inside a function: (module, what it imports) and why.
DEFERRED = {
    ("formats", "dateutil"): "only a resource that declares iso8601 pays for it",
}

# Vendors are values: they have a name where they are declared and where a user asks for them.
VENDOR = re.compile(r"carrierx|spaaza|cloud[ _-]?foundry|sailpoint|korifi", re.IGNORECASE)
MAY_NAME_VENDORS = {"profiles", "cli"}


class Import(NamedTuple):
    """One import statement's target, with the place where it stands."""

    importer: str
    target: str
    line: int
    deferred: bool

    @property
    def place(self) -> str:
        """Module and line, as a fault shows them."""
        return f"{self.importer}:{self.line}"


def modules_of(package: Path) -> dict[str, Path]:
    """Every module under `package` by its dotted name, the package itself included."""
    modules = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        modules[".".join(parts).removesuffix(".__init__")] = path
    return modules


def imports_of(package: Path) -> list[Import]:
    """Every import in `package`, wherever in its module it stands."""
    modules = modules_of(package)
    return [
        Import(name, target, node.lineno, deferred)
        for name, path in modules.items()
        for node, deferred in _import_nodes(ast.parse(path.read_text(encoding="utf-8")))
        for target in _targets(node, name, modules)
    ]


def _import_nodes(
    node: ast.AST, *, deferred: bool = False
) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    """Import statements below `node`, each with whether it stands inside a function."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, deferred
        inside = deferred or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
        yield from _import_nodes(child, deferred=inside)


def _targets(
    node: ast.Import | ast.ImportFrom, importer: str, modules: dict[str, Path]
) -> list[str]:
    """The modules that `node` imports: `from a import b` means `a.b` where that is one."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    within = importer if modules[importer].stem == "__init__" else importer.rpartition(".")[0]
    base = importlib.util.resolve_name("." * node.level + (node.module or ""), within)
    inner = [f"{base}.{alias.name}" for alias in node.names]
    return sorted({name if name in modules else base for name in inner})


def unit(module: str) -> str:
    """The name in `ROWS` that `module` belongs to."""
    return module.split(".")[1] if "." in module else "__init__"


def layer_faults(package: Path) -> list[str]:
    """Every import in `package` that does not point to a row above its own."""
    faults = [
        f"{name}: stands in no row" for name in modules_of(package) if unit(name) not in ROW_OF
    ]
    for found in imports_of(package):
        if found.target.split(".")[0] != package.name:
            continue
        importer, target = unit(found.importer), unit(found.target)
        if target == "__init__":
            faults.append(f"{found.place}: imports the package itself")
        elif importer != target and ROW_OF.get(importer, -1) <= ROW_OF.get(target, -1):
            faults.append(f"{found.place}: {importer} may not import {target}")
    return faults


def cycle(package: Path) -> list[str]:
    """The modules of an import cycle in `package`, or nothing."""
    graph: dict[str, set[str]] = {name: set() for name in modules_of(package)}
    for found in imports_of(package):
        if found.target in graph:
            graph[found.importer].add(found.target)
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return [str(name) for name in error.args[1]]
    return []


def deferred_faults(package: Path) -> list[str]:
    """Every import inside a function of `package` that `DEFERRED` does not list."""
    return [
        f"{found.place}: imports {found.target} inside a function"
        for found in imports_of(package)
        if found.deferred and (unit(found.importer), found.target.split(".")[0]) not in DEFERRED
    ]


def vendor_faults(package: Path) -> list[str]:
    """Every line of `package`'s core, comments included, that names a vendor."""
    return [
        f"{name}:{number}: {line.strip()}"
        for name, path in modules_of(package).items()
        if unit(name) not in MAY_NAME_VENDORS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if VENDOR.search(line)
    ]


def third_parties(package: Path) -> list[str]:
    """The third-party packages that a new interpreter has loaded after importing `package`."""
    program = f"""
import sys
sys.path.insert(0, {str(package.parent)!r})
before = set(sys.modules)
import {", ".join(name for name in modules_of(package) if not name.endswith("__main__"))}
loaded = {{name.partition(".")[0] for name in sys.modules.keys() - before}}
print(*sorted(loaded - sys.stdlib_module_names - {{{package.name!r}}}))
"""
    result = subprocess.run(  # noqa: S603 - the program is the text above
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )
    return result.stdout.split()


def test_imports_point_up_the_table() -> None:
    """No module of the package imports its own row or a row below."""
    assert layer_faults(SOURCE) == []


def test_imports_have_no_cycle() -> None:
    """No module of the package imports itself by way of others."""
    assert cycle(SOURCE) == []


def test_imports_stand_at_the_top() -> None:
    """Inside a function the package imports only what is listed, with a reason, above."""
    assert deferred_faults(SOURCE) == []


def test_the_core_names_no_vendor() -> None:
    """Outside of profiles and command line no line of the package names a vendor."""
    assert vendor_faults(SOURCE) == []


def test_importing_loads_no_third_party() -> None:
    """Importing every module of the package loads nothing but it and the standard library."""
    assert third_parties(SOURCE) == []


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package that keeps all the rules: the trees below break one each."""
    path = tmp_path / "patchwright"
    write(path, "__init__", "from patchwright.resource import a")
    write(path, "problems", "import dataclasses")
    write(path, "formats", "def parse():\n    import dateutil.parser")
    write(path, "pointer", "from patchwright import problems")
    write(path, "rules.__init__", "from patchwright.rules.field import a")
    write(path, "rules.field", "from ..pointer import a\nfrom . import limits")
    write(path, "rules.limits", "from patchwright.problems import a")
    write(path, "resource", "if True:\n    import patchwright.rules.field")
    write(path, "profiles.__init__", "")
    write(path, "profiles.carrierx", "from patchwright.resource import a")
    write(path, "cli", "from patchwright.profiles import carrierx")
    return path


def write(package: Path, module: str, text: str) -> None:
    """Put a module into a synthetic package."""
    path = package.joinpath(*module.split(".")).with_suffix(".py")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_good_package_has_no_fault(package: Path) -> None:
    """Imports upward in the table, within one package and of the profiles by the CLI are fine."""
    assert layer_faults(package) == []
    assert cycle(package) == []
    assert deferred_faults(package) == []
    assert vendor_faults(package) == []


@pytest.mark.parametrize(
    ("module", "text", "fault"),
    [
        ("problems", "import patchwright.pointer", "problems:1: problems may not import pointer"),
        ("limits", "from .formats import a", "limits:1: limits may not import formats"),
        ("limits", "from . import formats", "limits:1: limits may not import formats"),
        ("pointer", "\nfrom .rules.field import a", "pointer:2: pointer may not import rules"),
        ("rules.field", "from ..resource import a", "rules.field:1: rules may not import resource"),
        ("pointer", "def f():\n  from . import rules", "pointer:2: pointer may not import rules"),
        ("describe", "from .profiles import a", "describe:1: describe may not import profiles"),
        ("__init__", "from .describe import a", ":1: __init__ may not import describe"),
        ("cli", "from patchwright import Field", "cli:1: imports the package itself"),
        ("cli", "from . import Field", "cli:1: imports the package itself"),
        ("cli", "import patchwright", "cli:1: imports the package itself"),
        ("utils", "", "utils: stands in no row"),
        ("utils.text", "", "utils.text: stands in no row"),
    ],
)
def test_an_import_out_of_order_is_a_fault(
    package: Path, module: str, text: str, fault: str
) -> None:
    """Upward and same-row imports, imports of the package and unknown modules are each found."""
    write(package, module, text)
    assert layer_faults(package) == [f"patchwright{fault if fault[0] == ':' else '.' + fault}"]


def test_a_cycle_within_a_package_is_a_fault(package: Path) -> None:
    """Modules of one package stand in one row, but not in a circle."""
    write(package, "rules.limits", "from patchwright.rules import field")
    assert set(cycle(package)) == {"patchwright.rules.field", "patchwright.rules.limits"}


def test_an_unlisted_import_inside_a_function_is_a_fault(package: Path) -> None:
    """Methods and nested functions count, and the list holds for its module alone."""
    write(package, "pointer", "class A:\n def f(self):\n  def g():\n   import dateutil.parser")
    assert deferred_faults(package) == [
        "patchwright.pointer:4: imports dateutil.parser inside a function"
    ]


@pytest.mark.parametrize("name", ["CarrierX", "SPAAZA", "cloud_foundry", "Cloud Foundry"])
def test_a_vendor_in_the_core_is_a_fault(package: Path, name: str) -> None:
    """In whatever spelling, also in a comment."""
    write(package, "resource", f"a = 1\n# as {name} does")
    assert vendor_faults(package) == [f"patchwright.resource:2: # as {name} does"]


def test_a_third_party_loaded_by_an_import_is_a_fault(tmp_path: Path) -> None:
    """A package is found although the module that imports it is not the first."""
    write(tmp_path / "hasty", "__init__", "import json")
    write(tmp_path / "hasty", "inner", "import jsonpointer")
    assert third_parties(tmp_path / "hasty") == ["jsonpointer"]
