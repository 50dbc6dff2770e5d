"""What comes of an update: `Accepted` with a new document, or `Rejected` with every problem."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, TypeAlias

from .._checks import Change, Difference, order_of
from .._json import equal
from .._record import Record
from ..json_patch import JsonPatch
from ..merge_patch import MergePatch
from ..pointer import Pointer
from ..problems import Code, PatchError, Problem, shortened
from .definition import Definition


class Request(Record):
    """What a rejection remembers of its request, for rendering an error body.

    `body` is the JSON value that was sent, `None` where none could be read.
    """

    __slots__ = ("_body", "_media_type", "_method")
    __match_args__ = ("method", "media_type", "body")
    _unhashed = frozenset({"body"})

    def __init__(self, method: str = "", media_type: str = "", body: Any = None) -> None:
        self._method = method
        self._media_type = media_type
        self._body = body

    @property
    def method(self) -> str:
        """The method."""
        return self._method

    @property
    def media_type(self) -> str:
        """The media type of the body, in lower case and without parameters."""
        return self._media_type

    @property
    def body(self) -> Any:
        """The JSON value that was sent, which is not to be changed: the plan reads it as well."""
        return self._body

    def __repr__(self) -> str:
        # The body may hold secrets, so it is not shown.
        method, media_type = shortened(self._method), shortened(self._media_type)
        return f"Request(method={method!r}, media_type={media_type!r})"


Sent: TypeAlias = tuple[str, str, Any]
"""The parts of a `Request`: the method, the media type, and the body."""


class Accepted(Record):
    """An update that stands.

    `stored` is the document as it was.  `document` is the new one; it shares its unchanged parts
    with the stored one, and is the stored one itself if nothing changed.  `notes` are problems that
    the resource only takes note of.
    """

    __slots__ = ("_differences", "_document", "_notes", "_resource", "_stored")
    __match_args__ = ("document", "changes", "notes", "stored", "resource")
    _unhashed = frozenset({"stored", "document", "changes"})

    def __init__(
        self,
        resource: Definition,
        stored: Any,
        document: Any,
        differences: Sequence[Difference] = (),
        notes: tuple[Problem, ...] = (),
    ) -> None:
        self._resource = resource
        self._stored = stored
        self._document = document
        # What differs, as it was found, and the stamps that were set, even to what they were.
        self._differences = differences
        self._notes = notes

    @property
    def resource(self) -> Definition:
        """The resource that the update was for."""
        return self._resource

    @property
    def stored(self) -> Any:
        """The document as it was."""
        return self._stored

    @property
    def document(self) -> Any:
        """The new document."""
        return self._document

    @property
    def notes(self) -> tuple[Problem, ...]:
        """The problems that are only noted."""
        return self._notes

    @property
    def changes(self) -> tuple[Change, ...]:
        """The differences of the two documents, in the order of the new one.

        Members that are gone come after those that are there, and the server's stamps at the end;
        where the server has written nothing but stamps, they are in order as others are.
        """
        stamped = self._resource.stamped
        differences = [each for each in self._differences if each[0] not in stamped]
        stamps = [each for each in self._differences if each[0] in stamped]
        if differences:
            stamps = [each for each in stamps if not equal(*each[1:])]
        else:  # the server has written them itself: each differs, and they are sorted as others are
            differences, stamps = stamps, []
        if len(differences) > 1:
            order = order_of(self._stored, self._document)
            differences.sort(key=lambda each: order(each[0]))
        return tuple(Change(*each) for each in differences + stamps)

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
        """Header fields for a response that shows the new document.

        With its entity tag where a version member gives it; in the answer to a PUT that does not
        show the document, leave the tag out (RFC 9110 section 9.3.4).
        """
        headers = {"Content-Type": "application/json"}
        if self.resource.version is not None:
            headers["ETag"] = self.etag
        return headers

    def __reduce__(self) -> tuple[type[Accepted], tuple[Any, ...]]:
        return type(self), (
            self._resource, self._stored, self._document, self._differences, self._notes,
        )  # fmt: skip

    def __repr__(self) -> str:
        # Documents may hold secrets, so they are not shown.
        return f"Accepted(changes={self.changes!r}, notes={self.notes!r})"


def _between(old: Any, new: Any) -> JsonPatch | None:
    try:
        return JsonPatch.between(old, new)
    except PatchError:
        return None


class Rejected(Record):
    """An update that is refused: nothing of it is applied, and no document is carried.

    `problems` are all those of the first group, in the resource's order of checks, that has one.
    """

    __slots__ = ("_problems", "_request", "_resource")
    __match_args__ = ("problems", "request", "resource")

    def __init__(
        self,
        resource: Definition,
        problems: tuple[Problem, ...],
        request: Request | Sent | None = None,
    ) -> None:
        self._resource = resource
        self._problems = problems
        # Its parts until it is asked for, which most hosts never do.
        self._request = request

    @property
    def resource(self) -> Definition:
        """The resource that the update was for."""
        return self._resource

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong, at least one problem."""
        return self._problems

    @property
    def request(self) -> Request:
        """What was asked for."""
        if not isinstance(self._request, Request):
            self._request = Request(*self._request or ())
        return self._request

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

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))

    def __repr__(self) -> str:
        return f"Rejected(problems={self.problems!r}, request={self.request!r})"


Verdict: TypeAlias = Accepted | Rejected


def first_group(resource: Definition, problems: Sequence[Problem]) -> Sequence[Problem]:
    """The problems of the first group, in the resource's order of checks, that has one."""
    if len(problems) > 1:
        ranks = resource.ranks
        first = min(ranks[problem.code] for problem in problems)
        problems = [problem for problem in problems if ranks[problem.code] == first]
    return problems[: resource.limits.problems]


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
