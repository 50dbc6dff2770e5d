"""A request, compiled: everything about it that can be known without the document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from functools import partial
from typing import Any, Final

from .. import json_patch
from .._checks import is_hidden
from .._json import ABSENT, admit
from ..pointer import parse, resolve
from ..preconditions import failed_precondition
from ..problems import APPLICATION, Code, PatchError, Problem, shortened
from ..rules import Access, Caller
from .access import UNKNOWN, holds, refusals
from .answering import answer_directly
from .compiling import NOTHING, compile_body, steps_of
from .definition import Definition
from .receiving import Received
from .settling import settle
from .tracing import Writers, deepest, places_of
from .verdict import Rejected, Request, Sent, Verdict, first_group

_NONE: Final[AbstractSet[str]] = frozenset()


class Plan:
    """One request to one resource, ready to be applied to documents.

    A plan never changes, and can be pickled and shared between threads.
    """

    __slots__ = (
        "_accept",
        "_compiled",
        "_operations",
        "_preconditions",
        "_problems",
        "_resource",
        "_sent",
    )

    def __init__(self, resource: Definition, received: Received) -> None:
        method, media_type, accept, _, preconditions, value, is_own, problems = received
        if not is_own:
            try:
                value = admit(value, resource.limits)
            except PatchError as error:
                value = ABSENT
                problems += error.problems
        compiled = NOTHING
        if accept is not None and value is not ABSENT:
            compiled = compile_body(resource, accept, value)
            problems += tuple(compiled.problems)
        self._resource = resource
        self._sent: Sent = method, media_type, None if value is ABSENT else value
        self._problems = problems
        self._accept = accept
        self._compiled = compiled
        self._operations = (
            _operations(steps_of(resource, compiled)) if resource.has_operation_access else _NONE
        )
        self._preconditions = preconditions

    @property
    def resource(self) -> Definition:
        """The resource that the request is to."""
        return self._resource

    @property
    def request(self) -> Request:
        """What the request is."""
        return Request(*self._sent)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The problems that are known without a document and without a caller."""
        return self._problems

    def early(self, caller: Caller | None = None) -> Rejected | None:
        """The rejection that is certain before the document is loaded, or `None`.

        `None` does not mean that the caller may do anything: `apply` says that.
        """
        problems = [*self._access(caller, UNKNOWN), *self._problems]
        if not problems:
            return None
        ranks = self._resource.ranks
        first = min(ranks[problem.code] for problem in problems)
        return None if self._first_undecided() <= first else self._reject(problems)

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
        resource, compiled = self._resource, self._compiled
        problems = self._problems
        if resource.access or compiled.readings:
            problems = (*self._access(caller, document), *problems)
        failed = None
        if self._preconditions:
            failed = _failed_precondition(
                resource, self._preconditions, document, etag, last_modified
            )
        if compiled.edit is not None and failed is None and not problems:
            answer = answer_directly(
                resource, document, self._sent[2], now, compiled.edit, compiled.wrapper
            )
            if isinstance(answer, tuple):
                return Rejected(resource, answer, self._sent)
            if answer is not None:
                return answer
        if document is None:
            problems += (Problem(Code.NOT_FOUND),)
        if failed is not None:
            problems += (Problem(Code.PRECONDITION_FAILED, params={"header": failed}),)
        if document is None or compiled.candidate is None:
            return self._reject(problems)
        try:
            candidate, where = compiled.candidate(resource, compiled, document)
        except PatchError as error:
            return self._reject([*problems, *map(self._without_hidden, error.problems)])
        settled = settle(
            resource,
            document,
            candidate,
            where,
            now=now,
            ignore_locked=self._accept is not None and self._accept.locked == "ignore",
            permits=partial(_permits, caller, document) if resource.has_member_access else None,
            refusals=(
                partial(self._refused_operations, caller, document)
                if resource.has_operation_access
                else None
            ),
        )
        if isinstance(settled, list):
            return self._reject([*problems, *settled], document)
        return self._reject(problems) if problems else settled

    def __reduce__(self) -> tuple[Callable[..., Plan], tuple[dict[str, Any], bool]]:
        # Rules that are compiled cannot be pickled, so the body is compiled again.
        state = {name: getattr(self, name) for name in self.__slots__ if name != "_compiled"}
        return _restored, (state, self._compiled is not NOTHING)

    def __repr__(self) -> str:
        # The body may hold secrets, so it is not shown.
        method, media_type, _ = self._sent
        what = shortened(f"{method} {media_type}")
        return f"<Plan {what} for {self._resource.name!r}>"

    def _access(self, caller: Caller | None, document: Any) -> list[Problem]:
        resource = self._resource
        problems: list[Problem] = []
        if resource.access:
            problems += refusals(resource.access, caller, document, self._operations)
        for reading in self._compiled.readings:
            for condition in reading.conditions:
                if not holds(condition, caller, document):
                    problem = Problem(
                        condition.refusal, reading.pointer, condition.facts_of_refusal
                    )
                    source = f"{self._compiled.wrapper}/{reading.operation}/{reading.member}"
                    problems.append(problem.at(operation=reading.operation, source=source))
                    break
        return problems

    def _refused_operations(
        self, caller: Caller | None, document: Any, done: AbstractSet[str]
    ) -> list[Problem]:
        """What is wrong with what was done, whatever it was called."""
        conditions = [
            condition
            for condition in self._resource.access
            if condition.operations and self._operations.isdisjoint(condition.operations)
        ]
        refused = refusals(conditions, caller, document, done)
        return [problem for problem in refused if problem.code is not Code.UNAUTHORIZED]

    def _without_hidden(self, problem: Problem) -> Problem:
        """The problem without its facts where they are about what not everyone may read."""
        if not self._resource.has_hidden:
            return problem
        places = problem.pointer, problem.params.get("nearest")
        if any(place and is_hidden(self._resource.node, parse(place)) for place in places):
            return problem.with_params({})
        return problem

    def _first_undecided(self) -> int:
        """The first place in the order of checks of what the document might still bring."""
        resource, compiled = self._resource, self._compiled
        ranks = [resource.rank_of_tenants]
        if self._preconditions:
            ranks.append(resource.ranks[Code.PRECONDITION_FAILED])
        ranks += (
            resource.ranks[condition.refusal]
            for reading in compiled.readings
            for condition in reading.conditions
            if condition.tenant is not None
        )
        if compiled.candidate is not None:
            ranks.append(resource.rank_of_documents)
        return min(ranks)

    def _reject(self, problems: Sequence[Problem], document: Any = None) -> Rejected:
        """The problems of the first group that has one, each with its place in the request.

        `document` is the stored one, if the request could be applied to it.
        """
        resource = self._resource
        reported = first_group(resource, problems)
        writers = Writers(steps_of(resource, self._compiled), document, resource.limits)
        placed = tuple([self._placed(problem, writers) for problem in reported])
        return Rejected(resource, placed, self._sent)

    def _placed(self, problem: Problem, writers: Writers) -> Problem:
        """A problem of the new document, traced back to what brought it there."""
        steps, wrapper = steps_of(self._resource, self._compiled), self._compiled.wrapper
        if problem.source is not None:
            if wrapper and problem.operation is not None and problem.code in APPLICATION:
                return problem.at(operation=problem.operation, source=wrapper + problem.source)
            return problem
        if problem.pointer is None:
            return problem
        if not steps:
            try:
                sent = resolve(self._sent[2], parse(wrapper))
            except PatchError:
                return problem
            return problem.at(source=wrapper + deepest(sent, parse(problem.pointer)))
        index, tokens = writers.last(places_of(problem))
        value, path, place = steps[index].value, writers.paths[index], f"{wrapper}/{index}"
        if value is not ABSENT and tokens[: len(path)] == path:
            place += "/value" + deepest(value, tokens[len(path) :])
        return problem.at(operation=index, source=place)


