"""A usual request takes a short way to its verdict, which is the verdict of the long way.

It is short by a plan, which knows what is written, and shorter by an update of one document.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from patchwright import Accepted, Access, Field, Increment, Lifecycle, Limits, Now, Resource
from patchwright.resource import Verdict, compiling
from tests.property.engine import JSON, MERGE, NOW, PATCH, placed, resource
from tests.property.strategies import VALUES as ANY_VALUES
from tests.property.strategies import pointer

TEXT = Field("string", max_length=3, pattern="[a-z]*")
THING = resource(
    {
        "id": Field("string", mutability="read_only"),
        "born": Field("integer", mutability="immutable", nullable=True),
        "once": Field("integer", mutability="write_once"),
        "state": Field(
            "string", lifecycle=Lifecycle({"a": ("b", "c"), "b": ("c",), "c": ()}, {"c": ("a",)})
        ),
        "phase": Field("string", enum=("a", "b", "c"), nullable=True),
        "text": Field("string", required=True, max_length=3, pattern="[a-z]*"),
        "number": Field(("integer", "string"), minimum=0, maximum=3, nullable="stored"),
        "any": Field(),
        "secret": Field("string", mutability="write_only"),
        "map": Field("object", values=TEXT),
        "few": Field("object", values=Field(("integer", "boolean"), maximum=2, nullable=True)),
        "named": Field("object", values=TEXT, keys=(("short", "[a-z]"),)),
        "object": Field("object", fields={"text": TEXT, "number": Field("integer")}),
        "a/b~c": Field("string", max_length=1),
        "modified": Field("string", mutability="read_only", stamp=Now()),
        "version": Field("integer", mutability="read_only", stamp=Increment()),
        "meta": Field(
            "object",
            fields={"count": Field("integer", mutability="read_only", stamp=Increment())},
        ),
    },
    version="/version",
)
# Where nothing hides what an operation reads, a JSON Patch can take the short way as well.
OPEN = THING.evolve(
    fields={
        name: field for name, field in dict(THING.root.fields or {}).items() if name != "secret"
    }
)
# With states that no client can write, and with one that is null.
LOCKED, LOOSE = (
    OPEN.evolve(fields={**dict(OPEN.root.fields or {}), "state": field})
    for field in (
        Field(
            "string", mutability="read_only", lifecycle=Lifecycle({}, {"a": ("b",), "b": ("a",)})
        ),
        Field(
            "string",
            nullable=True,
            max_length=2,
            pattern="[a-d]*",
            lifecycle=Lifecycle({None: ("a",), "a": ("b",), "b": (None,), "abcd": ()}),
        ),
    )
)
# Of a resource that has nothing but plain members and maps of them, a whole document can as well.
FLAT = OPEN.evolve(
    fields={
        **{
            name: field
            for name, field in dict(OPEN.root.fields or {}).items()
            if name not in {"object", "once", "named", "meta"}
        },
        "seen": Field("string", visible=(Access(roles=("seer",)),)),
        "seeing": Field("object", values=Field("string", visible=(Access(roles=("seer",)),))),
    }
)
# Where little is reported, it matters what is found first.
NARROW = OPEN.evolve(limits=Limits(problems=2))
NAMES = (*(THING.root.fields or {}), "unknown")
FLAT_NAMES = (*(FLAT.root.fields or {}), "unknown")
KEYS = ("a", "b", "text", "a~b", "")
SCALARS = st.sampled_from(["a", "b", "c", "abcd", "A", "", 0, 1, 3, 4, 1.0, 0.5, True, None])
VALUES = st.one_of(SCALARS, ANY_VALUES, st.dictionaries(st.sampled_from(KEYS), SCALARS))
MEMBERS = st.dictionaries(st.sampled_from(NAMES), VALUES)


PATHS = st.one_of(
    st.builds(pointer, st.sampled_from(NAMES)),
    st.builds(pointer, st.sampled_from(NAMES), st.sampled_from(KEYS)),
    st.builds(pointer, st.sampled_from(NAMES), st.sampled_from(KEYS), st.just("x")),
    st.sampled_from(["", "map/a", "/map/~2", "/named/aa"]),
)
OPERATION = st.one_of(
    st.fixed_dictionaries(
        {"op": st.sampled_from(["add", "replace", "test"]), "path": PATHS, "value": VALUES}
    ),
    st.fixed_dictionaries({"op": st.just("remove"), "path": PATHS}, optional={"value": SCALARS}),
    st.fixed_dictionaries({"op": st.sampled_from(["copy", "move"]), "path": PATHS, "from": PATHS}),
    st.fixed_dictionaries({"op": st.sampled_from(["add", "put"]), "path": PATHS}),
)


@contextmanager
def long_way() -> Iterator[None]:
    """In here no request takes the short way."""
    with patch.object(compiling, "writing", return_value=None):
        yield


def said(verdict: Verdict) -> object:
    """All that a verdict says."""
    # Written out, because `1 == 1.0 == True`.
    if isinstance(verdict, Accepted):
        document, stored = verdict.document, verdict.stored
        same = [name for name in document if document[name] is stored.get(name)]
        changes = [(change.pointer, change.old, change.new) for change in verdict.changes]
        return repr(document), document is stored, same, repr(changes), verdict.notes
    return placed(verdict), repr([dict(problem.params) for problem in verdict.problems])


def every_way(thing: Resource, headers: dict[str, str], stored: Any, body: Any) -> None:
    """Ask for the verdict in every way, and compare."""
    with long_way():
        plan = thing.plan("PATCH", headers, body)
        assert plan._compiled.edit is None
        verdict = plan.apply(stored, now=NOW)
    for each in (body, json.dumps(body).encode(), json.dumps(body, ensure_ascii=False)):
        for short in (
            thing.plan("PATCH", headers, each).apply(stored, now=NOW),
            thing.update(stored, "PATCH", headers, each, now=NOW),
        ):
            assert said(short) == said(verdict)
            assert getattr(short, "request", None) == getattr(verdict, "request", None)


@given(
    stored=MEMBERS, body=MEMBERS, thing=st.sampled_from([THING, OPEN, OPEN.system, LOCKED, LOOSE])
)
def test_a_merge_patch(stored: dict[str, Any], body: dict[str, Any], thing: Resource) -> None:
    """Document, sharing, changes and problems are the same, and in the same order."""
    every_way(thing, MERGE, stored, body)


@given(
    stored=MEMBERS,
    operations=st.lists(OPERATION, max_size=5),
    thing=st.sampled_from([OPEN, OPEN.system, LOCKED, LOOSE]),
)
def test_a_json_patch(stored: dict[str, Any], operations: list[Any], thing: Resource) -> None:
    """So they are for a JSON Patch, with the places of the problems in it."""
    every_way(thing, PATCH, stored, operations)


# A value for each member of it: by these, documents have all members.
EVERY: dict[str, Any] = {
    "id": "x",
    "born": 1,
    "state": "a",
    "phase": None,
    "text": "abc",
    "number": 1,
    "any": 0.5,
    "map": {"a": "a", "b": "b"},
    "few": {"a": 1, "text": True},
    "a/b~c": "c",
    "modified": NOW,
    "version": 7,
    "seen": "s",
    "seeing": {"a": "a"},
}


def whole(thing: Resource, stored: Any, body: Any) -> None:
    """Ask for the verdict on a whole document in every way, of which a plan's is the long one.

    Ask again with all members, by which the loop over the document is another one.
    """
    every = {name: value for name, value in EVERY.items() if name in (thing.root.fields or {})}
    pairs = [(stored, body)]
    if every and isinstance(stored, dict) and isinstance(body, dict):
        pairs.append((every | stored, every | body))
    for before, after in pairs:
        verdict = thing.plan("PUT", JSON, after).apply(before, now=NOW)
        texts = (json.dumps(after).encode(), json.dumps(after, ensure_ascii=False))
        for each in (after, *texts):
            short = thing.update(before, "PUT", JSON, each, now=NOW)
            assert said(short) == said(verdict)
            assert getattr(short, "request", None) == getattr(verdict, "request", None)


# What most documents of it are like: plain values, and maps of them.
FLAT_MEMBERS = st.fixed_dictionaries(
    {},
    optional={
        name: st.dictionaries(st.sampled_from(KEYS), SCALARS)
        if name in {"map", "few", "seeing"}
        else SCALARS
        for name in FLAT.root.fields or {}
    },
)


@given(
    stored=FLAT_MEMBERS | st.dictionaries(st.sampled_from(FLAT_NAMES), VALUES),
    values=FLAT_MEMBERS | st.dictionaries(st.sampled_from(FLAT_NAMES), VALUES, max_size=3),
    kept=st.sets(st.sampled_from(FLAT_NAMES)),
    thing=st.sampled_from([FLAT, FLAT.system, FLAT.evolve(limits=Limits(problems=2))]),
)
def test_a_whole_document(
    stored: dict[str, Any], values: dict[str, Any], kept: set[str], thing: Resource
) -> None:
    """So they are for a whole document, in which most members are as they are stored."""
    same = {name: value for name, value in stored.items() if name in kept}
    whole(thing, stored, values)
    whole(thing, stored, {**values, **same})
    whole(thing, stored, {**stored, **values})
    whole(thing, same, stored)


@given(
    stored=MEMBERS,
    values=st.dictionaries(
        st.sampled_from(["id", "born", "state", "phase", "text", "number", "any", "a/b~c"]), SCALARS
    ),
    inside=st.dictionaries(st.sampled_from(KEYS), SCALARS),
    thing=st.sampled_from([OPEN, LOCKED, LOOSE]),
)
def test_what_takes_the_short_way(
    stored: dict[str, Any], values: dict[str, Any], inside: dict[str, Any], thing: Resource
) -> None:
    """A request of plain values takes it, and nothing else is said for that."""
    stored = {"state": "a", **stored, "map": {"a": "a", "b": "b"}}
    body: dict[str, Any] = {**values, **({"map": inside} if inside else {})}
    plan = thing.plan("PATCH", MERGE, body)
    assert plan._compiled.edit is not None
    every_way(thing, MERGE, stored, body)
    operations: list[Any] = [
        {"op": "add", "path": pointer(name), "value": value} for name, value in values.items()
    ]
    operations += (
        {"op": "add", "path": pointer("map", key), "value": value}
        for key, value in inside.items()
        if "~" not in key
    )
    plan = thing.plan("PATCH", PATCH, operations)
    assert plan._compiled.edit is not None
    every_way(thing, PATCH, stored, operations)
    for operation in operations:
        removal = {"op": "remove", "path": operation["path"]}
        for few in ([operation], [removal], [operation, removal]):
            every_way(thing, PATCH, stored, few)
    every_way(NARROW, MERGE, stored, body)
    every_way(NARROW, PATCH, stored, operations)
