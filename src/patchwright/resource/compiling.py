"""The body of a request, compiled into a function from document to document."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, TypeAlias

from .. import json_patch
from .._checks import (
    DirectEdit,
    Reading,
    hidden_readings,
    judge_operations,
    judge_paths,
    judge_request,
    merge_writes,
    operation_writes,
    overwrite,
    prepare,
    prepare_at,
    replace,
    replace_at,
    writing,
)
from .._json import ABSENT
from ..field_mask import apply_mask, parse_mask, populated
from ..merge_patch import merge
from ..pointer import to_text
from ..problems import Code, PatchError, Problem
from ..rules import Accept, Format
from .definition import Definition

Where: TypeAlias = "Mapping[str, Any] | None"
"""The members in which a document and its candidate can differ, as in a merge patch.

Where they are known and the document is an object, the candidate is the document itself or a copy
that is nobody else's.
"""


class Compiled:
    """A body, compiled: `candidate` makes of a document another one, and says where they differ.

    With problems it is `None`.  `value` is what the body says, and `where` has the members that it
    is about, if it says so.  `steps` are the operations of a JSON Patch, `None` until somebody asks
    `steps_of`, which also finds `where`.  `edit` is the short way, where there is one.
    `wrapper` is the pointer in the body to what the sources of problems are relative to.
    """

    __slots__ = (
        "candidate",
        "edit",
        "problems",
        "readings",
        "steps",
        "value",
        "where",
        "wrapper",
    )

    def __init__(
        self,
        problems: Sequence[Problem] = (),
        candidate: Callable[[Definition, Compiled, Any], tuple[Any, Where]] | None = None,
        value: Any = None,
        steps: tuple[json_patch.Step, ...] | None = (),
        where: Where = None,
        readings: Sequence[Reading] = (),
        wrapper: str = "",
        edit: DirectEdit | None = None,
    ) -> None:
        self.problems = problems
        self.candidate = candidate
        self.value = value
        self.steps = steps
        self.where = where
        self.readings = readings
        self.wrapper = wrapper
        self.edit = edit


NOTHING: Final = Compiled()

# Where of their own, because that of a member of an enumeration takes ten times as long to look up.
_JSON_PATCH: Final = Format.JSON_PATCH
_MERGE_PATCH: Final = Format.MERGE_PATCH
_FIELD_MASK: Final = Format.FIELD_MASK
_REPLACE: Final = Format.REPLACE


def compile_body(resource: Definition, accept: Accept, value: Any) -> Compiled:
    """A body, compiled, and every problem that it has without a document."""
    form = accept.format
    if form is _MERGE_PATCH and accept.is_usual and not resource.needs_preparation:
        if type(value) is not dict:
            return Compiled(candidate=_merge, value=value)
        edit = None
        if resource.may_write_directly:
            edit = writing(merge_writes(resource.direct_rules, value))
        return Compiled(candidate=_merge, value=value, where=value, edit=edit)
    if form is _JSON_PATCH:
        return _compile_operations(resource, accept, value)
    if form is _FIELD_MASK:
        return _compile_mask(resource, accept, value)
    if type(value) is not dict and form is not _MERGE_PATCH:
        return Compiled([Problem(Code.BODY_TYPE, params={"expected": "object"}, source="")])
    if resource.needs_preparation:
        value = prepare(resource.node, value, whole=form is _REPLACE)
    problems: list[Problem] = []
    if accept.judges == "request" or accept.locked == "refuse_presence":
        problems += judge_request(resource.request_node, value, accept, resource.limits)
    candidate = _merge if form is _MERGE_PATCH else _replace if form is _REPLACE else _overwrite
    absent: list[Problem] = []
    if accept.absent == "refuse":
        absent += (
            Problem(Code.REQUIRED, to_text((name,)), source="")
            for name in resource.node.fields
            if name not in value
        )
        if absent:  # what is wrong with the members that are there is to be found as well
            candidate = _overwrite
    if problems:
        return Compiled([*problems, *absent])
    where: Where = None
    if candidate is _overwrite:
        where = dict.fromkeys(value)
    elif type(value) is dict:
        where = value
    return Compiled(absent, candidate, value, (), where)


def _compile_operations(resource: Definition, accept: Accept, value: Any) -> Compiled:
    wrapper = ""
    if accept.unwrap is not None and type(value) is dict and accept.unwrap in value:
        value, wrapper = value[accept.unwrap], to_text((accept.unwrap,))
    is_direct = resource.may_write_directly and accept.is_usual and not resource.has_hidden
    if is_direct and type(value) is list:
        edit = writing(operation_writes(resource.direct_rules, value))
        if edit is not None:
            return Compiled(candidate=_run, value=value, steps=None, wrapper=wrapper, edit=edit)
    steps, problems = json_patch.compile_operations(value, resource.limits, own=True)
    readings: Sequence[Reading] = ()
    if resource.coerces:
        steps = tuple(_coerced(resource, step) for step in steps)
    if not problems:
        if accept.judges == "request" or accept.locked == "refuse_presence":
            problems += judge_operations(resource.request_node, steps, accept, resource.limits)
        if resource.has_hidden:
            secrets, readings = hidden_readings(resource.node, steps)
            problems += secrets
    if problems:
        placed = [
            problem.at(operation=problem.operation, source=wrapper + (problem.source or ""))
            for problem in problems
        ]
        return Compiled(placed, wrapper=wrapper)
    where = json_patch.written_members(steps)
    return Compiled((), _run, value, steps, where, readings, wrapper)


def steps_of(resource: Definition, compiled: Compiled) -> tuple[json_patch.Step, ...]:
    """The operations of a JSON Patch, compiled when they are asked for first."""
    if compiled.steps is None:
        operations, limits = compiled.value, resource.limits
        compiled.steps, problems = json_patch.compile_operations(operations, limits, own=True)
        assert not problems  # what takes the short way is well formed
        compiled.where = json_patch.written_members(compiled.steps)
    return compiled.steps


def _coerced(resource: Definition, step: json_patch.Step) -> json_patch.Step:
    """An operation with the value that it writes as its resource reads it (`Field.coerce`)."""
    if step.value is ABSENT or step.op == "test":
        return step
    return step._replace(value=prepare_at(resource.node, step.path, step.value))


def _compile_mask(resource: Definition, accept: Accept, body: Any) -> Compiled:
    assert accept.mask is not None
    assert accept.unwrap is not None
    if type(body) is not dict:
        return Compiled([Problem(Code.BODY_TYPE, params={"expected": "object"}, source="")])
    wrapper, place = to_text((accept.unwrap,)), to_text((accept.mask,))
    value = body.get(accept.unwrap, {})
    if type(value) is not dict:
        return Compiled([Problem(Code.BODY_TYPE, params={"expected": "object"}, source=wrapper)])
    if resource.coerces:
        value = prepare(resource.node, value, whole=True)
    try:
        paths = parse_mask(body.get(accept.mask, ""), resource.limits)
    except PatchError as error:
        return Compiled([problem.at(source=place) for problem in error.problems])
    named: list[Problem] = []
    sent: list[Problem] = []
    if paths is None:
        candidate = _replace
        if accept.judges == "request" or accept.locked == "refuse_presence":
            sent = judge_request(resource.request_node, value, accept, resource.limits)
    else:
        paths = paths or populated(value)
        candidate = partial(_mask, paths)
        named, sent = judge_paths(resource.request_node, value, paths, accept, resource.limits)
    problems = [problem.at(source=place) for problem in named]
    problems += (problem.at(source=f"{wrapper}{problem.pointer}") for problem in sent)
    if problems:
        return Compiled(problems, wrapper=wrapper)
    return Compiled((), candidate, value, wrapper=wrapper)


# The candidate of each format.


def _merge(_: Definition, compiled: Compiled, document: Any) -> tuple[Any, Where]:
    return merge(document, compiled.value), compiled.where


def _overwrite(resource: Definition, compiled: Compiled, document: Any) -> tuple[Any, Where]:
    return overwrite(resource.node, document, compiled.value), compiled.where


def _replace(resource: Definition, compiled: Compiled, document: Any) -> tuple[Any, Where]:
    return replace(resource.node, document, compiled.value)


def _run(resource: Definition, compiled: Compiled, document: Any) -> tuple[Any, Where]:
    steps = steps_of(resource, compiled)
    return json_patch.run(document, steps, resource.limits), compiled.where


def _mask(
    paths: tuple[tuple[str, ...], ...], resource: Definition, compiled: Compiled, document: Any
) -> tuple[Any, Where]:
    return apply_mask(document, compiled.value, paths, partial(replace_at, resource.node)), None
