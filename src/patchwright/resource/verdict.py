"""What comes of an update: `Accepted` with a new document, or `Rejected` with every problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeAlias

from .._checks import Change, Difference
from ..json_patch import JsonPatch
from ..merge_patch import MergePatch
from ..pointer import Pointer
from ..problems import Code, PatchError, Problem
from .definition import Definition


@dataclass(frozen=True, slots=True)
class Request:
    """What a rejection remembers of its request, for rendering an error body.

    `body` is the JSON value that was sent, `None` where none could be read.
    """

    method: str = ""
    media_type: str = ""
    body: Any = field(default=None, repr=False, hash=False)


@dataclass(frozen=True, slots=True, repr=False)
class Accepted:
    """An update that stands.

    `stored` is the document as it was.  `document` is the new one; it shares its unchanged parts
    with the stored one, and is the stored one itself if nothing changed.  `notes` are problems that
    the resource only takes note of.
    """

    resource: Definition
    stored: Any = field(hash=False)
    document: Any = field(hash=False)
    _differences: tuple[Difference, ...] = field(default=(), hash=False)
    notes: tuple[Problem, ...] = ()

    @property
    def changes(self) -> tuple[Change, ...]:
        """The differences of the two documents, the server's stamps among them, at the end."""
        return tuple(Change(*difference) for difference in self._differences)

    @property
    def changed(self) -> bool:
        """Whether the document differs from the stored one."""
        return bool(self._differences)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return HTTPStatus.OK

    @property
    def patch(self) -> JsonPatch | None:
        """The JSON Patch that turns the stored document into the new one.

        `None` where no JSON Patch can say it: what differs was never JSON.
        """
        return _between(self.stored, self.document)

    @property
    def inverse(self) -> JsonPatch | None:
        """The JSON Patch that turns the new document back into the stored one.

        `None` where no JSON Patch can say it: what differs was never JSON.
        """
        return _between(self.document, self.stored)

    @property
    def merge_patch(self) -> MergePatch | None:
        """The merge patch that turns the stored document into the new one.

        `None` where no merge patch can say it: a member became null (RFC 7396 section 1).
        """
        try:
            return MergePatch.between(self.stored, self.document)
        except PatchError:
            return None

    @property
    def etag(self) -> str:
        """The entity tag of the new document."""
        return self.resource.etag(self.document)

    @property
    def headers(self) -> dict[str, str]:
        """Header fields for the response, with the entity tag where a version member gives it."""
        headers = {"Content-Type": "application/json"}
        if self.resource.version is not None:
            headers["ETag"] = self.etag
        return headers

    def __repr__(self) -> str:
        # Documents may hold secrets, so they are not shown.
        return f"Accepted(changes={self.changes!r}, notes={self.notes!r})"


def _between(old: Any, new: Any) -> JsonPatch | None:
    try:
        return JsonPatch.between(old, new)
    except PatchError:
        return None


@dataclass(frozen=True, slots=True)
class Rejected:
    """An update that is refused: nothing of it is applied, and no document is carried.

    `problems` are all those of the first group, in the resource's order of checks, that has one.
    """

    resource: Definition = field(repr=False)
    problems: tuple[Problem, ...]
    request: Request = Request()

    @property
    def status(self) -> int:
        """The HTTP status: that of the first problem."""
        return self.resource.status_of(self.problems[0].code)

    @property
    def headers(self) -> dict[str, str]:
        """Header fields for the response, with those that the status asks for.

        RFC 9110 sections 15.5.2 and 15.5.6 (`WWW-Authenticate`, `Allow`), RFC 5789 section 2.2
        (`Accept-Patch`).
        """
        headers = {"Content-Type": self.resource.error_media_type}
        codes = {problem.code for problem in self.problems}
        if Code.UNAUTHORIZED in codes:
            headers["WWW-Authenticate"] = self.resource.challenge
        if Code.METHOD in codes:
            headers["Allow"] = self.resource.allow
        if Code.MEDIA_TYPE in codes and self.request.method == "PATCH":
            headers["Accept-Patch"] = self.resource.accept_patch
        return headers

    def body(self, **facts: Any) -> Any:
        """The body of the response as a JSON value: the resource's own form, or problem details.

        `facts` are what the form needs from the host, such as the id under which the request is
        traced.
        """
        if self.resource.error_body is None:
            return self.problem_details()
        return self.resource.error_body(self, **facts)

    def problem_details(self) -> dict[str, Any]:
        """The rejection as RFC 9457 problem details, with an entry of `errors` for each problem."""
        first, sentences = self.problems[0], self.resource.sentences
        return {
            "type": self.resource.problem_type + first.code,
            "title": first.code.replace("_", " ").capitalize(),
            "status": self.status,
            "detail": first.sentence(sentences),
            "errors": [_error(problem, sentences) for problem in self.problems],
        }


Verdict: TypeAlias = Accepted | Rejected


def _error(problem: Problem, sentences: Mapping[Code, str]) -> dict[str, Any]:
    detail = problem.sentence(sentences)
    error: dict[str, Any] = {"code": str(problem.code), "detail": detail}
    if problem.pointer is not None:
        error["pointer"] = _fragment(problem.pointer)
    if problem.source is not None:
        error["source"] = _fragment(problem.source)
    if problem.operation is not None:
        error["operation"] = problem.operation
    if problem.params:
        error["params"] = dict(problem.params)
    return error


def _fragment(pointer: str) -> str:
    # A name in what is stored may hold half of a surrogate pair.
    return Pointer(pointer.encode(errors="replace").decode()).fragment
