"""Documents, places in them and patches for them, small and full of the names that go wrong.

Random choices follow the document, so that most pointers lead somewhere and most patches apply; the
rest is off by one name, one index or one type.
"""

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.property.oracle import Refused, merged, patched

# Few, so that two documents share some, and each of a kind that some library has got wrong.
NAMES = st.sampled_from(
    ["a", "b", "c", "", "0", "1", "01", "-", "~", "/", "~1", "a/b", "\\", "é", "\0", "__proto__"]
)
# Values that Python takes for equal and JSON does not, and the other way round.
SCALARS: SearchStrategy[Any] = st.sampled_from(
    [
        None,
        False,
        True,
        0,
        1,
        -1,
        0.0,
        -0.0,
        1.0,
        0.5,
        10**20,
        1e20,
        "",
        "a",
        "1",
        "null",
        "é",
        "\0",
    ]
)


def documents(scalars: SearchStrategy[Any] = SCALARS, leaves: int = 8) -> SearchStrategy[Any]:
    """JSON documents, the root of any type."""
    return st.recursive(
        scalars,
        lambda inner: st.dictionaries(NAMES, inner, max_size=4) | st.lists(inner, max_size=4),
        max_leaves=leaves,
    )


DOCUMENTS = documents()
# What a request would bring: values that stay small when many of them stand in one patch.
VALUES = documents(leaves=3)


def places(document: Any) -> Iterator[tuple[str | int, ...]]:
    """The tokens to every value in a document, the root first."""
    yield ()
    items: Any = ()
    if isinstance(document, dict):
        items = document.items()
    elif isinstance(document, list):
        items = enumerate(document)
    for key, value in items:
        for place in places(value):
            yield key, *place


def at(document: Any, place: tuple[str | int, ...]) -> Any:
    """The value at a place that exists."""
    for key in place:
        document = document[key]
    return document


def containers(value: Any) -> dict[int, Any]:
    """Every array and object in a value, by identity."""
    found = [at(value, place) for place in places(value)]
    return {id(part): part for part in found if isinstance(part, dict | list)}


def pointer(*tokens: str | int) -> str:
    """The text of a pointer, written without the package that is tested."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)


@st.composite
def pointers(draw: DrawFn, document: Any) -> str:
    """A pointer to a value of a document, to the place of a new one, or to nowhere."""
    existing = draw(existing_pointers(document))
    return draw(
        st.just(existing) | new_pointers(document) | NAMES.map(lambda name: pointer(name, 0))
    )


def existing_pointers(document: Any) -> SearchStrategy[str]:
    """A pointer to a value of a document."""
    return st.sampled_from([pointer(*place) for place in places(document)])


@st.composite
def new_pointers(draw: DrawFn, document: Any) -> str:
    """A pointer to where a value may be added to a document, though something may stand there."""
    roads = [place for place in places(document) if isinstance(at(document, place), dict | list)]
    if not roads:
        return ""
    place = draw(st.sampled_from(roads))
    parent = at(document, place)
    if isinstance(parent, dict):
        return pointer(*place, draw(NAMES))
    return pointer(*place, draw(st.sampled_from([*range(len(parent) + 1), "-"])))


@st.composite
def operations_for(draw: DrawFn, document: Any) -> dict[str, Any]:
    """One well-formed operation, which most of the time applies to the document."""
    op = draw(st.sampled_from(["add", "remove", "replace", "move", "copy", "test"]))
    target = new_pointers if op in {"add", "move", "copy"} else existing_pointers
    source = existing_pointers
    if draw(st.integers(0, 7)) == 7:
        target = source = pointers
    operation = {"op": op, "path": draw(target(document))}
    if op in {"move", "copy"}:
        operation["from"] = draw(source(document))
        if op == "move" and operation["path"].startswith(operation["from"] + "/"):
            operation["path"] = operation["from"]  # into itself would be malformed
    elif op == "test":
        values = {pointer(*place): at(document, place) for place in places(document)}
        there = values.get(operation["path"])
        operation["value"] = draw(st.sampled_from([there, there, there, True, 1]))
    elif op != "remove":
        operation["value"] = draw(VALUES)
    return operation


@st.composite
def patches_for(draw: DrawFn, document: Any, longest: int = 5) -> list[dict[str, Any]]:
    """Operations, each drawn against the document as those before it leave it.

    The first that fails is the last.  After the removal of the whole document a new one is added.
    """
    operations: list[dict[str, Any]] = []
    now = document
    for _ in range(draw(st.integers(0, longest))):
        operation = draw(operations_for(now))
        operations.append(operation)
        try:
            now = patched(now, [operation])
        except Refused as refused:
            if refused.index == 0:
                break
            now = draw(VALUES)
            operations.append({"op": "add", "path": "", "value": now})
    return operations


@st.composite
def patched_documents(draw: DrawFn) -> tuple[Any, list[dict[str, Any]]]:
    """A document and a patch for it, which applies more often than not."""
    document = draw(DOCUMENTS)
    return document, draw(patches_for(document))


@st.composite
def merge_patches_for(draw: DrawFn, document: Any) -> Any:
    """A merge patch that mostly names members of the document."""
    if not isinstance(document, dict) or draw(st.integers(0, 9)) == 0:
        return draw(DOCUMENTS)
    patch: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from([*document, "a", "new"]), max_size=4, unique=True)):
        inner = merge_patches_for(document.get(name))
        patch[name] = draw(st.none() | st.just(document.get(name)) | inner)
    return patch


@st.composite
def merged_documents(draw: DrawFn) -> tuple[Any, Any]:
    """A document and a merge patch for it."""
    document = draw(DOCUMENTS)
    return document, draw(merge_patches_for(document))


@st.composite
def pairs(draw: DrawFn) -> tuple[Any, Any]:
    """Two documents, of which the second mostly comes from the first by a few changes."""
    old = draw(DOCUMENTS)
    kind = draw(st.sampled_from(["patch", "patch", "merge", "other"]))
    if kind == "other":
        return old, draw(DOCUMENTS)
    if kind == "merge":
        return old, merged(old, draw(merge_patches_for(old)))
    operations = draw(patches_for(old))
    try:
        return old, patched(old, operations)
    except Refused as refused:
        return old, patched(old, operations[: refused.index])


# Anything but the list of well-formed operations that a JSON Patch is, and sometimes that.
MALFORMED_OPERATIONS = VALUES | st.lists(
    st.fixed_dictionaries(
        {"op": st.sampled_from(["add", "remove", "replace", "move", "copy", "test", "Add", "", 1])},
        optional={
            "path": NAMES | st.sampled_from(["", "/a", "/a/b", "/0", "~", "/~2"]) | SCALARS,
            "from": st.sampled_from(["", "/a", "/a/b", "a", None, 1]),
            "value": VALUES,
            "extra": VALUES,
        },
    )
    | VALUES,
    max_size=4,
)
