"""Operations read into steps, with everything that can be wrong without a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeAlias

from .._json import ABSENT, admit
from ..limits import DEFAULT_LIMITS, Limits
from ..pointer import Target, parse_foreign, pointer_text, target_of
from ..problems import Code, PatchError, Problem
from .steps import OPERATIONS, Compiled, Step, move, named, replace

# The paths that were parsed lately: a server sees the same few again and again.  Short ones only,
# so that nobody can fill the memory with them and none has too many segments.
_KNOWN_PATHS: Final[dict[str, Target]] = {}
_MOST_KNOWN: Final = 1_024
_USUAL_LENGTH: Final = 64
# What stands for a path that is malformed, until its problem is raised.
_NOWHERE: Final = target_of(())

Admit: TypeAlias = Callable[[Any, Limits, list[Problem]], Any]


def compile_operations(
    operations: object, limits: Limits = DEFAULT_LIMITS, *, own: bool
) -> tuple[tuple[Step, ...], list[Problem]]:
    """The steps of a list of operations, and everything that is malformed.

    `own` says that the values are known to be JSON and nobody else's; otherwise they are checked
    and copied.  Each problem has its place in the list in `source` and the index of its operation.
    """
    try:
        compiled = compile_plainly(listed(operations), limits, None if own else admitted)
    except PatchError as error:
        return (), list(error.problems)
    return tuple(map(named, compiled)), []


def listed(operations: object) -> list[Any] | tuple[Any, ...]:
    """The operations, if they are a list; raises `PatchError` otherwise."""
    if type(operations) is not list and type(operations) is not tuple:
        raise PatchError(Problem(Code.BODY_TYPE, params={"expected": "array"}, source=""))
    return operations


def compile_plainly(
    operations: list[Any] | tuple[Any, ...], limits: Limits, admit: Admit | None
) -> list[Compiled]:
    """As `compile_operations`, with the steps as plain tuples.  Raises `PatchError` for problems.

    `admit` is what checks and copies a value, if that is needed.
    """
    if len(operations) > limits.operations:
        raise PatchError(
            Problem(Code.TOO_MANY_OPERATIONS, params={"limit": limits.operations}, source="")
        )
    compiled: list[Compiled] = []
    known = _KNOWN_PATHS
    if limits is not DEFAULT_LIMITS and (
        min(limits.segments, limits.pointer_length, limits.digits) < _USUAL_LENGTH
    ):
        known = {}
    for operation in operations:
        # Most operations are written in the usual way and their paths are known.  What is not, or
        # is malformed, takes a closer look, which costs four times as much.
        try:
            if type(operation) is dict:
                perform, needs = OPERATIONS[operation["op"]]
                target = known[operation["path"]]
                if needs == "value":
                    value = operation["value"]
                    kind = type(value)
                    if (
                        (kind is str and value.isascii())
                        or (kind is int and value.bit_length() <= _USUAL_LENGTH)
                        or kind is bool
                        or value is None
                        or admit is None
                    ):
                        compiled.append((perform, target, None, value))
                        continue
                elif needs == "from":
                    origin = known[operation["from"]]
                    # To move something into itself is wrong (RFC 6902 section 4.4), to copy it is
                    # not: both take the closer look.
                    if target[1][: len(origin[0])] != origin[0]:
                        compiled.append((perform, target, origin, ABSENT))
                        continue
                else:
                    compiled.append((perform, target, None, ABSENT))
                    continue
        except (KeyError, TypeError):
            pass
        try:
            compiled.append(_step(operation, limits, admit))
        except PatchError:
            raise PatchError(*_problems(operations, limits, admit)) from None
    return compiled


def usual_replacement(operations: object) -> Compiled | None:
    """The step of a list of one operation that replaces something with a scalar.

    `None` for all else, and for what is not written in the usual way or at a path that is known.
    """
    if type(operations) is not list or len(operations) != 1:
        return None
    operation = operations[0]
    try:
        if type(operation) is dict and OPERATIONS[operation["op"]][0] is replace:
            value = operation["value"]
            if _is_plain(value):
                return replace, _KNOWN_PATHS[operation["path"]], None, value
    except (KeyError, TypeError):
        pass
    return None


def _problems(operations: Iterable[object], limits: Limits, admit: Admit | None) -> list[Problem]:
    """Everything that is malformed in a list of operations."""
    problems: list[Problem] = []
    for index, operation in enumerate(operations):
        try:
            _step(operation, limits, admit)
        except PatchError as error:
            problems += (
                problem.at(operation=index, source=f"/{index}{problem.source}")
                for problem in error.problems
            )
    return problems


def _step(operation: object, limits: Limits, admit: Admit | None) -> Compiled:
    """One operation, compiled.  The sources of the problems it raises start at the operation."""
    if type(operation) is not dict:
        raise PatchError(Problem(Code.OPERATION_TYPE, source=""))
    op = operation.get("op")
    if not isinstance(op, str):
        raise PatchError(_needed("op", "string"))
    known = OPERATIONS.get(op)
    if known is None:
        raise PatchError(
            Problem(Code.OPERATION_UNKNOWN, params={"allowed": list(OPERATIONS)}, source="/op")
        )
    perform, needs = known
    problems: list[Problem] = []
    target = _target(operation, "path", limits, problems)
    origin: Target | None = None
    value: Any = ABSENT
    if needs == "value":
        value = operation.get("value", ABSENT)
        if value is ABSENT:
            problems.append(_needed("value", "JSON value"))
        elif admit is not None:
            value = admit(value, limits, problems)
    elif needs == "from":
        origin = _target(operation, "from", limits, problems)
        path, source = target[0], origin[0]
        # RFC 6902 section 4.4: "from" must not be a proper prefix of "path".
        into_itself = len(source) < len(path) and path[: len(source)] == source
        if perform is move and into_itself and not problems:
            problems.append(Problem(Code.MOVE_INTO_ITSELF, source="/path"))
    if problems:
        raise PatchError(*problems)
    return perform, target, origin, value


def _target(
    operation: dict[str, Any], member: str, limits: Limits, problems: list[Problem]
) -> Target:
    text = operation.get(member)
    if type(text) is not str:
        try:
            text = pointer_text(text)
        except PatchError:
            problems.append(_needed(member, "JSON Pointer"))
            return _NOWHERE
    if len(text) > limits.pointer_length:
        problems.append(_too_long(member, limits.pointer_length))
        return _NOWHERE
    try:
        tokens = parse_foreign(text)
    except PatchError as error:
        problems.append(error.problems[0].at(source=f"/{member}"))
        return _NOWHERE
    if len(tokens) > limits.segments:
        problems.append(_too_long(member, limits.segments))
        return _NOWHERE
    target = target_of(tokens)
    if type(text) is str and len(text) <= _USUAL_LENGTH:
        if len(_KNOWN_PATHS) >= _MOST_KNOWN:
            _KNOWN_PATHS.clear()
        _KNOWN_PATHS[text] = target
    return target


def _needed(member: str, expected: str) -> Problem:
    return Problem(
        Code.OPERATION_MEMBER, params={"member": member, "expected": expected}, source=f"/{member}"
    )


def _too_long(member: str, limit: int) -> Problem:
    return Problem(Code.POINTER_TOO_LONG, params={"limit": limit}, source=f"/{member}")


def admitted(value: Any, limits: Limits, problems: list[Problem]) -> Any:
    """A private copy of the value of an operation; `problems` gets every place that is not JSON."""
    if _is_plain(value) and limits.digits >= _USUAL_LENGTH:
        return value
    try:
        return admit(value, limits)
    except PatchError as error:
        problems += (problem.at(source=f"/value{problem.source}") for problem in error.problems)
        return None


def _is_plain(value: Any) -> bool:
    """Whether a value is a scalar in which nothing can be wrong, if `digits` is as usual.

    `compile_plainly` asks the same without a call for each value.
    """
    kind = type(value)
    return (
        (kind is str and value.isascii())
        or (kind is int and value.bit_length() <= _USUAL_LENGTH)
        or kind is bool
        or value is None
    )
