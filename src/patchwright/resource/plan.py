"""A request, compiled: everything about it that can be known without the document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from .. import json_patch
from .._checks import judge_operations, judge_request, overwrite, prepare, replace
from .._json import ABSENT, admit, read
from ..merge_patch import merge
from ..pointer import parse, resolve, to_text
from ..preconditions import failed_precondition
from ..problems import APPLICATION, RULES, Code, PatchError, Problem
from ..rules import Accept, Caller, Format
from .access import UNKNOWN, refusals
from .verdict import Rejected, Request, Verdict

if TYPE_CHECKING:
    from .resource import Resource


@dataclass(frozen=True, slots=True)
class Parsed:
    """A body that the host has parsed already, where it is text or null itself."""

    value: Any


_TEXT = (bytes, bytearray, memoryview, str)
_PRECONDITIONS = ("if-match", "if-none-match", "if-unmodified-since")


class Plan:
    """One request to one resource, ready to be applied to documents.

    `problems` are those that are known without a document and without a caller.  A plan never
    changes and can be shared between threads.
    """

    __slots__ = (
        "_accept",
        "_candidate",
        "_preconditions",
        "_steps",
        "_wrapper",
        "problems",
        "request",
        "resource",
    )

    def __init__(
        self, resource: Resource, method: str, headers: Mapping[str, str], body: Any
    ) -> None:
        self.resource = resource
        fields = {str(name).lower(): str(value).strip() for name, value in headers.items()}
        media_type = fields.get("content-type", resource.default_media_type or "")
        media_type = media_type.partition(";")[0].strip().lower()
        self._preconditions = {name: fields[name] for name in _PRECONDITIONS if name in fields}
        self._candidate: Callable[[Any], Any] | None = None
        self._steps: tuple[json_patch.Step, ...] = ()
        self._wrapper = ""
        self._accept: Accept | None = None
        problems: list[Problem] = []
        for name, value in resource.required_headers.items():
            if fields.get(name.lower()) != value:
                problems.append(Problem(Code.HEADER, params={"name": name}))
        if resource.precondition == "required" and "if-match" not in fields:
            problems.append(Problem(Code.PRECONDITION_REQUIRED, params={"header": "If-Match"}))
        value: Any = None
        accept = resource.accepts.get((method, media_type))
        if accept is None:
            problems.append(_not_accepted(resource, method))
        else:
            self._accept = accept
            try:
                value = self._read(accept, body)
            except PatchError as error:
                problems += error.problems
            else:
                problems += self._compile(accept, value)
        self.request = Request(method, media_type, value)
        self.problems = tuple(problems)

    def early(self, caller: Caller | None = None) -> Rejected | None:
        """The rejection that is certain before the document is loaded, or `None`.

        `None` does not mean that the caller may do anything: `apply` says that.
        """
        problems = [*self._access(caller, UNKNOWN), *self.problems]
        if not problems:
            return None
        ranks = self.resource.ranks
        first = min(ranks[problem.code] for problem in problems)
        if any(ranks[code] <= first for code in self._undecided()):
            return None
        return self._reject(problems)

    def apply(
        self,
        document: Any,
        *,
        caller: Caller | None = None,
        now: datetime | str | None = None,
        etag: str | None = None,
        last_modified: datetime | None = None,
    ) -> Verdict:
        """The verdict on one document.

        `document` is the stored JSON document, which is not changed, or `None` where there is none.
        `now` is what a stamp of the time is set to: an aware `datetime` (a naive one is taken as
        UTC), its text, or the current time.  `etag` and `last_modified` describe the stored
        document for preconditions; without `etag` the resource's own is computed when a
        precondition asks for it.  Never raises because of the request or the document.
        """
        problems = [*self._access(caller, document), *self.problems]
        if document is None:
            problems.append(Problem(Code.NOT_FOUND))
        if self._preconditions:
            failed = self._failed_precondition(document, etag, last_modified)
            if failed is not None:
                problems.append(Problem(Code.PRECONDITION_FAILED, params={"header": failed}))
        if document is None or self._candidate is None:
            return self._reject(problems)
        try:
            candidate = self._candidate(document)
        except PatchError as error:
            return self._reject([*problems, *error.problems])
        accept = self._accept
        assert accept is not None
        settled = self.resource.settle(
            document, candidate, now=now, ignore_locked=accept.locked == "ignore"
        )
        if isinstance(settled, list):
            return self._reject([*problems, *settled])
        return self._reject(problems) if problems else settled

    def _read(self, accept: Accept, body: Any) -> Any:
        """The JSON value of the body, unwrapped; raises `PatchError`."""
        if body is None or (isinstance(body, _TEXT) and len(body) == 0):
            if accept.empty_body == "refuse":
                raise PatchError(Problem(Code.BODY_MISSING))
            return [] if accept.format is Format.JSON_PATCH else {}
        limits = self.resource.limits
        if isinstance(body, _TEXT):
            return read(body, limits)
        return admit(body.value if isinstance(body, Parsed) else body, limits)

    def _compile(self, accept: Accept, value: Any) -> list[Problem]:
        """Make the candidate function; the problems are those of form, and those of the request."""
        resource = self.resource
        if accept.format is Format.JSON_PATCH:
            return self._compile_operations(accept, value)
        if accept.format is not Format.MERGE_PATCH and type(value) is not dict:
            return [Problem(Code.BODY_TYPE, params={"expected": "object"}, source="")]
        if resource.needs_preparation:
            value = prepare(resource.client_node, value)
        problems: list[Problem] = []
        if accept.judges == "request" or accept.locked == "refuse_presence":
            problems += judge_request(resource.request_node, value, accept)
        if accept.absent == "refuse":
            problems += (
                Problem(Code.REQUIRED, f"/{name}", source="")
                for name in resource.client_node.fields
                if name not in value
            )
        if not problems:
            self._candidate = {
                Format.MERGE_PATCH: partial(_merge, value),
                Format.OVERWRITE: partial(_overwrite, resource, value),
                Format.REPLACE: partial(_replace, resource, value),
            }[accept.format]
        return problems

    def _compile_operations(self, accept: Accept, value: Any) -> list[Problem]:
        resource = self.resource
        wrapper = ""
        if accept.unwrap is not None and type(value) is dict and accept.unwrap in value:
            value, wrapper = value[accept.unwrap], f"/{accept.unwrap}"
        steps, problems = json_patch.compile_operations(value, resource.limits, own=True)
        if not problems and (accept.judges == "request" or accept.locked == "refuse_presence"):
            problems = judge_operations(resource.request_node, steps, accept)
        if not problems:
            self._steps = steps
            self._candidate = partial(_run, steps, resource.limits)
        self._wrapper = wrapper
        return [
            problem.at(operation=problem.operation, source=f"{wrapper}{problem.source}")
            for problem in problems
        ]

    def _access(self, caller: Caller | None, document: Any) -> list[Problem]:
        conditions = self.resource.access
        return refusals(conditions, caller, document) if conditions else []

    def _failed_precondition(
        self, document: Any, etag: str | None, last_modified: datetime | None
    ) -> str | None:
        exists = document is not None
        if exists and etag is None:
            etag = self.resource.etag(document)
        return failed_precondition(
            self._preconditions, exists=exists, etag=etag, last_modified=last_modified
        )

    def _undecided(self) -> Iterable[Code]:
        """The codes that the document might still bring."""
        yield Code.NOT_FOUND
        if self._preconditions:
            yield Code.PRECONDITION_FAILED
        if self._candidate is not None:
            yield from (*APPLICATION, *RULES)

    def _reject(self, problems: list[Problem]) -> Rejected:
        """The problems of the first group that has one, each with its place in the request."""
        ranks = self.resource.ranks
        first = min(ranks[problem.code] for problem in problems)
        reported = [self._placed(problem) for problem in problems if ranks[problem.code] == first]
        return Rejected(self.resource, tuple(reported), self.request)

    def _placed(self, problem: Problem) -> Problem:
        """A problem of the new document, traced back to what brought it there."""
        if problem.pointer is None or problem.source is not None:
            return problem
        tokens = parse(problem.pointer)
        if self._candidate is None or not self._steps:
            return problem.at(source=_deepest(self.request.body, tokens))
        index = _last_writer(self._steps, tokens)
        step, place = self._steps[index], f"{self._wrapper}/{index}"
        if step.value is not ABSENT and tokens[: len(step.path)] == step.path:
            below = tokens[len(step.path) :]
            place += "/value" + _deepest(step.value, below)
        return problem.at(operation=index, source=place)


def _deepest(value: Any, tokens: tuple[str, ...]) -> str:
    """The pointer to the last thing that is there on the way along `tokens`."""
    for length in range(len(tokens), 0, -1):
        try:
            resolve(value, tokens[:length])
        except PatchError:
            continue
        return to_text(tokens[:length])
    return ""


def _last_writer(steps: Sequence[json_patch.Step], tokens: tuple[str, ...]) -> int:
    """The index of the last operation that wrote at, above or below a place.

    Where none did (an insertion elsewhere in an array moved it), the container is looked at
    instead.
    """
    for length in range(len(tokens), -1, -1):
        place = tokens[:length]
        for index in range(len(steps) - 1, -1, -1):
            step = steps[index]
            written = [step.path] if step.op in json_patch.WRITING else []
            if step.op == "move" and step.source is not None:
                written.append(step.source)
            if any(path[:length] == place or place[: len(path)] == path for path in written):
                return index
    return len(steps) - 1


def _not_accepted(resource: Resource, method: str) -> Problem:
    media_types = [media_type for known, media_type in resource.accepts if known == method]
    if media_types:
        return Problem(Code.MEDIA_TYPE, params={"allowed": media_types})
    return Problem(Code.METHOD, params={"allowed": resource.methods})


# The candidate of each format, with the document last so that the rest can be bound.


def _merge(value: Any, document: Any) -> Any:
    return merge(document, value)


def _overwrite(resource: Resource, value: Any, document: Any) -> Any:
    return overwrite(resource.client_node, document, value)


def _replace(resource: Resource, value: Any, document: Any) -> Any:
    return replace(resource.client_node, document, value)


def _run(steps: tuple[json_patch.Step, ...], limits: Any, document: Any) -> Any:
    return json_patch.run(document, steps, limits)
