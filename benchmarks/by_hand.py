"""The usual updates of the small task, written by hand for this task alone.

They read the body as strictly and give the same verdicts as the resource that is declared in
`contenders/patchwright.py`, for a stored task that fits its declarations, but know its members by
name; what is not usual they leave to that resource.  They show what being made for any resource
costs, and what strict reading and a verdict cost even those who are not.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from patchwright import Accepted, Code, PatchError, Problem, Rejected
from patchwright._checks import ROOT, Difference
from patchwright._checks.direct import LONGEST_PATH, MOST_WRITES
from patchwright._json import ABSENT, admit, read
from patchwright.resource.verdict import Request, Verdict

from .contenders.patchwright import TASK
from .task import QUEUES, READ_ONLY, TRANSITIONS

# The new document with what differs, or what is wrong, or `None` where the resource is to answer.
Outcome: TypeAlias = "tuple[dict[str, Any], list[Difference]] | Problem | None"


def _text(most: int, least: int = 0) -> Callable[[Any], bool]:
    return lambda value: type(value) is str and least <= len(value) <= most


# What a client may give the usual members, which are those that are never null and have no states.
_FITS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "name": _text(80, 1),
    "description": _text(500),
    "priority": lambda value: type(value) is int and 0 <= value <= 9,
    "owner": _text(120),
    "queue": lambda value: type(value) is str and value in QUEUES,
    "review": lambda value: type(value) is bool,
    "due": _text(40),
}
_fits_label: Final = _text(63)


def _may_become(name: str, before: Any, value: Any) -> bool:
    """Whether a client may give a member another value."""
    if name == "status":
        return type(value) is str and value in TRANSITIONS[before]
    return name in _FITS and _FITS[name](value)


def _refusal(name: str, before: Any, value: Any) -> Problem | None:
    """What is wrong with an operation, the only one of its patch, if that is something usual."""
    if name in READ_ONLY and type(value) is type(before):  # 0.0 is 0
        return Problem(Code.READ_ONLY, f"/{name}", {}, 0, "/0/value")
    if name == "status" and type(value) is str and value in TRANSITIONS:
        facts = {"from": before, "to": value, "allowed": list(TRANSITIONS[before])}
        return Problem(Code.TRANSITION, f"/{name}", facts, 0, "/0/value")
    return None


def _patched(stored: dict[str, Any], operations: Any) -> Outcome:
    if type(operations) is not list or len(operations) > MOST_WRITES:
        return None
    new, labels = stored.copy(), stored["labels"]
    differences: list[Difference] = []
    seen: set[str] = set()
    for operation in operations:
        op, path, value = operation["op"], operation["path"], operation["value"]
        if path in seen or path[0] != "/" or len(path) > LONGEST_PATH:
            return None
        seen.add(path)
        name = path[1:]
        if name in stored:
            before = new[name]
            same = type(before) is type(value) and before == value
            if same and op in ("test", "add", "replace"):
                continue
            if op != "replace":
                return None
            if not _may_become(name, before, value):
                return _refusal(name, before, value) if len(operations) == 1 else None
            new[name] = value
            differences.append(((ROOT, name), before, value))
        else:
            around, _, key = name.partition("/")
            if op != "add" or around != "labels" or "/" in key or "~" in key:
                return None
            before = labels.get(key, ABSENT)
            if before == value or not _fits_label(value):
                return None
            if new["labels"] is labels:
                new["labels"] = labels.copy()
            new["labels"][key] = value
            differences.append((((ROOT, "labels"), key), before, value))
    return new, differences


def _merged(stored: dict[str, Any], patch: Any, *, is_whole: bool = False) -> Outcome:
    new = stored.copy()
    differences: list[Difference] = []
    for name, value in patch.items():
        before, kind = stored[name], type(value)
        if kind is not type(before) or (value is None and not is_whole) or type(name) is not str:
            return None
        if name == "labels":
            new[name] = before.copy()
            for key, label in value.items():
                if type(key) is not str or not key.isascii():
                    return None
                if label is None and key in before:
                    del new[name][key]
                    differences.append((((ROOT, name), key), before[key], ABSENT))
                elif _fits_label(label) and label.isascii():
                    was = before.get(key, ABSENT)
                    if was != label:
                        new[name][key] = label
                        differences.append((((ROOT, name), key), was, label))
                else:
                    return None
        elif kind is str and not value.isascii():
            return None
        elif before != value:
            if not _may_become(name, before, value):
                return None
            new[name] = value
            differences.append(((ROOT, name), before, value))
    return new, differences


def _replaced(stored: dict[str, Any], body: Any) -> Outcome:
    labels = body["labels"]
    if body.keys() != stored.keys() or labels.keys() != stored["labels"].keys():
        return None
    if None in labels.values():  # which would remove one from a merge patch only
        return None
    return _merged(stored, body, is_whole=True)


_EDITS: Final[Mapping[tuple[str, str], Callable[[dict[str, Any], Any], Outcome]]] = {
    ("PATCH", "application/json-patch+json"): _patched,
    ("PATCH", "application/merge-patch+json"): _merged,
    ("PUT", "application/json"): _replaced,
}


def update(
    stored: dict[str, Any], method: str, headers: Mapping[str, str], body: Any, now: str
) -> Verdict:
    """The verdict on a request to the small task."""
    try:
        fields = {name.lower(): value for name, value in headers.items()}
        media_type = fields["content-type"]
        if len(headers) == len(fields) == 2 and fields["if-match"] == f'"{stored["version"]}"':
            # An object that is parsed already is looked at value by value, where it is used.
            value = body
            if type(body) is not dict:
                value = read(body) if type(body) is bytes else admit(body)
            outcome = _EDITS[method, media_type](stored, value)
            if isinstance(outcome, Problem):
                return Rejected(TASK, (outcome,), Request(method, media_type, value))
            if outcome is not None:
                return _accepted(stored, *outcome, now)
    except (KeyError, TypeError, AttributeError, IndexError, PatchError):
        pass
    return TASK.update(stored, method, headers, body, now=now)


def _accepted(
    stored: dict[str, Any], new: dict[str, Any], differences: list[Difference], now: str
) -> Accepted:
    if not differences:
        return Accepted(TASK, stored, stored)
    modified, version = stored["modified"], stored["version"]
    new["modified"], new["version"] = now, version + 1
    if modified != now:
        differences.append(((ROOT, "modified"), modified, now))
    differences.append(((ROOT, "version"), version, version + 1))
    return Accepted(TASK, stored, new, differences)
