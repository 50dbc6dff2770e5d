"""The usual updates of the small task, written by hand for this task alone.

They read the body as strictly and give the same verdicts as the resource that is declared in
`contenders/patchwright.py`, for a stored task that fits its declarations, but know its members by
name; what is not usual they leave to that resource.  They show what being made for any resource
costs, and what strict reading and a verdict cost even those who are not.
"""

from collections.abc import Mapping
from typing import Any, Final

from patchwright import Accepted, Code, PatchError, Problem, Rejected
from patchwright._checks import ROOT, Difference
from patchwright._checks.direct import LONGEST_PATH, MOST_WRITES
from patchwright._json import ABSENT, admit, read
from patchwright.resource.verdict import Request, Verdict

from .contenders.patchwright import TASK
from .task import QUEUES, READ_ONLY, TRANSITIONS

_QUEUES: Final = frozenset(QUEUES)
_READ_ONLY: Final = frozenset(READ_ONLY)
# The least and the most characters of the texts that have nothing but a length.
_LENGTHS: Final = {"name": (1, 80), "description": (0, 500), "owner": (0, 120), "due": (0, 40)}
_PLACES: Final = {
    name: (ROOT, name) for name in (*_LENGTHS, "status", "priority", "queue", "review")
}
_LONGEST_LABEL: Final = 63
_IS_WHOLE: Final = {
    ("PUT", "application/json"): True,
    ("PATCH", "application/merge-patch+json"): False,
}
_IN_LABELS: Final = "/labels/"
_LABELS: Final = (ROOT, "labels")
_MODIFIED: Final = (ROOT, "modified")
_VERSION: Final = (ROOT, "version")


def _may_become(name: str, before: Any, value: Any, kind: type) -> bool:
    """Whether a client may give a member another value, which is of this type."""
    if name == "status":
        return kind is str and value in TRANSITIONS[before]
    if name in _LENGTHS:
        least, most = _LENGTHS[name]
        return kind is str and least <= len(value) <= most
    if name == "priority":
        return kind is int and 0 <= value <= 9
    if name == "queue":
        return kind is str and value in _QUEUES
    return name == "review" and kind is bool


def _refusal(path: str, before: Any, value: Any) -> Problem:
    """What is wrong with an operation, the only one of its patch."""
    name, kind = path[1:], type(value)
    if name in _READ_ONLY and kind is type(before):  # 0.0 is 0
        return Problem(Code.READ_ONLY, path, {}, 0, "/0/value")
    if name == "status" and kind is str and value in TRANSITIONS:
        facts = {"from": before, "to": value, "allowed": list(TRANSITIONS[before])}
        return Problem(Code.TRANSITION, path, facts, 0, "/0/value")
    raise KeyError(path)  # something unusual


def _patch(
    stored: dict[str, Any], new: dict[str, Any], operations: Any, differences: list[Difference]
) -> Problem | None:
    """Write what a JSON Patch says, or tell what is wrong with it; raises for what is unusual."""
    if type(operations) is not list or len(operations) > MOST_WRITES:
        raise TypeError
    labels = stored["labels"]
    own: dict[str, Any] | None = None
    seen: set[str] = set()
    for operation in operations:
        op, path, value = operation["op"], operation["path"], operation["value"]
        if path in seen or path[0] != "/" or len(path) > LONGEST_PATH:
            raise KeyError(path)
        name = path[1:]
        if name in stored:
            before, kind = stored[name], type(value)
            if kind is type(before) and kind is not dict and before == value:
                if op == "test" or op == "replace" or op == "add":  # noqa: PLR1714 (half the time)
                    continue
                raise KeyError(op)
            if op != "replace":
                raise KeyError(op)
            if not _may_become(name, before, value, kind):
                if len(operations) == 1:
                    return _refusal(path, before, value)
                raise KeyError(path)
            new[name] = value
            differences.append((_PLACES[name], before, value))
        else:
            key = path[len(_IN_LABELS) :]
            if op != "add" or not path.startswith(_IN_LABELS) or "/" in key or "~" in key:
                raise KeyError(path)
            before = labels.get(key, ABSENT)
            if type(value) is not str or before == value or len(value) > _LONGEST_LABEL:
                raise KeyError(path)
            if own is None:
                new["labels"] = own = labels.copy()
            own[key] = value
            differences.append(((_LABELS, key), before, value))
        seen.add(path)
    return None


def _merge(
    stored: dict[str, Any],
    new: dict[str, Any],
    members: Any,
    differences: list[Difference],
    is_whole: bool,  # noqa: FBT001 (a call by name takes longer)
) -> None:
    """Write what a merge patch or a whole document says; raises for what is unusual."""
    if type(members) is not dict:
        raise TypeError
    if is_whole and len(members) < len(stored) and not stored.keys() - members.keys() <= _READ_ONLY:
        raise KeyError
    own: dict[str, Any] | None = None
    for name, value in members.items():
        before, kind = stored[name], type(value)
        if kind is not type(before) or type(name) is not str:
            raise KeyError(name)
        if kind is str and not value.isascii():
            raise ValueError
        if kind is dict:
            if is_whole and len(value) != len(before):
                raise KeyError(name)
            for key, label in value.items():
                if type(key) is not str or not key.isascii():
                    raise KeyError(key)
                if type(label) is str:
                    was = before[key] if is_whole else before.get(key, ABSENT)
                    if not label.isascii():
                        raise ValueError
                    if was != label:
                        if len(label) > _LONGEST_LABEL:
                            raise ValueError
                        if own is None:
                            new[name] = own = before.copy()
                        own[key] = label
                        differences.append(((_LABELS, key), was, label))
                elif label is None and not is_whole:
                    if key in before:
                        if own is None:
                            new[name] = own = before.copy()
                        del own[key]
                        differences.append(((_LABELS, key), before[key], ABSENT))
                else:
                    raise KeyError(key)
        elif value is None:
            if not is_whole:
                raise KeyError(name)
        elif value != before:
            if not _may_become(name, before, value, kind):
                raise KeyError(name)
            new[name] = value
            differences.append((_PLACES[name], before, value))


def update(
    stored: dict[str, Any], method: str, headers: Mapping[str, str], body: Any, now: str
) -> Verdict:
    """The verdict on a request to the small task."""
    try:
        media_type, version = headers["Content-Type"], stored["version"]
        if len(headers) == 2 and headers["If-Match"] == f'"{version}"':
            new = stored.copy()
            differences: list[Difference] = []
            if media_type == "application/json-patch+json" and method == "PATCH":
                value = read(body) if type(body) is bytes else admit(body)
                problem = _patch(stored, new, value, differences)
                if problem is not None:
                    return Rejected(TASK, (problem,), Request(method, media_type, value))
            else:
                is_whole = _IS_WHOLE[method, media_type]
                # An object that is parsed already is looked at value by value, where it is used.
                value = read(body) if type(body) is bytes else body
                _merge(stored, new, value, differences, is_whole)
            if not differences:
                return Accepted(TASK, stored, stored)
            modified = stored["modified"]
            new["modified"], new["version"] = now, version + 1
            if modified != now:
                differences.append((_MODIFIED, modified, now))
            differences.append((_VERSION, version, version + 1))
            return Accepted(TASK, stored, new, differences)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, PatchError):
        pass
    return TASK.update(stored, method, headers, body, now=now)
