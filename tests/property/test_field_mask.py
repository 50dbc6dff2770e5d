"""A field mask says in its own words what the other formats can say, too."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from patchwright import Field, Resource
from patchwright.field_mask import apply_mask, parse_mask, populated
from tests.property.documents import changes, documents
from tests.property.engine import (
    accepted,
    faults,
    masked,
    merge,
    op,
    overwrite,
    patch,
    put,
    resource,
)
from tests.property.oracle import merged, same_json
from tests.property.strategies import DOCUMENTS, pointer

# Names that a mask can hold, in backticks if need be.
NAMES = st.text(st.characters(blacklist_characters="`", blacklist_categories=["Cs"]), min_size=1)
FEW_NAMES = st.sampled_from(["a", "b", "c", "a.b", "*", "x-y", "é", " "])
PATHS = st.lists(FEW_NAMES, min_size=1, max_size=3).map(tuple)
OBJECTS = st.recursive(
    st.dictionaries(FEW_NAMES, st.integers(0, 2) | st.none(), max_size=3),
    lambda inner: st.dictionaries(FEW_NAMES, inner | st.integers(0, 2) | st.none(), max_size=4),
    max_leaves=6,
)

ENTRY = Field("object", fields={"n": Field("integer"), "id": Field(mutability="read_only")})
FIELDS = {
    "a": Field("string", max_length=1),
    "b": Field("integer", required=True),
    "id": Field("string", mutability="read_only"),
    "o": Field("object", fields={"n": Field("integer"), "secret": Field(mutability="write_only")}),
    "map": Field("object", values=ENTRY, keys=(("lower", "[a-z]*"),)),
    "list": Field("array", items=Field("object", fields={"n": Field("integer")})),
    "lines": Field("array", key="n", items=ENTRY),
}
THING = resource(FIELDS)
OPEN = Resource("open", fields={}, unknown="keep", accepts=THING.accepts)


def text_of(paths: Any) -> str:
    """The mask with these paths."""
    return ",".join(".".join(f"`{name}`" for name in path) for path in paths)


@st.composite
def updates(draw: DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A document of `THING` and one that it may be asked to become."""
    stored = draw(documents(FIELDS))
    return stored, draw(changes(THING.root, stored))


@given(st.lists(st.lists(NAMES, min_size=1, max_size=4).map(tuple), min_size=1, max_size=4))
def test_every_path_can_be_written(paths: list[tuple[str, ...]]) -> None:
    """AIP-161: names of any characters but backticks, in backticks, come back as they are."""
    assert parse_mask(text_of(paths)) == tuple(dict.fromkeys(paths))


@given(OBJECTS, OBJECTS, st.lists(PATHS, max_size=4))
def test_what_is_named_and_nothing_else(old: Any, value: Any, paths: list[Any]) -> None:
    """AIP-134: after the update, what is named is as in the value, and all else as it was."""
    try:
        new = apply_mask(old, value, paths)
    except ValueError:  # a path goes through what is no object
        return
    for place in all_paths(old) | all_paths(new) | all_paths(value):
        if any(place[: len(path)] == path for path in paths):
            assert same_json([at(new, place)], [at(value, place)])
        elif not any(path[: len(place)] == place for path in paths):
            assert same_json([at(new, place)], [at(old, place)])


@given(updates(), st.data())
def test_members_as_an_overwrite(drawn: tuple[Any, Any], data: st.DataObject) -> None:
    """A mask of top-level members that are there is an overwrite with just these."""
    stored, value = drawn
    names = data.draw(st.lists(st.sampled_from([*value, "b"]), unique=True))
    names = [name for name in names if name in value and name in FIELDS]
    one = masked(THING, stored, text_of((name,) for name in names) or "b", value)
    if names:
        other = overwrite(THING, stored, {name: value[name] for name in names})
        assert sorted(faults(one)) == sorted(faults(other))
        if not faults(one):
            assert same_json(accepted(one).document, accepted(other).document)
            assert sorted(map(repr, accepted(one).changes)) == sorted(
                map(repr, accepted(other).changes)
            )


@given(updates())
def test_everything_as_a_put(drawn: tuple[Any, Any]) -> None:
    """`*` is a PUT (AIP-134)."""
    stored, value = drawn
    one, other = masked(THING, stored, "*", value), put(THING, stored, value)
    assert faults(one) == faults(other)
    if not faults(one):
        assert same_json(accepted(one).document, accepted(other).document)


@given(st.dictionaries(FEW_NAMES, DOCUMENTS, max_size=4), st.dictionaries(FEW_NAMES, DOCUMENTS))
def test_no_mask_as_an_overwrite(old: Any, value: Any) -> None:
    """Without a mask it is every member that is there (AIP-134)."""
    one, other = masked(OPEN, old, "", value), overwrite(OPEN, old, value)
    assert same_json(accepted(one).document, accepted(other).document)
    assert same_json(accepted(one).document, apply_mask(old, value, populated(value)))


@given(OBJECTS, OBJECTS, PATHS)
def test_one_path_as_an_operation(old: Any, value: Any, path: tuple[str, ...]) -> None:
    """One path is an `add` or a `remove`, where there is an object to add to or remove from."""
    there, wanted = at(old, path), at(value, path)
    around = at(old, path[:-1])
    one = masked(OPEN, old, text_of([path]), value)
    if wanted is None and there is None:
        assert accepted(one).document is old
    elif isinstance(around, list) and isinstance(around[0], dict):
        operation = op("remove", pointer(*path)) if wanted is None else (
            op("add", pointer(*path), wanted[0])
        )  # fmt: skip
        assert same_json(accepted(one).document, accepted(patch(OPEN, old, operation)).document)


@given(OBJECTS, st.dictionaries(FEW_NAMES, st.integers(0, 2), max_size=3))
def test_values_as_a_merge_patch(old: Any, value: Any) -> None:
    """Members that are no objects and not null are merged as they are taken."""
    one, other = masked(OPEN, old, text_of((name,) for name in value), value), merged(old, value)
    assert same_json(accepted(one).document, other)
    assert same_json(accepted(merge(OPEN, old, value)).document, other)


@given(updates(), st.data())
def test_twice_is_once(drawn: tuple[Any, Any], data: st.DataObject) -> None:
    """The same update again changes nothing."""
    stored, value = drawn
    names = data.draw(st.lists(st.sampled_from(list(FIELDS)), unique=True, min_size=1))
    mask = text_of((name,) for name in names)
    once = masked(THING, stored, mask, value)
    if not faults(once):
        again = masked(THING, accepted(once).document, mask, value)
        assert not accepted(again).changed


def all_paths(value: Any) -> set[tuple[str, ...]]:
    """The names on the way to every member, at every depth."""
    found: set[tuple[str, ...]] = set()
    if isinstance(value, dict):
        for name, member in value.items():
            found |= {(name,), *((name, *path) for path in all_paths(member))}
    return found


def at(value: Any, path: tuple[str, ...]) -> list[Any] | None:
    """The member at a path, in a list; `None` where there is none."""
    for name in path:
        if not isinstance(value, dict) or name not in value:
            return None
        value = value[name]
    return [value]
