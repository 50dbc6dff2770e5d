"""Documents of a tree of declarations, and changes to them: mostly right, and wrong in every way.

A document keeps its declarations more often than not, so that a change to it is judged for what it
is and not for what was there already; the rest has members missing, members that nobody knows, and
values of another type, as stored documents have.
"""

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from patchwright import Field, Lifecycle, Mutability
from patchwright.rules.fields import named_patterns

# What is of the wrong type almost everywhere, and where it is not, is an unlikely value.
JUNK: SearchStrategy[Any] = st.sampled_from(
    [None, False, True, 0, 1, -1, 1.0, 0.5, 10**20, "", "a", "-", [], [None], {}, {"a": None}]
)
# Names of members that nothing declares; of a map, some are good keys and some are not.
NAMES = st.sampled_from(["a", "b", "a-b", "example.com/a", "a/b/c", "", "-", "~", "é"])
TEXTS = st.sampled_from(["", "a", "b", "-a", "a b", "x" * 64])
NUMBERS = st.sampled_from([0, 1, 2, -1, 512])

# One good text of each format, its other spelling, and a bad one.
FORMATTED: Mapping[str, SearchStrategy[str]] = {
    "uuid": st.sampled_from(
        ["2d9e546e-634b-4f6b-97ca-c2158163540c", "2D9E546E-634B-4F6B-97CA-C2158163540C", "2d9e"]
    ),
    "date-time": st.sampled_from(
        ["2024-05-17T19:33:16.470Z", "2024-05-17t19:33:16+02:00", "2024-05-17 19:33:16Z"]
    ),
    "iso8601": st.sampled_from(["2026-05-27T10:00:00Z", "20260527T1000+02", "2026-13-01T00:00Z"]),
}


# Members that are not a client's are left alone more often, so that other rules get their turn.
OWNED = (Mutability.READ_ONLY, Mutability.IMMUTABLE)


def documents(fields: Mapping[str, Field], **rules: Any) -> SearchStrategy[dict[str, Any]]:
    """Documents with these members; `rules` are those of the whole, as in `Field`."""
    return _objects(Field("object", fields=fields, **rules))


def changes(field: Field, value: Any) -> SearchStrategy[Any]:
    """A value that differs from `value` in a few places, and now and then in none."""
    if isinstance(value, dict):
        return _changed_objects(field, value)
    if isinstance(value, list) and value:
        return _changed_arrays(field.items or Field(), value)
    if field.lifecycle is not None and (value is None or isinstance(value, str)):
        return _mostly(st.sampled_from(field.lifecycle.client.get(value) or [value]), values(field))
    return values(field)


def values(field: Field) -> SearchStrategy[Any]:
    """Values for one member."""
    if field.lifecycle is not None:
        good: SearchStrategy[Any] = _states(field.lifecycle)
    elif field.enum is not None:
        good = st.sampled_from(field.enum)
    else:
        good = st.one_of([_KINDS[name](field) for name in field.types] or [JUNK])
    return _mostly(good, st.none() if field.nullable else JUNK)


@st.composite
def _mostly(draw: DrawFn, usual: SearchStrategy[Any], rare: SearchStrategy[Any]) -> Any:
    return draw(rare if draw(st.integers(0, 11)) == 11 else usual)


def _states(lifecycle: Lifecycle) -> SearchStrategy[Any]:
    """Those that a client can leave, and those in which a resource begins, more often."""
    lively = [state for state, targets in lifecycle.client.items() if targets]
    return st.sampled_from([*lively, *lifecycle.initial] * 3 + [*lifecycle.states])


def _texts(field: Field) -> SearchStrategy[str]:
    if field.format is not None:
        return _mostly(FORMATTED[field.format], TEXTS)
    patterns = [st.from_regex(p, fullmatch=True) for _, p in named_patterns(field.pattern)]
    return _mostly(st.one_of(patterns), TEXTS) if patterns else TEXTS


def _keys(field: Field) -> SearchStrategy[str]:
    return st.one_of(NAMES, *(st.from_regex(p, fullmatch=True) for _, p in field.keys))


def _arrays(field: Field) -> SearchStrategy[list[Any]]:
    return st.lists(values(field.items or Field()), max_size=3)


def _objects(field: Field) -> SearchStrategy[dict[str, Any]]:
    required = {name: values(m) for name, m in (field.fields or {}).items() if m.required}
    optional = {name: values(m) for name, m in (field.fields or {}).items() if not m.required}
    members = _mostly(
        st.fixed_dictionaries(required, optional=optional),
        st.fixed_dictionaries({}, optional={**required, **optional}),
    )
    if field.values is not None:
        entries = st.dictionaries(_keys(field), values(field.values), max_size=3)
        return st.builds(_merged, members, entries)
    unknown = st.builds(_merged, members, st.dictionaries(NAMES, JUNK, max_size=2))
    return _mostly(members, unknown) if field.fields is not None else unknown


def _merged(members: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    return {**others, **members}


@st.composite
def _changed_objects(draw: DrawFn, field: Field, value: dict[str, Any]) -> dict[str, Any]:
    declared = field.fields or {}
    weights = {name: 1 if member.mutability in OWNED else 8 for name, member in declared.items()}
    names = [name for name, weight in weights.items() for _ in range(weight)]
    names += [name for name in value if name not in declared]
    new_names = _keys(field) if field.values is not None else NAMES
    changed = dict(value)
    usual = st.sampled_from(names) if names else new_names
    for name in draw(st.lists(_mostly(usual, new_names), min_size=1, max_size=3)):
        member = declared.get(name) or field.values or Field()
        if name not in changed:
            changed[name] = draw(values(member))
        elif draw(st.integers(0, 5)) == 5:
            del changed[name]
        else:
            changed[name] = draw(changes(member, changed[name]))
    return changed


@st.composite
def _changed_arrays(draw: DrawFn, item: Field, value: list[Any]) -> list[Any]:
    changed = list(value)
    index = draw(st.integers(0, len(value) - 1))
    action = draw(st.sampled_from(["change", "insert", "remove"]))
    if action == "insert":
        changed.insert(index, draw(values(item)))
    elif action == "remove":
        del changed[index]
    else:
        changed[index] = draw(changes(item, value[index]))
    return changed


_KINDS: Mapping[str, Callable[[Field], SearchStrategy[Any]]] = {
    "object": _objects,
    "array": _arrays,
    "string": _texts,
    "integer": lambda _: NUMBERS,
    "number": lambda _: NUMBERS,
    "boolean": lambda _: st.booleans(),
}