def _failed_precondition(
    resource: Definition,
    preconditions: Mapping[str, str],
    document: Any,
    etag: str | None,
    last_modified: datetime | None,
) -> str | None:
    exists = document is not None
    if exists and etag is None:
        if resource.holds_usually(preconditions, document):
            return None
        asked = {preconditions.get(name, "*") for name in ("if-match", "if-none-match")}
        if asked != {"*"}:  # `*` asks for none, and neither does a date
            etag = resource.etag(document)
    return failed_precondition(preconditions, exists=exists, etag=etag, last_modified=last_modified)


def _restored(state: dict[str, Any], is_compiled: bool) -> Plan:  # noqa: FBT001 (pickle names none)
    resource, accept, body = state["_resource"], state["_accept"], state["_sent"][2]
    compiled = compile_body(resource, accept, body) if is_compiled else NOTHING
    plan = object.__new__(Plan)
    for name, value in {**state, "_compiled": compiled}.items():
        setattr(plan, name, value)
    return plan


def _operations(steps: Iterable[json_patch.Step]) -> AbstractSet[str]:
    """The operations of a patch; one that moves also removes and adds, one that copies adds."""
    operations = {step.op for step in steps}
    if "move" in operations:
        operations |= {"remove", "add"}
    if "copy" in operations:
        operations.add("add")
    return operations


def _permits(caller: Caller | None, document: Any, condition: Access) -> bool:
    return holds(condition, caller, document)
