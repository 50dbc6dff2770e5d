"""A resource: its definition, and the verbs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any

from .._checks import ROOT, Node, View, Walk, direct_rules, judge
from .._json import ABSENT, admit, read
from ..problems import PatchError, Problem
from ..rules import Accept, Caller
from .answering import answer_directly
from .definition import MOST_BITS, Definition
from .plan import Plan
from .receiving import NOT_ACCEPTED, Headers, header_fields, lower, receive, strip, two_media_types
from .settling import settle
from .verdict import Accepted, Rejected, Verdict, first_group


class Resource(Definition):
    """The rules for one kind of document and the requests it accepts.  Constructing it compiles it.

    * `fields`, `unknown`, `rules`, `at_most_one`: the members of the document, as in `Field`.
    * `accepts`: for each (method, media type) a `Format`, or an `Accept` with its settings.  By
      default merge patch and JSON Patch with PATCH and a whole document with PUT.
      `default_media_type` is what a request without `Content-Type` counts as; without it, such a
      request is refused.
    * `access`: what a caller needs, all of it.  With any, a request without a `Caller` is refused.
      `challenge` is the `WWW-Authenticate` of a 401.
    * `editable_in`: the states in which a client may change anything at all.  Elsewhere a change is
      refused, or with `uneditable="note"` accepted with a note.
    * `version`: the JSON Pointer of the member that the entity tag is made of; without it, the tag
      is a hash of the document.  `precondition="required"` refuses a request without `If-Match`.
    * `required_headers`: header fields that a request needs, with their values.
    * `order`: groups of codes.  The first group with a problem is what is reported, whole.
    * `sentences`: other words for people, by code, with the params as fields (`"At most
      {limit}."`).
    * `statuses`: HTTP statuses for codes, where they are not the usual ones.
    * `error_body`: a pure function of a `Rejected` and of facts from the host (keyword arguments)
      to the JSON value of an error response, sent as `error_media_type`; without it, RFC 9457
      problem details, whose types start with `problem_type`.
    * `limits`: see `Limits`.

    Resources are immutable and can be shared between threads.  Raises `RuleError` for a declaration
    that cannot mean anything.
    """

    def update(
        self,
        document: Any,
        method: str,
        headers: Headers,
        body: Any,
        *,
        caller: Caller | None = None,
        now: datetime | str | None = None,
        etag: str | None = None,
        last_modified: datetime | None = None,
    ) -> Verdict:
        """The verdict on one request: `Accepted` or `Rejected`.  Never raises because of its input.

        `document` is the stored JSON document, or `None` where there is none.  `headers` is a
        mapping of header names, compared without case, to values; `None` is a field that is not
        there.  `body` as `bytes` or `str` is JSON text, `None` and empty text are no body, and any
        other value is a body that is parsed already (`Parsed(value)` where it is text or null
        itself).  The rest is as in `Plan.apply`.
        """
        media_type: str | None = None
        fields: dict[str, str] = {}
        if type(headers) is dict:
            find = self.find_header
            try:  # as `header_fields`: a call less is two percent of W8 d
                for name, given in headers.items():
                    key = find(name) or find(lower(name))
                    if key is None:
                        continue
                    text = strip(given)
                    if key == "content-type":
                        media_type = (
                            text if media_type is None else two_media_types(media_type, text)
                        )
                    else:
                        fields[key] = f"{fields[key]}, {text}" if key in fields else text
            except TypeError:  # not all of it is text
                media_type, fields = header_fields(self, headers)
            if media_type is None:
                media_type = self.default_media_type or ""
        else:
            media_type, fields = header_fields(self, headers)
        accept: Accept | None
        accept, is_usual, edit = NOT_ACCEPTED
        value: Any = ABSENT
        is_own = True
        problems: tuple[Problem, ...] = ()
        # What is no string may be nothing that can be looked up, and is refused by `receive`.
        if type(method) is str and not self.asks_for_headers:
            accept, is_usual, edit = self.find_request((method, media_type), NOT_ACCEPTED)
        # The usual request is received here, and answered without a plan.
        if is_usual and type(body) is bytes and body:
            try:
                value = read(body, self.limits)
            except PatchError as error:
                is_usual, problems = False, error.problems
        elif type(body) is dict and edit is not None:
            value, is_own = body, False  # as in `receive`, for eight percent of W8 b parsed
        else:
            received = receive(self, method, media_type, fields, body)
            method, media_type, accept, is_usual, edit, fields, value, is_own, problems = received
        holds = not fields
        if is_usual and fields and etag is None:
            # As `holds_usually`, for what most versions are: a call less is two percent of W8 d.
            version = None
            if type(document) is dict and self.version_name is not None:
                version = document.get(self.version_name)
            if type(version) is int and version.bit_length() < MOST_BITS:
                holds = len(fields) == 1 and fields.get("if-match") == f'"{version}"'
            else:
                holds = self.holds_usually(fields, document)
        if is_usual and holds:
            sent = method, media_type, value
            verdict = answer_directly(self, document, sent, now, edit)
            if verdict is not None:
                if is_own or isinstance(verdict, Accepted):
                    return verdict
                sent = method, media_type, admit(value, self.limits)
                return Rejected(self, verdict.problems, sent)
        received = method, media_type, accept, is_usual, edit, fields, value, is_own, problems
        plan = Plan(self, received)
        early = plan.early(caller) if plan.problems or self.access else None
        if early is not None:
            return early
        return plan.apply(document, caller=caller, now=now, etag=etag, last_modified=last_modified)

    def plan(self, method: str, headers: Headers, body: Any) -> Plan:
        """The request, compiled, for many documents.  Never raises: it carries its problems."""
        media_type, fields = header_fields(self, headers)
        return Plan(self, receive(self, method, media_type, fields, body))

    def judge(self, old: Any, new: Any, *, now: datetime | str | None = None) -> Verdict:
        """The verdict on a new document that is there already: the step after every format.

        Neither document is changed.  `now` is as in `Plan.apply`.  Who asks does not matter here.
        """
        settled = settle(self, old, new, now=now)
        if isinstance(settled, list):
            return Rejected(self, tuple(first_group(self, settled)))
        return settled

    def check(self, document: Any) -> tuple[Problem, ...]:
        """The problems of a whole document: of its values, never of who may change it."""
        walk = Walk()
        judge(self._stored_node, ABSENT, document, ROOT, walk, [])
        return tuple(walk.problems)

    # --- What the resource is --------------------------------------------------------------------

    @cached_property
    def system(self) -> Resource:
        """The same resource for the server's own writes.

        The types and rules of values are the same, and what is immutable stays so; all else about
        who may write, and when, is dropped.  Both transition tables are open.
        """
        everyone: dict[str, Any] = {
            "access": (),
            "editable_in": None,
            "required_headers": {},
            "precondition": "optional",
        }
        system = Resource(**{**self._declaration, **everyone})
        node = Node(self.root, View.SYSTEM)
        object.__setattr__(system, "node", node)
        object.__setattr__(system, "direct_rules", direct_rules(node))
        object.__setattr__(system, "is_system", True)
        return system

    def evolve(self, **changes: Any) -> Resource:
        """Another resource, with some arguments of the constructor replaced.

        Raises `TypeError` for an argument that does not exist.
        """
        evolved = Resource(**{**self._declaration, **changes})
        return evolved.system if self.is_system else evolved

    @cached_property
    def _stored_node(self) -> Node:
        return Node(self.root, View.STORED)

    def __reduce__(self) -> tuple[Callable[..., Resource], tuple[dict[str, Any]]]:
        return _rebuilt_system if self.is_system else _rebuilt, (self._declaration,)


def _rebuilt(declaration: dict[str, Any]) -> Resource:
    return Resource(**declaration)


def _rebuilt_system(declaration: dict[str, Any]) -> Resource:
    return Resource(**declaration).system
