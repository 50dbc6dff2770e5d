"""The body of a request, compiled into a function from document to document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from .. import json_patch
from .._checks import (
    Reading,
    hidden_readings,
    judge_operations,
    judge_paths,
    judge_request,
    overwrite,
    prepare,
    prepare_at,
    replace,
    replace_at,
)
from .._json import ABSENT
from ..field_mask import apply_mask, parse_mask, populated
from ..merge_patch import merge
from ..pointer import to_text
from ..problems import Code, PatchError, Problem
from ..rules import Accept, Format
from .definition import Definition


@dataclass(slots=True)
class Compiled:
    """A body, compiled: `candidate` makes a document of a document, and is `None` with problems.

    `wrapper` is the pointer in the body to what the sources of problems are relative to.
    """

    problems: Sequence[Problem] = ()
    candidate: Callable[[Any], Any] | None = None
    steps: tuple[json_patch.Step, ...] = ()
    readings: Sequence[Reading] = ()
    wrapper: str = ""


NOTHING: Final = Compiled()


def compile_body(resource: Definition, accept: Accept, value: Any) -> Compiled:
    """A body, compiled, and every problem that it has without a document."""
    if accept.format is Format.JSON_PATCH:
        return _compile_operations(resource, accept, value)
    if accept.format is Format.FIELD_MASK:
        return _compile_mask(resource, accept, value)
    if accept.format is not Format.MERGE_PATCH and type(value) is not dict:
        return Compiled([Problem(Code.BODY_TYPE, params={"expected": "object"}, source="")])
    if resource.needs_preparation:
        value = prepare(resource.node, value, whole=accept.format is Format.REPLACE)
    problems: list[Problem] = []
    if accept.judges == "request" or accept.locked == "refuse_presence":
        problems += judge_request(resource.request_node, value, accept, resource.limits)
    candidate = _CANDIDATES[accept.format]
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
    return Compiled(absent, partial(candidate, resource, value))


def _compile_operations(resource: Definition, accept: Accept, value: Any) -> Compiled:
    wrapper = ""
    if accept.unwrap is not None and type(value) is dict and accept.unwrap in value:
        value, wrapper = value[accept.unwrap], to_text((accept.unwrap,))
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
    candidate = partial(_run, steps, resource.limits)
    return Compiled((), candidate, steps, readings, wrapper)


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
        candidate = partial(_replace, resource, value)
        if accept.judges == "request" or accept.locked == "refuse_presence":
            sent = judge_request(resource.request_node, value, accept, resource.limits)
    else:
        paths = paths or populated(value)
        candidate = partial(_mask, resource, paths, value)
        named, sent = judge_paths(resource.request_node, value, paths, accept, resource.limits)
    problems = [problem.at(source=place) for problem in named]
    problems += (problem.at(source=f"{wrapper}{problem.pointer}") for problem in sent)
    if problems:
        return Compiled(problems, wrapper=wrapper)
    return Compiled(candidate=candidate, wrapper=wrapper)


# The candidate of each format, with the document last so that the rest can be bound.


def _merge(_: Definition, value: Any, document: Any) -> Any:
    return merge(document, value)


def _overwrite(resource: Definition, value: Any, document: Any) -> Any:
    return overwrite(resource.node, document, value)


def _replace(resource: Definition, value: Any, document: Any) -> Any:
    return replace(resource.node, document, value)


def _run(steps: tuple[json_patch.Step, ...], limits: Any, document: Any) -> Any:
    return json_patch.run(document, steps, limits)


def _mask(
    resource: Definition, paths: tuple[tuple[str, ...], ...], value: Any, document: Any
) -> Any:
    return apply_mask(document, value, paths, partial(replace_at, resource.node))


_CANDIDATES: Final = {
    Format.MERGE_PATCH: _merge,
    Format.OVERWRITE: _overwrite,
    Format.REPLACE: _replace,
}
